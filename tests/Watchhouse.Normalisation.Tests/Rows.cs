using System.Text;
using System.Text.Json;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation.Tests;

/// <summary>A row, copied so that it outlives the event that it was made from.</summary>
internal sealed record Row(
    string Table, DateTimeOffset Time, EventTimeOrigin Origin, EventTimeliness Timeliness, TimeSpan Delay, EventIdentity Identity, IdentityBasis Basis,
    JsonElement Columns, JsonElement Unknown, IReadOnlyList<string> Entities)
{
    public static DateTimeOffset Received { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public string? this[string column] => Columns.TryGetProperty(column, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    public string? Kept(string name) => Unknown.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    /// <summary>The one row of a text in any format that is read.</summary>
    public static Row Of(string text, string? kind = null, string extension = "", TableMappings? mappings = null, DateTimeOffset? received = null) =>
        Assert.Single(All(Encoding.UTF8.GetBytes(text), kind, extension, mappings, received));

    public static List<Row> All(byte[] bytes, string? kind = null, string extension = "", TableMappings? mappings = null, DateTimeOffset? received = null)
    {
        var rows = new List<Row>();
        Each(bytes, kind, extension, mappings, received, (_, result) => rows.Add(Copy(result)));
        return rows;
    }

    public static void Each(byte[] bytes, string? kind, string extension, TableMappings? mappings, DateTimeOffset? received, Action<EventRecord, NormalisedEvent> found)
    {
        using var source = EventFiles.Open(new MemoryStream(bytes), new() { Reference = received ?? Received }, extension);
        var (parser, block, record, result) = (source.CreateParser(), new EventBlock(), new EventRecord(), new NormalisedEvent());
        var normaliser = new EventNormaliser(mappings ?? TableMappings.Default);
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
            {
                Assert.True(outcome == ParseOutcome.Event, reason);
                normaliser.Normalise(record, new("test", "unit", received ?? Received, kind), result);
                found(record, result);
            }
        }
    }

    public static Row Copy(NormalisedEvent result) => new(
        result.Table, result.TimeGenerated, result.TimeOrigin, result.Timeliness, result.Delay, result.Identity, result.IdentityBasis,
        JsonDocument.Parse(result.Columns.ToArray()).RootElement, JsonDocument.Parse(result.Unknown.ToArray()).RootElement, EntitiesOf(result));

    private static List<string> EntitiesOf(NormalisedEvent result)
    {
        var entities = new List<string>();
        foreach (var entity in result.Entities) entities.Add($"{entity.Kind} {entity.Role} {Encoding.UTF8.GetString(result.ValueOf(entity))}");
        return entities;
    }
}
