using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Triage;

/// <summary>One decision, as the alert's history shows it. Owners are names.</summary>
internal sealed record AlertStepRow(
    int Number, DateTimeOffset At, string By, ForceId ByForce, string Act, string OldStatus, string NewStatus, string OldOwner, string NewOwner,
    string OldVerdict, string NewVerdict, string Reason);

/// <summary>Alerts of the same rule that are not closed, within the reader's sight, newest first and up to a bound.</summary>
/// <param name="SameEntity">About the same entity.</param>
/// <param name="SameTitle">With the same title, whomever they are about; those of the same entity too.</param>
/// <param name="Forces">Whose they are.</param>
internal sealed record SimilarAlerts(IReadOnlyList<TriageSubject> SameEntity, IReadOnlyList<TriageSubject> SameTitle, IReadOnlyList<ForceId> Forces);

/// <summary>How many alerts there are to do, each up to a bound.</summary>
internal sealed record TriageCounts(int Unclosed, int Nobody, int Mine, int Waiting);

/// <summary>Reads what people decided, and what is to be decided.</summary>
internal sealed class TriageQueries(IHouse house, IColleagues colleagues)
{
    /// <summary>Numbers are counted up to here; beyond it, "1,000+".</summary>
    public const int MostCounted = 1000;

    public async Task<Outcome<IReadOnlyList<AlertStepRow>>> HistoryAsync(
        ActingPrincipal actor, Guid id, string? reason, bool logged, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsRead) { Subject = $"alert/{id}", Reason = reason, Logged = logged }, cancellationToken);
        if (!await session.Db.Set<Alert>().AnyAsync(alert => alert.Id == id, cancellationToken)) return Failure.NotFound;
        return await session.Db.Set<AlertStep>().AsNoTracking().Where(step => step.AlertId == id).OrderByDescending(step => step.Number)
            .Select(step => new AlertStepRow(step.Number, step.At, step.ByName, step.ByForce, step.Act, step.OldStatus, step.NewStatus, step.OldOwnerName,
                step.NewOwnerName, step.OldVerdict, step.NewVerdict, step.Reason))
            .Take(500).ToListAsync(cancellationToken);
    }

    /// <summary>Alerts that the same verdict may fit, of forces on whose alerts the reader may decide.</summary>
    public async Task<Outcome<SimilarAlerts>> SimilarAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsTriage) { Subject = $"alert/{id}", Reason = reason }, cancellationToken);
        var alerts = session.Db.Set<Alert>().AsNoTracking();
        if (await alerts.FirstOrDefaultAsync(alert => alert.Id == id, cancellationToken) is not { } seen) return Failure.NotFound;
        var ofRule = alerts.Where(alert => alert.Rule == seen.Rule && alert.Id != id);
        var sameEntity = await NewestAsync(ofRule.Where(alert => alert.Entity == seen.Entity && alert.EntityKind == seen.EntityKind), cancellationToken);
        var sameTitle = await NewestAsync(ofRule.Where(alert => alert.Title == seen.Title), cancellationToken);
        return new SimilarAlerts(Subjects(sameEntity), Subjects(sameTitle), [.. sameEntity.Concat(sameTitle).Select(each => each.Force).Distinct().Order()]);
    }

    /// <summary>What is to do within the filter's force; it names nobody.</summary>
    public async Task<TriageCounts> CountsAsync(ActingPrincipal actor, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsRead) { Force = force, Reason = reason, Logged = false }, cancellationToken);
        return new(
            await CountAsync(new() { Status = AlertStatusFilter.Unclosed }), await CountAsync(new() { Owner = "" }),
            await CountAsync(new() { Owner = actor.Subject, Status = AlertStatusFilter.Unclosed }), await CountAsync(new() { Status = new(TriageStates.Waiting) }));

        Task<int> CountAsync(AlertFilter filter) => new AlertList(session.Db, filter).CountAsync(MostCounted, cancellationToken);
    }

    /// <summary>People of the reader's own organisation who may take alerts on.</summary>
    public async Task<IReadOnlyList<Colleague>> PeopleAsync(ActingPrincipal actor, CancellationToken cancellationToken) =>
        await colleagues.HoldingAsync(actor.Home, Permissions.AlertsTriage, cancellationToken);

    private static async Task<List<(Guid Id, int Version, ForceId Force)>> NewestAsync(IQueryable<Alert> alerts, CancellationToken cancellationToken) =>
        [.. (await alerts.OrderByDescending(alert => alert.RaisedAt).ThenByDescending(alert => alert.Id).Take(AlertQueries.MostLookedThrough)
            .Where(alert => alert.Status != TriageStates.Closed)
            .Select(alert => new { alert.Id, alert.Steps, alert.ForceId, alert.RaisedAt }).OrderByDescending(alert => alert.RaisedAt)
            .Take(TriageOperations.MostAtOnce - 1).ToListAsync(cancellationToken)).Select(each => (each.Id, each.Steps, each.ForceId))];

    private static IReadOnlyList<TriageSubject> Subjects(List<(Guid Id, int Version, ForceId Force)> found) => [.. found.Select(each => new TriageSubject(each.Id, each.Version))];
}
