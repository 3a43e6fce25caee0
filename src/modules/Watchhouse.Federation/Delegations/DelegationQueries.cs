using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Delegations;

/// <summary>Reads delegations.</summary>
internal sealed class DelegationQueries(IHouse house)
{
    /// <summary>What a force granted, newest first, whatever became of it.</summary>
    public async Task<IReadOnlyList<DelegationModel>> GrantedAsync(
        ActingPrincipal principal, ForceId force, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            principal, new Access(Permissions.DelegationsRead) { Force = force, Reason = reason }, cancellationToken);
        var all = await session.Db.Set<Delegation>().AsNoTracking().Where(d => d.ForceId == force)
            .OrderByDescending(d => d.GrantedAt).Take(1000).ToListAsync(cancellationToken);
        return [.. all.Select(d => DelegationModel.Of(d, session.Now))];
    }

    /// <summary>
    /// What one's own organisation holds. The receiver is party to a delegation, so it sees it although the record is
    /// the granting force's.
    /// </summary>
    public async Task<IReadOnlyList<DelegationModel>> HeldAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        if (!principal.Holds(Permissions.DelegationsRead))
            throw new AccessRefusedException(Failure.Refused("Your role does not include seeing delegations. Ask your administrator."));
        await using var session = await house.EnterAsync(ActingPrincipal.ForJob("delegations held"),
            new Access(Permissions.DelegationsRead), cancellationToken);
        var all = await session.Db.Set<Delegation>().AsNoTracking().Where(d => d.To == principal.Home)
            .OrderByDescending(d => d.GrantedAt).Take(1000).ToListAsync(cancellationToken);
        return [.. all.Select(d => DelegationModel.Of(d, session.Now))];
    }
}
