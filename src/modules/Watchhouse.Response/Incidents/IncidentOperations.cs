using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Correlation;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Incidents;

/// <summary>
/// Opens and works incidents. People of the Centre and of the force write into the same record of the force; a national incident is
/// the Centre's, and only what is shared on purpose is written into the forces' parts of it.
/// </summary>
internal sealed partial class IncidentOperations(IHouse house, IAlertReader alerts, INotices notices, RunSignal signal, ClockKeeper clocks, IDelegationsInForce delegations)
{
    public const int MostAlerts = 200;
    private const int MostReasons = 10;

    public async Task<Outcome<Guid>> OpenAsync(ActingPrincipal actor, OpenOptions options, CancellationToken cancellationToken)
    {
        if (IncidentInput.Fault(options) is { } fault) return fault;
        if (options.Force == ForceId.Centre && !actor.IsCentre) return Failure.NotFound;
        if (options.Candidate is not null && options.Force != ForceId.Centre) return Failure.Invalid("A candidate rests on alerts of several forces, so it becomes a national incident: open it for the Centre.", "force");
        var taken = await TakeAsync(actor, options.Alerts, cancellationToken);
        if (!taken.Succeeded) return taken.Failure;
        // Alerts of a national incident are its parts': the force whose alert it is gets a part, whether it was named or not.
        ForceId[] parts = options.Force == ForceId.Centre ? [.. options.Parts.Concat(taken.Value.Select(alert => alert.Force)).Where(force => force != ForceId.Centre).Distinct()] : [];
        if (parts.Length == 0 && taken.Value.FirstOrDefault(alert => alert.Force != options.Force) is { } stranger)
            return Failure.Invalid($"An alert of {stranger.Force} cannot stand in an incident of {options.Force}. Open a national incident for alerts of several forces.", "alerts");
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.IncidentsWork) { Force = parts.Length == 0 && options.Candidate is null ? options.Force : null, Reason = actor.StatedReason }, cancellationToken);
        if (parts.Any(part => session.Withheld.Contains(part))) return AsksWhy;
        if (Array.FindIndex(parts, part => !actor.May(Permissions.IncidentsWork, part)) is >= 0 and var at && parts[at] is var unseen)
            return Failure.Conflict($"{unseen} has given the Centre no delegation for response, so a part of the incident cannot be opened there. Tell the force, and leave it out.");
        var incident = await MakeAsync(session, actor, options, options.Force, null, cancellationToken);
        if (options.Candidate is { } candidate)
        {
            if (await CandidateOperations.RaiseAsync(session, actor, candidate, incident.Id, cancellationToken) is { } hindrance) return hindrance;
            // Only in the Centre's record: a value may be of one force's people.
            foreach (var reason in await CandidateQueries.ReasonsAsync(session, candidate, MostReasons, cancellationToken)) Note(session, incident, actor, "linked", reason);
        }

        foreach (var alert in taken.Value.Where(alert => alert.Force == options.Force)) Add(session, incident, alert);
        foreach (var part in parts)
        {
            var its = await MakeAsync(session, actor, options, part, incident.Id, cancellationToken);
            foreach (var alert in taken.Value.Where(alert => alert.Force == part)) Add(session, its, alert);
            await TellAsync(session, its, "opened", "The Centre opened an incident that touches your force.", cancellationToken);
        }

        if (options.Force != ForceId.Centre && actor.Home != options.Force)
            await TellAsync(session, incident, "opened", "The Centre opened an incident of your force.", cancellationToken);
        return await SavedAsync(session, incident, cancellationToken);
    }

    /// <summary>Adds alerts of the incident's force.</summary>
    public async Task<Outcome<Guid>> AddAlertsAsync(ActingPrincipal actor, Guid id, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count is 0 or > MostAlerts) return Failure.Invalid($"Name 1 to {MostAlerts} alerts.", "alerts");
        var taken = await TakeAsync(actor, ids, cancellationToken);
        if (!taken.Succeeded) return taken.Failure;
        return await ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (taken.Value.FirstOrDefault(alert => alert.Force != incident.ForceId) is { } stranger)
                return Failure.Invalid($"An alert of {stranger.Force} cannot stand in an incident of {incident.ForceId}.", "alerts");
            var known = await session.Db.Set<IncidentAlert>().Where(each => each.IncidentId == id).Select(each => each.AlertId).ToListAsync(cancellationToken);
            if (known.Count + taken.Value.Length > MostAlerts) return Failure.Conflict($"An incident holds at most {MostAlerts} alerts. Open another for the others, and link them in a note.");
            if (incident.ContainedAt is { } contained) session.Publish(new AlertsContained(incident.ForceId, [.. taken.Value.Select(alert => alert.Id)], contained));
            foreach (var alert in taken.Value.Where(alert => !known.Contains(alert.Id)))
            {
                Add(session, incident, alert);
                Note(session, incident, actor, "alert", $"The alert '{alert.Title}' about {alert.Entity} was added.");
            }

            return null;
        }, cancellationToken);
    }

    /// <summary>Writes something down. What is put right later is a note of its own.</summary>
    public Task<Outcome<Guid>> NoteAsync(ActingPrincipal actor, Guid id, string words, DateTimeOffset? happenedAt, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, (session, incident) =>
        {
            if (IncidentInput.Sentence(words, "words") is { } fault) return Task.FromResult<Failure?>(fault);
            if (happenedAt > session.Now.AddMinutes(5)) return Task.FromResult<Failure?>(Failure.Invalid("What is written down has happened: the time cannot lie ahead.", "happenedAt"));
            Note(session, incident, actor, "note", words.Trim(), happenedAt);
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    public Task<Outcome<Guid>> MoveAsync(ActingPrincipal actor, Guid id, IncidentStatus to, string reason, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, async (session, incident) =>
        {
            if (IncidentInput.Sentence(reason, "reason") is { } fault) return fault;
            if (!Enum.IsDefined(to)) return Failure.Invalid("The state is New, Open, Contained, Eradicated, Recovered or Closed.", "status");
            var tasks = await session.Db.Set<IncidentTask>().CountAsync(each => each.IncidentId == id && each.DoneAt == null, cancellationToken);
            // An open part of a force that asks why is out of sight, and would be forgotten.
            if (to == IncidentStatus.Closed && incident.ForceId == ForceId.Centre && !session.Withheld.IsEmpty) return AsksWhy;
            var parts = await session.Db.Set<Incident>().CountAsync(each => each.ParentId == id && each.Status != IncidentStatus.Closed, cancellationToken);
            if (IncidentRules.Hindrance(incident, to, tasks, parts) is { } hindrance) return Failure.Conflict(hindrance);
            session.Record(incident.ForceId, $"incident/{id}", $"Incident {incident.Reference} became {IncidentRules.Words(to)}.",
                new Dictionary<string, FieldChange> { ["status"] = new(incident.Status.ToString(), to.ToString()) });
            Note(session, incident, actor, "status", $"{IncidentRules.Words(incident.Status)} → {IncidentRules.Words(to)}: {reason.Trim()}");
            var from = incident.Status;
            incident.Status = to;
            if (to == IncidentStatus.Contained && incident.ContainedAt is null)
            {
                incident.ContainedAt = session.Now;
                var held = await session.Db.Set<IncidentAlert>().Where(each => each.IncidentId == id).Select(each => each.AlertId).ToListAsync(cancellationToken);
                if (held.Count > 0) session.Publish(new AlertsContained(incident.ForceId, held, session.Now));
            }

            incident.ClosedAt = to == IncidentStatus.Closed ? session.Now : null;
            await MovedAsync(session, actor, incident, from, reason.Trim(), cancellationToken);
            return null;
        }, cancellationToken);

    public Task<Outcome<Guid>> AssessAsync(ActingPrincipal actor, Guid id, IncidentImpact impact, IncidentUrgency urgency, string reason, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, async (session, incident) =>
        {
            if ((IncidentInput.Assessment(impact, urgency) ?? IncidentInput.Sentence(reason, "reason")) is { } fault) return fault;
            var severity = IncidentRules.Severity(impact, urgency);
            session.Record(incident.ForceId, $"incident/{id}", $"Incident {incident.Reference} was assessed as {severity}.", new Dictionary<string, FieldChange>
            {
                ["impact"] = new(incident.Impact.ToString(), impact.ToString()), ["urgency"] = new(incident.Urgency.ToString(), urgency.ToString()),
            });
            Note(session, incident, actor, "assessed", $"Severity {incident.Severity} → {severity} (impact {impact.ToString().ToLowerInvariant()}, urgency {urgency.ToString().ToLowerInvariant()}): {reason.Trim()}");
            (incident.Impact, incident.Urgency, incident.Severity) = (impact, urgency, severity);
            await clocks.AssessedAsync(session, id, severity, cancellationToken);
            return null;
        }, cancellationToken);

    /// <summary>Takes it upon oneself, or gives it back.</summary>
    public Task<Outcome<Guid>> OwnAsync(ActingPrincipal actor, Guid id, bool take, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, (session, incident) =>
        {
            var name = RunOperations.Name(actor);
            if (!take && incident.OwnerId is null) return Task.FromResult<Failure?>(Failure.Conflict("Nobody owns this incident."));
            session.Record(incident.ForceId, $"incident/{id}", take ? $"Incident {incident.Reference} was taken." : $"Incident {incident.Reference} was given back.",
                new Dictionary<string, FieldChange> { ["owner"] = new(incident.Owner, take ? name : null) });
            Note(session, incident, actor, "owner", take ? "The incident was taken on." : $"{incident.Owner} no longer owns it.");
            (incident.OwnerId, incident.Owner) = take ? (actor.Subject, name) : (null, null);
            if (take && incident.Status == IncidentStatus.New) incident.Status = IncidentStatus.Open;
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    private async Task<Outcome<AlertBrief[]>> TakeAsync(ActingPrincipal actor, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        Guid[] distinct = [.. ids.Distinct()];
        if (distinct.Length == 0) return Array.Empty<AlertBrief>();
        var found = await alerts.FindAsync(actor, distinct, actor.StatedReason, cancellationToken);
        return found.Count == distinct.Length
            ? found.ToArray()
            : Failure.Invalid("One of the alerts is not there, or not for you to see. Nothing was changed.", "alerts");
    }

    /// <summary>For the parts of incidents that have a file of their own: changes one, with a line in its timeline.</summary>
    internal Task<Outcome<Guid>> WriteAsync(
        ActingPrincipal actor, Guid id, string kind, string? words, Func<HouseSession, Incident, Task<Failure?>> change, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (await change(session, incident) is { } failure) return failure;
            if (words is not null) Note(session, incident, actor, kind, words);
            return null;
        }, cancellationToken);

    private static readonly Failure AsksWhy = new(FailureKind.ReasonRequired, "A force that this touches asks why its records are changed. Give a reason and try again; it is written to its audit trail.");

    private async Task<Outcome<Guid>> ChangeAsync(
        ActingPrincipal actor, Guid id, uint? version, Func<HouseSession, Incident, Task<Failure?>> change, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(actor, new Access(Permissions.IncidentsWork) { Subject = $"incident/{id}", Reason = actor.StatedReason }, cancellationToken);
        if (await session.Db.Set<Incident>().FirstOrDefaultAsync(each => each.Id == id, cancellationToken) is not { } incident) return Failure.NotFound;
        if (version is { } known && known != incident.Version) return Stale;
        if (await change(session, incident) is { } failure) return failure;
        await NoticedAsync(session, actor, incident, cancellationToken);
        return await SavedAsync(session, incident, cancellationToken);
    }

    private async Task<Outcome<Guid>> SavedAsync(HouseSession session, Incident incident, CancellationToken cancellationToken)
    {
        incident.ChangedAt = session.Now;
        // What was shared or opened changes other forces' records too.
        ForceId[] changed = [.. session.Db.ChangeTracker.Entries<Incident>().Select(entry => entry.Entity.ForceId).Distinct()];
        var saved = await session.CommitAsync(cancellationToken);
        if (!saved.Succeeded) return saved.Failure;
        foreach (var force in changed) signal.Raise(force);
        return incident.Id;
    }

    private async Task<Incident> MakeAsync(HouseSession session, ActingPrincipal actor, OpenOptions options, ForceId force, Guid? parent, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(session.Now);
        var incident = new Incident
        {
            Id = id,
            ForceId = force,
            ParentId = parent,
            Reference = IncidentRules.Reference(id, session.Now),
            Title = options.Title.Trim(),
            Summary = options.Summary.Trim(),
            Impact = options.Impact,
            Urgency = options.Urgency,
            Severity = IncidentRules.Severity(options.Impact, options.Urgency),
            Status = IncidentStatus.New,
            Handling = options.Handling,
            Instructions = options.Instructions.Trim(),
            Review = "",
            OpenedAt = session.Now,
            OpenedBy = RunOperations.Name(actor),
            ChangedAt = session.Now,
        };
        session.Db.Add(incident);
        session.Record(force, $"incident/{id}", $"Incident {incident.Reference} was opened.");
        Note(session, incident, actor, "opened", "The incident was opened.");
        var isAlone = !actor.IsCentre && force != ForceId.Centre && !await delegations.IsInForceAsync(force, ForceId.Centre, DelegationScope.Response, cancellationToken);
        await clocks.StartAsync(session, id, force, incident.Severity, incident.OpenedBy, actor.IsCentre, isAlone, cancellationToken);
        return incident;
    }

    private static void Add(HouseSession session, Incident incident, AlertBrief alert) => session.Db.Add(new IncidentAlert
    {
        Id = Guid.CreateVersion7(session.Now),
        ForceId = incident.ForceId,
        IncidentId = incident.Id,
        AlertId = alert.Id,
        Title = RunOperations.Cut(alert.Title, 500),
        Level = alert.Level,
        EntityKind = alert.EntityKind,
        Entity = RunOperations.Cut(alert.Entity, 1_000),
        Techniques = [.. alert.Techniques],
        FirstAt = alert.FirstAt,
    });

    internal static void Note(HouseSession session, Incident incident, ActingPrincipal actor, string kind, string words, DateTimeOffset? happenedAt = null) => session.Db.Add(new IncidentEntry
    {
        Id = Guid.CreateVersion7(session.Now),
        ForceId = incident.ForceId,
        IncidentId = incident.Id,
        Kind = kind,
        Words = RunOperations.Cut(words, IncidentEntry.LongestWords),
        By = RunOperations.Name(actor),
        HappenedAt = (happenedAt ?? session.Now).ToUniversalTime(),
        WrittenAt = session.Now,
    });

    private Task TellAsync(HouseSession session, Incident incident, string what, string words, CancellationToken cancellationToken) =>
        notices.AddAsync(session, new(incident.ForceId, $"incident/{incident.Id}/{what}", "incident", incident.Severity.ToString().ToLowerInvariant(), words, $"/incidents/{incident.Id}")
        {
            Roles = [Role.SecurityOfficer],
            Category = incident.ConfirmedCategory ?? incident.ProposedCategory,
        }, cancellationToken);

    private static readonly Failure Stale = Failure.Conflict("Somebody else changed this incident in the meantime, so your change was not saved. Look at it again and repeat your change.");
}
