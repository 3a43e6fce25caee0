using System.Globalization;
using System.Text;

namespace Watchhouse.Federation.Scim.Filters;

/// <summary>The text of a filter or path, read from left to right; it says where it cannot be read on.</summary>
internal sealed class FilterText
{
    private readonly string _text;
    private readonly string _what;
    private readonly string _error;
    private int _at;

    public FilterText(string text, string what, string error)
    {
        (_text, _what, _error) = (text, what, error);
        if (text.Length > FilterParser.Longest)
            throw ScimException.Bad(error, $"The {what} has {text.Length} characters; at most {FilterParser.Longest} are read.");
    }

    public static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    public ScimException Wrong(string problem) => ScimException.Bad(_error,
        $"The {_what} cannot be read at character {Math.Min(_at, _text.Length) + 1}: {problem}.");

    public void ExpectEnd()
    {
        SkipBlanks();
        if (_at < _text.Length) throw Wrong($"'{_text[_at]}' is one too many");
    }

    public bool Take(char c)
    {
        SkipBlanks();
        return TakeHere(c);
    }

    /// <summary>Takes the character if it follows at once, without blanks.</summary>
    public bool TakeHere(char c)
    {
        if (_at >= _text.Length || _text[_at] != c) return false;
        _at++;
        return true;
    }

    public void Expect(char c)
    {
        if (!Take(c)) throw Wrong($"'{c}' is missing");
    }

    public bool TakeWord(string word)
    {
        SkipBlanks();
        if (!WordHere(word)) return false;
        _at += word.Length;
        return true;
    }

    /// <summary>Takes 'not' if a bracket follows; otherwise it is an attribute's name.</summary>
    public bool TakeNot()
    {
        SkipBlanks();
        if (!WordHere("not")) return false;
        var next = _at + 3;
        while (next < _text.Length && _text[next] == ' ') next++;
        if (next >= _text.Length || _text[next] != '(') return false;
        _at = next;
        return true;
    }

    public bool AtEndOfTerm()
    {
        SkipBlanks();
        return _at >= _text.Length || _text[_at] is ')' or ']' || WordHere("and") || WordHere("or");
    }

    /// <summary>A run of the characters of names and URNs; not empty.</summary>
    public string Name(string expected)
    {
        SkipBlanks();
        var start = _at;
        while (_at < _text.Length && IsNameCharacter(_text[_at])) _at++;
        return _at > start ? _text[start.._at] : throw Wrong($"{expected} is missing");
    }

    public ScimLiteral Literal()
    {
        SkipBlanks();
        if (_at >= _text.Length) throw Wrong("a value is missing");
        if (_text[_at] == '"') return new ScimLiteral(Quoted());
        var start = _at;
        while (_at < _text.Length && (IsNameCharacter(_text[_at]) || _text[_at] == '+')) _at++;
        var word = _text[start.._at];
        if (word.Equals("true", StringComparison.OrdinalIgnoreCase)) return new ScimLiteral(true);
        if (word.Equals("false", StringComparison.OrdinalIgnoreCase)) return new ScimLiteral(false);
        if (word.Equals("null", StringComparison.OrdinalIgnoreCase)) return new ScimLiteral(null);
        if (decimal.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out var number)) return new ScimLiteral(number);
        _at = start;
        throw Wrong("a value is \"text in quotation marks\", a number, true, false or null");
    }

    private string Quoted()
    {
        var start = _at++;
        var value = new StringBuilder();
        while (_at < _text.Length)
        {
            var c = _text[_at++];
            if (c == '"') return value.ToString();
            value.Append(c == '\\' ? Escaped() : c);
        }

        _at = start;
        throw Wrong("the closing quotation mark is missing");
    }

    /// <summary>The escapes of JSON strings (RFC 8259 section 7), which filters share.</summary>
    private char Escaped()
    {
        if (_at >= _text.Length) throw Wrong("the closing quotation mark is missing");
        switch (_text[_at++])
        {
            case '"': return '"';
            case '\\': return '\\';
            case '/': return '/';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 <= _text.Length && ushort.TryParse(
                _text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default:
                _at--;
                throw Wrong("after a backslash comes one of \" \\ / b f n r t or u with four digits");
        }
    }

    private bool WordHere(string word) =>
        string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (_at + word.Length >= _text.Length || !IsNameCharacter(_text[_at + word.Length]));

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '_' or '-' or '$';
}
