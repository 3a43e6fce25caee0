using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation.Tests;

public sealed class IdentityTests
{
    private static readonly Gen<string> AnyText = Gen.String[Gen.Char.Where(each => !char.IsSurrogate(each)), 0, 12];
    private static readonly Gen<string> AnyName = AnyText.Where(name => name.Length > 0 && name[0] is not ('@' or '_') && name != "records" && name != "value");

    private static readonly Gen<object> AnyValue = Gen.Recursive<object>((depth, self) => depth > 2
        ? AnyText.Select(text => (object)text)
        : Gen.OneOf(
            AnyText.Select(text => (object)text),
            Gen.Int.Select(number => (object)new Number(number.ToString(CultureInfo.InvariantCulture))),
            Gen.Select(Gen.Int[-999, 999], Gen.Int[-5, 5]).Select((digits, power) => (object)new Number($"{digits}e{power}")),
            Gen.Bool.Select(truth => (object)truth),
            Gen.Const((object)Nothing.Value),
            self.List[0, 3].Select(items => (object)items),
            Gen.Dictionary(AnyName, self)[0, 4].Select(members => (object)members.ToList())));

    private static readonly Gen<List<KeyValuePair<string, object>>> AnyRecord = Gen.Dictionary(AnyName, AnyValue)[1, 8].Select(members => members.ToList());

    private enum Nothing
    {
        Value,
    }

    [Fact]
    public void Identity_OrderSpacesAndSpelling_ChangeNothing() => Gen.Select(AnyRecord, Gen.Int).Sample(
        (record, seed) =>
        {
            var random = new Random(seed);
            Assert.Equal(Identity(Text(record, null)), Identity(Text(record, random)));
        },
        iter: 5_000);

    [Fact]
    public void Identity_AnyOtherContent_IsAnother() => Gen.Select(AnyRecord, AnyRecord).Sample(
        (left, right) => Assert.Equal(Canonical(left) == Canonical(right), Identity(Text(left, null)) == Identity(Text(right, null))),
        iter: 5_000);

    [Fact]
    public void Identity_OneValueChanged_IsAnother() => Gen.Select(AnyRecord, Gen.Int[0, 99], AnyValue).Sample(
        (record, place, value) =>
        {
            var changed = record.ToList();
            var at = place % changed.Count;
            changed[at] = new(changed[at].Key, value);
            Assert.Equal(Canonical(record) == Canonical(changed), Identity(Text(record, null)) == Identity(Text(changed, null)));
        },
        iter: 5_000);

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1e2", "100", true)]
    [InlineData("0.10", "1E-1", true)]
    [InlineData("-0", "0", true)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("\"\\u0041\\/\"", "\"A/\"", true)]
    [InlineData("null", "false", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("[\"a\",\"b\"]", "[\"ab\"]", false)]
    [InlineData("{\"a\":1,\"b\":2}", "{ \"b\" : 2.0 , \"a\":1 }", true)]
    public void Identity_TwoSpellings_TheSameOrNot(string left, string right, bool same) =>
        Assert.Equal(same, Identity($$"""{"v":{{left}}}""") == Identity($$"""{"v":{{right}}}"""));

    [Theory]
    [InlineData("""{"log":"one line","stream":"stdout"}""", """{"log":"another line","stream":"stdout"}""", false)]
    [InlineData("""{"path":"/","agent":"a browser"}""", """{"path":"/","agent":"another browser"}""", false)]
    [InlineData("""{"message":"same","log":{"offset":1}}""", """{"message":"same","log":{"offset":90}}""", false)]
    [InlineData("""{"log":{"text":"one line"}}""", """{"log":{"text":"another line"}}""", false)]
    [InlineData("""{"message":"same","agent":{"ephemeral_id":"1","version":"8.1"}}""", """{"message":"same","agent":{"ephemeral_id":"2","version":"8.2"}}""", true)]
    public void Identity_WhatStandsWhereShippersWrite_CountsWhereItIsTheEvent(string left, string right, bool same) =>
        Assert.Equal(same, Identity(left) == Identity(right));

    [Fact]
    public void Identity_ForceAndSource_ArePartOfIt()
    {
        var ids = new[] { ("a", "b"), ("a", "c"), ("b", "b"), ("ab", "") }.Select(pair => Identity("""{"v":1}""", pair.Item1, pair.Item2)).ToHashSet();

        Assert.Equal(4, ids.Count);
    }

    [Fact]
    public void Identity_OwnId_WhateverElseChanges()
    {
        const string record = """{"CreationTime":"2024-05-01T10:00:00","Id":"0f8fad5b-d9cb-469f-a165-70867728950e","Operation":"x","Workload":"Exchange"}""";
        var row = Row.Of(record, extension: ".json");

        Assert.Equal(IdentityBasis.OwnId, row.Basis);
        Assert.Equal(row.Identity, Row.Of(record.Replace("Exchange", "SharePoint", StringComparison.Ordinal), extension: ".json").Identity);
        Assert.NotEqual(row.Identity, Row.Of(record.Replace("0f8f", "1f8f", StringComparison.Ordinal), extension: ".json").Identity);
        // An id as people write it into examples identifies nothing.
        Assert.Equal(IdentityBasis.Content, Row.Of(record.Replace("0f8fad5b-d9cb-469f-a165-70867728950e", "id-1", StringComparison.Ordinal), extension: ".json").Basis);
    }

    [Fact]
    public void Identity_WhatCollectorsAdd_IsLeftOut()
    {
        const string record = """{"EventID":1,"Channel":"X","Computer":"c","TimeCreated":"2024-05-01T10:00:00Z","a":"b"}""";
        var shipped = record.Replace("{", """{"@timestamp":"2024-05-01T10:00:07Z","agent":{"id":"7"},""", StringComparison.Ordinal);

        Assert.Equal(Identity(record), Identity(shipped));
        // Unless it is all the time that there is.
        Assert.NotEqual(Identity("""{"EventID":1,"Channel":"X","@timestamp":"2024-05-01T10:00:07Z"}"""), Identity("""{"EventID":1,"Channel":"X","@timestamp":"2024-05-01T10:00:08Z"}"""));
    }

    [Fact]
    public void Identity_SchemeOfTheDocumentation_IsWhatIsMade()
    {
        byte[] hashed = [1, 2, .. Text("f"), .. Text("s"), .. "{"u8, .. Text("a"), .. "n"u8, .. Text("15e-1"), .. Text("b"), .. "[s"u8, .. Text("x"), .. "tz]}"u8];
        byte[] expected = [1, .. SHA256.HashData(hashed).AsSpan(0, 15)];

        var identity = Identity("""{"b":["x",true,null],"a":1.50}""");

        Assert.Equal(EventIdentity.Read(expected), identity);
        Assert.Equal(Convert.ToHexStringLower(expected), identity.ToString());
        Assert.Equal(identity, EventIdentity.Parse(identity.ToString()));
        var bytes = new byte[16];
        identity.Write(bytes);
        Assert.Equal(expected, bytes);
        Assert.Throws<FormatException>(() => EventIdentity.Parse("01"));
    }

    private static byte[] Text(string text) => [.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static EventIdentity Identity(string json, string force = "f", string source = "s")
    {
        var (record, result) = (new EventRecord(), new NormalisedEvent());
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Null(JsonEventParser.Parse(record, bytes, 0, bytes.Length, 1, ReadLimits.Default));
        new EventNormaliser(TableMappings.Default).Normalise(record, new(force, source, Row.Received), result);
        return result.Identity;
    }

    // The record as JSON; with chance, in another order, with other escapes, numbers and white space.
    private static string Text(List<KeyValuePair<string, object>> members, Random? random)
    {
        var text = new StringBuilder();
        Write(text, members, random);
        return text.ToString();
    }

    private static void Write(StringBuilder to, object value, Random? random)
    {
        string Space() => random?.Next(4) switch { 0 => " ", 1 => "\r\n\t", _ => "" };
        switch (value)
        {
            case string text: String(to, text, random); break;
            case Number number: to.Append(number.Spell(random)); break;
            case bool truth: to.Append(truth ? "true" : "false"); break;
            case List<object> items:
                to.Append('[').Append(Space());
                for (var index = 0; index < items.Count; index++)
                {
                    if (index > 0) to.Append(',').Append(Space());
                    Write(to, items[index], random);
                }

                to.Append(Space()).Append(']');
                break;
            case List<KeyValuePair<string, object>> members:
                var order = random is null ? members : [.. members.OrderBy(_ => random.Next())];
                to.Append('{').Append(Space());
                for (var index = 0; index < order.Count; index++)
                {
                    if (index > 0) to.Append(',').Append(Space());
                    String(to, order[index].Key, random);
                    to.Append(Space()).Append(':').Append(Space());
                    Write(to, order[index].Value, random);
                }

                to.Append('}');
                break;
            default: to.Append("null"); break;
        }
    }

    private static void String(StringBuilder to, string text, Random? random)
    {
        to.Append('"');
        foreach (var each in text)
        {
            if (each is '"' or '\\' || each < 32 || random?.Next(5) == 0) to.Append(CultureInfo.InvariantCulture, $"\\u{(int)each:x4}");
            else to.Append(each);
        }

        to.Append('"');
    }

    // An independent statement of what counts: types kept apart, members in order, numbers by value.
    private static string Canonical(object value) => value switch
    {
        string text => "s" + JsonSerializer.Serialize(text),
        Number number => "n" + number.Value.ToString("G29", CultureInfo.InvariantCulture),
        bool truth => truth ? "t" : "f",
        List<object> items => $"[{string.Join(',', items.Select(Canonical))}]",
        List<KeyValuePair<string, object>> members => $"{{{string.Join(',', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => JsonSerializer.Serialize(member.Key) + Canonical(member.Value)))}}}",
        _ => "z",
    };

    private sealed record Number(string Text)
    {
        public decimal Value => decimal.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);

        public string Spell(Random? random) => random?.Next(3) switch
        {
            0 => Value.ToString("0.0##########", CultureInfo.InvariantCulture),
            1 => (Value * 100).ToString("0.##########", CultureInfo.InvariantCulture) + "E-2",
            _ => Text,
        };
    }
}
