using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Trials;

/// <summary>Which accepted events are wanted.</summary>
/// <param name="Forces">Of these forces; null for all.</param>
/// <param name="From">Of this moment or later, by the time that they are filed under.</param>
/// <param name="To">Received before this moment.</param>
internal sealed record HistoryRange(IReadOnlySet<ForceId>? Forces, DateTimeOffset From, DateTimeOffset To);

/// <summary>Accepted events of one source as they were received. The payload is valid until the next batch is asked for.</summary>
internal sealed record HistoryBatch(ForceId Owner, string Source, string Format, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Payload)
{
    /// <summary>How far the past has been given with this.</summary>
    public DateTimeOffset Reached { get; init; } = ReceivedAt;
}

/// <summary>Accepted events of the past, day after day, and within a day in about the order in which they were received.</summary>
internal interface IEventHistory
{
    IAsyncEnumerable<HistoryBatch> ReadAsync(HistoryRange range, CancellationToken cancellationToken);
}
