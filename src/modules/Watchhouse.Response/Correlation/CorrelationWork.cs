using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Correlation;

/// <summary>
/// Compares alerts across forces. Everything that it goes by is stored: after a stop it looks at the last alerts again, and finds what it
/// had found already. It alone sees every force; what it writes of a force's alert is that force's row.
/// </summary>
internal sealed class CorrelationWork(IHouse house, IAlertFeed feed, CorrelationBook book, INotices notices, IDelegationsInForce delegations, RunSignal signal, TimeProvider clock)
{
    /// <summary>Alerts are looked at again for so long: one may be saved later than another that was raised after it.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    private const int PageSize = 100;
    private const int MostTraces = 2_000;
    private const int MostAbout = 60;
    private const string PlaceId = "alerts";
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("correlation");
    private static readonly Access Comparing = new(Permissions.CandidatesWork) { Logged = false };
    private Dictionary<Guid, DateTimeOffset> _looked = [];

    /// <summary>Looks at what was raised since the last time.</summary>
    /// <returns>How many alerts were compared.</returns>
    public async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        var policy = book.Policy;
        var (from, after, compared) = (await FromAsync(policy, cancellationToken), (Guid?)null, 0);
        while (true)
        {
            var page = await feed.RaisedAsync(from, after, PageSize, cancellationToken);
            var fresh = page.Where(each => !_looked.ContainsKey(each.Alert.Id)).ToList();
            if (fresh.Count > 0) await CompareAsync(policy, fresh, cancellationToken);
            foreach (var each in fresh) _looked[each.Alert.Id] = each.Alert.RaisedAt;
            compared += fresh.Count;
            if (page.Count < PageSize) break;
            (from, after) = (page[^1].Alert.RaisedAt, page[^1].Alert.Id);
        }

        var forget = clock.GetUtcNow() - Margin - Margin;
        if (_looked.Count > 0) _looked = _looked.Where(each => each.Value > forget).ToDictionary();
        return compared;
    }

    /// <summary>Forgets what is too old to be compared and no candidate rests on.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Comparing, cancellationToken);
        var old = session.Now - book.Policy.LongestWindow - book.Policy.LongestWindow;
        return await session.Db.Set<AlertTrace>().Where(trace => trace.CandidateId == null && trace.At < old).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<DateTimeOffset> FromAsync(CorrelationPolicy policy, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Comparing, cancellationToken);
        var place = await session.Db.Set<CorrelationPlace>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == PlaceId, cancellationToken);
        return place is null ? session.Now - policy.LongestWindow : place.RaisedAt - Margin;
    }

    private async Task CompareAsync(CorrelationPolicy policy, IReadOnlyList<AlertSighting> page, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<AlertIndicator, List<DateTimeOffset>>();
        await using (var session = await house.EnterAsync(Job, Comparing, cancellationToken))
        {
            var ids = page.Select(each => each.Alert.Id).ToList();
            var known = (await session.Db.Set<AlertTrace>().Where(trace => ids.Contains(trace.AlertId)).Select(trace => new { trace.AlertId, trace.Kind, trace.Value }).ToListAsync(cancellationToken))
                .Select(trace => (trace.AlertId, new AlertIndicator(trace.Kind, trace.Value))).ToHashSet();
            foreach (var each in page)
            {
                foreach (var key in CorrelationRules.Keys(each, await AboutAsync(policy, each.Alert, cancellationToken), policy))
                {
                    if (!keys.TryGetValue(key, out var times)) keys.Add(key, times = []);
                    times.Add(each.Alert.FirstAt);
                    if (known.Add((each.Alert.Id, key))) session.Db.Add(TraceOf(session, each.Alert, key));
                }
            }

            await session.CommitAsync(cancellationToken);
        }

        var changed = new HashSet<Guid>();
        await using (var session = await house.EnterAsync(Job, Comparing, cancellationToken))
        {
            foreach (var (key, times) in keys) await DecideAsync(session, policy, key, times, changed, cancellationToken);
            await MoveAsync(session, page[^1].Alert.RaisedAt, cancellationToken);
            var saved = await session.CommitAsync(cancellationToken);
            // Somebody decided on a candidate in this moment: it is compared again with what they said.
            if (!saved.Succeeded) throw new DbUpdateConcurrencyException(saved.Failure.Message);
        }

        if (changed.Count > 0) signal.Raise(ForceId.Centre);
    }

    private async Task<IReadOnlyList<AlertBrief>> AboutAsync(CorrelationPolicy policy, AlertBrief alert, CancellationToken cancellationToken) => alert.Techniques.Count == 0
        ? []
        : await feed.AboutAsync(alert.Force, alert.EntityKind, alert.Entity, alert.FirstAt - policy.SequenceWindow, alert.FirstAt + policy.SequenceWindow, MostAbout, cancellationToken);

    private async Task DecideAsync(HouseSession session, CorrelationPolicy policy, AlertIndicator key, List<DateTimeOffset> times, HashSet<Guid> changed, CancellationToken cancellationToken)
    {
        var window = policy.WindowOf(key.Kind);
        var (kind, value) = (key.Kind, key.Value);
        // Most things are met in one force only: a look at the index tells.
        var (oldest, newest) = (times.Min() - window - window, times.Max() + window + window);
        var near = session.Db.Set<AlertTrace>().Where(trace => trace.Kind == kind && trace.Value == value && trace.At >= oldest && trace.At <= newest);
        if (await near.Select(trace => trace.ForceId).Distinct().Take(2).CountAsync(cancellationToken) < 2) return;
        if (await session.Db.Set<IgnoredTrace>().AnyAsync(each => each.Kind == kind && each.Value == value, cancellationToken)) return;
        var all = await session.Db.Set<AlertTrace>().Where(trace => trace.Kind == kind && trace.Value == value).OrderByDescending(trace => trace.At).Take(MostTraces).ToListAsync(cancellationToken);
        foreach (var group in CorrelationRules.Groups(all, trace => trace.At, window).Where(group => times.Exists(time => time >= group[0].At && time <= group[^1].At)))
        {
            if (!CorrelationRules.IsEnough([.. group.Select(Compared)], policy)) continue;
            var has = group.Any(trace => trace.CandidateId is not null);
            var counted = group;
            if (!has)
            {
                var harmless = await feed.HarmlessAsync([.. group.Select(trace => trace.AlertId)], cancellationToken);
                counted = [.. group.Where(trace => !harmless.Contains(trace.AlertId))];
                if (!CorrelationRules.IsEnough([.. counted.Select(Compared)], policy)) continue;
            }

            changed.Add((await new CandidateBuilder(session, notices, delegations).PutAsync(key, counted, cancellationToken)).Id);
        }
    }

    private static async Task MoveAsync(HouseSession session, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var place = await session.Db.Set<CorrelationPlace>().FirstOrDefaultAsync(each => each.Id == PlaceId, cancellationToken);
        if (place is null) session.Db.Add(new CorrelationPlace { Id = PlaceId, RaisedAt = to });
        else if (to > place.RaisedAt) place.RaisedAt = to;
    }

    private static AlertTrace TraceOf(HouseSession session, AlertBrief alert, AlertIndicator key) => new()
    {
        Id = Guid.CreateVersion7(session.Now),
        ForceId = alert.Force,
        AlertId = alert.Id,
        Kind = key.Kind,
        Value = key.Value,
        At = alert.FirstAt,
        Level = alert.Level,
    };

    private static Trace Compared(AlertTrace trace) => new(trace.ForceId, trace.AlertId, trace.At, trace.Level);
}
