using System.Globalization;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// Reads the part of the .NET notation that rules use: characters, classes, groups, choices, counted repetition, anchors
/// and inline flags. Whatever else stands there, well-formed or not, makes the reader give up with null, and the
/// framework's own engine decides.
/// </summary>
internal sealed class RegexReader
{
    private const int MostCount = 1000;
    private const int MostDepth = 100;

    private readonly string _text;
    private int _at;
    private int _depth;
    private Flags _flags;

    private readonly record struct Flags(bool IgnoreCase, bool Multiline, bool DotAll);

    private sealed class BeyondReaderException : Exception;

    private RegexReader(RegexMatch match)
    {
        _text = match.Expression;
        _flags = new(match.IgnoreCase, match.Multiline, match.DotAll);
    }

    /// <summary>The tree, or null where the expression holds something that this reader does not know.</summary>
    public static RegexTree? Read(RegexMatch match)
    {
        var reader = new RegexReader(match);
        try
        {
            var tree = reader.Choice();
            return reader._at == reader._text.Length ? tree : null;
        }
        catch (BeyondReaderException)
        {
            return null;
        }
    }

    private char Here => _at < _text.Length ? _text[_at] : throw new BeyondReaderException();

    private bool Take(char expected)
    {
        if (_at >= _text.Length || _text[_at] != expected) return false;
        _at++;
        return true;
    }

    private RegexTree Choice()
    {
        if (++_depth > MostDepth) throw new BeyondReaderException();
        var parts = new List<RegexTree> { Sequence() };
        while (Take('|')) parts.Add(Sequence());
        _depth--;
        return parts.Count == 1 ? parts[0] : new RegexChoice(parts);
    }

    private RegexSequence Sequence()
    {
        var parts = new List<RegexTree>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            if (Atom() is { } atom) parts.Add(Quantified(atom));
        }

        return new(parts);
    }

    // Null for flags, which hold from here to the end of the group.
    private RegexTree? Atom()
    {
        var here = Here;
        _at++;
        switch (here)
        {
            case '(': return Group();
            case '[': return new RegexCharacter(Class());
            case '.': return new RegexCharacter(_flags.DotAll ? ScalarSet.Everything : ScalarSet.AllButLineFeed);
            case '^': return new RegexAnchor(_flags.Multiline ? AnchorKind.LineStart : AnchorKind.TextStart);
            case '$': return new RegexAnchor(_flags.Multiline ? AnchorKind.LineEnd : AnchorKind.TextEnd);
            case '\\': return Escape();
            case '*' or '+' or '?': throw new BeyondReaderException();
            case '{' when CountEnd(_at) is not null: throw new BeyondReaderException();
            default:
                _at--;
                return new RegexCharacter(Cased(ScalarSet.Single(Scalar())));
        }
    }

    private RegexTree? Group()
    {
        var before = _flags;
        if (Take('?'))
        {
            if (Take('<')) return Named(before);
            if (!Take(':'))
            {
                ReadFlags();
                if (Take(')')) return null;
                if (!Take(':')) throw new BeyondReaderException();
            }
        }

        return Close(before);
    }

    // Look-behind begins alike, and ends here: its = or ! is no name.
    private RegexTree Named(Flags before)
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Here) || Here == '_') _at++;
        if (_at == start || char.IsAsciiDigit(_text[start]) || !Take('>')) throw new BeyondReaderException();
        return Close(before);
    }

    private RegexTree Close(Flags before)
    {
        var inside = Choice();
        if (!Take(')')) throw new BeyondReaderException();
        _flags = before;
        return inside;
    }

    private void ReadFlags()
    {
        var on = true;
        for (; Here is not (')' or ':'); _at++)
        {
            _flags = Here switch
            {
                '-' when on => _flags,
                'i' => _flags with { IgnoreCase = on },
                'm' => _flags with { Multiline = on },
                's' => _flags with { DotAll = on },
                _ => throw new BeyondReaderException(),
            };
            if (Here == '-') on = false;
        }
    }

    private RegexTree Quantified(RegexTree atom)
    {
        if (_at >= _text.Length) return atom;
        (int Least, int? Most)? count = _text[_at] switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            _ => null,
        };
        if (count is not null) _at++;
        else if (_text[_at] == '{') count = Count();
        if (count is not { } found) return atom;
        Take('?');
        // A second quantifier is an error.
        if (_at < _text.Length && (_text[_at] is '*' or '+' or '?' || (_text[_at] == '{' && CountEnd(_at + 1) is not null))) throw new BeyondReaderException();
        return new RegexRepeat(atom, found.Least, found.Most);
    }

    // {n}, {n,} or {n,m}; a brace that begins none of these is a brace.
    private (int, int?)? Count()
    {
        if (CountEnd(_at + 1) is not { } end) return null;
        var parts = _text[(_at + 1)..end].Split(',');
        _at = end + 1;
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least)) throw new BeyondReaderException();
        int? most = parts.Length == 1 ? least : null;
        if (parts.Length == 2 && parts[1].Length > 0)
        {
            if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var bound)) throw new BeyondReaderException();
            most = bound;
        }

        return least > MostCount || most > MostCount || least > most ? throw new BeyondReaderException() : (least, most);
    }

    private int? CountEnd(int at)
    {
        var start = at;
        while (at < _text.Length && char.IsAsciiDigit(_text[at])) at++;
        if (at == start) return null;
        if (at < _text.Length && _text[at] == ',') at++;
        while (at < _text.Length && char.IsAsciiDigit(_text[at])) at++;
        return at < _text.Length && _text[at] == '}' ? at : null;
    }

    private RegexTree Escape()
    {
        switch (Here)
        {
            case 'A': _at++; return new RegexAnchor(AnchorKind.TextStart);
            case 'z': _at++; return new RegexAnchor(AnchorKind.TextEnd);
            case 'b': _at++; return new RegexAnchor(AnchorKind.WordBorder);
            case 'B': _at++; return new RegexAnchor(AnchorKind.NoWordBorder);
            default: return new RegexCharacter(EscapedSet() ?? Cased(ScalarSet.Single(EscapedScalar())));
        }
    }

    private ScalarSet? EscapedSet()
    {
        ScalarSet? set = Here switch
        {
            'd' => ScalarSet.Digits,
            'D' => ScalarSet.Digits.Negate(),
            's' => ScalarSet.Spaces,
            'S' => ScalarSet.Spaces.Negate(),
            'w' => ScalarSet.Words,
            'W' => ScalarSet.Words.Negate(),
            _ => null,
        };
        if (set is not null) _at++;
        return set;
    }

    private int EscapedScalar()
    {
        var here = Here;
        if (here == 'x' || here == 'u')
        {
            var length = here == 'x' ? 2 : 4;
            if (_at + 1 + length > _text.Length
                || !int.TryParse(_text.AsSpan(_at + 1, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                || !Rune.IsValid(code))
                throw new BeyondReaderException();
            _at += 1 + length;
            return code;
        }

        if (char.IsAsciiLetterOrDigit(here) || here == '_')
        {
            _at++;
            return here switch
            {
                't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', 'v' => '\v', 'a' => '\a', 'e' => 0x1B,
                _ => throw new BeyondReaderException(),
            };
        }

        return Scalar();
    }

    private ScalarSet Class()
    {
        var negated = Take('^');
        var ranges = new List<ScalarRange>();
        for (var first = true; first || Here != ']'; first = false)
        {
            // [a-z-[aeiou]] and [[:alpha:]] are left to the framework.
            if (Here == '[') throw new BeyondReaderException();
            if (ClassPart(ranges, out var low) || _at + 1 >= _text.Length || Here != '-' || _text[_at + 1] == ']')
            {
                if (low >= 0) ranges.Add(new(low, low));
                continue;
            }

            _at++;
            if (Here == '[' || ClassPart(ranges, out var high) || high < low) throw new BeyondReaderException();
            ranges.Add(new(low, high));
        }

        _at++;
        var set = Cased(ScalarSet.Union([.. ranges]));
        return negated ? set.Negate() : set;
    }

    // True where the part was a set, which begins no range.
    private bool ClassPart(List<ScalarRange> ranges, out int scalar)
    {
        scalar = -1;
        if (Take('\\'))
        {
            if (EscapedSet() is { } set)
            {
                ranges.AddRange(set.Ranges);
                return true;
            }

            // In a class \b is the backspace.
            scalar = Take('b') ? '\b' : EscapedScalar();
            return false;
        }

        scalar = Scalar();
        return false;
    }

    private int Scalar()
    {
        if (!Rune.TryGetRuneAt(_text, _at, out var rune)) throw new BeyondReaderException();
        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private ScalarSet Cased(ScalarSet set) => _flags.IgnoreCase ? set.IgnoreCase() : set;
}
