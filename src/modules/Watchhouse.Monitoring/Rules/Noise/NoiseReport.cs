using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Noise;

/// <summary>How much one rule says about one force.</summary>
/// <param name="IsTesting">Whether it is in testing: then 'alerts' are 0 and 'events' are its matches.</param>
/// <param name="Share">Part of all alerts (of all matches, in testing) in the reader's sight in the longer time, 0 to 1.</param>
/// <param name="TopEntity">Whom most of it is about; null for readers who may not see alerts.</param>
/// <param name="TopShare">Part that is about that one, 0 to 1.</param>
/// <param name="Suggestion">What could be done; null where nothing stands out.</param>
internal sealed record NoiseRow(
    ForceId Force, string Rule, string Title, bool IsTesting, long Alerts7, long Alerts30, long Events7, long Events30, double Share,
    string TopEntityKind, string? TopEntity, double TopShare, string? Suggestion);

/// <summary>Which rules are noisy, counted by the database.</summary>
internal sealed class NoiseReport(IHouse house, RuleStore store, TimeProvider clock)
{
    /// <summary>Rules that are told of, the noisiest first.</summary>
    public const int MostRows = 50;

    private const int LongDays = 30;
    private const int ShortDays = 7;

    public async Task<IReadOnlyList<NoiseRow>> ReadAsync(ActingPrincipal actor, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Force = force, Subject = "rules/noise", Reason = reason }, cancellationToken);
        var now = clock.GetUtcNow();
        // Whom alerts are about is for those who may see alerts.
        var named = actor.Holds(Permissions.AlertsRead);
        List<NoiseRow> rows = [.. await LiveAsync(session.Db.Set<Alert>().AsNoTracking(), now, named, cancellationToken),
            .. await TestingAsync(session.Db.Set<TestingHit>().AsNoTracking(), now, named, cancellationToken)];
        // Matches in testing are counted by the rule's id alone.
        if (!rows.Exists(row => row.IsTesting)) return rows;
        var titles = await Titled(session.Db.Set<DetectionRule>().AsNoTracking()).ToListAsync(cancellationToken);
        titles.AddRange(await store.NationalAsync<DetectionRule, TitledRule>(Titled, cancellationToken));
        return [.. rows.Select(row => row.IsTesting ? row with { Title = titles.Find(rule => rule.Names.Contains(row.Rule))?.Title ?? row.Rule } : row)];
    }

    private static IQueryable<TitledRule> Titled(IQueryable<DetectionRule> rules) =>
        rules.Where(rule => rule.Stage == RuleStage.Testing).Select(rule => new TitledRule(rule.Title, rule.Names));

    private sealed record TitledRule(string Title, List<string> Names);

    private static async Task<List<NoiseRow>> LiveAsync(IQueryable<Alert> alerts, DateTimeOffset now, bool named, CancellationToken cancellationToken)
    {
        var (long_, short_) = (now.AddDays(-LongDays), now.AddDays(-ShortDays));
        var recent = alerts.Where(alert => alert.RaisedAt >= long_);
        var total = await recent.LongCountAsync(cancellationToken);
        var groups = await recent.GroupBy(alert => new { alert.ForceId, alert.Rule })
            .Select(group => new
            {
                group.Key.ForceId,
                group.Key.Rule,
                Title = group.Max(alert => alert.Title),
                Alerts30 = group.LongCount(),
                Alerts7 = group.LongCount(alert => alert.RaisedAt >= short_),
                Events30 = group.Sum(alert => alert.Events),
                Events7 = group.Sum(alert => alert.RaisedAt >= short_ ? alert.Events : 0),
            })
            .OrderByDescending(group => group.Alerts30).ThenBy(group => group.Rule).Take(MostRows).ToListAsync(cancellationToken);
        var rows = new List<NoiseRow>();
        foreach (var group in groups)
        {
            var top = await recent.Where(alert => alert.ForceId == group.ForceId && alert.Rule == group.Rule)
                .GroupBy(alert => new { alert.EntityKind, alert.Entity })
                .Select(each => new { each.Key.EntityKind, each.Key.Entity, Count = each.LongCount() })
                .OrderByDescending(each => each.Count).ThenBy(each => each.Entity).FirstAsync(cancellationToken);
            var share = (double)top.Count / group.Alerts30;
            rows.Add(new(group.ForceId, group.Rule, group.Title ?? group.Rule, false, group.Alerts7, group.Alerts30, group.Events7, group.Events30,
                (double)group.Alerts30 / total, top.EntityKind, named ? top.Entity : null, share,
                NoiseAdvice.Of(group.Alerts30, LongDays, top.EntityKind, share, isTesting: false)));
        }

        return rows;
    }

    private static async Task<List<NoiseRow>> TestingAsync(IQueryable<TestingHit> hits, DateTimeOffset now, bool named, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var (long_, short_) = (today.AddDays(-LongDays), today.AddDays(-ShortDays));
        var recent = hits.Where(hit => hit.Day >= long_);
        var total = await recent.SumAsync(hit => hit.Events, cancellationToken);
        var groups = await recent.GroupBy(hit => new { hit.ForceId, hit.Rule })
            .Select(group => new
            {
                group.Key.ForceId,
                group.Key.Rule,
                Events30 = group.Sum(hit => hit.Events),
                Events7 = group.Sum(hit => hit.Day >= short_ ? hit.Events : 0),
            })
            .OrderByDescending(group => group.Events30).ThenBy(group => group.Rule).Take(MostRows).ToListAsync(cancellationToken);
        var rows = new List<NoiseRow>();
        foreach (var group in groups)
        {
            var top = await recent.Where(hit => hit.ForceId == group.ForceId && hit.Rule == group.Rule)
                .GroupBy(hit => new { hit.EntityKind, hit.Entity })
                .Select(each => new { each.Key.EntityKind, each.Key.Entity, Count = each.Sum(hit => hit.Events) })
                .OrderByDescending(each => each.Count).ThenBy(each => each.Entity).FirstAsync(cancellationToken);
            var share = (double)top.Count / group.Events30;
            rows.Add(new(group.ForceId, group.Rule, "", true, 0, 0, group.Events7, group.Events30, total == 0 ? 0 : (double)group.Events30 / total,
                top.EntityKind, named ? top.Entity : null, share, NoiseAdvice.Of(group.Events30, LongDays, top.EntityKind, share, isTesting: true)));
        }

        return rows;
    }
}

/// <summary>What could be done about a noisy rule. Pure.</summary>
internal static class NoiseAdvice
{
    private const int Few = 10;
    private const double Most = 0.6;
    private const double ManyADay = 5;

    /// <summary>A sentence, or null where nothing stands out.</summary>
    /// <param name="count">Alerts, or matches of a rule in testing.</param>
    /// <param name="days">In how many days.</param>
    /// <param name="kind">What kind of thing most of them are about.</param>
    /// <param name="share">Part that is about that one.</param>
    /// <param name="isTesting">Whether the rule is in testing.</param>
    public static string? Of(long count, int days, string kind, double share, bool isTesting)
    {
        if (count < Few) return null;
        var what = isTesting ? "matches" : "alerts";
        if (share >= Most && kind != "other")
        {
            var percent = Math.Min(100, Math.Floor(share * 100)).ToString("0", CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{percent} % of {count} {what} are one {kind}: if it is known, make an exception for it.");
        }

        var daily = (double)count / days;
        if (daily < ManyADay) return null;
        return isTesting
            ? string.Create(CultureInfo.InvariantCulture, $"{daily:0} {what} a day about many: narrow the rule before it goes live.")
            : string.Create(CultureInfo.InvariantCulture, $"{daily:0} {what} a day about many: narrow the rule, or take it back to testing.");
    }
}
