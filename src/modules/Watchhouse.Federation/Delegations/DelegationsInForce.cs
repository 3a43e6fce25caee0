using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Delegations;

internal sealed class DelegationsInForce(IHouse house) : IDelegationsInForce
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("delegations in force");

    public async Task<bool> IsInForceAsync(ForceId from, ForceId to, DelegationScope scope, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.DelegationsRead) { Logged = false }, cancellationToken);
        var now = session.Now;
        return await session.Db.Set<Delegation>().AnyAsync(
            each => each.ForceId == from && each.To == to && each.Scope == scope && each.RevokedAt == null && each.From <= now && each.Until > now, cancellationToken);
    }
}
