using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Shifts;

/// <summary>A span in which people of an organisation watch.</summary>
internal sealed class Shift : IOwnedByForce, IVersioned
{
    public const int LongestName = 60;
    public const int MostPeople = 40;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Day, Night.</summary>
    public required string Name { get; init; }

    /// <summary>The team's name; empty where there is none.</summary>
    public required string Team { get; init; }

    public Guid? LeadId { get; set; }

    public string? Lead { get; set; }

    public required List<Guid> PersonIds { get; set; }

    /// <summary>Their names, in the order of the ids.</summary>
    public required List<string> People { get; set; }

    public uint Version { get; set; }
}

/// <summary>Who has the watch of an organisation. One row for each that ever had one.</summary>
internal sealed class Watch : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>As <see cref="Platform.Acting.ActingPrincipal.Subject"/> has it.</summary>
    public required string PersonId { get; set; }

    public required string Person { get; set; }

    public required DateTimeOffset Since { get; set; }

    public uint Version { get; set; }
}

/// <summary>The watch passed to somebody. Never changed.</summary>
internal sealed class WatchTurn : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Person { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Who had it before; null where nobody had.</summary>
    public string? From { get; init; }

    /// <summary>The note that was read; null where it was taken without one.</summary>
    public Guid? NoteId { get; init; }

    /// <summary>Why it was taken without a note; empty where there was one, or nobody to write it.</summary>
    public required string Reason { get; init; }
}

/// <summary>What the one who goes tells the one who comes. Once it is given, it stays as it is.</summary>
internal sealed class HandOverNote : IOwnedByForce, IVersioned
{
    public const int LongestWords = 20_000;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string WrittenById { get; init; }

    public required string WrittenBy { get; init; }

    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>What the house wrote from what was open.</summary>
    public required string Generated { get; init; }

    /// <summary>What the person made of it.</summary>
    public required string Words { get; set; }

    public DateTimeOffset? GivenAt { get; set; }

    /// <summary>Who read it and took the watch.</summary>
    public string? SeenBy { get; set; }

    public DateTimeOffset? SeenAt { get; set; }

    public uint Version { get; set; }
}

/// <summary>Somebody who can be called, though they do not sit in the room.</summary>
internal sealed class OnCallSpan : IOwnedByForce
{
    public const int LongestReach = 200;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid PersonId { get; init; }

    public required string Name { get; init; }

    /// <summary>How they are reached: a duty telephone, a bridge.</summary>
    public required string Reach { get; init; }

    /// <summary>1 is called first.</summary>
    public required int Order { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }
}
