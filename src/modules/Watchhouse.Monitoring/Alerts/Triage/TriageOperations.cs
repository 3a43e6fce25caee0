using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Alerts.Triage;

/// <summary>An alert as somebody saw it.</summary>
internal sealed record TriageSubject(Guid Id, int Version);

/// <summary>What became of one of several alerts.</summary>
/// <param name="Refusal">Why it was not changed; null where it was.</param>
/// <param name="Version">Its version now; null where it is out of sight.</param>
internal sealed record TriageResult(Guid Id, bool Done, string? Refusal, int? Version, string? Status);

/// <summary>Decides on alerts: takes them on, gives them to others, closes them with a verdict, and takes the last decision back.</summary>
internal sealed class TriageOperations(IHouse house, IColleagues colleagues)
{
    /// <summary>Alerts that one request decides on.</summary>
    public const int MostAtOnce = 200;

    /// <summary>How long who decided may take a decision back; later it is a new decision with a reason.</summary>
    public static readonly TimeSpan UndoWithin = TimeSpan.FromSeconds(60);

    /// <summary>Decides on one alert.</summary>
    public async Task<Outcome<TriageResult>> DecideAsync(
        ActingPrincipal actor, TriageSubject subject, TriageOrder order, string? reason, CancellationToken cancellationToken)
    {
        var decided = await DecideAsync(actor, [subject], order, reason, cancellationToken);
        if (!decided.Succeeded) return decided.Failure;
        var result = decided.Value.Results[0];
        return result.Done ? result : decided.Value.Refusals[result.Id];
    }

    /// <summary>Decides the same on several: those that it fits are changed together, of the others it is said why not.</summary>
    public async Task<Outcome<TriageAnswer>> DecideAsync(
        ActingPrincipal actor, IReadOnlyList<TriageSubject> subjects, TriageOrder order, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, subjects, reason, cancellationToken);
        if (subjects.Count is 0 or > MostAtOnce) return Failure.Invalid($"Name 1 to {MostAtOnce} alerts.", "alerts");
        order = order with { Reason = order.Reason.Trim() };
        if (TriageRules.Fault(order) is { } fault) return fault;
        if (order is { Act: TriageAct.Assign, Owner.Length: > 0 })
        {
            // One gives work to oneself and to one's own colleagues; the force is told by 'waiting for the force'.
            var name = order.Owner == actor.Subject && actor.Kind == PrincipalKind.Person ? actor.Name
                : (await colleagues.HoldingAsync(actor.Home, Permissions.AlertsTriage, cancellationToken)).FirstOrDefault(each => each.Id == order.Owner)?.Name;
            if (name is null) return Failure.Invalid("Nobody of your organisation with this id may take alerts on.", "owner");
            order = order with { OwnerName = name };
        }

        return await ChangeAsync(session, subjects, (alert, _) => TriageRules.After(TriageState.Of(alert), order, actor.Subject, actor.Name),
            order.Act.ToString().ToLowerInvariant(), order.Reason, cancellationToken);
    }

    /// <summary>Takes the last decision back, where the same person made it a moment ago and nobody decided since.</summary>
    public async Task<Outcome<TriageAnswer>> UndoAsync(
        ActingPrincipal actor, IReadOnlyList<TriageSubject> subjects, string? reason, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, subjects, reason, cancellationToken);
        if (subjects.Count is 0 or > MostAtOnce) return Failure.Invalid($"Name 1 to {MostAtOnce} alerts.", "alerts");
        return await ChangeAsync(session, subjects, (_, last) =>
            last is null ? Failure.Conflict("Nothing was decided on it that could be taken back.")
            : last.By != actor.Subject ? Failure.Conflict($"{last.ByName} decided this, and alone can take it back. Decide anew instead.")
            : last.Act == "undo" ? Failure.Conflict("It was taken back already.")
            : session.Now - last.At > UndoWithin ? Failure.Conflict("The minute in which a decision can be taken back is over. Decide anew, with a reason.")
            : new TriageState(last.OldStatus, last.OldOwner, last.OldOwnerName, last.OldVerdict), "undo", "", cancellationToken);
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, IReadOnlyList<TriageSubject> subjects, string? reason, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.AlertsTriage)
        {
            Subject = subjects is [var one] ? $"alert/{one.Id}" : $"{subjects.Count} alerts",
            Reason = reason,
        }, cancellationToken);

    private static async Task<Outcome<TriageAnswer>> ChangeAsync(HouseSession session, IReadOnlyList<TriageSubject> subjects,
        Func<Alert, AlertStep?, Outcome<TriageState>> decide, string act, string why, CancellationToken cancellationToken)
    {
        var ids = subjects.Select(subject => subject.Id).Distinct().ToList();
        var alerts = await session.Db.Set<Alert>().Where(alert => ids.Contains(alert.Id)).ToDictionaryAsync(alert => alert.Id, cancellationToken);
        var steps = act != "undo" ? [] : (await session.Db.Set<AlertStep>().AsNoTracking().Where(step => ids.Contains(step.AlertId)).ToListAsync(cancellationToken))
            .GroupBy(step => step.AlertId).ToDictionary(group => group.Key, group => group.MaxBy(step => step.Number));
        var results = new List<TriageResult>();
        var refusals = new Dictionary<Guid, Failure>();
        foreach (var subject in subjects.DistinctBy(subject => subject.Id))
        {
            if (!alerts.TryGetValue(subject.Id, out var alert))
            {
                // It may be of a force that asks why: the person is asked, and nothing is done meanwhile.
                var missing = session.Withheld.IsEmpty ? Failure.NotFound : new Failure(FailureKind.ReasonRequired,
                    "The controller of these records asks why you change them. Give a reason and try again; it is written to the audit trail.");
                if (missing.Kind == FailureKind.ReasonRequired) return missing;
                Refuse(subject.Id, missing, null);
                continue;
            }

            var decided = alert.Steps != subject.Version ? Stale(alert) : decide(alert, steps.GetValueOrDefault(alert.Id));
            if (!decided.Succeeded)
            {
                Refuse(alert.Id, decided.Failure, alert);
                continue;
            }

            Apply(session, alert, decided.Value, steps.GetValueOrDefault(alert.Id), act, why);
            results.Add(new(alert.Id, true, null, alert.Steps, alert.Status));
        }

        if (results.Exists(result => result.Done))
        {
            try
            {
                var saved = await session.CommitAsync(cancellationToken);
                if (!saved.Succeeded) return saved.Failure;
            }
            catch (DbUpdateException e) when (e.InnerException?.Message is { } message
                && (message.Contains("UNIQUE", StringComparison.Ordinal) || message.Contains("23505", StringComparison.Ordinal)))
            {
                return Failure.Conflict("Somebody else decided on one of these at the same moment, so nothing was changed. Look again and repeat your decision.");
            }
        }

        return new TriageAnswer(results) { Refusals = refusals };

        void Refuse(Guid id, Failure failure, Alert? alert)
        {
            refusals[id] = failure;
            results.Add(new(id, false, failure.Message, alert?.Steps, alert?.Status));
        }
    }

    private static Failure Stale(Alert alert) => Failure.Conflict(
        $"Somebody else decided on it in the meantime: it is {TriageWords.Status(alert.Status).ToLowerInvariant()}"
        + $"{(alert.OwnerName.Length > 0 ? $" and with {alert.OwnerName}" : "")}. Your decision was not saved; look again.");

    private static void Apply(HouseSession session, Alert alert, TriageState after, AlertStep? undone, string act, string why)
    {
        var before = TriageState.Of(alert);
        var actor = session.Principal;
        session.Db.Add(new AlertStep
        {
            AlertId = alert.Id,
            Number = alert.Steps + 1,
            ForceId = alert.ForceId,
            At = session.Now,
            By = actor.Subject,
            ByName = actor.Name,
            ByForce = actor.Home,
            Act = act,
            OldStatus = before.Status,
            NewStatus = after.Status,
            OldOwner = before.Owner,
            OldOwnerName = before.OwnerName,
            NewOwner = after.Owner,
            NewOwnerName = after.OwnerName,
            OldVerdict = before.Verdict,
            NewVerdict = after.Verdict,
            Reason = why,
            OldAcknowledgedAfter = alert.AcknowledgedAfter,
            OldTriagedAfter = alert.TriagedAfter,
        });
        (alert.Status, alert.Owner, alert.OwnerName, alert.Verdict, alert.Steps) = (after.Status, after.Owner, after.OwnerName, after.Verdict, alert.Steps + 1);
        var age = Math.Max(0, (long)(session.Now - alert.RaisedAt).TotalSeconds);
        if (undone is not null) (alert.AcknowledgedAfter, alert.TriagedAfter) = (undone.OldAcknowledgedAfter, undone.OldTriagedAfter);
        else
        {
            alert.AcknowledgedAfter ??= age;
            alert.TriagedAfter = after.Verdict.Length == 0 ? null : before.Verdict.Length > 0 ? alert.TriagedAfter : age;
        }

        var changes = new Dictionary<string, FieldChange>();
        if (before.Status != after.Status) changes["status"] = new(before.Status, after.Status);
        if (before.Owner != after.Owner) changes["owner"] = new(before.OwnerName, after.OwnerName);
        if (before.Verdict != after.Verdict) changes["verdict"] = new(before.Verdict, after.Verdict);
        if (why.Length > 0) changes["why"] = new(null, why);
        session.Record(alert.ForceId, $"alert/{alert.Id}", act == "undo" ? "A decision on an alert was taken back." : "An alert was decided on.", changes,
            action: $"alerts.{act}");
    }
}

/// <summary>What became of each alert, in the order in which they were named.</summary>
internal sealed record TriageAnswer(IReadOnlyList<TriageResult> Results)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyDictionary<Guid, Failure> Refusals { get; init; } = new Dictionary<Guid, Failure>();

    public int Done => Results.Count(result => result.Done);
}
