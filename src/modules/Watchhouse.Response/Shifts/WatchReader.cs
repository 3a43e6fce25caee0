using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Overview;

namespace Watchhouse.Response.Shifts;

/// <summary>Says who has the watch of the reader's own organisation.</summary>
internal sealed class WatchReader(IHouse house) : IWatchNow
{
    public async Task<WatchNow?> ReadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var home = principal.Home;
        if (!principal.May(Permissions.ShiftsRead, home)) return null;
        // It stands on every page, so it is not written to the audit trail: who has the watch is no record of a person's affairs.
        await using var session = await house.EnterAsync(principal, new Access(Permissions.ShiftsRead) { Force = home, Logged = false }, cancellationToken);
        var now = session.Now;
        var person = await session.Db.Set<Watch>().AsNoTracking().Where(each => each.ForceId == home).Select(each => each.Person).FirstOrDefaultAsync(cancellationToken);
        // A force that keeps no watch is not told that nobody has it; the Centre is.
        if (string.IsNullOrEmpty(person)) return principal.IsCentre ? new(null, null) : null;
        var until = await session.Db.Set<Shift>().AsNoTracking().Where(each => each.ForceId == home && each.StartsAt <= now && each.EndsAt > now)
            .OrderBy(each => each.EndsAt).Select(each => (DateTimeOffset?)each.EndsAt).FirstOrDefaultAsync(cancellationToken);
        return new(person, until);
    }
}
