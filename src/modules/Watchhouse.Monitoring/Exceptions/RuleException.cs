using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>
/// One known object that a rule shall not raise an alert about, until a day. It is a force's own; the Centre's is for the
/// forces that it names.
/// </summary>
internal sealed class RuleException : IOwnedByForce, IVersioned
{
    public const int MostParts = 10;
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>Forces that the Centre's exception is for; empty for a force's own.</summary>
    public required List<string> Forces { get; init; }

    /// <summary>The rule as alerts name it.</summary>
    public required string Rule { get; init; }

    public required string RuleTitle { get; init; }

    /// <summary>All of which must hold; empty where the whole rule is off.</summary>
    public required List<ExceptionPart> Condition { get; init; }

    /// <summary>Whether the rule is off as a whole for these forces: said openly, since it makes blind.</summary>
    public required bool WholeRule { get; init; }

    public required string Reason { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When its end was last moved; null where it never was.</summary>
    public DateTimeOffset? ExtendedAt { get; set; }

    public string ExtendedBy { get; set; } = "";

    public string ExtendedWhy { get; set; } = "";

    public DateTimeOffset? RemovedAt { get; set; }

    public string RemovedBy { get; set; } = "";

    public string RemovedWhy { get; set; } = "";

    public uint Version { get; set; }

    /// <summary>removed, expired, expiring or inForce.</summary>
    public string StateAt(DateTimeOffset now) =>
        RemovedAt is not null ? "removed" : now >= ExpiresAt ? "expired" : ExpiresAt - now <= Soon ? "expiring" : "inForce";
}

/// <summary>What an exception has suppressed for one force.</summary>
internal sealed class ExceptionCount : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid ExceptionId { get; init; }

    public long Events { get; set; }

    public DateTimeOffset LastAt { get; set; }
}
