namespace Watchhouse.Journal;

/// <summary>Where a journal is and what it may use.</summary>
public sealed record JournalOptions
{
    /// <summary>Directory of the journal; made if missing. Nothing else may be kept in it.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Longest payload in bytes. A page of the log is the next power of two that holds one (16 MiB by default); a
    /// journal keeps two pages in memory, and an existing one keeps the page size that it was made with.
    /// </summary>
    public int MaxBatchBytes { get; init; } = 15 << 20;

    /// <summary>Most payload bytes that wait to become durable; further appends are refused until they are.</summary>
    public long MaxPendingBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Most bytes of segments on disk, at least two segments. Over it appends are refused. What all registered
    /// consumers have committed is given back by whole segments; without a consumer everything is kept.
    /// </summary>
    public long MaxBytes { get; init; } = 10L << 30;

    /// <summary>
    /// Free bytes that the journal leaves on the disk. Looked at for each new segment, whose whole space is taken at
    /// once, so that a batch that was let in does not run out of space.
    /// </summary>
    public long MinFreeDiskBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Size of a file of the log and the step in which space is taken and given back: a power of two, at least a
    /// page. An existing journal keeps the size that it was made with.
    /// </summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>What a refused sender is told to wait when memory is short.</summary>
    public TimeSpan RetryWhenMemoryIsShort { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a refused sender is told to wait when the disk is full or fails.</summary>
    public TimeSpan RetryWhenDiskIsShort { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    internal Storage.StorageProbe? Probe { get; init; }
}
