using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>Whom alerts of a rule are about, and how many.</summary>
internal sealed record EntityCount(string Kind, string Entity, long Alerts);

/// <summary>What a rule has said in the reader's sight.</summary>
/// <param name="ByDay">Alerts of the last 30 days by day, oldest first; of a rule in testing, its matches.</param>
/// <param name="ByForce">The same by force, the most first.</param>
/// <param name="IsMore">Whether there were more alerts than were counted.</param>
/// <param name="Top">Whom most alerts are about; empty for those who may not see alerts.</param>
/// <param name="Newest">The newest alerts; empty for those who may not see alerts.</param>
/// <param name="Exceptions">Exceptions from the rule that are in force.</param>
internal sealed record RuleInsight(
    IReadOnlyList<long> ByDay, IReadOnlyList<(ForceId Force, long Count)> ByForce, bool IsMore, long TestingMatches, IReadOnlyList<EntityCount> Top,
    IReadOnlyList<AlertRow> Newest, int Exceptions)
{
    public long In30Days => ByDay.Sum();

    public long In7Days => ByDay.Skip(ByDay.Count - 7).Sum();
}

/// <summary>Counts what rules have said, within the reader's sight.</summary>
internal sealed class RuleInsights(IHouse house, AlertQueries alerts, ExceptionQueries exceptions)
{
    public const int Days = 30;
    private const int MostCounted = 20_000;
    private const int MostTop = 5;
    private const int MostNewest = 6;

    /// <summary>Alerts of the last 30 days by rule, and matches of those in testing. It names nobody.</summary>
    public async Task<IReadOnlyDictionary<string, long>> SaidAsync(ActingPrincipal actor, ForceId? force, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.RulesRead) { Force = force, Reason = reason, Logged = false }, cancellationToken);
        var since = session.Now.AddDays(-Days);
        var day = DateOnly.FromDateTime(since.UtcDateTime);
        var said = await session.Db.Set<Alert>().AsNoTracking().Where(alert => alert.RaisedAt >= since).GroupBy(alert => alert.Rule)
            .Select(group => new { group.Key, Count = group.LongCount() }).ToDictionaryAsync(each => each.Key, each => each.Count, cancellationToken);
        foreach (var each in await session.Db.Set<TestingHit>().AsNoTracking().Where(hit => hit.Day >= day).GroupBy(hit => hit.Rule)
            .Select(group => new { group.Key, Count = group.Sum(hit => hit.Events) }).ToListAsync(cancellationToken))
            said[each.Key] = said.GetValueOrDefault(each.Key) + each.Count;
        return said;
    }

    public async Task<RuleInsight> ReadAsync(ActingPrincipal actor, RuleRow rule, string? reason, CancellationToken cancellationToken)
    {
        var days = new long[Days];
        var byForce = new Dictionary<ForceId, long>();
        var (isMore, testing) = (false, 0L);
        List<EntityCount> top = [];
        await using (var session = await house.EnterAsync(actor, new Access(Permissions.RulesRead) { Reason = reason, Subject = $"rule/{rule.Id}", Logged = false }, cancellationToken))
        {
            var today = DateOnly.FromDateTime(session.Now.UtcDateTime);
            var since = new DateTimeOffset(today.AddDays(1 - Days), TimeOnly.MinValue, TimeSpan.Zero);
            var recent = session.Db.Set<Alert>().AsNoTracking().Where(alert => alert.Rule == rule.Key && alert.RaisedAt >= since);
            var raised = await recent.OrderByDescending(alert => alert.RaisedAt).Take(MostCounted + 1).Select(alert => new { alert.RaisedAt, alert.ForceId }).ToListAsync(cancellationToken);
            isMore = raised.Count > MostCounted;
            foreach (var alert in raised.Take(MostCounted)) Add(DateOnly.FromDateTime(alert.RaisedAt.UtcDateTime), alert.ForceId, 1);
            var from = today.AddDays(1 - Days);
            foreach (var hit in await session.Db.Set<TestingHit>().AsNoTracking().Where(hit => hit.Rule == rule.Key && hit.Day >= from)
                .GroupBy(hit => new { hit.Day, hit.ForceId }).Select(group => new { group.Key.Day, group.Key.ForceId, Count = group.Sum(hit => hit.Events) }).ToListAsync(cancellationToken))
            {
                testing += hit.Count;
                if (rule.State == RuleStage.Testing) Add(hit.Day, hit.ForceId, hit.Count);
            }

            if (actor.Holds(Permissions.AlertsRead))
            {
                top = [.. (await recent.GroupBy(alert => new { alert.EntityKind, alert.Entity }).Select(group => new { group.Key.EntityKind, group.Key.Entity, Count = group.LongCount() })
                    .OrderByDescending(each => each.Count).ThenBy(each => each.Entity).Take(MostTop).ToListAsync(cancellationToken))
                    .Select(each => new EntityCount(each.EntityKind, each.Entity, each.Count))];
            }

            void Add(DateOnly day, ForceId force, long count)
            {
                var at = Days - 1 - (today.DayNumber - day.DayNumber);
                if (at is >= 0 and < Days) days[at] += count;
                byForce[force] = byForce.GetValueOrDefault(force) + count;
            }
        }

        IReadOnlyList<AlertRow> newest = actor.Holds(Permissions.AlertsRead)
            ? (await alerts.PageAsync(actor, new AlertFilter { Rule = rule.Key, Take = MostNewest, Reason = reason }, cancellationToken)).Rows : [];
        var suppressing = (await exceptions.ListAsync(actor, rule.Key, null, reason, cancellationToken)).Count(each => each.State is "inForce" or "expiring");
        return new(days, [.. byForce.OrderByDescending(each => each.Value).ThenBy(each => each.Key).Select(each => (each.Key, each.Value))], isMore, testing, top, newest, suppressing);
    }
}
