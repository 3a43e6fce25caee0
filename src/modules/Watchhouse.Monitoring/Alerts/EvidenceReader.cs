using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Watchhouse.Lake;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// Reads the events of an alert from the archive. One that has not arrived there yet, or is gone by its force's retention, is shown
/// as the alert keeps it.
/// </summary>
internal sealed partial class EvidenceReader(LakeHost lake, ILogger<EvidenceReader> log)
{
    /// <summary>Bytes of an event that are given out; the longest that a sender may send is a mebibyte.</summary>
    private const int MostRawBytes = 256 * 1024;

    public async Task<IReadOnlyList<AlertEvidence>> ReadAsync(
        ForceId force, DateTimeOffset raisedAt, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return [];
        var archived = await FindAsync(force, raisedAt, events, cancellationToken);
        return [.. events.Select(each => archived.TryGetValue(each.EventId, out var found) ? Whole(each, found) : Kept(each))];
    }

    private async Task<Dictionary<Guid, LakeEvent>> FindAsync(
        ForceId force, DateTimeOffset raisedAt, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, LakeEvent>();
        try
        {
            var reader = await lake.ReaderAsync(cancellationToken);
            foreach (var group in events.GroupBy(each => (each.Table, IsPlain: IsFiledUnderItsTime(each, raisedAt))))
            {
                var table = group.Key.Table.Length == 0 ? null : group.Key.Table;
                DateTimeOffset? from = group.Key.IsPlain ? group.Min(each => each.At).AddSeconds(-1) : null;
                DateTimeOffset? to = group.Key.IsPlain ? group.Max(each => each.At).AddSeconds(1) : null;
                foreach (var each in await reader.FindAsync(force.Value, [.. group.Select(each => each.EventId)], table, from, to, cancellationToken))
                    found[each.EventId] = each;
            }
        }
        catch (Exception e) when (e is IOException or LakeQueryException or System.Data.Common.DbException)
        {
            Failed(log, e);
        }

        return found;
    }

    // An event that claims an impossible time is filed under the day on which it came: it is looked for in all of them.
    private static bool IsFiledUnderItsTime(AlertEvent each, DateTimeOffset raisedAt) =>
        each.At >= RowMaker.Oldest && each.At <= raisedAt + RowMaker.FarAhead;

    private static AlertEvidence Kept(AlertEvent kept) => new(
        kept.EventId, kept.At, kept.Source, Encoding.UTF8.GetString(kept.Raw), kept.RawCut, kept.Table, null, null);

    private static AlertEvidence Whole(AlertEvent kept, LakeEvent found)
    {
        var raw = found.Raw.Span;
        var isCut = raw.Length > MostRawBytes;
        return new(
            kept.EventId, kept.At, found.Source, Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, MostRawBytes)]), isCut, found.Table, found.ReceivedAt,
            Columns(found));
    }

    private static JsonElement? Columns(LakeEvent found)
    {
        var row = Object(found.Columns) ?? [];
        if (Object(found.UnknownFields) is { } rest)
        {
            foreach (var (name, value) in rest.ToList())
            {
                rest.Remove(name);
                row.TryAdd(name, value);
            }
        }

        return JsonSerializer.SerializeToElement(row);
    }

    private static JsonObject? Object(ReadOnlyMemory<byte> json) => json.IsEmpty ? null : JsonNode.Parse(json.Span) as JsonObject;

    [LoggerMessage(4141, LogLevel.Error, "The archive could not be read for an alert's events; they are shown as the alert keeps them.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
