using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Trials;

/// <summary>Which accepted events are wanted.</summary>
/// <param name="Forces">Of these forces; null for all.</param>
/// <param name="From">Received at this moment or later.</param>
/// <param name="To">Received before this moment.</param>
internal sealed record HistoryRange(IReadOnlySet<ForceId>? Forces, DateTimeOffset From, DateTimeOffset To);

/// <summary>Accepted events of one source as they were received. The payload is valid until the next batch is asked for.</summary>
internal sealed record HistoryBatch(ForceId Owner, string Source, string Format, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Payload);

/// <summary>Accepted events of the past, in about the order in which they were received.</summary>
internal interface IEventHistory
{
    IAsyncEnumerable<HistoryBatch> ReadAsync(HistoryRange range, CancellationToken cancellationToken);
}
