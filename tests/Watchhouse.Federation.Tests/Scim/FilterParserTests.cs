using CsCheck;
using Watchhouse.Federation.Scim;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Tests.Scim;

public sealed class FilterParserTests
{
    [Theory]
    // The examples of RFC 7644 section 3.4.2.2.
    [InlineData("userName Eq \"bjensen\"", "userName eq \"bjensen\"")]
    [InlineData("name.familyName co \"O'Malley\"", null)]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"", null)]
    [InlineData("title pr", null)]
    [InlineData("meta.lastModified gt \"2011-05-13T04:42:34Z\"", null)]
    [InlineData("title pr and userType eq \"Employee\"", null)]
    [InlineData("title pr or userType eq \"Intern\"", null)]
    [InlineData("schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"", null)]
    [InlineData("userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"example.org\")", null)]
    [InlineData("userType ne \"Employee\" and not (emails co \"example.com\" or emails.value co \"example.org\")", null)]
    [InlineData("userType eq \"Employee\" and (emails.type eq \"work\")", "userType eq \"Employee\" and emails.type eq \"work\"")]
    [InlineData("emails[type eq \"work\" and value co \"@example.com\"]", null)]
    [InlineData("emails[type eq \"work\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]", null)]
    // What Microsoft Entra ID sends besides.
    [InlineData("emails[type eq \"work\"].value eq \"a@b.example\"", null)]
    [InlineData("externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"", null)]
    [InlineData("id eq \"securityOfficer\" and members eq \"u1091\"", null)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"1\"", null)]
    // Corners.
    [InlineData("a eq 1 or b eq -2.5 and c eq true", null)]
    [InlineData("(a eq 1 or b eq 2) and c eq null", null)]
    [InlineData("a eq 1e2", "a eq 100")]
    [InlineData("  ( ( a pr ) )  ", "a pr")]
    [InlineData("a pr AND NOT(b pr)", "a pr and not (b pr)")]
    [InlineData("not pr", null)]
    [InlineData("and pr", null)]
    [InlineData("a eq \"\\\"\\u0041\\n\"", "a eq \"\\\"A\\u000a\"")]
    [InlineData("a pr or (b pr or c pr)", null)]
    [InlineData("a pr and (b pr and c pr)", null)]
    [InlineData("(a pr or b pr) or c pr", "a pr or b pr or c pr")]
    public void Parse_ValidFilter_PrintsTheSame(string filter, string? printed) =>
        Assert.Equal(printed ?? filter, FilterParser.Parse(filter).ToString());

    [Theory]
    [InlineData("", 1)]
    [InlineData("userName", 9)]
    [InlineData("userName eq", 12)]
    [InlineData("userName equals \"x\"", 16)]
    [InlineData("userName eq x", 13)]
    [InlineData("userName eq \"x", 13)]
    [InlineData("userName eq \"x\" and", 20)]
    [InlineData("userName eq \"x\" xor b pr", 17)]
    [InlineData("(userName pr", 13)]
    [InlineData("userName pr)", 12)]
    [InlineData("not userName pr", 13)]
    [InlineData("emails[type pr", 15)]
    [InlineData("emails[a[b pr]]", 10)]
    [InlineData("a.b.c pr", 6)]
    [InlineData("1a pr", 3)]
    [InlineData("foo:bar pr", 8)]
    [InlineData("a eq \"\\x\"", 8)]
    [InlineData("a eq 1e999", 6)]
    [InlineData("é pr", 1)]
    public void Parse_Rubbish_SaysWhere(string filter, int character)
    {
        var error = Assert.Throws<ScimException>(() => FilterParser.Parse(filter));

        Assert.Equal((400, "invalidFilter"), (error.Status, error.Type));
        Assert.Contains($"at character {character}:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(4000)]
    public void Parse_DeepNesting_IsRefused(int depth) =>
        Assert.Throws<ScimException>(() => FilterParser.Parse(new string('(', depth) + "a pr" + new string(')', depth)));

    [Fact]
    public void Parse_LongerThanBound_IsRefused() =>
        Assert.Throws<ScimException>(() => FilterParser.Parse("a eq \"" + new string('x', FilterParser.Longest) + "\""));

    [Theory]
    [InlineData("userName eq \"x\"", "userName", null)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "department", null)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "", null)]
    [InlineData("members[value eq \"x\"]", "members", null)]
    [InlineData("emails[type eq \"work\"].value", "emails", "value")]
    public void ParsePath_OfAPatch_NamesAttributeAndPart(string path, string attribute, string? part)
    {
        if (path.Contains(" eq \"x\"", StringComparison.Ordinal) && !path.Contains('['))
        {
            Assert.Equal("invalidPath", Assert.Throws<ScimException>(() => FilterParser.ParsePath(path)).Type);
            return;
        }

        var parsed = FilterParser.ParsePath(path);
        Assert.Equal((attribute, part, path), (parsed.Attribute, parsed.Part, parsed.ToString()));
    }

    [Fact]
    public void Parse_OfAnyPrintedFilter_GivesTheFilterBack() =>
        Filters(4).Sample(filter => Assert.Equal(filter, FilterParser.Parse(filter.ToString())), iter: 2000);

    [Fact]
    public void Parse_OfAnyText_ThrowsNothingButTheTypedError() =>
        Gen.OneOf(
            Gen.String[0, 60],
            Gen.Char["ab.[]()\"\\: eqnotrpdu$1-"].Array[0, 40].Select(c => new string(c)),
            Gen.Select(Filters(3), Gen.Int[0, 400], Gen.Char).Select((f, at, c) => f.ToString().Insert(Math.Min(at, f.ToString().Length), c.ToString())))
        .Sample(text =>
        {
            try
            {
                FilterEvaluator.Check(FilterParser.Parse(text), ScimSchemas.User);
                FilterParser.ParsePath(text);
            }
            catch (ScimException)
            {
                // The one error there is.
            }
        }, iter: 20_000);

    private static Gen<T> OneOf<T>(params T[] among) => Gen.Int[0, among.Length - 1].Select(i => among[i]);

    private static Gen<ScimFilter> Filters(int depth)
    {
        var name = OneOf("userName", "active", "meta", "emails", "x-y_1", "not", "or", "and", "pr", "eq");
        var part = OneOf<string?>(null, "value", "type", "$ref");
        var schema = OneOf<string?>(null, null, ScimUrns.User, ScimUrns.EnterpriseUser, "urn:x:2.0:Y");
        var literal = Gen.OneOf(
            Gen.String[0, 12].Select(s => (object?)s), Gen.Decimal.Select(d => (object?)d), Gen.Bool.Select(b => (object?)b), Gen.Const((object?)null))
            .Select(v => new ScimLiteral(v));
        var plain = Gen.Select(schema, name, part).Select((s, n, p) => new ScimPath(s, n, null, p));
        var leaves = Gen.OneOf<ScimFilter>(
            plain.Select(p => (ScimFilter)new ScimFilter.Present(p)),
            Gen.Select(plain, Gen.Enum<ScimOperator>(), literal).Select((p, o, l) => (ScimFilter)new ScimFilter.Compare(p, o, l)));
        return Build(depth, true);

        Gen<ScimFilter> Build(int left, bool selectors)
        {
            if (left == 0) return leaves;
            var inner = Build(left - 1, selectors);
            var options = new List<Gen<ScimFilter>>
            {
                leaves,
                Gen.Select(inner, inner).Select((a, b) => (ScimFilter)new ScimFilter.And(a, b)),
                Gen.Select(inner, inner).Select((a, b) => (ScimFilter)new ScimFilter.Or(a, b)),
                inner.Select(f => (ScimFilter)new ScimFilter.Not(f)),
            };
            if (selectors)
            {
                var selected = Gen.Select(schema, name, Build(1, false), part).Select((s, n, f, p) => new ScimPath(s, n, f, p));
                options.Add(selected.Select(p => p.Part is null ? new ScimFilter.Some(p) : (ScimFilter)new ScimFilter.Present(p)));
                options.Add(Gen.Select(selected, literal).Select((p, l) => (ScimFilter)new ScimFilter.Compare(p, ScimOperator.Eq, l)));
            }

            return Gen.OneOf(options.ToArray());
        }
    }
}
