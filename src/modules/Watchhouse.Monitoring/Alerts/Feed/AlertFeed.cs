using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Feed;

/// <summary>Reads alerts of every force for jobs that compare them or tell of them.</summary>
internal sealed class AlertFeed(IHouse house) : IAlertFeed
{
    /// <summary>Events of an alert that are looked into: what begins an attack is in its first.</summary>
    private const int MostEvents = 10;
    private const int MostTaken = 500;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("correlation");
    private static readonly Access Reading = new(Permissions.AlertsRead) { Logged = false };

    public async Task<IReadOnlyList<AlertSighting>> RaisedAsync(DateTimeOffset from, Guid? after, int take, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var all = session.Db.Set<Alert>().AsNoTracking();
        all = after is { } last ? all.Where(alert => alert.RaisedAt > from || (alert.RaisedAt == from && alert.Id > last)) : all.Where(alert => alert.RaisedAt >= from);
        var alerts = await all.OrderBy(alert => alert.RaisedAt).ThenBy(alert => alert.Id).Take(Math.Clamp(take, 1, MostTaken)).ToListAsync(cancellationToken);
        var found = new List<AlertSighting>(alerts.Count);
        foreach (var chunk in alerts.Chunk(25))
        {
            var ids = chunk.Select(alert => alert.Id).ToList();
            var events = await session.Db.Set<AlertEvent>().AsNoTracking().Where(each => ids.Contains(each.AlertId)).OrderBy(each => each.AlertId).ThenBy(each => each.At).ThenBy(each => each.Id)
                .Select(each => new { each.AlertId, each.Raw }).ToListAsync(cancellationToken);
            var byAlert = events.GroupBy(each => each.AlertId).ToDictionary(group => group.Key, group => group.Take(MostEvents).Select(each => each.Raw).ToList());
            foreach (var alert in chunk) found.Add(new(Brief(alert), Indicators(alert, byAlert.GetValueOrDefault(alert.Id) ?? [])));
        }

        return found;
    }

    public async Task<IReadOnlyList<AlertBrief>> AboutAsync(
        ForceId force, string entityKind, string entity, DateTimeOffset from, DateTimeOffset until, int take, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        // The newest of them, since the index of entities is by the time of raising.
        var found = await session.Db.Set<Alert>().AsNoTracking()
            .Where(alert => alert.Entity == entity && alert.EntityKind == entityKind && alert.ForceId == force && alert.FirstAt >= from && alert.FirstAt <= until)
            .OrderByDescending(alert => alert.RaisedAt).ThenByDescending(alert => alert.Id).Take(Math.Clamp(take, 1, MostTaken)).ToListAsync(cancellationToken);
        return [.. found.OrderBy(alert => alert.FirstAt).ThenBy(alert => alert.Id).Select(Brief)];
    }

    public async Task<IReadOnlySet<Guid>> HarmlessAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return new HashSet<Guid>();
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var found = new HashSet<Guid>();
        foreach (var chunk in ids.Distinct().Chunk(500))
        {
            var wanted = chunk.ToList();
            found.UnionWith(await session.Db.Set<Alert>().Where(alert => wanted.Contains(alert.Id) && (alert.Verdict == Verdicts.FalsePositive || alert.Verdict == Verdicts.Benign))
                .Select(alert => alert.Id).ToListAsync(cancellationToken));
        }

        return found;
    }

    public async Task<IReadOnlyList<AlertBrief>> WaitingAsync(string status, string level, DateTimeOffset after, DateTimeOffset until, int take, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Reading, cancellationToken);
        var found = await session.Db.Set<Alert>().AsNoTracking().Where(alert => alert.Status == status && alert.RaisedAt > after && alert.RaisedAt <= until && alert.Level == level)
            .OrderBy(alert => alert.RaisedAt).ThenBy(alert => alert.Id).Take(Math.Clamp(take, 1, MostTaken)).ToListAsync(cancellationToken);
        return [.. found.Select(Brief)];
    }

    private static AlertBrief Brief(Alert alert) => new(
        alert.Id, alert.ForceId, alert.Title, alert.Level, alert.EntityKind, alert.Entity, AlertTechnique.Named(alert.Tags), alert.FirstAt, alert.RaisedAt);

    private static List<AlertIndicator> Indicators(Alert alert, List<byte[]> events)
    {
        var found = new HashSet<AlertIndicator>();
        IndicatorReader.OfTags(alert.Tags, found, IAlertFeed.MostIndicators);
        IndicatorReader.OfEntity(alert.EntityKind, alert.Entity, found, IAlertFeed.MostIndicators);
        foreach (var raw in events) IndicatorReader.Read(raw, found, IAlertFeed.MostIndicators);
        return [.. found];
    }
}
