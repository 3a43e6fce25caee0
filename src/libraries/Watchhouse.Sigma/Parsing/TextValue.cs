using System.Collections.Immutable;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>A text on its way through the modifiers: a pattern, or bytes once it has been encoded as UTF-16.</summary>
internal static class TextValue
{
    private const int MostPatterns = 100_000;

    /// <summary>All patterns that the value becomes; any of them may match.</summary>
    public static IReadOnlyList<SigmaPattern> Patterns(
        string text, IReadOnlyList<string> steps, Func<string, ImmutableArray<string>> expand, int line)
    {
        // Placeholders stand in the text as written, so they are put in before anything else is made of it. Values of a
        // list may hold wildcards, as pySigma lets them.
        IReadOnlyList<string> texts = steps.Contains("expand") ? expand(text) : [text];
        List<Stage> stages = [.. texts.Select(each => new Stage(SigmaPattern.Parse(each), null))];
        foreach (var step in steps.Where(step => step != "expand"))
        {
            stages = [.. stages.SelectMany(stage => Apply(stage, step, line))];
            if (stages.Count > MostPatterns) throw new SigmaFormatException(line, $"One value becomes more than {MostPatterns} patterns.");
        }

        return [.. stages.Select(stage => stage.Pattern ?? SigmaPattern.Literal(Encoding.Latin1.GetString(stage.Bytes!)))];
    }

    private readonly record struct Stage(SigmaPattern? Pattern, byte[]? Bytes);

    private static IEnumerable<Stage> Apply(Stage stage, string step, int line)
    {
        switch (step)
        {
            case "contains": return [new(PatternOf(stage, step, line).Pad(true, true), null)];
            case "startswith": return [new(PatternOf(stage, step, line).Pad(false, true), null)];
            case "endswith": return [new(PatternOf(stage, step, line).Pad(true, false), null)];
            case "windash": return ValueModifiers.WinDash(PatternOf(stage, step, line), line).Select(each => new Stage(each, null));
            case "base64": return [new(SigmaPattern.Literal(Convert.ToBase64String(BytesOf(stage, step, line))), null)];
            case "base64offset":
                return ValueModifiers.Base64Offsets(BytesOf(stage, step, line)).Select(each => new Stage(SigmaPattern.Literal(each), null));
            default: return [new(null, ValueModifiers.Utf16(LiteralOf(stage, step, line), step))];
        }
    }

    private static SigmaPattern PatternOf(Stage stage, string step, int line) =>
        stage.Pattern ?? SigmaPattern.Literal(Encoding.Latin1.GetString(stage.Bytes
            ?? throw new SigmaFormatException(line, $"'{step}' has no text to work on.")));

    private static byte[] BytesOf(Stage stage, string step, int line) => stage.Bytes ?? Encoding.UTF8.GetBytes(LiteralOf(stage, step, line));

    private static string LiteralOf(Stage stage, string step, int line)
    {
        if (stage.Pattern is not { IsLiteral: true } pattern)
            throw new SigmaFormatException(line, $"'{step}' encodes a text, and this value holds wildcards: escape them or leave them out.");
        return pattern.Parts.Length == 0 ? "" : pattern.Parts[0].Text;
    }
}
