using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Alerts;

internal sealed class AlertReader(IHouse house) : IAlertReader
{
    public async Task<IReadOnlyList<AlertBrief>> FindAsync(ActingPrincipal actor, IReadOnlyList<Guid> ids, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.AlertsRead) { Reason = reason }, cancellationToken);
        var wanted = ids.ToList();
        var found = await session.Db.Set<Alert>().AsNoTracking().Where(alert => wanted.Contains(alert.Id)).ToListAsync(cancellationToken);
        return [.. found.Select(Brief)];
    }

    public static AlertBrief Brief(Alert alert) => new(
        alert.Id, alert.ForceId, alert.Title, alert.Level, alert.EntityKind, alert.Entity, AlertTechnique.Named(alert.Tags), alert.FirstAt, alert.RaisedAt);
}
