namespace Watchhouse.Federation.SignIn.Links;

internal enum LinkPurpose
{
    /// <summary>Makes the first administrator of a new centre.</summary>
    SetUp = 1,

    /// <summary>Lets a person register credentials: as a newcomer, or after losing the old ones.</summary>
    Invitation = 2,
}

/// <summary>An address that lets whoever holds it in once. Only the hash of its secret is kept.</summary>
internal sealed class OneTimeLink
{
    public required Guid Id { get; init; }

    public required LinkPurpose Purpose { get; init; }

    /// <summary>SHA-256 of the 256 random bits in the address.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Whose credentials it registers; null until the first administrator has given a name.</summary>
    public Guid? PersonId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>Another link took its place.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    public bool IsOpenAt(DateTimeOffset now) => UsedAt is null && WithdrawnAt is null && now < ExpiresAt;
}
