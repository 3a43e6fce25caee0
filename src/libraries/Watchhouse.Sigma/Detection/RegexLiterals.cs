using System.Buffers;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// Text that every match of a regular expression must hold, for the prefilter. Understands only plain runs of characters
/// outside groups and classes; whatever else stands there ends the run. "No literal" means that the expression is asked
/// for every value, never that it cannot match.
/// </summary>
internal static class RegexLiterals
{
    private const int Shortest = 3;

    private static readonly SearchValues<char> QuantifierCharacters = SearchValues.Create("0123456789,");

    /// <summary>One literal for each alternative at the top, or none at all.</summary>
    public static IReadOnlyList<string> Required(RegexMatch match)
    {
        var expression = match.Expression;
        // With x, blanks and comments are no text; conditionals and quoting are beyond this reader.
        if (expression.Contains("(?x", StringComparison.Ordinal) || expression.Contains(@"\Q", StringComparison.Ordinal)) return [];
        var literals = new List<string>();
        var (best, run) = ("", new StringBuilder());
        void EndRun()
        {
            if (run.Length > best.Length) best = run.ToString();
            run.Clear();
        }

        // Half a surrogate pair would be a literal that no text holds.
        void DropLast()
        {
            if (run.Length > 0) run.Length--;
            if (run.Length > 0 && char.IsHighSurrogate(run[^1])) run.Length--;
        }

        for (var at = 0; at < expression.Length; at++)
        {
            switch (expression[at])
            {
                case '|':
                    EndRun();
                    if (best.Length < Shortest) return [];
                    literals.Add(best);
                    best = "";
                    break;
                case '(':
                    EndRun();
                    at = EndOfGroup(expression, at);
                    if (at < 0) return [];
                    break;
                case '[':
                    EndRun();
                    at = EndOfClass(expression, at);
                    if (at < 0) return [];
                    break;
                case '?' or '*':
                    DropLast();
                    EndRun();
                    break;
                case '{' when EndOfQuantifier(expression, at) is > 0 and var end:
                    DropLast();
                    EndRun();
                    at = end;
                    break;
                case '+' or '.' or '^' or '$':
                    EndRun();
                    break;
                case '\\' when at + 1 < expression.Length && char.IsAsciiLetterOrDigit(expression[at + 1]):
                    EndRun();
                    at = EndOfEscape(expression, at);
                    break;
                case '\\' when at + 1 < expression.Length:
                    run.Append(expression[++at]);
                    break;
                default:
                    run.Append(expression[at]);
                    break;
            }
        }

        EndRun();
        if (best.Length < Shortest) return [];
        literals.Add(best);
        return literals;
    }

    private static int EndOfQuantifier(string text, int at)
    {
        var end = text.IndexOf('}', at);
        return end > at && text.AsSpan(at + 1, end - at - 1).IndexOfAnyExcept(QuantifierCharacters) < 0 ? end : -1;
    }

    private static int EndOfClass(string text, int at)
    {
        // A closing bracket that comes first is a member.
        var start = at + (at + 1 < text.Length && text[at + 1] == '^' ? 2 : 1);
        for (var next = start; next < text.Length; next++)
        {
            if (text[next] == '\\') next++;
            else if (text[next] == ']' && next > start) return next;
        }

        return -1;
    }

    private static int EndOfGroup(string text, int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '[' && EndOfClass(text, at) is > 0 and var end) at = end;
            else if (text[at] == '(') depth++;
            else if (text[at] == ')' && --depth == 0) return at;
        }

        return -1;
    }

    // \x41, \u0041, \p{L}, \cA, \012: what belongs to the escape must not be read as text.
    private static int EndOfEscape(string text, int at) => text[at + 1] switch
    {
        'x' => Math.Min(text.Length - 1, at + 3),
        'u' => Math.Min(text.Length - 1, at + 5),
        'c' => Math.Min(text.Length - 1, at + 2),
        'p' or 'P' when text.IndexOf('}', at) is > 0 and var end => end,
        >= '0' and <= '9' => EndOfDigits(text, at + 1),
        'k' when text.IndexOf('>', at) is > 0 and var end => end,
        _ => at + 1,
    };

    private static int EndOfDigits(string text, int at)
    {
        while (at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])) at++;
        return at;
    }
}
