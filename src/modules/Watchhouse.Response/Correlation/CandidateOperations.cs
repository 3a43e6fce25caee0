using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Correlation;

/// <summary>What the Centre says of a candidate. That it becomes an incident is said by opening one (<see cref="IncidentOperations.OpenAsync"/>).</summary>
internal sealed class CandidateOperations(IHouse house, RunSignal signal)
{
    /// <summary>Says that it is no incident.</summary>
    /// <param name="ever">Whether what it rests on is never to be compared again, since every estate has it.</param>
    public async Task<Outcome<Done>> DismissAsync(ActingPrincipal actor, Guid id, string reason, bool ever, uint? version, CancellationToken cancellationToken)
    {
        if (IncidentInput.Sentence(reason, "reason", 2_000) is { } fault) return fault;
        await using var session = await EnterAsync(actor, $"candidate/{id}", cancellationToken);
        var found = await TakeAsync(session, id, version, cancellationToken);
        if (!found.Succeeded) return found.Failure;
        var candidate = found.Value;
        if (Undecided(candidate) is { } decided) return decided;
        Decide(session, actor, candidate, CandidateStatus.Dismissed, reason.Trim());
        session.Record(ForceId.Centre, $"candidate/{id}", ever ? "A candidate was dismissed, and what it rests on is no longer compared." : "A candidate was dismissed.");
        if (ever)
        {
            var ignored = session.Db.Set<IgnoredTrace>();
            foreach (var each in await CandidateQueries.Seen(session.Db, [id]).ToListAsync(cancellationToken))
            {
                if (await ignored.AnyAsync(known => known.Kind == each.Kind && known.Value == each.Value, cancellationToken)) continue;
                ignored.Add(new IgnoredTrace
                {
                    Id = Guid.CreateVersion7(session.Now), ForceId = ForceId.Centre, Kind = each.Kind, Value = each.Value, Reason = reason.Trim(), By = RunOperations.Name(actor), At = session.Now,
                });
            }
        }

        return await SavedAsync(session, cancellationToken);
    }

    /// <summary>Takes a dismissal back.</summary>
    public async Task<Outcome<Done>> ReopenAsync(ActingPrincipal actor, Guid id, string reason, uint? version, CancellationToken cancellationToken)
    {
        if (IncidentInput.Sentence(reason, "reason", 2_000) is { } fault) return fault;
        await using var session = await EnterAsync(actor, $"candidate/{id}", cancellationToken);
        var found = await TakeAsync(session, id, version, cancellationToken);
        if (!found.Succeeded) return found.Failure;
        if (found.Value.Status != CandidateStatus.Dismissed) return Failure.Conflict("Only a candidate that was dismissed can be opened again.");
        Decide(session, actor, found.Value, CandidateStatus.Open, reason.Trim());
        session.Record(ForceId.Centre, $"candidate/{id}", "The dismissal of a candidate was taken back.");
        return await SavedAsync(session, cancellationToken);
    }

    /// <summary>Compares something again.</summary>
    public async Task<Outcome<Done>> CompareAgainAsync(ActingPrincipal actor, Guid ignored, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, $"ignored/{ignored}", cancellationToken);
        if (await session.Db.Set<IgnoredTrace>().FirstOrDefaultAsync(each => each.Id == ignored, cancellationToken) is not { } found) return Failure.NotFound;
        session.Db.Remove(found);
        session.Record(ForceId.Centre, $"ignored/{ignored}", $"Something is compared across forces again: {CorrelationRules.Words(found.Kind)}.",
            new Dictionary<string, FieldChange> { ["value"] = new(found.Value, null) });
        return await SavedAsync(session, cancellationToken);
    }

    /// <summary>Writes down, in the session that opens the incident, that a candidate became one.</summary>
    /// <returns>Why it cannot; null where it did.</returns>
    public static async Task<Failure?> RaiseAsync(HouseSession session, ActingPrincipal actor, Guid id, Guid incident, CancellationToken cancellationToken)
    {
        if (!actor.Holds(Permissions.CandidatesWork)) return Failure.NotFound;
        var taken = await TakeAsync(session, id, null, cancellationToken);
        if (!taken.Succeeded) return taken.Failure;
        var candidate = taken.Value;
        if (Undecided(candidate) is { } decided) return decided;
        Decide(session, actor, candidate, CandidateStatus.Raised, "It became an incident.");
        candidate.IncidentId = incident;
        session.Record(ForceId.Centre, $"candidate/{id}", "A candidate became a national incident.");
        return null;
    }

    private static Failure? Undecided(Candidate candidate) => candidate.Status switch
    {
        CandidateStatus.Raised => Failure.Conflict($"{candidate.DecidedBy} has made an incident of this candidate already. Go on in that incident."),
        CandidateStatus.Dismissed => Failure.Conflict($"{candidate.DecidedBy} has dismissed this candidate. Open it again first."),
        _ => null,
    };

    private static void Decide(HouseSession session, ActingPrincipal actor, Candidate candidate, CandidateStatus status, string words) =>
        (candidate.Status, candidate.DecidedBy, candidate.DecidedAt, candidate.Decision) = (status, RunOperations.Name(actor), session.Now, words);

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, string subject, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.CandidatesWork) { Subject = subject, Reason = actor.StatedReason }, cancellationToken);

    private static async Task<Outcome<Candidate>> TakeAsync(HouseSession session, Guid id, uint? version, CancellationToken cancellationToken)
    {
        if (await session.Db.Set<Candidate>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } found
            || !await session.Db.Set<AlertTrace>().AnyAsync(trace => trace.CandidateId == id, cancellationToken)) return Failure.NotFound;
        return version is { } known && known != found.Version
            ? Failure.Conflict("This candidate has changed in the meantime: more was found, or somebody decided. Look at it again and repeat your decision.")
            : found;
    }

    private async Task<Outcome<Done>> SavedAsync(HouseSession session, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) signal.Raise(ForceId.Centre);
        return saved;
    }
}
