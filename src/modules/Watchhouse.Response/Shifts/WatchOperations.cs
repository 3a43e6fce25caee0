using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Shifts;

/// <summary>
/// The watch of an organisation passes from one person to the next with a note that the next one has read. Whoever has it writes the note;
/// whoever takes it says so. From somebody who is not there, a lead takes it with a reason.
/// </summary>
internal sealed class WatchOperations(
    IHouse house, IClockReader clocks, IncidentQueries incidents, RunQueries runs, Outbox outbox, IAlertsInBrief alerts, RunSignal signal)
{
    private const int MostListed = 50;

    /// <summary>Takes the watch.</summary>
    /// <param name="note">The note that was given and read; null where nobody had the watch, or where a lead takes it with a reason.</param>
    public async Task<Outcome<Done>> TakeAsync(ActingPrincipal actor, Guid? note, string reason, CancellationToken cancellationToken)
    {
        var home = actor.Home;
        await using var session = await EnterAsync(actor, "watch", cancellationToken);
        var watch = await session.Db.Set<Watch>().FirstOrDefaultAsync(each => each.ForceId == home, cancellationToken);
        if (watch?.PersonId == actor.Subject) return Failure.Conflict("You have the watch already.");
        HandOverNote? given = null;
        if (watch is { PersonId.Length: > 0 })
        {
            if (note is { } id)
            {
                var writer = watch.PersonId;
                given = await session.Db.Set<HandOverNote>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken);
                if (given is null) return Failure.NotFound;
                if (given.GivenAt is null) return Failure.Conflict($"{given.WrittenBy} has not given this note yet. Ask for it.");
                if (given.SeenAt is not null) return Failure.Conflict($"{given.SeenBy} has taken the watch with this note already. Look who has it now.");
                if (given.WrittenById != writer) return Failure.Conflict($"{watch.Person} has the watch now, and this note is of somebody else. Ask for a new one.");
            }
            else
            {
                if (!actor.May(Permissions.ShiftsLead, home)) return Failure.Conflict($"{watch.Person} has the watch. It passes with a hand-over note: ask for it, or ask a lead to take it.");
                if (IncidentInput.Sentence(reason, "reason", 500) is { } fault) return fault with { Message = $"{watch.Person} has the watch and has given no note. Say why you take it without one." };
            }
        }

        var name = RunOperations.Name(actor);
        var from = watch is { PersonId.Length: > 0 } ? watch.Person : null;
        if (given is not null) (given.SeenBy, given.SeenAt) = (name, session.Now);
        if (watch is null) session.Db.Add(new Watch { Id = Guid.CreateVersion7(session.Now), ForceId = home, PersonId = actor.Subject, Person = name, Since = session.Now });
        else (watch.PersonId, watch.Person, watch.Since) = (actor.Subject, name, session.Now);
        session.Db.Add(new WatchTurn
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = home, Person = name, TakenAt = session.Now, From = from, NoteId = given?.Id, Reason = given is null && from is not null ? reason.Trim() : "",
        });
        session.Record(home, "watch", from is null ? "The watch was taken." : given is null ? "The watch was taken without a hand-over note." : "The watch was handed over.");
        try
        {
            return await SavedAsync(session, home, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Two took the first watch of an organisation in the same moment.
            return Failure.Conflict("Somebody else took the watch in the same moment. Look who has it now.");
        }
    }

    /// <summary>Begins a note from what is open, as far as its writer may see.</summary>
    public async Task<Outcome<Guid>> DraftAsync(ActingPrincipal actor, CancellationToken cancellationToken)
    {
        var (home, none) = (actor.Home, (string?)null);
        // A force hands over what is its own; the Centre all that it sees.
        ForceId? of = actor.IsCentre ? null : home;
        await using var session = await EnterAsync(actor, "hand-over", cancellationToken);
        if (await session.Db.Set<Watch>().AsNoTracking().FirstOrDefaultAsync(each => each.ForceId == home, cancellationToken) is not { } watch || watch.PersonId != actor.Subject)
            return Failure.Conflict("Whoever has the watch writes the hand-over note. Take the watch first.");
        var facts = new HandOverFacts(
            home, session.Now,
            actor.Holds(Permissions.IncidentsRead) ? await clocks.OpenAsync(actor, of, none, false, MostListed, cancellationToken) : [],
            actor.Holds(Permissions.IncidentsRead) ? await incidents.ListAsync(actor, new IncidentFilter { Force = of, Take = MostListed }, cancellationToken) : [],
            actor.Holds(Permissions.RunsRead) ? await runs.WaitingAsync(actor, of, none, cancellationToken) : [],
            actor.Holds(Permissions.NoticesRead) ? await outbox.ListAsync(actor, true, none, cancellationToken) : [],
            actor.Holds(Permissions.AlertsRead) ? await alerts.OldestNewAsync(actor, of, MostListed, none, false, cancellationToken) : null);
        var text = RunOperations.Cut(HandOverText.Of(facts), HandOverNote.LongestWords);
        var note = new HandOverNote
        {
            Id = Guid.CreateVersion7(session.Now), ForceId = home, WrittenById = actor.Subject, WrittenBy = RunOperations.Name(actor), WrittenAt = session.Now, Generated = text, Words = text,
        };
        session.Db.Add(note);
        session.Record(home, $"hand-over/{note.Id}", "A hand-over note was begun.");
        var saved = await SavedAsync(session, home, cancellationToken);
        return saved.Succeeded ? note.Id : saved.Failure;
    }

    /// <summary>Writes into a note that is not given yet, or gives it.</summary>
    public async Task<Outcome<Done>> WriteAsync(ActingPrincipal actor, Guid id, string words, bool gives, uint? version, CancellationToken cancellationToken)
    {
        if (IncidentInput.Sentence(words, "words", HandOverNote.LongestWords) is { } fault) return fault;
        var home = actor.Home;
        await using var session = await EnterAsync(actor, $"hand-over/{id}", cancellationToken);
        if (await session.Db.Set<HandOverNote>().FirstOrDefaultAsync(each => each.Id == id && each.ForceId == home, cancellationToken) is not { } note) return Failure.NotFound;
        if (version is { } known && known != note.Version) return Failure.Conflict("The note has changed in the meantime. Look at it again and repeat your change.");
        if (note.WrittenById != actor.Subject) return Failure.Conflict($"{note.WrittenBy} writes this note.");
        if (note.GivenAt is not null) return Failure.Conflict("The note is given, and stays as it is. Write what came later into a new one.");
        note.Words = words.Trim();
        if (gives)
        {
            note.GivenAt = session.Now;
            session.Record(home, $"hand-over/{id}", "A hand-over note was given.");
        }

        return await SavedAsync(session, home, cancellationToken);
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, string subject, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(Permissions.ShiftsTake) { Force = actor.Home, Subject = subject, Reason = actor.StatedReason }, cancellationToken);

    private async Task<Outcome<Done>> SavedAsync(HouseSession session, ForceId home, CancellationToken cancellationToken)
    {
        var saved = await session.CommitAsync(cancellationToken);
        if (saved.Succeeded) signal.Raise(home);
        return saved;
    }
}
