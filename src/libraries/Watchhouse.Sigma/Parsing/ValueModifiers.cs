using System.Collections.Immutable;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>Modifiers that turn one text into another or into several (Sigma modifiers 2.1, "String Modifiers", "Encoding").</summary>
internal static class ValueModifiers
{
    private const int MostVariants = 4096;
    private static readonly string[] Dashes = ["-", "/", "–", "—", "―"];

    /// <summary>
    /// Every dash or slash that starts a word, with each of the five characters in its place, in all combinations. A dash
    /// inside a word stays. The position is that of \B[-/]\b in a regular expression.
    /// </summary>
    public static IEnumerable<SigmaPattern> WinDash(SigmaPattern pattern, int line)
    {
        List<List<PatternPart>> variants = [[]];
        for (var index = 0; index < pattern.Parts.Length; index++)
        {
            var part = pattern.Parts[index];
            if (part.Kind != PatternPartKind.Literal)
            {
                variants.ForEach(variant => variant.Add(part));
                continue;
            }

            var start = 0;
            for (var at = 0; at < part.Text.Length; at++)
            {
                var before = at > 0 && IsWord(part.Text[at - 1]);
                var after = at + 1 < part.Text.Length && IsWord(part.Text[at + 1]);
                if (part.Text[at] is not ('-' or '/') || before || !after) continue;
                var plain = part.Text[start..at];
                if (variants.Count * Dashes.Length > MostVariants)
                    throw new SigmaFormatException(line, $"windash gives more than {MostVariants} variants of one value.");
                variants = [.. variants.SelectMany(variant => Dashes.Select(dash =>
                    new List<PatternPart>(variant) { new(PatternPartKind.Literal, plain + dash) }))];
                start = at + 1;
            }

            var rest = new PatternPart(PatternPartKind.Literal, part.Text[start..]);
            variants.ForEach(variant => variant.Add(rest));
        }

        return variants.Select(variant => SigmaPattern.Of([.. variant]));
    }

    /// <summary>The bytes of a text in UTF-16; utf16 begins with a byte-order mark, wide and utf16le do not.</summary>
    public static byte[] Utf16(string text, string modifier) => modifier switch
    {
        "utf16be" => Encoding.BigEndianUnicode.GetBytes(text),
        "utf16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        _ => Encoding.Unicode.GetBytes(text),
    };

    /// <summary>
    /// What the bytes look like inside a longer Base64 text, at each of the three offsets: characters that neighbours
    /// have a part in are cut off.
    /// </summary>
    public static IEnumerable<string> Base64Offsets(byte[] bytes)
    {
        ReadOnlyMemory<int> starts = new[] { 0, 2, 3 };
        ReadOnlyMemory<int> ends = new[] { 0, 3, 2 };
        for (var offset = 0; offset < 3; offset++)
        {
            var text = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            var end = text.Length - ends.Span[(bytes.Length + offset) % 3];
            if (end > starts.Span[offset]) yield return text[starts.Span[offset]..end];
        }
    }

    /// <summary>
    /// Puts the values of lists into %name% placeholders: each combination is a variant. A name without a list is added
    /// to <paramref name="missing"/>. A percent sign after a backslash, and one that starts no name, is itself.
    /// </summary>
    public static ImmutableArray<string> Expand(
        string text, IReadOnlyDictionary<string, IReadOnlyList<string>> lists, ICollection<string> missing, int line, ISet<string>? named = null)
    {
        List<string> variants = [""];
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '%')
            {
                plain.Append(text[++at]);
                continue;
            }

            var end = text[at] == '%' ? text.IndexOf('%', at + 1) : -1;
            if (end <= at + 1 || !text.AsSpan(at + 1, end - at - 1).ToArray().All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.'))
            {
                plain.Append(text[at]);
                continue;
            }

            var name = text[(at + 1)..end];
            at = end;
            named?.Add(name);
            if (!lists.TryGetValue(name, out var values) || values.Count == 0)
            {
                missing.Add(name);
                continue;
            }

            if ((long)variants.Count * values.Count > 1_000_000)
                throw new SigmaFormatException(line, "The placeholders of one value have more than a million combinations.");
            var before = plain.ToString();
            plain.Clear();
            variants = [.. variants.SelectMany(variant => values.Select(value => variant + before + value))];
        }

        return [.. variants.Select(variant => variant + plain)];
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
