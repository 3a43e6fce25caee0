using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Incidents;

/// <summary>Something that was done, seen or said. Never changed: what was wrong is put right by another.</summary>
internal sealed class IncidentEntry : IOwnedByForce
{
    public const int LongestWords = 4_000;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid IncidentId { get; init; }

    /// <summary>opened, note, status, assessed, category, alert, owner, task, entity, shared, review, file, linked, clock or advice.</summary>
    public required string Kind { get; init; }

    public required string Words { get; init; }

    public required string By { get; init; }

    /// <summary>When it happened; what is told later stands where it happened.</summary>
    public required DateTimeOffset HappenedAt { get; init; }

    public required DateTimeOffset WrittenAt { get; init; }
}

/// <summary>An alert that an incident rests on, as it was when it was added.</summary>
internal sealed class IncidentAlert : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid IncidentId { get; init; }

    public required Guid AlertId { get; init; }

    public required string Title { get; init; }

    public required string Level { get; init; }

    public required string EntityKind { get; init; }

    public required string Entity { get; init; }

    /// <summary>ATT&amp;CK techniques, T1566.002.</summary>
    public required List<string> Techniques { get; init; }

    public required DateTimeOffset FirstAt { get; init; }
}

/// <summary>A person, device, address or thing that somebody added by hand.</summary>
internal sealed class IncidentEntity : IOwnedByForce
{
    /// <summary>What can be named.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["user", "host", "address", "domain", "app", "file", "hash", "mailbox", "group"];

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid IncidentId { get; init; }

    public required string Kind { get; init; }

    public required string Value { get; init; }

    /// <summary>What it has to do with it.</summary>
    public required string Note { get; init; }
}

internal sealed class IncidentTask : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid IncidentId { get; init; }

    public required string Title { get; init; }

    /// <summary>Who is to do it, in words: a person, a team, a supplier.</summary>
    public required string Owner { get; init; }

    public DateOnly? Due { get; init; }

    public DateTimeOffset? DoneAt { get; set; }

    public string? DoneBy { get; set; }
}
