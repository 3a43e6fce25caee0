using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Collect.Coverage;

/// <summary>How far a window of time has come.</summary>
internal enum WindowState
{
    /// <summary>Nothing was asked yet, or not to the end.</summary>
    Planned = 1,

    /// <summary>All of it is listed; some of what was listed is not fetched yet.</summary>
    Listed = 2,

    /// <summary>Everything listed is in the journal; it is listed again for what comes late.</summary>
    Fetched = 3,

    /// <summary>The last listing found nothing that is not in the journal.</summary>
    Reconciled = 4,

    /// <summary>Something of it was lost, or could be; the reason says what.</summary>
    Gap = 5,
}

/// <summary>
/// A line of the coverage ledger: a stretch of time of one stream, from its beginning up to but not including its end. The lines of
/// a stream follow each other without holes, so what is not there yet is not covered yet.
/// </summary>
internal sealed class CoverageWindow : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid CollectorId { get; init; }

    public required string Stream { get; init; }

    public required DateTimeOffset From { get; set; }

    public required DateTimeOffset To { get; set; }

    public WindowState State { get; set; } = WindowState.Planned;

    /// <summary>Why it is, or will be, a gap; or why it was not listed again.</summary>
    public string? Reason { get; set; }

    /// <summary>Listings that came to their end.</summary>
    public int Pass { get; set; }

    /// <summary>Where the listing under way goes on; null at its beginning.</summary>
    public string? Cursor { get; set; }

    /// <summary>Different items listed: blobs of Office 365, events of the others.</summary>
    public long Listed { get; set; }

    /// <summary>Of them, those whose events are in the journal.</summary>
    public long Fetched { get; set; }

    /// <summary>Of those listed, those that only a later listing showed.</summary>
    public long Late { get; set; }

    /// <summary>Events written to the journal.</summary>
    public long Events { get; set; }

    /// <summary>When it is looked at next; null when it is done.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Attempts { get; set; }

    /// <summary>What the last failure was.</summary>
    public string? Problem { get; set; }

    public DateTimeOffset? FetchedAt { get; set; }

    public DateTimeOffset? ReconciledAt { get; set; }
}

/// <summary>How far the windows of a stream are planned, and what is known of its subscription.</summary>
internal sealed class CollectorStream : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid CollectorId { get; init; }

    public required string Name { get; init; }

    /// <summary>End of its last window.</summary>
    public DateTimeOffset? PlannedTo { get; set; }

    /// <summary>When its subscription was last asked to start.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When its subscription was last seen to be on.</summary>
    public DateTimeOffset? OnAt { get; set; }

    /// <summary>Next message of a partition of an event hub.</summary>
    public long? NextOffset { get; set; }
}

/// <summary>
/// Which events of a window are in the journal: 16 bytes of SHA-256 for each, one row a page, only ever added. They go when the
/// window is done.
/// </summary>
internal sealed class SeenEvents : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid CollectorId { get; init; }

    public required Guid WindowId { get; init; }

    public required byte[] Keys { get; init; }
}

/// <summary>A blob of Office 365 that was listed.</summary>
internal sealed class ListedBlob : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid CollectorId { get; init; }

    public required Guid WindowId { get; init; }

    /// <summary>16 bytes of SHA-256 of its content id.</summary>
    public required Guid Key { get; init; }

    public required string Address { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this it cannot be fetched any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>Why it will never be fetched.</summary>
    public string? Lost { get; set; }
}
