using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>Takes a person in.</summary>
internal sealed record JoinOptions
{
    public required ForceId Force { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public string? JobTitle { get; init; }

    public string? ExternalId { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    /// <summary>Where to write to, when <see cref="Email"/> is no mailbox.</summary>
    public string? WorkEmail { get; init; }

    /// <summary>True takes the person in without letting them in: the directory knows them as disabled.</summary>
    public bool Suspended { get; init; }

    public IReadOnlyList<Role> Roles { get; init; } = [];

    /// <summary>The permission it is done under: people.manage, or people.provision for a directory.</summary>
    public Permission Using { get; init; } = Permissions.PeopleManage;

    public string? Reason { get; init; }
}

/// <summary>Changes what is known of a person; null leaves a field as it is.</summary>
internal sealed record ChangeOptions
{
    public required ForceId Force { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public string? JobTitle { get; init; }

    public string? ExternalId { get; init; }

    public Permission Using { get; init; } = Permissions.PeopleManage;

    public string? Reason { get; init; }
}

/// <summary>What a move, suspension or departure needs besides the person.</summary>
internal sealed record StatusOptions
{
    public required ForceId Force { get; init; }

    public Permission Using { get; init; } = Permissions.PeopleManage;

    public string? Reason { get; init; }
}
