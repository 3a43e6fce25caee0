using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Delegations;

/// <summary>Grants a delegation.</summary>
internal sealed record GrantOptions
{
    public required ForceId Force { get; init; }

    public required ForceId To { get; init; }

    public required DelegationScope Scope { get; init; }

    public required string Purpose { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? From { get; init; }

    public required DateTimeOffset Until { get; init; }

    public string? Reason { get; init; }
}

/// <summary>A delegation as screens and the API show it.</summary>
internal sealed record DelegationModel(
    Guid Id, ForceId Force, ForceId To, string Scope, string Purpose, DateTimeOffset From, DateTimeOffset Until, string State,
    DateTimeOffset GrantedAt, string GrantedBy, DateTimeOffset? RevokedAt, string? RevokedBy, string? RevokedBecause, uint Version)
{
    public static DelegationModel Of(Delegation d, DateTimeOffset now) => new(d.Id.Value, d.ForceId, d.To, d.Scope.Word(), d.Purpose,
        d.From, d.Until, d.StateAt(now).ToString(), d.GrantedAt, d.GrantedBy, d.RevokedAt, d.RevokedBy, d.RevokedBecause, d.Version);
}
