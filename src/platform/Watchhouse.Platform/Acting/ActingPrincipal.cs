using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Acting;

/// <summary>What kind of thing acts.</summary>
public enum PrincipalKind
{
    Person = 1,
    Client = 2,
    System = 3,
}

/// <summary>A delegation that the acting organisation holds now.</summary>
/// <param name="Id">The delegation's id, cited in the audit trail.</param>
/// <param name="From">The force that granted it.</param>
/// <param name="Scope">The purpose for which it was granted.</param>
/// <param name="Until">The moment at which it lapses.</param>
public sealed record DelegatedAccess(Guid Id, ForceId From, DelegationScope Scope, DateTimeOffset Until);

/// <summary>
/// Who acts, from which organisation, in which roles and under which delegations, as it is at this moment. It is
/// resolved afresh for every request and every screen action, so a revoked delegation is gone at the next one.
/// There is no way to reach stored records without one.
/// </summary>
public sealed record ActingPrincipal
{
    /// <summary>Person, machine client or a job of the program itself.</summary>
    public required PrincipalKind Kind { get; init; }

    /// <summary>Stable id: the person's, the client's, or the job's name.</summary>
    public required string Subject { get; init; }

    /// <summary>The name shown to people and written to the audit trail.</summary>
    public required string Name { get; init; }

    /// <summary>The organisation on whose behalf it acts.</summary>
    public required ForceId Home { get; init; }

    public ImmutableArray<Role> Roles { get; init; } = [];

    /// <summary>The delegations in force now; never an expired or revoked one.</summary>
    public ImmutableArray<DelegatedAccess> Delegations { get; init; } = [];

    /// <summary>The sign-in session, if there is one.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>
    /// Why, as stated with this request or on this screen; the gate takes it where an operation is given no reason of its
    /// own. It is never part of who somebody is.
    /// </summary>
    public string? StatedReason { get; init; }

    public bool IsCentre => Home == ForceId.Centre;

    /// <summary>A job of the program, which sees every force. Its name is written to the audit trail.</summary>
    public static ActingPrincipal ForJob(string job) => new()
    {
        Kind = PrincipalKind.System,
        Subject = job,
        Name = job,
        Home = ForceId.Centre,
    };

    /// <summary>Lets an endpoint take the principal as a parameter; the access middleware has resolved it.</summary>
    public static ValueTask<ActingPrincipal> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<ActingPrincipal>()
            ?? throw new InvalidOperationException("A public endpoint has no acting principal."));

    /// <summary>Whether one of the roles carries the permission, whatever the force.</summary>
    public bool Holds(Permission permission) =>
        Kind == PrincipalKind.System || Roles.Any(permission.Roles.Contains);

    /// <summary>
    /// Whether the permission can be used on records of this force: a role carries it, and the force is one's own
    /// or has delegated the permission's scope.
    /// </summary>
    public bool May(Permission permission, ForceId force)
    {
        if (!Holds(permission)) return false;
        if (Kind == PrincipalKind.System || force == Home || permission.Scope is null) return true;
        return permission.Reach == Reach.OwnAndDelegated && Via(permission, force) is not null;
    }

    /// <summary>The delegation that carries a use of the permission on another force's records.</summary>
    public DelegatedAccess? Via(Permission permission, ForceId force) =>
        Delegations.FirstOrDefault(d => d.From == force && d.Scope == permission.Scope);

    /// <summary>The forces whose records of this purpose may be seen: one's own, and those that delegated it.</summary>
    public ImmutableArray<ForceId> ForcesFor(DelegationScope scope) =>
        [Home, .. Delegations.Where(d => d.Scope == scope && d.From != Home).Select(d => d.From).Distinct()];

    /// <summary>The forces on which the permission can be used; empty when no role carries it.</summary>
    public ImmutableArray<ForceId> ForcesFor(Permission permission) =>
        !Holds(permission) ? []
        : permission is { Scope: { } scope, Reach: Reach.OwnAndDelegated } ? ForcesFor(scope)
        : [Home];
}
