using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Delegations;

/// <summary>
/// A force lets another organisation see its records for one purpose, from a day until a day (law 1). It is never
/// deleted: what was allowed when is part of the audit.
/// </summary>
internal sealed class Delegation : IOwnedByForce, IVersioned
{
    public required DelegationId Id { get; init; }

    /// <summary>The force that grants it.</summary>
    public required ForceId ForceId { get; set; }

    /// <summary>The organisation that receives it.</summary>
    public required ForceId To { get; set; }

    public required DelegationScope Scope { get; init; }

    /// <summary>What it is for, in the force's words.</summary>
    public required string Purpose { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>It lapses at this moment.</summary>
    public required DateTimeOffset Until { get; set; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Name of who granted it, as at the time.</summary>
    public required string GrantedBy { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public string? RevokedBy { get; set; }

    public string? RevokedBecause { get; set; }

    public uint Version { get; set; }

    public DelegationState StateAt(DateTimeOffset now) =>
        RevokedAt <= now ? DelegationState.Revoked
        : Until <= now ? DelegationState.Lapsed
        : From > now ? DelegationState.Planned
        : DelegationState.InForce;
}

internal enum DelegationState
{
    Planned,
    InForce,
    Lapsed,
    Revoked,
}
