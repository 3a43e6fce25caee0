namespace Watchhouse.Lake;

/// <summary>What a file of the lake is to those who read.</summary>
public enum LakeFileState
{
    /// <summary>Announced, and not yet whole. Nobody reads it; the next opening removes it.</summary>
    Pending = 0,

    /// <summary>Read by queries.</summary>
    Live = 1,

    /// <summary>Its events lie in a file that compaction made; deleted after the grace.</summary>
    Replaced = 2,

    /// <summary>Past its retention; deleted after the grace, unless a hold is placed before.</summary>
    Expired = 3,

    /// <summary>Being deleted; cannot be brought back.</summary>
    Doomed = 4,
}

/// <summary>One file of the lake: events of one owner, one table and one UTC day.</summary>
public sealed record LakeFile
{
    /// <summary>Part of its name; sorts by the time it was made.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose events it holds.</summary>
    public required string Owner { get; init; }

    /// <summary>Their table.</summary>
    public required string Table { get; init; }

    /// <summary>Their day, in UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Number of events.</summary>
    public long Rows { get; init; }

    /// <summary>Bytes on disk, without the index of ids (20 bytes an event).</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that the events had before they were packed.</summary>
    public long ContentBytes { get; init; }

    /// <summary>Time of the first event.</summary>
    public DateTimeOffset MinTime { get; init; }

    /// <summary>Time of the last event.</summary>
    public DateTimeOffset MaxTime { get; init; }

    /// <summary>Lowest position of the journal that an event came from.</summary>
    public long FromPosition { get; init; }

    /// <summary>Highest position of the journal that an event came from.</summary>
    public long ToPosition { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>What it is now.</summary>
    public LakeFileState State { get; init; }

    /// <summary>When it became that.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether a hold covers it; set by the manifest when it lists.</summary>
    public bool IsHeld { get; init; }
}

/// <summary>Which files of the manifest are wanted; what is null does not narrow.</summary>
public sealed record LakeFileQuery
{
    /// <summary>Owners; an empty list finds nothing.</summary>
    public IReadOnlyList<string>? Owners { get; init; }

    /// <summary>The table.</summary>
    public string? Table { get; init; }

    /// <summary>First day.</summary>
    public DateOnly? FromDay { get; init; }

    /// <summary>Last day, included.</summary>
    public DateOnly? ToDay { get; init; }

    /// <summary>Files with events at or after this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Files with events before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>States; live ones unless said otherwise.</summary>
    public IReadOnlyList<LakeFileState> States { get; init; } = [LakeFileState.Live];
}
