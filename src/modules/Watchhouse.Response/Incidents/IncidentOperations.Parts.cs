using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Incidents;

// What belongs to an incident, and what a national one shares with its parts.
internal sealed partial class IncidentOperations
{
    private const int MostTasks = 200;
    private const int MostEntities = 200;

    public Task<Outcome<Guid>> AddTaskAsync(ActingPrincipal actor, Guid id, string title, string owner, DateOnly? due, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if ((IncidentInput.Sentence(title, "title", 300) ?? IncidentInput.Sentence(owner, "owner", 200, 0)) is { } fault) return fault;
            if (await session.Db.Set<IncidentTask>().CountAsync(each => each.IncidentId == id, cancellationToken) >= MostTasks)
                return Failure.Conflict($"An incident has at most {MostTasks} tasks.");
            if (incident.Status == IncidentStatus.Closed) return Failure.Conflict("The incident is closed. Open it again before you give it a task.");
            session.Db.Add(new IncidentTask
            {
                Id = Guid.CreateVersion7(session.Now), ForceId = incident.ForceId, IncidentId = id, Title = title.Trim(), Owner = owner.Trim(), Due = due,
            });
            Note(session, incident, actor, "task", $"To do: {title.Trim()}{(owner.Trim().Length > 0 ? $" ({owner.Trim()})" : "")}.");
            return null;
        }, cancellationToken);

    public Task<Outcome<Guid>> DoTaskAsync(ActingPrincipal actor, Guid id, Guid task, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (await session.Db.Set<IncidentTask>().FirstOrDefaultAsync(each => each.Id == task && each.IncidentId == id, cancellationToken) is not { } found) return Failure.NotFound;
            if (found.DoneAt is not null) return Failure.Conflict($"{found.DoneBy} has recorded this task as done already.");
            (found.DoneAt, found.DoneBy) = (session.Now, RunOperations.Name(actor));
            Note(session, incident, actor, "task", $"Done: {found.Title}");
            return null;
        }, cancellationToken);

    public Task<Outcome<Guid>> AddEntityAsync(ActingPrincipal actor, Guid id, string kind, string value, string note, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (!IncidentEntity.Kinds.Contains(kind)) return Failure.Invalid($"The kind is one of {string.Join(", ", IncidentEntity.Kinds)}.", "kind");
            if ((IncidentInput.Sentence(value, "value", 1_000, 1) ?? IncidentInput.Sentence(note, "note", 500, 0)) is { } fault) return fault;
            var named = value.Trim();
            var all = session.Db.Set<IncidentEntity>().Where(each => each.IncidentId == id);
            if (await all.AnyAsync(each => each.Kind == kind && each.Value == named, cancellationToken)) return Failure.Conflict("It is named in this incident already.");
            if (await all.CountAsync(cancellationToken) >= MostEntities) return Failure.Conflict($"An incident names at most {MostEntities} people and things.");
            session.Db.Add(new IncidentEntity
            {
                Id = Guid.CreateVersion7(session.Now), ForceId = incident.ForceId, IncidentId = id, Kind = kind, Value = named, Note = note.Trim(),
            });
            Note(session, incident, actor, "entity", $"The {kind} {named} belongs to it{(note.Trim().Length > 0 ? $": {note.Trim()}" : ".")}");
            return null;
        }, cancellationToken);

    /// <summary>Writes what was learnt. Each writing is kept in the timeline.</summary>
    public Task<Outcome<Guid>> ReviewAsync(ActingPrincipal actor, Guid id, string review, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, (session, incident) =>
        {
            if (IncidentInput.Sentence(review, "review", Incident.LongestText, 20) is { } fault) return Task.FromResult<Failure?>(fault);
            incident.Review = review.Trim();
            session.Record(incident.ForceId, $"incident/{id}", $"The review of incident {incident.Reference} was written.");
            Note(session, incident, actor, "review", $"The review was written: {review.Trim()}");
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    /// <summary>The Centre proposes a category of the NCSC; confirming it is the NCSC's, or law enforcement's.</summary>
    public Task<Outcome<Guid>> ProposeCategoryAsync(ActingPrincipal actor, Guid id, int category, string reason, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, (session, incident) =>
        {
            if (category is < 1 or > 6) return Task.FromResult<Failure?>(Failure.Invalid("Categories are 1 to 6, of which 1 is the gravest.", "category"));
            if (IncidentInput.Sentence(reason, "reason") is { } fault) return Task.FromResult<Failure?>(fault);
            if (!actor.IsCentre) return Task.FromResult<Failure?>(Failure.Conflict("The Centre proposes the category. Ask it to, in a note."));
            if (incident.ConfirmedCategory is not null) return Task.FromResult<Failure?>(Failure.Conflict($"{incident.ConfirmedBy} has confirmed {IncidentRules.Category(incident.ConfirmedCategory.Value)}. Record a new confirmation when they change it."));
            session.Record(incident.ForceId, $"incident/{id}", $"A category was proposed for incident {incident.Reference}.",
                new Dictionary<string, FieldChange> { ["proposedCategory"] = new(incident.ProposedCategory?.ToString(System.Globalization.CultureInfo.InvariantCulture), category.ToString(System.Globalization.CultureInfo.InvariantCulture)) });
            incident.ProposedCategory = category;
            Note(session, incident, actor, "category", $"Proposed: {IncidentRules.Category(category)}. {reason.Trim()}");
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    /// <summary>Records that the NCSC or law enforcement has confirmed a category, which may be another than was proposed.</summary>
    public Task<Outcome<Guid>> ConfirmCategoryAsync(ActingPrincipal actor, Guid id, int category, string body, string reference, uint? version, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, version, (session, incident) =>
        {
            if (category is < 1 or > 6) return Task.FromResult<Failure?>(Failure.Invalid("Categories are 1 to 6, of which 1 is the gravest.", "category"));
            if (IncidentInput.Sentence(body, "body", 200) is { } fault) return Task.FromResult<Failure?>(fault with { Message = "Name the body that confirmed it, such as the NCSC or the National Crime Agency: the Centre only proposes." });
            if (IncidentInput.Sentence(reference, "reference", 100) is { }) return Task.FromResult<Failure?>(Failure.Invalid("Give the reference under which that body confirmed it, in 3 to 100 characters.", "reference"));
            session.Record(incident.ForceId, $"incident/{id}", $"A confirmed category was recorded for incident {incident.Reference}.",
                new Dictionary<string, FieldChange> { ["confirmedCategory"] = new(incident.ConfirmedCategory?.ToString(System.Globalization.CultureInfo.InvariantCulture), category.ToString(System.Globalization.CultureInfo.InvariantCulture)) });
            (incident.ConfirmedCategory, incident.ConfirmedBy, incident.ConfirmedUnder, incident.ConfirmedAt) = (category, body.Trim(), reference.Trim(), session.Now);
            Note(session, incident, actor, "category", $"{body.Trim()} confirmed {IncidentRules.Category(category)} under {reference.Trim()}.");
            return Task.FromResult<Failure?>(null);
        }, cancellationToken);

    /// <summary>Writes something into every part of a national incident. It is what each force reads: it names no other.</summary>
    public Task<Outcome<Guid>> ShareAsync(ActingPrincipal actor, Guid id, string words, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (IncidentInput.Sentence(words, "words") is { } fault) return fault;
            if (incident.ForceId != ForceId.Centre) return Failure.Conflict("Only a national incident is shared with several forces. Write a note: the force and the Centre both read it.");
            if (!session.Withheld.IsEmpty) return AsksWhy;
            var parts = await session.Db.Set<Incident>().Where(each => each.ParentId == id).ToListAsync(cancellationToken);
            if (parts.Count == 0) return Failure.Conflict("This incident has no part of a force yet, so nobody would read it. Add a force first.");
            foreach (var part in parts)
            {
                Note(session, part, actor, "shared", words.Trim());
                part.ChangedAt = session.Now;
                session.Record(part.ForceId, $"incident/{part.Id}", $"The Centre shared something in incident {part.Reference}.");
                await TellAsync(session, part, $"shared/{session.Now.UtcTicks}", "The Centre shared something about an incident of your force.", cancellationToken);
            }

            Note(session, incident, actor, "shared", words.Trim());
            return null;
        }, cancellationToken);

    /// <summary>Opens a part of a national incident for another force.</summary>
    public Task<Outcome<Guid>> AddPartAsync(ActingPrincipal actor, Guid id, ForceId force, CancellationToken cancellationToken) =>
        ChangeAsync(actor, id, null, async (session, incident) =>
        {
            if (incident.ForceId != ForceId.Centre) return Failure.Conflict("Only a national incident has parts of several forces.");
            if (force == ForceId.Centre) return Failure.Invalid("The Centre has no part: the incident itself is the Centre's.", "force");
            if (!actor.May(Platform.Authorisation.Permissions.IncidentsWork, force))
                return Failure.Conflict($"{force} has given the Centre no delegation for response, so a part cannot be opened there. Tell the force by other means.");
            if (session.Withheld.Contains(force)) return AsksWhy;
            if (await session.Db.Set<Incident>().AnyAsync(each => each.ParentId == id && each.ForceId == force, cancellationToken)) return Failure.Conflict($"{force} has a part of this incident already.");
            var part = await MakeAsync(session, actor, new OpenOptions
            {
                Force = force, Title = incident.Title, Summary = incident.Summary, Impact = incident.Impact, Urgency = incident.Urgency, Handling = incident.Handling, Instructions = incident.Instructions,
            }, force, id, cancellationToken);
            // What was shared before, it learns too.
            foreach (var shared in await session.Db.Set<IncidentEntry>().Where(each => each.IncidentId == id && each.Kind == "shared").ToListAsync(cancellationToken))
                Note(session, part, actor, "shared", shared.Words, shared.HappenedAt);
            Note(session, incident, actor, "linked", $"A part for {force} was opened: {part.Reference}.");
            await TellAsync(session, part, "opened", "The Centre opened an incident that touches your force.", cancellationToken);
            return null;
        }, cancellationToken);
}
