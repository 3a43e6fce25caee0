using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Watchhouse.Sigma;

/// <summary>Values and expressions as pipelines write and see them.</summary>
internal static partial class PipelineValues
{
    /// <summary>What a value in YAML asks, as a rule without modifiers would read it.</summary>
    public static SigmaMatch Of(YamlNode node, PipelineNode owner)
    {
        if (node is not YamlScalar scalar) throw owner.Fault(node, "a single value is expected here");
        if (scalar.IsNull) return new NullMatch();
        return scalar.IsPlain && YamlNumber.TryParse(scalar.Value, out var number)
            ? new NumberMatch(number, scalar.Value)
            : new TextMatch(SigmaPattern.Parse(scalar.Value), Cased: false);
    }

    public static bool Same(SigmaMatch left, SigmaMatch right) => (left, right) switch
    {
        (TextMatch mine, TextMatch theirs) => mine.Pattern.Equals(theirs.Pattern),
        (NumberMatch mine, NumberMatch theirs) => mine.Number == theirs.Number,
        _ => left.Equals(right),
    };

    /// <summary>A pattern as pipelines' expressions see it: wildcards as such, literal ones after a backslash, backslashes single.</summary>
    public static string Plain(SigmaPattern pattern) => string.Concat(pattern.Parts.Select(part => part.Kind switch
    {
        PatternPartKind.Many => "*",
        PatternPartKind.One => "?",
        _ => part.Text.Replace("*", @"\*", StringComparison.Ordinal).Replace("?", @"\?", StringComparison.Ordinal),
    }));

    /// <summary>Reads <see cref="Plain"/> back: a backslash is itself unless a wildcard follows.</summary>
    public static SigmaPattern FromPlain(string text) => SigmaPattern.Parse(LoneBackslash().Replace(text, @"\\"));

    public static Regex Pattern(PipelineNode node, string key, bool fromStart) => Pattern(node.NeedText(key), node, node.Map[key]!, fromStart);

    /// <summary>An expression in Python's notation; the time of a match is bounded.</summary>
    public static Regex Pattern(string text, PipelineNode node, YamlNode at, bool fromStart)
    {
        try
        {
            var expression = text.Replace("(?P<", "(?<", StringComparison.Ordinal);
            return new(fromStart ? $@"\A(?:{expression})" : expression, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw node.Fault(at, $"the regular expression '{text}' cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>A replacement in Python's notation (\1, \g&lt;name&gt;) in that of .NET.</summary>
    public static string Replacement(string text)
    {
        var result = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '$')
            {
                result.Append("$$");
            }
            else if (text[at] == '\\' && at + 1 < text.Length)
            {
                var next = text[++at];
                if (char.IsAsciiDigit(next))
                {
                    var end = at + 1;
                    while (end < text.Length && end < at + 2 && char.IsAsciiDigit(text[end])) end++;
                    result.Append(CultureInfo.InvariantCulture, $"${{{text[at..end]}}}");
                    at = end - 1;
                }
                else if (next == 'g' && at + 1 < text.Length && text[at + 1] == '<' && text.IndexOf('>', at) is > 0 and var close)
                {
                    result.Append("${").Append(text, at + 2, close - at - 2).Append('}');
                    at = close;
                }
                else if (next == '\\')
                {
                    result.Append('\\');
                }
                else
                {
                    result.Append('\\').Append(next);
                }
            }
            else
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    [GeneratedRegex(@"\\(?![*?])")]
    private static partial Regex LoneBackslash();
}
