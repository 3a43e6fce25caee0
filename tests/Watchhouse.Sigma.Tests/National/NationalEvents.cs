using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Watchhouse.Telemetry;

namespace Watchhouse.Sigma.Tests;

/// <summary>A record of an events file, with what the file says of it.</summary>
/// <param name="What">Shape, or why it must not match.</param>
/// <param name="Rule">Name of the base rule it is meant for; null for the rule of the file.</param>
/// <param name="Also">Other national files that truly match it too, by path without extension.</param>
/// <param name="Record">The record, as one line of JSON.</param>
internal sealed record NationalEvent(string What, string? Rule, IReadOnlyList<string> Also, string Record);

/// <summary>Events in the order in which they arrive.</summary>
internal sealed record NationalSequence(string What, IReadOnlyList<string> Records);

/// <summary>The events beside a national rule.</summary>
internal sealed partial record NationalEvents
{
    public required string Note { get; init; }

    public string? OneShapeBecause { get; init; }

    public required IReadOnlyList<NationalEvent> Match { get; init; }

    public required IReadOnlyList<NationalEvent> NoMatch { get; init; }

    public required IReadOnlyList<NationalSequence> Fires { get; init; }

    public required IReadOnlyList<NationalSequence> Quiet { get; init; }

    public static NationalEvents Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var root = document.RootElement;
        return new()
        {
            Note = root.GetProperty("note").GetString()!,
            OneShapeBecause = root.TryGetProperty("one_shape_because", out var reason) ? reason.GetString() : null,
            Match = [.. Items(root, "match").Select(item => Event(item, "shape"))],
            NoMatch = [.. Items(root, "no_match").Select(item => Event(item, "why"))],
            Fires = [.. Items(root, "fires").Select(Sequence)],
            Quiet = [.. Items(root, "quiet").Select(Sequence)],
        };
    }

    /// <summary>Reads records as they would be read from a file of JSON lines.</summary>
    public static void Parse(IEnumerable<string> records, Action<EventRecord> each)
    {
        using var source = EventFiles.Open(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', records))), ReadLimits.Default);
        var (block, record, parser) = (new EventBlock(), new EventRecord(), source.CreateParser());
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
            {
                Assert.True(outcome == ParseOutcome.Event, reason);
                each(record);
            }
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;

    private static NationalEvent Event(JsonElement item, string what) => new(
        item.GetProperty(what).GetString()!,
        item.TryGetProperty("rule", out var rule) ? rule.GetString() : null,
        [.. Items(item, "also").Select(other => other.GetString()!)],
        OneLine(item.GetProperty("record")));

    private static NationalSequence Sequence(JsonElement item)
    {
        var records = new List<string>();
        foreach (var step in item.GetProperty("events").EnumerateArray())
        {
            var record = OneLine(step.GetProperty("record"));
            var times = step.TryGetProperty("times", out var count) ? count.GetInt32() : 1;
            var every = step.TryGetProperty("every_seconds", out var seconds) ? seconds.GetInt32() : 0;
            for (var number = 1; number <= times; number++)
            {
                var numbered = record.Replace("{n}", number.ToString(CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase);
                records.Add(Moved(numbered, TimeSpan.FromSeconds(every * (number - 1))));
            }
        }

        return new(item.GetProperty("what").GetString()!, records);
    }

    // Every time of a record moves with it, because readers differ in which one they take.
    private static string Moved(string record, TimeSpan by) => by == TimeSpan.Zero ? record : Time().Replace(
        record,
        match => DateTime.ParseExact(match.Value, "s", CultureInfo.InvariantCulture).Add(by).ToString("s", CultureInfo.InvariantCulture));

    private static string OneLine(JsonElement record) => JsonSerializer.Serialize(record, Plain);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")]
    private static partial Regex Time();
}
