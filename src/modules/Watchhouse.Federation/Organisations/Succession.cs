using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

internal enum SuccessionKind
{
    Rename = 1,
    Merge = 2,
    Split = 3,

    /// <summary>One takes over the whole of another that ends.</summary>
    Absorb = 4,
}

/// <summary>A recorded change of organisations: who ended, who follows, from which day.</summary>
internal sealed class Succession
{
    public required Guid Id { get; init; }

    public required SuccessionKind Kind { get; init; }

    public required DateOnly EffectiveOn { get; init; }

    /// <summary>Those that ended or were renamed.</summary>
    public required List<string> Predecessors { get; init; }

    /// <summary>Those that follow.</summary>
    public required List<string> Successors { get; init; }

    /// <summary>The legal instrument or decision it rests on, in words.</summary>
    public required string Basis { get; init; }

    /// <summary>Name before and after, for a rename.</summary>
    public string? NameBefore { get; init; }

    /// <summary>Official and short name, with a bar between; names have none.</summary>
    public string? NameAfter { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required string RecordedBy { get; init; }

    /// <summary>When it took effect in the records; null while its day is still to come.</summary>
    public DateTimeOffset? AppliedAt { get; set; }

    /// <summary>Districts that pass to each successor of a split, by tag: <c>TAG:code,code</c>. Empty otherwise.</summary>
    public List<string> AreaShares { get; init; } = [];
}

/// <summary>How many records of one kind passed from one controller to another, and under which succession.</summary>
internal sealed class CustodyTransfer : IOwnedByForce
{
    public int Id { get; init; }

    /// <summary>The controller that received them.</summary>
    public required ForceId ForceId { get; set; }

    /// <summary>The controller that had them.</summary>
    public required ForceId From { get; init; }

    public required Guid SuccessionId { get; init; }

    /// <summary>What passed, by the name of the stored table.</summary>
    public required string Records { get; init; }

    public required int Count { get; init; }

    public required DateTimeOffset At { get; init; }
}
