using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// In how many other forces a rule raised an alert about the same entity. The count is made by a job of the program, which
/// sees every force, and nothing but the number leaves this class: no row, no force, no time (law 4). It is asked only of
/// an alert that the gate has just given to the reader, never of a value that the reader chose.
/// </summary>
internal sealed class OtherForces(IHouse house)
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("seen-elsewhere");
    private static readonly Access Counting = new(Permissions.AlertsRead) { Logged = false };

    /// <summary>The number; null where the entity is a source, whose names mean nothing elsewhere.</summary>
    public async Task<int?> CountAsync(AlertRow seen, CancellationToken cancellationToken)
    {
        if (seen.EntityKind == "source") return null;
        await using var session = await house.EnterAsync(Job, Counting, cancellationToken);
        return await session.Db.Set<Alert>()
            .Where(alert => alert.Entity == seen.Entity && alert.EntityKind == seen.EntityKind && alert.Rule == seen.Rule && alert.ForceId != seen.Force)
            .Select(alert => alert.ForceId).Distinct().CountAsync(cancellationToken);
    }
}
