using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices;

namespace Watchhouse.Response.Correlation;

/// <summary>
/// Puts a group of traces into a candidate: the one that it belongs to already, else one that rests on one of the same alerts, else a new
/// one. One attack leaves many traces, and they are to be one thing to look at.
/// </summary>
internal sealed class CandidateBuilder(HouseSession session, INotices notices, IDelegationsInForce delegations)
{
    private IReadOnlyList<ForceId> _forces = [];

    public async Task<Candidate> PutAsync(AlertIndicator key, IReadOnlyList<AlertTrace> group, CancellationToken cancellationToken)
    {
        var candidate = await KnownAsync(group, cancellationToken) ?? await NeighbourAsync(group, cancellationToken);
        candidate ??= Raise(group);
        foreach (var trace in group) trace.CandidateId ??= candidate.Id;
        await CountAsync(candidate, key, cancellationToken);
        // Told when somebody may see it: perhaps only after another force has joined.
        if (candidate.Status == CandidateStatus.Open) await TellAsync(candidate, "found", "The same was seen in several forces: a candidate for a national incident.", cancellationToken);
        return candidate;
    }

    private async Task<Candidate?> KnownAsync(IReadOnlyList<AlertTrace> group, CancellationToken cancellationToken)
    {
        var ids = group.Where(trace => trace.CandidateId is not null).Select(trace => trace.CandidateId!.Value).Distinct().ToList();
        return ids.Count == 0 ? null : Oldest(await session.Db.Set<Candidate>().Where(each => ids.Contains(each.Id)).ToListAsync(cancellationToken));
    }

    // What somebody dismissed was something else that these alerts have in common: a new thing deserves a new look.
    private async Task<Candidate?> NeighbourAsync(IReadOnlyList<AlertTrace> group, CancellationToken cancellationToken)
    {
        var alerts = group.Select(trace => trace.AlertId).Distinct().Take(500).ToList();
        var ids = await session.Db.Set<AlertTrace>().Where(trace => alerts.Contains(trace.AlertId) && trace.CandidateId != null).Select(trace => trace.CandidateId!.Value).Distinct().ToListAsync(cancellationToken);
        ids.AddRange(session.Db.Set<AlertTrace>().Local.Where(trace => trace.CandidateId is not null && alerts.Contains(trace.AlertId)).Select(trace => trace.CandidateId!.Value));
        if (ids.Count == 0) return null;
        var stored = await session.Db.Set<Candidate>().Where(each => ids.Contains(each.Id)).ToListAsync(cancellationToken);
        return Oldest([.. stored.Union(session.Db.Set<Candidate>().Local.Where(each => ids.Contains(each.Id))).Where(each => each.Status != CandidateStatus.Dismissed)]);
    }

    private static Candidate? Oldest(IReadOnlyList<Candidate> of) => of.OrderBy(each => each.Status == CandidateStatus.Dismissed).ThenBy(each => each.RaisedAt).ThenBy(each => each.Id).FirstOrDefault();

    private Candidate Raise(IReadOnlyList<AlertTrace> group)
    {
        var candidate = new Candidate
        {
            Id = Guid.CreateVersion7(session.Now),
            ForceId = ForceId.Centre,
            Status = CandidateStatus.Open,
            Severity = group.Max(trace => CorrelationRules.Grade(trace.Level)),
            Forces = 0,
            Alerts = 0,
            FirstAt = group[0].At,
            LastAt = group[^1].At,
            RaisedAt = session.Now,
        };
        session.Db.Add(candidate);
        session.Record(ForceId.Centre, $"candidate/{candidate.Id}", "A candidate for a national incident was found.", action: "candidates.found");
        return candidate;
    }

    private async Task CountAsync(Candidate candidate, AlertIndicator key, CancellationToken cancellationToken)
    {
        var id = candidate.Id;
        // Those of this session are not stored yet: both are asked.
        var stored = await session.Db.Set<AlertTrace>().Where(trace => trace.CandidateId == id).ToListAsync(cancellationToken);
        var all = stored.Union(session.Db.Set<AlertTrace>().Local.Where(trace => trace.CandidateId == id)).ToList();
        var (before, forces) = (candidate.Forces, all.Select(trace => trace.ForceId).Distinct().Count());
        candidate.Forces = forces;
        candidate.Alerts = all.Select(trace => trace.AlertId).Distinct().Count();
        (candidate.FirstAt, candidate.LastAt) = (all.Min(trace => trace.At), all.Max(trace => trace.At));
        candidate.Severity = all.Max(trace => CorrelationRules.Grade(trace.Level));
        _forces = [.. all.Select(trace => trace.ForceId).Distinct()];
        var its = all.Where(trace => trace.Kind == key.Kind && trace.Value == key.Value).ToList();
        var reason = session.Db.Set<CandidateReason>().Local.FirstOrDefault(each => each.CandidateId == id && each.Kind == key.Kind && each.Value == key.Value)
            ?? await session.Db.Set<CandidateReason>().FirstOrDefaultAsync(each => each.CandidateId == id && each.Kind == key.Kind && each.Value == key.Value, cancellationToken);
        if (reason is null)
        {
            session.Db.Add(reason = new CandidateReason
            {
                Id = Guid.CreateVersion7(session.Now), ForceId = ForceId.Centre, CandidateId = id, Kind = key.Kind, Value = key.Value, Forces = 0, Alerts = 0, FirstAt = its[0].At, LastAt = its[0].At,
            });
        }

        (reason.Forces, reason.Alerts) = (its.Select(trace => trace.ForceId).Distinct().Count(), its.Select(trace => trace.AlertId).Distinct().Count());
        (reason.FirstAt, reason.LastAt) = (its.Min(trace => trace.At), its.Max(trace => trace.At));
        if (before > 0 && forces > before && candidate.Status == CandidateStatus.Raised)
            await TellAsync(candidate, $"forces/{forces}", "What a national incident rests on was seen in another force.", cancellationToken);
    }

    private async Task TellAsync(Candidate candidate, string what, string words, CancellationToken cancellationToken)
    {
        // Nobody is told of what they may not see: one force at least lets the Centre see its part.
        var isSeen = false;
        foreach (var force in _forces) isSeen = isSeen || await delegations.IsInForceAsync(force, ForceId.Centre, DelegationScope.Response, cancellationToken);
        if (!isSeen) return;
        await notices.AddAsync(session, new(ForceId.Centre, $"candidate/{candidate.Id}/{what}", "incident", candidate.Severity.ToString().ToLowerInvariant(), words, $"/candidates/{candidate.Id}") { Roles = [Role.DutyManager] }, cancellationToken);
    }
}
