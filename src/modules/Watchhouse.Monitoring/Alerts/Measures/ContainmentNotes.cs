using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Outbox;

namespace Watchhouse.Monitoring.Alerts.Measures;

/// <summary>Keeps with each alert how long it took until it was contained. The first containment counts; being told again changes nothing.</summary>
internal sealed class ContainmentNotes(IHouse house) : IHandle<AlertsContained>
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("containment");

    public async Task HandleAsync(Guid id, AlertsContained what, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.AlertsTriage) { Logged = false }, cancellationToken);
        var (force, ids) = (what.Force, what.Alerts.ToList());
        foreach (var alert in await session.Db.Set<Alert>().Where(alert => ids.Contains(alert.Id) && alert.ForceId == force && alert.ContainedAfter == null).ToListAsync(cancellationToken))
            alert.ContainedAfter = Math.Max(0, (long)(what.At - alert.RaisedAt).TotalSeconds);
        var saved = await session.CommitAsync(cancellationToken);
        // Somebody decided on one of them in this moment: the outbox tells again.
        if (!saved.Succeeded) throw new DbUpdateConcurrencyException(saved.Failure.Message);
    }
}
