namespace Watchhouse.Lake;

/// <summary>Where a lake is and how much it may use. The same options serve its writer, readers and keeper.</summary>
public sealed record LakeOptions
{
    /// <summary>
    /// Root of the lake, made if missing: <c>owner/yyyy-MM-dd/Table.id.parquet</c> and an <c>.ids</c> file beside each.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>Clock of ages and file names.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>A file is written once this many rows of one owner, table and day are gathered.</summary>
    public int MaxRows { get; init; } = 50_000;

    /// <summary>A file is written once this many bytes of one owner, table and day are gathered.</summary>
    public long MaxFileBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Most bytes that are gathered over all owners, tables and days; beyond it the largest groups are written first,
    /// so that small ones do not become small files.
    /// </summary>
    public long MaxBufferedBytes { get; init; } = 128L << 20;

    /// <summary>Most owner, table and day groups that are gathered at once.</summary>
    public int MaxGroups { get; init; } = 4096;

    /// <summary>Longest time that a row is gathered before it is due to be written.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Most bytes of the filters that spare the writer looking for new events in files: 2 to 4 bytes for each event of the
    /// days, tables and owners where events come in no order. The days that were used last are kept; a day that is too large for it,
    /// or has no filter, is looked for in its files, which is slower and finds the same. 0 for none.
    /// </summary>
    public long RepeatMemoryBytes { get; init; } = 64L << 20;

    /// <summary>Longest row in bytes: its texts, columns, unknown fields and raw bytes together.</summary>
    public int MaxRowBytes { get; init; } = 16 << 20;

    /// <summary>
    /// Rows that are packed together inside a file. Small, because one hit unpacks the raw bytes of its whole group:
    /// at 8,192 fetching a few raw events is ten times faster than at the engine's default of 122,880, at equal size.
    /// </summary>
    public int RowGroupRows { get; init; } = 8192;

    /// <summary>Memory of the engine that writes, in MiB.</summary>
    public int WriteMemoryMiB { get; init; } = 512;

    /// <summary>Memory of the engine that compacts, in MiB; what does not fit is spilt to disk.</summary>
    public int CompactMemoryMiB { get; init; } = 512;

    /// <summary>Memory of one query, in MiB. A query never spills to disk: it fails with a clear message.</summary>
    public int QueryMemoryMiB { get; init; } = 512;

    /// <summary>Threads of one query.</summary>
    public int QueryThreads { get; init; } = 1;

    /// <summary>Queries at one time; more wait. Two greedy ones on two cores starve the writer.</summary>
    public int MaxQueries { get; init; } = 2;

    /// <summary>How long a file that was replaced or has expired stays on disk for queries that know of it.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Told which rows were not stored because their events are in the lake already, by owner and source; called by the writer after
    /// the change that leaves them out is durable. It must be quick and must not throw.
    /// </summary>
    public Action<LakeRepeats>? Repeated { get; init; }

    /// <summary>Called at each step of a change; tests throw from it to be a failing disk or a crash.</summary>
    internal Action<LakeStep, string>? Probe { get; init; }

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFileBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBufferedBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxGroups, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(RepeatMemoryBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRowBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(RowGroupRows, 2048);
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteMemoryMiB, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(CompactMemoryMiB, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueryMemoryMiB, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueryThreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxQueries, 1);
    }
}

/// <summary>Rows that were repeats of stored events.</summary>
/// <param name="Owner">Whose they are.</param>
/// <param name="Source">Where they came from.</param>
/// <param name="Rows">How many.</param>
public sealed record LakeRepeats(string Owner, string Source, long Rows);

/// <summary>The moments of a change at which a crash leaves something different behind.</summary>
internal enum LakeStep
{
    Announced,
    Packed,
    Indexed,
    Renamed,
    Committed,
    Deleting,
}
