using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Response.Correlation;

/// <summary>Reads candidates. Of forces out of the reader's sight nothing is known but how many they are (law 4).</summary>
internal sealed class CandidateQueries(IHouse house, IAlertReader alerts)
{
    public const int MostListed = 200;
    private const int MostShown = 200;

    /// <param name="status">Null: all.</param>
    /// <param name="again">Whether it only shows anew what was opened before.</param>
    public async Task<IReadOnlyList<CandidateRow>> ListAsync(ActingPrincipal actor, CandidateStatus? status, string? reason, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.CandidatesRead) { Reason = reason, Logged = !again }, cancellationToken);
        var db = session.Db;
        // One that rests on nothing in sight is not shown: its very value would be a force's that did not give it.
        var found = await db.Set<Candidate>().AsNoTracking()
            .Where(each => (status == null || each.Status == status) && db.Set<AlertTrace>().Any(trace => trace.CandidateId == each.Id))
            .OrderByDescending(each => each.RaisedAt).ThenByDescending(each => each.Id).Take(MostListed).ToListAsync(cancellationToken);
        var ids = found.ConvertAll(each => each.Id);
        var reasons = (await Seen(db, ids).AsNoTracking().ToListAsync(cancellationToken)).ToLookup(each => each.CandidateId);
        return [.. found.Select(each => Row(each, [.. reasons[each.Id]]))];
    }

    public async Task<Outcome<CandidateModel>> FindAsync(ActingPrincipal actor, Guid id, string? reason, CancellationToken cancellationToken, bool again = false)
    {
        Candidate? candidate;
        List<CandidateReason> reasons;
        List<AlertTrace> traces;
        await using (var session = await house.EnterAsync(actor, new Access(Permissions.CandidatesRead) { Subject = $"candidate/{id}", Reason = reason, Logged = !again }, cancellationToken))
        {
            candidate = await session.Db.Set<Candidate>().AsNoTracking().FirstOrDefaultAsync(each => each.Id == id, cancellationToken);
            traces = await session.Db.Set<AlertTrace>().AsNoTracking().Where(trace => trace.CandidateId == id).OrderByDescending(trace => trace.At).Take(5_000).ToListAsync(cancellationToken);
            if (candidate is null || traces.Count == 0) return Failure.NotFound;
            reasons = await Seen(session.Db, [id]).AsNoTracking().ToListAsync(cancellationToken);
        }

        var byAlert = traces.GroupBy(trace => trace.AlertId).Take(MostShown).ToDictionary(group => group.Key, group => group.ToList());
        // The titles come through the door of alerts, with its own rights.
        var briefs = actor.Holds(Permissions.AlertsRead) ? await alerts.FindAsync(actor, [.. byAlert.Keys], reason, cancellationToken) : [];
        return new CandidateModel(
            Row(candidate, reasons),
            [.. Ordered(reasons).Select(each => new CandidateReasonModel(each.Kind, each.Value, each.Forces, each.Alerts, each.FirstAt, each.LastAt,
                CorrelationRules.Explain(each.Kind, each.Value, each.Forces, each.Alerts, each.FirstAt, each.LastAt)))],
            [.. briefs.OrderBy(brief => brief.FirstAt).Select(brief => new CandidateAlert(brief.Id, brief.Force, brief.Title, brief.Level, brief.EntityKind, brief.Entity, brief.FirstAt,
                [.. byAlert[brief.Id].Select(trace => $"{CorrelationRules.Words(trace.Kind)} {trace.Value}").Distinct()]))],
            Math.Max(0, candidate.Forces - briefs.Select(brief => brief.Force).Distinct().Count()),
            candidate.DecidedBy, candidate.DecidedAt, candidate.Decision);
    }

    public async Task<IReadOnlyList<IgnoredModel>> IgnoredAsync(ActingPrincipal actor, CancellationToken cancellationToken, bool again = false)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.CandidatesRead) { Logged = !again }, cancellationToken);
        return await session.Db.Set<IgnoredTrace>().AsNoTracking().OrderBy(each => each.Kind).ThenBy(each => each.Value).Take(1_000)
            .Select(each => new IgnoredModel(each.Id, each.Kind, each.Value, each.Reason, each.By, each.At)).ToListAsync(cancellationToken);
    }

    /// <summary>Why, in sentences, for whoever the session is open to.</summary>
    public static async Task<IReadOnlyList<string>> ReasonsAsync(HouseSession session, Guid id, int most, CancellationToken cancellationToken) =>
        [.. Ordered(await Seen(session.Db, [id]).AsNoTracking().ToListAsync(cancellationToken)).Take(most)
            .Select(each => CorrelationRules.Explain(each.Kind, each.Value, each.Forces, each.Alerts, each.FirstAt, each.LastAt))];

    /// <summary>What candidates rest on, as far as a force in sight has it too: what only others have is theirs, also where one candidate holds both.</summary>
    public static IQueryable<CandidateReason> Seen(DbContext db, List<Guid> candidates) => db.Set<CandidateReason>().Where(each => candidates.Contains(each.CandidateId)
        && db.Set<AlertTrace>().Any(trace => trace.CandidateId == each.CandidateId && trace.Kind == each.Kind && trace.Value == each.Value));

    private static IEnumerable<CandidateReason> Ordered(IEnumerable<CandidateReason> reasons) =>
        reasons.OrderByDescending(each => each.Forces).ThenByDescending(each => each.Alerts).ThenBy(each => each.Kind, StringComparer.Ordinal).ThenBy(each => each.Value, StringComparer.Ordinal);

    private static CandidateRow Row(Candidate each, IReadOnlyList<CandidateReason> reasons) => new(
        each.Id, Title(reasons), each.Severity.ToString(), each.Status.ToString(), each.Forces, each.Alerts, each.FirstAt, each.LastAt, each.RaisedAt, each.IncidentId, each.Version);

    private static string Title(IReadOnlyList<CandidateReason> reasons)
    {
        if (Ordered(reasons).FirstOrDefault() is not { } first) return "The same in several forces";
        var title = first.Kind == SightingKinds.Sequence ? $"The same sequence {first.Value}" : $"The same {CorrelationRules.Words(first.Kind)} {first.Value}";
        return reasons.Count == 1 ? title : $"{title} and {reasons.Count - 1} more";
    }
}
