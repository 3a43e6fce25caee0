using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts.Products;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>Reads alerts, within the reader's sight.</summary>
internal sealed class AlertQueries(IHouse house, EvidenceReader evidenceReader, OtherForces others)
{
    /// <summary>Alerts that one request looks through for a text, or for several filters at once; no index answers that.</summary>
    public const int MostLookedThrough = 10_000;

    /// <summary>New alerts are counted up to here; beyond it, "more than".</summary>
    public const int MostCounted = 100;

    private const int MostRelated = 6;
    private static readonly string[] Worst = ["critical", "high"];

    public async Task<AlertPage> PageAsync(ActingPrincipal actor, AlertFilter filter, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, filter, logged: true, cancellationToken);
        var take = Math.Clamp(filter.Take, 1, AlertFilter.MostTaken);
        var list = new AlertList(session.Db, filter);
        if (filter.Before is { } before)
        {
            // An alert that is out of sight, or none, ends the list.
            if (await list.PlaceOfAsync(before, cancellationToken) is not { } place) return new([], null, null, session.Withheld);
            list = list.After(place);
        }

        // Each level is read by its own index and the stretches are put together: a few rows each, whatever lies behind them.
        var rows = new List<AlertRow>();
        (DateTimeOffset At, Guid Id)? edge = null;
        foreach (var part in list.Parts)
        {
            var stretch = await list.ReadAsync(part, take + 1, MostLookedThrough, cancellationToken);
            rows.AddRange(stretch.Rows);
            if (stretch.Edge is { } its && (edge is null || AlertRow.ByAge(its, edge.Value) > 0)) edge = its;
        }

        rows.Sort(static (one, other) => AlertRow.ByAge((other.RaisedAt, other.Id), (one.RaisedAt, one.Id)));
        if (edge is { } last) rows.RemoveAll(row => AlertRow.ByAge((row.RaisedAt, row.Id), last) < 0);
        if (rows.Count > take) return new(rows[..take], rows[take - 1].Id, null, session.Withheld);
        return new(rows, edge?.Id, edge?.At, session.Withheld);
    }

    /// <summary>How many alerts of the filter were raised after a place in the list, up to a bound. It names nobody.</summary>
    public async Task<int> NewerAsync(ActingPrincipal actor, AlertFilter filter, DateTimeOffset at, Guid id, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, filter, logged: false, cancellationToken);
        var list = new AlertList(session.Db, filter);
        var count = 0;
        foreach (var part in list.Parts)
            count += await list.NewerAsync(part, (at, id), MostCounted + 1, cancellationToken);
        return count;
    }

    /// <summary>Alerts of the two worst levels since a moment, up to 1,000 each. It names nobody.</summary>
    public async Task<IReadOnlyDictionary<string, int>> WorstAsync(
        ActingPrincipal actor, AlertFilter filter, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, filter, logged: false, cancellationToken);
        var list = new AlertList(session.Db, new AlertFilter { Since = since });
        var counts = new Dictionary<string, int>();
        foreach (var level in Worst) counts[level] = await list.NewerAsync(level, null, 1000, cancellationToken);
        return counts;
    }

    /// <summary>How many alerts in sight are about each of these values, up to a bound. Of an alert that the reader was given.</summary>
    public async Task<IReadOnlyDictionary<string, int>> AboutAsync(
        ActingPrincipal actor, IReadOnlyCollection<string> values, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, new AlertFilter { Reason = reason }, logged: false, cancellationToken);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var value in values)
            counts[value] = await new AlertList(session.Db, new AlertFilter { Entity = value }).NewerAsync(null, null, MostCounted + 1, cancellationToken);
        return counts;
    }

    public async Task<Outcome<AlertDetail>> FindAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsRead) { Subject = $"alert/{id}", Reason = reason }, cancellationToken);
        var alerts = session.Db.Set<Alert>().AsNoTracking();
        var alert = await alerts.FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (alert is null) return Failure.NotFound;
        var evidence = await session.Db.Set<AlertEvent>().AsNoTracking().Where(each => each.AlertId == id)
            .OrderBy(each => each.At).ThenBy(each => each.Id).ToListAsync(cancellationToken);
        var ofEntity = alerts.Where(each => each.Entity == alert.Entity && each.EntityKind == alert.EntityKind && each.Id != id);
        // Every force has a source of such a name; it is another one.
        if (alert.EntityKind == "source") ofEntity = ofEntity.Where(each => each.ForceId == alert.ForceId);
        var row = AlertRow.Of(alert);
        return new AlertDetail(
            row,
            alert.Tags,
            alert.Recommendation,
            alert.FalsePositives,
            alert.Author,
            await evidenceReader.ReadAsync(alert.ForceId, alert.RaisedAt, evidence, cancellationToken),
            await NewestAsync(ofEntity, cancellationToken),
            await NewestAsync(alerts.Where(each => each.Rule == alert.Rule && each.Entity != alert.Entity), cancellationToken),
            await others.CountAsync(row, cancellationToken),
            await session.Db.Set<ProductAlert>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is { } said
                ? ProductAnswer.Of(said) : null);
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, AlertFilter filter, bool logged, CancellationToken cancellationToken) => house.EnterAsync(
        actor, new Access(Permissions.AlertsRead) { Force = filter.Force, Reason = filter.Reason, Logged = logged }, cancellationToken);

    private static async Task<IReadOnlyList<AlertRow>> NewestAsync(IQueryable<Alert> alerts, CancellationToken cancellationToken) =>
        [.. (await alerts.OrderByDescending(alert => alert.RaisedAt).ThenByDescending(alert => alert.Id).Take(MostRelated).ToListAsync(cancellationToken))
            .Select(AlertRow.Of)];
}
