using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Clients;

/// <summary>A program that acts for one organisation: a collector, a TAXII client, a directory's provisioning, a report.</summary>
internal sealed class MachineClient : IOwnedByForce, IVersioned
{
    public required ClientId Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Name { get; init; }

    public required Role Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>After this it is let in no more, whatever its secrets say.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public string? RevokedBy { get; set; }

    /// <summary>To the hour: enough to find clients that nobody uses, without a write at each request.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public uint Version { get; set; }

    public bool MayActAt(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;
}

/// <summary>A secret of a machine client, as a hash.</summary>
internal sealed class ClientSecret : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required ClientId ClientId { get; init; }

    /// <summary>The part of the key that finds it; not secret.</summary>
    public required string LookupId { get; init; }

    /// <summary>SHA-256 of 256 random bits: nothing to search through, so no slow hash is needed.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public bool IsLiveAt(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;
}
