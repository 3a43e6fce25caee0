using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Detect;

/// <summary>Where a match was found.</summary>
internal readonly record struct MatchPlace(string File, long Record, DateTimeOffset? Time, string? EventId);

/// <summary>Writes matches into a buffer, as JSON lines or as lines for people. One for each worker.</summary>
internal sealed class MatchWriter(DetectFormat format, bool colour) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private Utf8JsonWriter? _json;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Match(SigmaDocument rule, in MatchPlace place)
    {
        if (format == DetectFormat.Table)
        {
            Line(rule, place.Time, $"{place.File}:{place.Record.ToString(CultureInfo.InvariantCulture)}");
            return;
        }

        var json = Begin(rule, place.File, place.Record, place.Time);
        if (place.EventId is not null) json.WriteString("eventId", place.EventId);
        End(json);
    }

    /// <summary>A correlation's firing. Its place is that of the event that completed it.</summary>
    public void Firing(SigmaCorrelation rule, in MatchPlace place, IReadOnlyDictionary<string, string> group, double value, long count, IEnumerable<MatchPlace> events)
    {
        if (format == DetectFormat.Table)
        {
            var of = group.Count == 0 ? "" : $" ({string.Join(", ", group.Select(each => $"{each.Key}={each.Value}"))})";
            Line(rule, place.Time, string.Create(CultureInfo.InvariantCulture, $"{count} events{of}, last {place.File}:{place.Record}"));
            return;
        }

        var json = Begin(rule, place.File, place.Record, place.Time);
        if (place.EventId is not null) json.WriteString("eventId", place.EventId);
        json.WriteStartObject("group");
        foreach (var (name, text) in group) json.WriteString(name, text);
        json.WriteEndObject();
        json.WriteNumber("value", value);
        json.WriteNumber("eventCount", count);
        json.WriteStartArray("events");
        foreach (var each in events)
        {
            json.WriteStartObject();
            json.WriteString("file", each.File);
            json.WriteNumber("record", each.Record);
            if (each.Time is { } time) json.WriteString("time", Iso(time));
            if (each.EventId is not null) json.WriteString("eventId", each.EventId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        End(json);
    }

    public void Dispose() => _json?.Dispose();

    private Utf8JsonWriter Begin(SigmaDocument rule, string file, long record, DateTimeOffset? time)
    {
        _json ??= new(_buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("ruleId", rule.Id ?? rule.Name ?? rule.Title);
        _json.WriteString("title", rule.Title);
        _json.WriteString("level", LevelText(rule.Level));
        _json.WriteString("file", file);
        _json.WriteNumber("record", record);
        if (time is { } known) _json.WriteString("time", Iso(known));
        else _json.WriteNull("time");
        _json.WriteStartArray("tags");
        foreach (var tag in rule.Tags) _json.WriteStringValue(tag);
        _json.WriteEndArray();
        // The Detection Rule License asks that authors be named where a match is shown.
        if (rule.Author is not null) _json.WriteString("author", rule.Author);
        return _json;
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        _buffer.Write("\n"u8);
    }

    private void Line(SigmaDocument rule, DateTimeOffset? time, string where)
    {
        var level = LevelText(rule.Level);
        var painted = colour ? $"\e[{Colour(rule.Level)}m{level,-13}\e[0m" : $"{level,-13}";
        var when = time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";
        Encoding.UTF8.GetBytes($"{painted} {when,-19}  {Printable(rule.Title)}  {Printable(where)}\n", _buffer);
    }

    // A rule's title or a file's name must not steer the terminal.
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;

    private static string Colour(SigmaLevel level) => level switch
    {
        SigmaLevel.Critical => "1;31",
        SigmaLevel.High => "31",
        SigmaLevel.Medium => "33",
        SigmaLevel.Low => "36",
        _ => "2",
    };

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);

    public static string LevelText(SigmaLevel level) => level switch
    {
        SigmaLevel.Critical => "critical",
        SigmaLevel.High => "high",
        SigmaLevel.Medium => "medium",
        SigmaLevel.Low => "low",
        _ => "informational",
    };
}
