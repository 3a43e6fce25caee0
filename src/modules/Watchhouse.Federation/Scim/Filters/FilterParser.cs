using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Filters;

/// <summary>
/// Reads filters (RFC 7644 section 3.4.2.2) and the paths of patches (section 3.5.2). Besides the grammar of the RFC it
/// takes <c>emails[type eq "work"].value eq "…"</c>, which Microsoft Entra ID sends. Throws <see cref="ScimException"/>
/// and nothing else.
/// </summary>
internal sealed class FilterParser
{
    public const int Longest = 4096;
    private const int Deepest = 20;

    private readonly FilterText _text;
    private int _depth;
    private bool _inSelector;

    private FilterParser(FilterText text) => _text = text;

    public static ScimFilter Parse(string filter)
    {
        var text = new FilterText(filter, "filter", ScimErrors.InvalidFilter);
        var parsed = new FilterParser(text).Alternatives();
        text.ExpectEnd();
        return parsed;
    }

    public static ScimPath ParsePath(string path)
    {
        var text = new FilterText(path, "path", ScimErrors.InvalidPath);
        var parsed = new FilterParser(text).Path();
        text.ExpectEnd();
        return parsed;
    }

    private ScimFilter Alternatives()
    {
        if (++_depth > Deepest) throw _text.Wrong($"more than {Deepest} levels of brackets");
        var left = Conjunction();
        while (_text.TakeWord("or")) left = new ScimFilter.Or(left, Conjunction());
        _depth--;
        return left;
    }

    private ScimFilter Conjunction()
    {
        var left = Term();
        while (_text.TakeWord("and")) left = new ScimFilter.And(left, Term());
        return left;
    }

    private ScimFilter Term()
    {
        if (_text.TakeNot())
        {
            _text.Expect('(');
            return new ScimFilter.Not(Closed(')'));
        }

        return _text.Take('(') ? Closed(')') : Expression();
    }

    private ScimFilter Closed(char with)
    {
        var inner = Alternatives();
        _text.Expect(with);
        return inner;
    }

    private ScimFilter Expression()
    {
        var path = Path();
        if (path is { Selector: not null, Part: null } && _text.AtEndOfTerm()) return new ScimFilter.Some(path);
        var word = _text.Name("an operator such as eq, co or pr");
        if (word.Equals("pr", StringComparison.OrdinalIgnoreCase)) return new ScimFilter.Present(path);
        if (word.Length != 2 || !char.IsAsciiLetter(word[0]) || !Enum.TryParse<ScimOperator>(word, ignoreCase: true, out var comparison))
            throw _text.Wrong($"'{FilterText.Short(word)}' is no operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr");
        return new ScimFilter.Compare(path, comparison, _text.Literal());
    }

    private ScimPath Path()
    {
        var name = _text.Name("the name of an attribute");
        var path = Split(name);
        if (path.Part is not null || !_text.TakeHere('[')) return path;
        if (_inSelector) throw _text.Wrong("brackets [ ] within brackets [ ]");
        _inSelector = true;
        var selector = Closed(']');
        _inSelector = false;
        string? part = null;
        if (_text.TakeHere('.'))
        {
            part = _text.Name("the name of a sub-attribute");
            if (!IsName(part)) throw _text.Wrong($"'{FilterText.Short(part)}' is no sub-attribute");
        }

        return path with { Selector = selector, Part = part };
    }

    private ScimPath Split(string name)
    {
        // The URNs have dots and colons of their own: '…:2.0:User:manager.value'.
        if (name.Equals(ScimUrns.EnterpriseUser, StringComparison.OrdinalIgnoreCase)
            || name.Equals(ScimUrns.User, StringComparison.OrdinalIgnoreCase)
            || name.Equals(ScimUrns.Group, StringComparison.OrdinalIgnoreCase))
            return new ScimPath(name, "", null, null);
        var colon = name.LastIndexOf(':');
        var schema = colon < 0 ? null : name[..colon];
        var pieces = name[(colon + 1)..].Split('.');
        if (schema?.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) == false || pieces.Length > 2 || !pieces.All(IsName))
            throw _text.Wrong($"'{FilterText.Short(name)}' names no attribute; write it like userName, name.givenName or emails[type eq \"work\"].value");
        return new ScimPath(schema, pieces[0], null, pieces.Length == 2 ? pieces[1] : null);
    }

    /// <summary>ATTRNAME of RFC 7644 section 3.4.2.2, and $ref.</summary>
    private static bool IsName(string name) =>
        name == "$ref"
        || (name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
