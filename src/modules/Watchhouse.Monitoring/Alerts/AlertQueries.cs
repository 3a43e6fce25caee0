using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>Which alerts are wanted; the newest first.</summary>
internal sealed record AlertFilter
{
    public const int MostTaken = 200;

    public ForceId? Force { get; init; }

    public string? Level { get; init; }

    public string? Rule { get; init; }

    public string? Entity { get; init; }

    /// <summary>Only alerts before the one with this id, in the order of the list: the last id of the page before.</summary>
    public Guid? Before { get; init; }

    public int Take { get; init; } = 50;

    public string? Reason { get; init; }
}

/// <summary>An alert in a list.</summary>
internal sealed record AlertRow(
    Guid Id, ForceId Force, string Level, string Title, string Rule, string EntityKind, string Entity,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset RaisedAt, long Events);

/// <summary>An event that an alert rests on. Raw is text; bytes that are no UTF-8 show as replacement characters.</summary>
/// <param name="EventId">Its identity in the archive.</param>
/// <param name="At">When it happened, by its own clock.</param>
/// <param name="Source">Name of its source.</param>
/// <param name="Raw">As received, whole where it is archived.</param>
/// <param name="RawCut">Whether that is only the beginning.</param>
/// <param name="Table">Its table in the archive.</param>
/// <param name="ReceivedAt">When it was received; null until it is archived.</param>
/// <param name="Columns">Its row: columns of the table, and under their own names what has no column. Null until it is archived.</param>
internal sealed record AlertEvidence(
    Guid EventId, DateTimeOffset At, string Source, string Raw, bool RawCut, string Table, DateTimeOffset? ReceivedAt, System.Text.Json.JsonElement? Columns);

/// <summary>An alert whole.</summary>
internal sealed record AlertDetail(
    AlertRow Alert, IReadOnlyList<string> Tags, string Recommendation, IReadOnlyList<string> FalsePositives, string Author,
    IReadOnlyList<AlertEvidence> Evidence);

/// <summary>Reads alerts, within the reader's sight.</summary>
internal sealed class AlertQueries(IHouse house, EvidenceReader evidenceReader)
{
    private const int MostOfOneMoment = 500;

    public async Task<IReadOnlyList<AlertRow>> PageAsync(ActingPrincipal actor, AlertFilter filter, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsRead) { Force = filter.Force, Reason = filter.Reason }, cancellationToken);
        var alerts = session.Db.Set<Alert>().AsNoTracking();
        if (filter.Level is { } level) alerts = alerts.Where(alert => alert.Level == level);
        if (filter.Rule is { } rule) alerts = alerts.Where(alert => alert.Rule == rule);
        if (filter.Entity is { } entity) alerts = alerts.Where(alert => alert.Entity == entity);
        var take = Math.Clamp(filter.Take, 1, AlertFilter.MostTaken);
        Alert? last = null;
        if (filter.Before is { } before)
        {
            // An alert that is out of sight, or none, ends the list.
            last = await session.Db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(alert => alert.Id == before, cancellationToken);
            if (last is null) return [];
            alerts = alerts.Where(alert => alert.RaisedAt <= last.RaisedAt);
        }

        // Alerts of one moment are told apart here: the two databases order ids differently.
        var rows = await alerts.OrderByDescending(alert => alert.RaisedAt).ThenByDescending(alert => alert.Id)
            .Take(last is null ? take : take + MostOfOneMoment)
            .Select(alert => new AlertRow(
                alert.Id, alert.ForceId, alert.Level, alert.Title, alert.Rule, alert.EntityKind, alert.Entity, alert.FirstAt, alert.LastAt,
                alert.RaisedAt, alert.Events))
            .ToListAsync(cancellationToken);
        return last is null ? rows : [.. rows.SkipWhile(row => row.Id != last.Id).Skip(1).Take(take)];
    }

    public async Task<Outcome<AlertDetail>> FindAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsRead) { Subject = $"alert/{id}", Reason = reason }, cancellationToken);
        var alert = await session.Db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
        if (alert is null) return Failure.NotFound;
        var evidence = await session.Db.Set<AlertEvent>().AsNoTracking().Where(each => each.AlertId == id)
            .OrderBy(each => each.At).ThenBy(each => each.Id).ToListAsync(cancellationToken);
        return new AlertDetail(
            new(alert.Id, alert.ForceId, alert.Level, alert.Title, alert.Rule, alert.EntityKind, alert.Entity, alert.FirstAt, alert.LastAt,
                alert.RaisedAt, alert.Events),
            alert.Tags,
            alert.Recommendation,
            alert.FalsePositives,
            alert.Author,
            await evidenceReader.ReadAsync(alert.ForceId, alert.RaisedAt, evidence, cancellationToken));
    }
}
