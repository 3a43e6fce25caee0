using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

internal enum PersonStatus
{
    /// <summary>Taken in, and has not signed in yet.</summary>
    Invited = 1,
    Active = 2,

    /// <summary>Signed out and kept out for a time, for example during an inquiry or by the directory.</summary>
    Suspended = 3,
    Left = 4,
}

/// <summary>Somebody who works for one organisation at a time.</summary>
internal sealed class Person : IOwnedByForce, IVersioned
{
    public required PersonId Id { get; init; }

    /// <summary>The home organisation now.</summary>
    public required ForceId ForceId { get; set; }

    public required string Name { get; set; }

    /// <summary>First and last name as the force's directory spells them; null when no directory said.</summary>
    public string? GivenName { get; set; }

    public string? FamilyName { get; set; }

    /// <summary>Work address; unique among those who have not left. Stored lower-case.</summary>
    public required string Email { get; set; }

    /// <summary>Where to write to, when the directory's sign-in name is no mailbox; null when it is the same.</summary>
    public string? WorkEmail { get; set; }

    public string? JobTitle { get; set; }

    /// <summary>The key in the force's own directory (SCIM externalId).</summary>
    public string? ExternalId { get; set; }

    public required PersonStatus Status { get; set; }

    public required DateTimeOffset JoinedAt { get; init; }

    public DateTimeOffset? LeftAt { get; set; }

    /// <summary>When what is known of the person last changed; null when nothing did since they joined.</summary>
    public DateTimeOffset? ChangedAt { get; set; }

    /// <summary>Raised whenever what the person may do changes, so that open screens ask anew.</summary>
    public uint Version { get; set; }

    public bool MaySignIn => Status is PersonStatus.Invited or PersonStatus.Active;
}

/// <summary>A role that a person holds or held; dated, never deleted.</summary>
internal sealed class RoleAssignment : IOwnedByForce
{
    public int Id { get; init; }

    public required PersonId PersonId { get; init; }

    /// <summary>The organisation at which the role is held; equals the person's home while it lasts.</summary>
    public required ForceId ForceId { get; set; }

    public required Role Role { get; init; }

    public required DateTimeOffset From { get; init; }

    public DateTimeOffset? Until { get; set; }

    /// <summary>Name of who gave it, as at the time.</summary>
    public required string GivenBy { get; init; }

    public string? EndedBy { get; set; }
}

/// <summary>One sign-in of a person. It ends by signing out, by time, or because the person left or moved.</summary>
internal sealed class Session : IOwnedByForce
{
    public required SessionId Id { get; init; }

    public required PersonId PersonId { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>How the person proved who they are: <c>passkey</c>, <c>password+totp</c>, <c>entra</c>, <c>demonstration</c>.</summary>
    public required string Method { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it ended, in words for the person.</summary>
    public string? EndedBecause { get; set; }
}
