using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// The alerts of a filter as one list, newest first, read from any place in it. Every read is the newest end of one index.
/// </summary>
internal sealed class AlertList(HouseDb db, AlertFilter filter)
{
    private const int MostWords = 5;
    private const int MostNewer = 1000;

    private (DateTimeOffset At, Guid Id)? _after;

    /// <summary>
    /// The levels to read one by one and to put together, or null for one reading: levels have an index of their own, where
    /// nothing that finds fewer is asked for.
    /// </summary>
    public IReadOnlyList<string?> Parts => filter.Levels.Count == 0 || IsNarrow ? [null] : [.. filter.Levels];

    private bool IsNarrow => Lead is not AlertLead.Level;

    // One filter is read by its index, the one that leaves fewest.
    private AlertLead Lead => filter switch
    {
        { Entity: not null } => AlertLead.Entity,
        { Rule: not null } => AlertLead.Rule,
        { Technique: not null } => AlertLead.Technique,
        { Owner: not null } => AlertLead.Owner,
        { Verdict: not null } => AlertLead.Verdict,
        { Status.Only: not null } => AlertLead.Status,
        _ => AlertLead.Level,
    };

    // What nobody has is never closed; and what is not closed has indexes that hold nothing else.
    private bool ReadsUnclosed => Lead switch
    {
        AlertLead.Owner => filter.Owner is "" || filter.Status == AlertStatusFilter.Unclosed,
        AlertLead.Level => filter.Status == AlertStatusFilter.Unclosed,
        _ => false,
    };

    /// <summary>The list from behind a place on.</summary>
    public AlertList After((DateTimeOffset At, Guid Id) place) => new(db, filter) { _after = place };

    /// <summary>Where an alert stands; null where it is out of sight.</summary>
    public async Task<(DateTimeOffset At, Guid Id)?> PlaceOfAsync(Guid id, CancellationToken cancellationToken)
    {
        var at = await db.Set<Alert>().Where(alert => alert.Id == id).Select(alert => (DateTimeOffset?)alert.RaisedAt).FirstOrDefaultAsync(cancellationToken);
        return at is { } found ? (found, id) : null;
    }

    /// <summary>
    /// The next alerts of a part. What no index answers is looked for in so many alerts at most; the edge is the last of them
    /// where there are more.
    /// </summary>
    public async Task<(List<AlertRow> Rows, (DateTimeOffset At, Guid Id)? Edge)> ReadAsync(
        string? part, int take, int mostLookedThrough, CancellationToken cancellationToken)
    {
        var alerts = Indexed(part);
        (DateTimeOffset At, Guid Id)? edge = null;
        if (HasMore)
        {
            var last = await Newest(alerts).Skip(mostLookedThrough - 1).Select(each => new { each.At, each.Id }).FirstOrDefaultAsync(cancellationToken);
            if (last is not null)
            {
                edge = (last.At, last.Id);
                alerts = alerts.Where(each => each.At >= last.At && (each.At > last.At || each.Id >= last.Id));
            }

            alerts = WithMore(alerts);
        }

        var rows = await Newest(alerts).Take(take).Select(each => each.Alert).ToListAsync(cancellationToken);
        return ([.. rows.Select(AlertRow.Of)], edge);
    }

    /// <summary>How many alerts of the filter there are, up to a bound.</summary>
    public async Task<int> CountAsync(int most, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var part in Parts) count += await NewerAsync(part, null, most, cancellationToken);
        return Math.Min(count, most);
    }

    /// <summary>How many alerts of a part stand before a place, up to a bound; all of them where no place is given.</summary>
    public async Task<int> NewerAsync(string? part, (DateTimeOffset At, Guid Id)? place, int most, CancellationToken cancellationToken)
    {
        var alerts = Indexed(part);
        if (place is var (at, id) && place is not null) alerts = alerts.Where(each => each.At >= at && (each.At > at || each.Id > id));
        if (HasMore) alerts = WithMore(Newest(alerts).Take(MostNewer));
        return await alerts.Take(most).CountAsync(cancellationToken);
    }

    private IQueryable<Listed> Indexed(string? level)
    {
        var alerts = db.Set<Alert>().AsNoTracking();
        // The filter of the session lists forces, which no index is ordered by; one force alone is asked for by name.
        ForceId? one = db.Sight.For(DelegationScope.Monitoring) is [var only] ? only : null;
        IQueryable<Listed> listed;
        if (Lead is AlertLead.Technique)
        {
            var technique = filter.Technique!;
            var named = db.Set<AlertTechnique>().AsNoTracking().Where(each => each.Technique == technique);
            if (one is { } force) named = named.Where(each => each.ForceId == force);
            listed = named.Join(alerts, each => each.AlertId, alert => alert.Id, (each, alert) => new Listed { At = each.RaisedAt, Id = each.AlertId, Alert = alert });
        }
        else
        {
            // The conditions of partial indexes are written out: a database takes such an index only where it reads them.
            var (entity, rule, owner, verdict, status) = (filter.Entity, filter.Rule, filter.Owner, filter.Verdict, filter.Status?.Only);
            alerts = Lead switch
            {
                AlertLead.Entity => alerts.Where(alert => alert.Entity == entity),
                AlertLead.Rule => alerts.Where(alert => alert.Rule == rule),
                AlertLead.Owner when ReadsUnclosed => alerts.Where(alert => alert.Owner == owner),
                AlertLead.Owner => alerts.Where(alert => alert.Owner == owner && alert.Owner != ""),
                AlertLead.Verdict => alerts.Where(alert => alert.Verdict == verdict && alert.Verdict != ""),
                AlertLead.Status => alerts.Where(alert => alert.Status == status),
                _ => level is null ? alerts : alerts.Where(alert => alert.Level == level),
            };
            if (ReadsUnclosed) alerts = alerts.Where(alert => alert.Status != TriageStates.Closed);
            if (one is { } force) alerts = alerts.Where(alert => alert.ForceId == force);
            listed = alerts.Select(alert => new Listed { At = alert.RaisedAt, Id = alert.Id, Alert = alert });
        }

        if (filter.Since is { } since) listed = listed.Where(each => each.At >= since);
        if (filter.Until is { } until) listed = listed.Where(each => each.At < until);
        if (_after is var (at, id) && _after is not null) listed = listed.Where(each => each.At <= at && (each.At < at || each.Id < id));
        return listed;
    }

    private bool HasMore => filter.Text is not null || (IsNarrow && filter.Levels.Count > 0)
        || (filter.Status == AlertStatusFilter.Unclosed && !ReadsUnclosed)
        || new[] { filter.Entity, filter.Rule, filter.Technique, filter.Owner, filter.Verdict, filter.Status?.Only }.Count(each => each is not null) > 1;

    private IQueryable<Listed> WithMore(IQueryable<Listed> alerts)
    {
        if (filter is { Entity: not null, Rule: { } rule }) alerts = alerts.Where(each => each.Alert.Rule == rule);
        if (filter.Technique is { } technique && (filter.Entity ?? filter.Rule) is not null)
            alerts = alerts.Where(each => db.Set<AlertTechnique>().Any(its => its.AlertId == each.Id && its.Technique == technique));
        if (filter.Owner is { } owner) alerts = alerts.Where(each => each.Alert.Owner == owner);
        if (filter.Verdict is { } verdict) alerts = alerts.Where(each => each.Alert.Verdict == verdict);
        if (filter.Status is { Only: { } status }) alerts = alerts.Where(each => each.Alert.Status == status);
        else if (filter.Status is not null) alerts = alerts.Where(each => each.Alert.Status != TriageStates.Closed);
        if (IsNarrow && filter.Levels.Count > 0)
        {
            var levels = filter.Levels.ToList();
            alerts = alerts.Where(each => levels.Contains(each.Alert.Level));
        }

#pragma warning disable CA1304, CA1311, CA1862 // These run in the database, where lower() has no culture.
        foreach (var word in (filter.Text ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords))
            alerts = alerts.Where(each => each.Alert.Title.ToLower().Contains(word) || each.Alert.Entity.ToLower().Contains(word) || each.Alert.Rule.ToLower().Contains(word));
#pragma warning restore CA1304, CA1311, CA1862
        return alerts;
    }

    private static IQueryable<Listed> Newest(IQueryable<Listed> alerts) => alerts.OrderByDescending(each => each.At).ThenByDescending(each => each.Id);

    private enum AlertLead
    {
        Entity,
        Rule,
        Technique,
        Owner,
        Verdict,
        Status,
        Level,
    }

    /// <summary>An alert and its place, from whichever table the list is read by.</summary>
    private sealed class Listed
    {
        public required DateTimeOffset At { get; init; }

        public required Guid Id { get; init; }

        public required Alert Alert { get; init; }
    }
}
