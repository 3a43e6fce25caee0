using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Organisations;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

internal sealed partial class PeopleOperations
{
    /// <summary>
    /// The person goes to another organisation, whose administrator gives new roles. Every role ends and every session
    /// with it; the old organisation keeps its audit trail and loses sight of the person.
    /// </summary>
    public async Task<Outcome<Person>> MoveAsync(
        ActingPrincipal actor, PersonId id, StatusOptions options, ForceId to, CancellationToken cancellationToken)
    {
        // The actor's right is checked on the old home; the job writes, because the new home is not the actor's.
        if (actor.Kind != PrincipalKind.System && !actor.May(options.Using, options.Force)) return Failure.NotFound;
        if (to == options.Force) return Failure.Invalid("The person is there already.", "to");

        await using var session = await house.EnterAsync(ActingPrincipal.ForJob("move person"),
            new Access(options.Using) { Reason = options.Reason, RecordedAs = actor }, cancellationToken);
        var today = DateOnly.FromDateTime(session.Now.UtcDateTime);
        var target = await session.Db.Set<Organisation>().SingleOrDefaultAsync(o => o.Id == to, cancellationToken);
        if (target is null || !target.ExistsOn(today))
            return Failure.Invalid("There is no such organisation today.", "to");
        if (await FindAsync(session, options.Force, id, cancellationToken) is not { Status: not PersonStatus.Left } person)
            return Failure.NotFound;

        var open = await EndRolesAndSessionsAsync(session, person, actor.Name, "You moved to another organisation.", cancellationToken);
        var from = person.ForceId;
        session.Record(from, Subject(person), $"{person.Name} moved to {target.ShortName}.",
            new Dictionary<string, FieldChange> { ["force"] = new(from.Value, to.Value) }, AuditOperation.Disclosure, "people.moved");
        session.Record(to, Subject(person), $"{person.Name} came from {from}.",
            new Dictionary<string, FieldChange> { ["force"] = new(from.Value, to.Value) }, AuditOperation.Collection, "people.moved");
        person.ForceId = to;
        person.ExternalId = null;
        person.JobTitle = null;
        person.WorkEmail = null;
        person.Status = PersonStatus.Invited;
        return await SavedAndSignedOutAsync(session, person, open, cancellationToken);
    }

    /// <summary>The person left. Roles and sessions end now; the record stays for the audit.</summary>
    public Task<Outcome<Person>> LeaveAsync(
        ActingPrincipal actor, PersonId id, StatusOptions options, CancellationToken cancellationToken) =>
        EndAsync(actor, id, options, PersonStatus.Left, cancellationToken);

    /// <summary>Keeps the person out for a time; roles stay and wait.</summary>
    public Task<Outcome<Person>> SuspendAsync(
        ActingPrincipal actor, PersonId id, StatusOptions options, CancellationToken cancellationToken) =>
        EndAsync(actor, id, options, PersonStatus.Suspended, cancellationToken);

    /// <summary>Lets a suspended person in again.</summary>
    public async Task<Outcome<Person>> ReinstateAsync(
        ActingPrincipal actor, PersonId id, StatusOptions options, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, options.Using, options.Force, id, options.Reason, cancellationToken);
        if (await FindAsync(session, options.Force, id, cancellationToken) is not { } person) return Failure.NotFound;
        if (person.Status == PersonStatus.Left)
            return Failure.Conflict($"{person.Name} has left. Take the person in again.");
        if (person.Status != PersonStatus.Suspended) return person;
        person.Status = PersonStatus.Active;
        session.Record(person.ForceId, Subject(person), $"{person.Name} may sign in again.",
            new Dictionary<string, FieldChange> { ["status"] = new("Suspended", "Active") });
        return await SavedAsync(session, person, cancellationToken);
    }

    /// <summary>Signs the person out everywhere.</summary>
    public async Task<Outcome<Person>> SignOutAsync(
        ActingPrincipal actor, PersonId id, StatusOptions options, CancellationToken cancellationToken)
    {
        await using var session = await EnterAsync(actor, options.Using, options.Force, id, options.Reason, cancellationToken);
        if (await FindAsync(session, options.Force, id, cancellationToken) is not { } person) return Failure.NotFound;
        var open = await Sessions.OpenOfAsync(session.Db, id, cancellationToken);
        if (open.Count == 0) return person;
        Sessions.End(session, open, "An administrator signed you out.");
        return await SavedAndSignedOutAsync(session, person, open, cancellationToken);
    }

    private async Task<Outcome<Person>> EndAsync(ActingPrincipal actor, PersonId id, StatusOptions options,
        PersonStatus status, CancellationToken cancellationToken)
    {
        if (actor.Subject == id.ToString())
            return Failure.Refused("Nobody does this to themselves: the organisation could be left without an administrator. Ask another one.");
        await using var session = await EnterAsync(actor, options.Using, options.Force, id, options.Reason, cancellationToken);
        if (await FindAsync(session, options.Force, id, cancellationToken) is not { } person) return Failure.NotFound;
        if (person.Status == status || person.Status == PersonStatus.Left) return person;

        List<Session> open;
        if (status == PersonStatus.Left)
        {
            person.LeftAt = session.Now;
            open = await EndRolesAndSessionsAsync(session, person, actor.Name, "You no longer work for this organisation.", cancellationToken);
        }
        else
        {
            open = await Sessions.OpenOfAsync(session.Db, id, cancellationToken);
            Sessions.End(session, open, "Your access is suspended. Ask your force administrator.");
        }

        var before = person.Status;
        person.Status = status;
        session.Record(person.ForceId, Subject(person),
            status == PersonStatus.Left ? $"{person.Name} left." : $"{person.Name} was suspended.",
            new Dictionary<string, FieldChange> { ["status"] = new(before.ToString(), status.ToString()) });
        return await SavedAndSignedOutAsync(session, person, open, cancellationToken);
    }

    private static async Task<List<Session>> EndRolesAndSessionsAsync(
        HouseSession session, Person person, string by, string because, CancellationToken cancellationToken)
    {
        var held = await session.Db.Set<RoleAssignment>().Where(r => r.PersonId == person.Id && r.Until == null).ToListAsync(cancellationToken);
        foreach (var role in held) (role.Until, role.EndedBy) = (session.Now, by);
        var open = await Sessions.OpenOfAsync(session.Db, person.Id, cancellationToken);
        Sessions.End(session, open, because);
        return open;
    }

    private async Task<Outcome<Person>> SavedAndSignedOutAsync(
        HouseSession session, Person person, List<Session> open, CancellationToken cancellationToken)
    {
        var saved = await SavedAsync(session, person, cancellationToken);
        if (saved.Succeeded) ends.Raise(open.Select(s => s.Id.Value));
        return saved;
    }
}
