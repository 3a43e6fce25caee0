namespace Watchhouse.Lake;

/// <summary>
/// A legal hold. Either on a range of events (<see cref="FileId"/> null): every file of the owner with an event in it
/// survives retention whole, and compaction may still merge it, for that loses no event. Or on one file, which then
/// stays as it is, byte for byte. A hold ends only when it is released.
/// </summary>
public sealed record LakeHold
{
    /// <summary>Identity of the hold.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose events are held.</summary>
    public required string Owner { get; init; }

    /// <summary>The table, or null for all tables of the owner.</summary>
    public string? Table { get; init; }

    /// <summary>First instant of the range.</summary>
    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;

    /// <summary>End of the range, not included.</summary>
    public DateTimeOffset To { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The one file that is held, if the hold is on a file.</summary>
    public Guid? FileId { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was placed.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When it was released, if it was.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Why it was released.</summary>
    public string? ReleaseReason { get; init; }
}
