using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>Whether the Centre may open the door of a force: once, while the force has no administrator of its own.</summary>
internal sealed class Appointments(IHouse house)
{
    public async Task<bool> IsOpenAsync(ActingPrincipal principal, ForceId force, CancellationToken cancellationToken)
    {
        if (force == principal.Home || !principal.Holds(Permissions.PeopleAppoint)) return false;
        // The force has delegated nothing yet, so the job reads; the answer is yes or no and names nobody.
        await using var session = await house.EnterAsync(ActingPrincipal.ForJob("appoint first administrator"),
            new Access(Permissions.PeopleAppoint) { Logged = false }, cancellationToken);
        return !await session.Db.Set<RoleAssignment>().AnyAsync(
            r => r.ForceId == force && r.Role == Role.ForceAdministrator && r.Until == null, cancellationToken);
    }
}
