using System.Text.RegularExpressions;

namespace Watchhouse.Sigma;

/// <summary>
/// The condition's language (Sigma rules specification 2.1, "Condition"): or binds least, then and, not, "x of", brackets.
/// </summary>
internal sealed partial class ConditionParser
{
    private const int MostDepth = 64;
    // The longest published condition stands for a few dozen parts.
    private const int MostParts = 50_000;

    private readonly IReadOnlyDictionary<string, SigmaExpression> _identifiers;
    private readonly int _line;
    private readonly List<string> _tokens = [];
    private int _at;
    private int _depth;
    private int _parts;

    private ConditionParser(string text, IReadOnlyDictionary<string, SigmaExpression> identifiers, int line)
    {
        _identifiers = identifiers;
        _line = line;
        var end = 0;
        foreach (var match in Token().EnumerateMatches(text))
        {
            if (!text.AsSpan(end, match.Index - end).IsWhiteSpace()) throw Error($"'{text[end..match.Index].Trim()}' makes no sense");
            _tokens.Add(text.Substring(match.Index, match.Length));
            end = match.Index + match.Length;
        }

        if (!text.AsSpan(end).IsWhiteSpace()) throw Error($"'{text[end..].Trim()}' makes no sense");
    }

    public static SigmaExpression Parse(string text, IReadOnlyDictionary<string, SigmaExpression> identifiers, int line)
    {
        if (text.Contains('|', StringComparison.Ordinal))
        {
            throw new SigmaFormatException(
                line,
                "The condition uses '|', the aggregation that Sigma removed: write a correlation rule (event_count, value_count, temporal) that refers to this rule instead.");
        }

        var parser = new ConditionParser(text, identifiers, line);
        if (parser._tokens.Count == 0) throw parser.Error("it is empty");
        var expression = parser.Or();
        return parser._at == parser._tokens.Count ? expression : throw parser.Error($"'{parser._tokens[parser._at]}' stands where it cannot");
    }

    [GeneratedRegex(@"\(|\)|[\p{L}\p{Nd}_*\-.?]+")]
    private static partial Regex Token();

    private SigmaExpression Or()
    {
        List<SigmaExpression> operands = [And()];
        while (Take("or")) operands.Add(And());
        return Combine.Any(operands);
    }

    private SigmaExpression And()
    {
        List<SigmaExpression> operands = [Not()];
        while (Take("and")) operands.Add(Not());
        return Combine.All(operands);
    }

    private SigmaExpression Not()
    {
        if (++_depth > MostDepth) throw Error($"it is nested more than {MostDepth} levels deep");
        try
        {
            if (Take("not")) return Combine.Not(Not());
            if (!Take("(")) return Operand();
            var inner = Or();
            return Take(")") ? inner : throw Error("a closing bracket is missing");
        }
        finally
        {
            _depth--;
        }
    }

    private SigmaExpression Operand()
    {
        if (_at == _tokens.Count) throw Error("it ends too early");
        var token = _tokens[_at++];
        if (_at < _tokens.Count && Is(_tokens[_at], "of") && !_identifiers.ContainsKey(token))
        {
            _at++;
            if (_at == _tokens.Count) throw Error("nothing follows 'of'");
            return Of(token, _tokens[_at++]);
        }

        if (token is "(" or ")" || Is(token, "and") || Is(token, "or")) throw Error($"'{token}' stands where it cannot");
        return _identifiers.TryGetValue(token, out var expression)
            ? expression
            : throw Error($"the detection has no '{token}'; it has {string.Join(", ", _identifiers.Keys)}");
    }

    private SigmaExpression Of(string count, string pattern)
    {
        var all = Is(count, "all");
        if (!all && !Is(count, "any") && count != "1") throw Error($"'{count} of' is not allowed: only 1, any and all are");
        var chosen = _identifiers.Where(each => Fits(each.Key, pattern)).Select(each => each.Value).ToList();
        if (chosen.Count == 0) throw Error($"no part of the detection fits '{pattern}'; it has {string.Join(", ", _identifiers.Keys)}");
        _parts += chosen.Count;
        if (_parts > MostParts) throw Error($"its patterns stand for more than {MostParts} parts of the detection");
        return all ? Combine.All(chosen) : Combine.Any(chosen);
    }

    // Names that begin with _ are left out unless the pattern begins so too.
    private static bool Fits(string name, string pattern)
    {
        if (Is(pattern, "them")) return !name.StartsWith('_');
        if (name.StartsWith('_') && !pattern.StartsWith('_')) return false;
        return System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
    }

    private bool Take(string word)
    {
        if (_at == _tokens.Count || !Is(_tokens[_at], word)) return false;
        _at++;
        return true;
    }

    private static bool Is(string token, string word) => token.Equals(word, StringComparison.OrdinalIgnoreCase);

    private SigmaFormatException Error(string reason) => new(_line, $"The condition cannot be read: {reason}.");
}
