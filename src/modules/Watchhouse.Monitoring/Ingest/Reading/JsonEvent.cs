using System.Text.Json;
using System.Text.Unicode;

namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>Judges whether bytes are one event: a JSON object (RFC 8259) within the limits. Pure.</summary>
internal static class JsonEvent
{
    public const string NotJson = "It is not JSON.";
    public const string NotAnObject = "It is JSON, but not an object.";
    public const string NotUtf8 = "It is not UTF-8.";

    public static string TooLong(IngestLimits limits) => $"It is longer than {limits.MaxEventBytes} bytes.";

    public static string TooDeep(IngestLimits limits) => $"It is nested deeper than {limits.MaxDepth} levels.";

    /// <returns>Why it is no event; null when it is one.</returns>
    public static string? Judge(ReadOnlySpan<byte> line, IngestLimits limits)
    {
        if (line.Length > limits.MaxEventBytes) return TooLong(limits);
        if (!Utf8.IsValid(line)) return NotUtf8;
        // Most of what is no object shows it in its first byte, and an exception for each costs a hundred times as much.
        var first = line.TrimStart(" \t"u8);
        if (first.IsEmpty) return NotJson;
        if (first[0] != (byte)'{') return "[\"-0123456789tfn"u8.Contains(first[0]) && IsJson(line, limits) ? NotAnObject : NotJson;
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException)
        {
            return reader.CurrentDepth >= limits.MaxDepth ? TooDeep(limits) : NotJson;
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> line, IngestLimits limits)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
