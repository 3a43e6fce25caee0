using System.Text;
using System.Text.RegularExpressions;

namespace Watchhouse.Sigma;

/// <summary>
/// Regular expressions of rules, in linear time: what needs backtracking (look-around, back-references, atomic groups) is
/// refused. Case-sensitive unless told, culture-invariant, and the dollar sign binds the very end of the value without m.
/// </summary>
public static class SigmaRegex
{
    /// <summary>The compiled expression.</summary>
    /// <exception cref="ArgumentException">The expression is malformed.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex Compile(RegexMatch match) => new(Translate(match), Options(match) | RegexOptions.NonBacktracking);

    /// <summary>A sentence that says why the expression cannot be used, or null. Cheap: the automaton is not built.</summary>
    public static string? Check(RegexMatch match)
    {
        if (RegexReader.Read(match) is { } tree && RegexProgram.Fits(tree)) return null;
        try
        {
            _ = new Regex(Translate(match), Options(match));
        }
        catch (ArgumentException e)
        {
            return $"The regular expression '{match.Expression}' cannot be read: {e.Message}";
        }

        // Only expressions with these marks can hold what the linear-time engine refuses, or repeat beyond its bounds.
        if (!MayBeRefused(match.Expression)) return null;
        try
        {
            _ = Compile(match);
            return null;
        }
        catch (NotSupportedException)
        {
            return $"The regular expression '{match.Expression}' needs backtracking (look-around, back-reference or atomic "
                + "group) or repeats too often; Sigma's flavour has neither, and matching must take linear time.";
        }
    }

    private static RegexOptions Options(RegexMatch match) =>
        RegexOptions.CultureInvariant
        | (match.IgnoreCase ? RegexOptions.IgnoreCase : 0)
        | (match.Multiline ? RegexOptions.Multiline : 0)
        | (match.DotAll ? RegexOptions.Singleline : 0);

    private static bool MayBeRefused(string text)
    {
        for (var at = 0; at + 1 < text.Length; at++)
        {
            if (text[at] == '(' && text[at + 1] == '?' && at + 2 < text.Length && (text[at + 2] is '=' or '!' or '<' or '>' or '(')) return true;
            if (text[at] == '\\' && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is 'k' or 'G')) return true;
            if (text[at] == '\\') at++;
            // A count of three digits or more may be beyond the size that the linear-time engine accepts.
            if (text[at] == '{' && HasLargeCount(text.AsSpan(at + 1))) return true;
        }

        return false;
    }

    private static bool HasLargeCount(ReadOnlySpan<char> text)
    {
        var digits = 0;
        foreach (var here in text)
        {
            if (here == '}') return false;
            digits = char.IsAsciiDigit(here) ? digits + 1 : 0;
            if (digits > 2) return true;
        }

        return false;
    }

    // .NET lets $ stand before a last line feed; a rule's $ is the end.
    private static string Translate(RegexMatch match)
    {
        var text = match.Expression;
        if (match.Multiline || !text.Contains('$', StringComparison.Ordinal) || text.Contains("(?m", StringComparison.Ordinal)) return text;
        var translated = new StringBuilder(text.Length + 4);
        var inClass = false;
        for (var at = 0; at < text.Length; at++)
        {
            var here = text[at];
            if (here == '\\' && at + 1 < text.Length)
            {
                translated.Append(here).Append(text[++at]);
                continue;
            }

            if (here == '[' && !inClass)
            {
                inClass = true;
                translated.Append(here);
                if (at + 1 < text.Length && text[at + 1] == '^') translated.Append(text[++at]);
                if (at + 1 < text.Length && text[at + 1] == ']') translated.Append(text[++at]);
                continue;
            }

            if (here == ']') inClass = false;
            translated.Append(here == '$' && !inClass ? @"\z" : here.ToString());
        }

        return translated.ToString();
    }
}
