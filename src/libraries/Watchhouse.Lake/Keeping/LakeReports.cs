namespace Watchhouse.Lake;

/// <summary>How many days an owner's events of a table are kept. What is null stands for all; the closest rule counts.</summary>
/// <param name="Owner">The owner, or null.</param>
/// <param name="Table">The table, or null. A rule for owner and table beats one for the owner, that one for the table.</param>
/// <param name="Days">Whole days after the day of the event, 0 or more.</param>
public sealed record LakeRetention(string? Owner, string? Table, int Days);

/// <summary>What a run of the retention did.</summary>
/// <param name="Expired">Files that are no longer read, and are deleted after the grace.</param>
/// <param name="Held">Files that are past their time and survive by a hold.</param>
public sealed record LakeExpiry(int Expired, int Held);

/// <summary>What a compaction did.</summary>
/// <param name="Read">Small files that were replaced.</param>
/// <param name="Written">Files that replace them.</param>
/// <param name="Rows">Events in them.</param>
/// <param name="BytesBefore">Bytes of the replaced files.</param>
/// <param name="BytesAfter">Bytes of the new files.</param>
/// <param name="TooLarge">
/// Sets that the engine could not sort within <see cref="LakeOptions.CompactMemoryMiB"/>. Their files stay as they are; a smaller
/// <see cref="LakeCompactionOptions.MaxContentBytes"/> makes smaller sets.
/// </param>
public sealed record LakeCompaction(int Read = 0, int Written = 0, long Rows = 0, long BytesBefore = 0, long BytesAfter = 0, int TooLarge = 0);

/// <summary>Which files are merged.</summary>
public sealed record LakeCompactionOptions
{
    /// <summary>
    /// Files of about the same size (within a factor of eight) that a day must have before they are merged while it is
    /// still being written; so an event is rewritten a few times at most.
    /// </summary>
    public int MinFiles { get; init; } = 8;

    /// <summary>Days before this one are closed: all their small files are merged, however few.</summary>
    public DateOnly? ClosedBefore { get; init; }

    /// <summary>Most events of a merged file.</summary>
    public long MaxRows { get; init; } = 1_000_000;

    /// <summary>Most bytes, before packing, of a merged file.</summary>
    public long MaxContentBytes { get; init; } = 2L << 30;

    /// <summary>Only this owner's files, if given.</summary>
    public string? Owner { get; init; }
}

/// <summary>What is wrong with a file of the lake.</summary>
public enum LakeFaultKind
{
    /// <summary>The manifest names it and it is not there: its events are lost unless a copy exists.</summary>
    Missing,

    /// <summary>Its length or SHA-256 is not what the manifest says.</summary>
    Changed,

    /// <summary>Its index of ids is missing or damaged; no event is lost, and repair builds it anew.</summary>
    Index,

    /// <summary>It lies in the lake and the manifest does not name it: no query reads it.</summary>
    Orphan,
}

/// <summary>One thing wrong with a lake.</summary>
/// <param name="Path">The file, from the root of the lake.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">The same as a sentence, with what was done about it.</param>
/// <param name="IsRepaired">Whether it was repaired at once.</param>
public sealed record LakeFault(string Path, LakeFaultKind Kind, string Message, bool IsRepaired = false);

/// <summary>What a verification found.</summary>
/// <param name="Files">Live files that were read.</param>
/// <param name="Rows">Events in them, by the manifest.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Faults">The first faults, at most 1,000.</param>
/// <param name="FaultCount">Number of all faults.</param>
public sealed record LakeReport(long Files, long Rows, long Bytes, IReadOnlyList<LakeFault> Faults, long FaultCount)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsOk => FaultCount == 0;
}
