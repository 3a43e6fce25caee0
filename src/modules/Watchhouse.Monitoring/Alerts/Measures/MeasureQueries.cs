using System.Collections.Concurrent;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Measures;

/// <summary>
/// How long alerts wait, and how many are false. The database counts and sorts; of the sorted times one after another is read and
/// two of each force are kept, so memory does not grow with alerts.
/// </summary>
internal sealed class MeasureQueries(IHouse house, TimeProvider clock)
{
    public const int MostRules = 50;

    /// <summary>Other forces that must stand behind a number shown to one.</summary>
    public const int LeastOthers = 5;

    private const int Parts = 15;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("national-measures");
    private static readonly Access Reckoning = new(Permissions.AlertsRead) { Logged = false };

    /// <summary>All forces' own measures are the same for every reader for some minutes.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<int, (DateTimeOffset At, IReadOnlyList<ForceMeasures> Forces)> _nation = new();

    /// <param name="actor">Who reads.</param>
    /// <param name="force">Of one force; null for all in sight.</param>
    /// <param name="days">7, 30 or 90.</param>
    /// <param name="reason">Where the controller demands it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<MeasuresAnswer>> ReadAsync(
        ActingPrincipal actor, ForceId? force, int days, string? reason, CancellationToken cancellationToken)
    {
        if (days is not (7 or 30 or 90)) return Failure.Invalid("The window is 7, 30 or 90 days.", "days");
        // Figures of forces, which name no person.
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.AlertsRead) { Force = force, Reason = reason, Logged = false }, cancellationToken);
        var since = session.Now.AddDays(-days);
        var alerts = session.Db.Set<Alert>().AsNoTracking().Where(alert => alert.RaisedAt >= since);
        var forces = await ForcesAsync(alerts, since, session.Now, cancellationToken);
        var ofRules = await alerts.GroupBy(alert => alert.Rule).Select(group => new
            {
                Rule = group.Key,
                Title = group.Max(alert => alert.Title),
                Alerts = group.Count(),
                Closed = group.Count(alert => alert.Verdict != ""),
                False = group.Count(alert => alert.Verdict == Verdicts.FalsePositive),
            })
            .OrderByDescending(rule => rule.False).ThenByDescending(rule => rule.Alerts).ThenBy(rule => rule.Rule).Take(MostRules).ToListAsync(cancellationToken);
        var rules = ofRules.ConvertAll(rule => new RuleMeasures(rule.Rule, rule.Title ?? rule.Rule, rule.Alerts, rule.Closed, rule.False));
        var sight = force is null ? actor.ForcesFor(Permissions.AlertsRead) : [force.Value];
        var several = sight.Length > 1;
        return new MeasuresAnswer(
            days, forces, several && forces.Count > 1 ? await TogetherAsync(alerts, forces, cancellationToken) : null,
            several ? null : await NationalAsync(sight[0], days, cancellationToken), rules, session.Withheld);
    }

    private async Task<NationalMeasures> NationalAsync(ForceId own, int days, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!_nation.TryGetValue(days, out var known) || now - known.At > Kept)
        {
            await using var session = await house.EnterAsync(Job, Reckoning, cancellationToken);
            var since = now.AddDays(-days);
            known = (now, await ForcesAsync(session.Db.Set<Alert>().AsNoTracking().Where(alert => alert.RaisedAt >= since), since, now, cancellationToken));
            _nation[days] = known;
        }

        var others = known.Forces.Where(each => each.Force != own).ToList();
        return new(
            Rounded(MeasureWords.Middle(others.Select(each => each.Acknowledge.Median), LeastOthers)),
            Rounded(MeasureWords.Middle(others.Select(each => each.Triage.Median), LeastOthers)),
            Rounded(MeasureWords.Middle(others.Select(each => each.Contain.Median), LeastOthers)),
            MeasureWords.Middle(others.Select(each => each.FalseShare), LeastOthers) is { } share ? Math.Round(share, 2) : null);
    }

    // To the minute: no force is known again by its seconds.
    private static long? Rounded(long? seconds) => seconds is { } known ? Math.Max(60, (known + 30) / 60 * 60) : null;

    private static async Task<IReadOnlyList<ForceMeasures>> ForcesAsync(
        IQueryable<Alert> alerts, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var counts = await alerts.GroupBy(alert => alert.ForceId).Select(group => new
        {
            Force = group.Key,
            Alerts = group.Count(),
            Closed = group.Count(alert => alert.Verdict != ""),
            False = group.Count(alert => alert.Verdict == Verdicts.FalsePositive),
            True = group.Count(alert => alert.Verdict == Verdicts.TruePositive),
            Acknowledged = group.Count(alert => alert.AcknowledgedAfter != null),
            Triaged = group.Count(alert => alert.TriagedAfter != null),
            Contained = group.Count(alert => alert.ContainedAfter != null || (alert.TriagedAfter != null && alert.Verdict == Verdicts.TruePositive)),
        }).ToListAsync(cancellationToken);
        var acknowledge = await SpansAsync(alerts.Where(alert => alert.AcknowledgedAfter != null), alert => alert.AcknowledgedAfter!.Value,
            counts.ToDictionary(each => each.Force, each => each.Acknowledged), cancellationToken);
        var triaged = alerts.Where(alert => alert.TriagedAfter != null);
        var triage = await SpansAsync(triaged, alert => alert.TriagedAfter!.Value, counts.ToDictionary(each => each.Force, each => each.Triaged), cancellationToken);
        var contain = await SpansAsync(Contained(alerts), alert => alert.ContainedAfter ?? alert.TriagedAfter!.Value,
            counts.ToDictionary(each => each.Force, each => each.Contained), cancellationToken);
        var trends = counts.ToDictionary(each => each.Force, _ => new int[Parts]);
        for (var part = 0; part < Parts; part++)
        {
            var (from, to) = (since + (now - since) * part / Parts, since + (now - since) * (part + 1) / Parts);
            foreach (var each in await alerts.Where(alert => alert.RaisedAt >= from && alert.RaisedAt < to).GroupBy(alert => alert.ForceId)
                .Select(group => new { Force = group.Key, Count = group.Count() }).ToListAsync(cancellationToken))
                if (trends.TryGetValue(each.Force, out var trend)) trend[part] = each.Count;
        }

        return [.. counts.OrderBy(each => each.Force).Select(each => new ForceMeasures(
            each.Force, each.Alerts, each.Closed, each.False, each.True, acknowledge.GetValueOrDefault(each.Force, Span.None),
            triage.GetValueOrDefault(each.Force, Span.None), contain.GetValueOrDefault(each.Force, Span.None), trends[each.Force]))];
    }

    // By the incident that it stands in; one that was true and stands in none was over when it was closed.
    private static IQueryable<Alert> Contained(IQueryable<Alert> alerts) =>
        alerts.Where(alert => alert.ContainedAfter != null || (alert.TriagedAfter != null && alert.Verdict == Verdicts.TruePositive));

    // Sorted by the database; alerts that are decided on between the count and the reading move a rank by one.
    private static async Task<Dictionary<ForceId, Span>> SpansAsync(
        IQueryable<Alert> alerts, Expression<Func<Alert, long>> value, Dictionary<ForceId, int> counts, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ForceId, Span>();
        var parameter = value.Parameters[0];
        var pair = Expression.Lambda<Func<Alert, Measured>>(
            Expression.MemberInit(Expression.New(typeof(Measured)),
                Expression.Bind(typeof(Measured).GetProperty(nameof(Measured.Force))!, Expression.Property(parameter, nameof(Alert.ForceId))),
                Expression.Bind(typeof(Measured).GetProperty(nameof(Measured.Seconds))!, value.Body)), parameter);
        var (force, rank) = (default(ForceId), 0);
        await foreach (var each in alerts.OrderBy(alert => alert.ForceId).ThenBy(value).Select(pair).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (each.Force != force) (force, rank) = (each.Force, 0);
            var count = counts.GetValueOrDefault(force);
            if (rank == MeasureWords.Rank(count, 50)) found[force] = new Span(count, each.Seconds, each.Seconds);
            if (rank == MeasureWords.Rank(count, 90) && found.TryGetValue(force, out var span)) found[force] = span with { P90 = each.Seconds };
            rank++;
        }

        return found;
    }

    private static async Task<ForceMeasures> TogetherAsync(IQueryable<Alert> alerts, IReadOnlyList<ForceMeasures> forces, CancellationToken cancellationToken)
    {
        return new ForceMeasures(
            ForceId.Centre, forces.Sum(each => each.Alerts), forces.Sum(each => each.Closed), forces.Sum(each => each.FalsePositives), forces.Sum(each => each.TruePositives),
            await SpanAsync(alerts.Where(alert => alert.AcknowledgedAfter != null).Select(alert => alert.AcknowledgedAfter!.Value), cancellationToken),
            await SpanAsync(alerts.Where(alert => alert.TriagedAfter != null).Select(alert => alert.TriagedAfter!.Value), cancellationToken),
            await SpanAsync(Contained(alerts).Select(alert => alert.ContainedAfter ?? alert.TriagedAfter!.Value), cancellationToken),
            [.. Enumerable.Range(0, Parts).Select(part => forces.Sum(each => each.Trend[part]))]);
    }

    private static async Task<Span> SpanAsync(IQueryable<long> values, CancellationToken cancellationToken)
    {
        var count = await values.CountAsync(cancellationToken);
        return count == 0 ? Span.None : new(count, await AtAsync(50), await AtAsync(90));

        async Task<long?> AtAsync(int percent) =>
            (await values.OrderBy(value => value).Skip(MeasureWords.Rank(count, percent)).Take(1).ToListAsync(cancellationToken)) is [var one] ? one : null;
    }

    private sealed class Measured
    {
        public ForceId Force { get; init; }

        public long Seconds { get; init; }
    }
}
