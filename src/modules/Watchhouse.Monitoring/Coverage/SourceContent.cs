using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>
/// That a source has delivered events of an entry of the log-source table, by which rules find theirs. Written every minute, and
/// at once where it is new; after a crash it may count a stretch twice.
/// </summary>
internal sealed class SourceContent : IOwnedByForce
{
    public const int LongestEntry = 200;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Source { get; init; }

    /// <summary>Name of the entry; empty for events that no entry knows.</summary>
    public required string Entry { get; init; }

    public long Events { get; set; }

    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When the last of them was received.</summary>
    public DateTimeOffset LastAt { get; set; }
}
