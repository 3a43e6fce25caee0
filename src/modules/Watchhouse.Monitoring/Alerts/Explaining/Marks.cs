using System.Text.Encodings.Web;
using System.Text.Json;

namespace Watchhouse.Monitoring.Alerts.Explaining;

/// <summary>A stretch of text, marked or not.</summary>
internal readonly record struct Stretch(string Text, bool Marked);

/// <summary>Marks texts in an event and in a rule. Pure.</summary>
internal static class Marks
{
    // Shorter ones stand everywhere and would mark what nobody meant.
    private const int Least = 3;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON laid out for reading; anything else as it is.</summary>
    public static string LaidOut(string raw)
    {
        try
        {
            using var document = JsonDocument.Parse(raw);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return raw;
        }
    }

    /// <summary>The text in stretches; what any of the texts is found in, in any case, is marked.</summary>
    public static IReadOnlyList<Stretch> In(string text, IEnumerable<string> texts)
    {
        var marked = new bool[text.Length];
        foreach (var sought in texts.SelectMany(each => new[] { each, JsonEncodedText.Encode(each, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value })
            .Where(each => each.Length >= Least).Distinct())
        {
            for (var at = text.IndexOf(sought, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(sought, at + sought.Length, StringComparison.OrdinalIgnoreCase))
                Array.Fill(marked, true, at, sought.Length);
        }

        var stretches = new List<Stretch>();
        for (int start = 0, end = 0; start < text.Length; start = end)
        {
            while (end < text.Length && marked[end] == marked[start]) end++;
            stretches.Add(new(text[start..end], marked[start]));
        }

        return stretches;
    }

    /// <summary>The lines of a rule's text; those of its detection that name a value that was met are marked.</summary>
    public static IReadOnlyList<Stretch> Rule(string text, IReadOnlyCollection<string> texts)
    {
        var lines = new List<Stretch>();
        var inDetection = false;
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (line.Length > 0 && line[0] is not (' ' or '#' or '-')) inDetection = line.StartsWith("detection:", StringComparison.Ordinal);
            lines.Add(new(line, inDetection && Names(line, texts)));
        }

        return lines;
    }

    private static bool Names(string line, IReadOnlyCollection<string> texts)
    {
        var value = line.TrimStart(' ', '-').Trim();
        if (value.Split(": ", 2) is [_, var after]) value = after;
        value = value.Split(" #")[0].Trim().Trim('\'', '"');
        // YAML doubles a quote within quotes, and Sigma a backslash; either way the same value is meant.
        var plain = value.Replace("''", "'", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);
        return value.Length > 0 && texts.Any(text => text.Length >= Least
            ? Holds(value, text) || Holds(plain, text) || (value.Length >= Least && Holds(text, value.Trim('*')) && value.Length * 2 > text.Length)
            : value.Equals(text, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Holds(string text, string part) => part.Length > 0 && text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
