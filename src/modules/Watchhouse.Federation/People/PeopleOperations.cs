using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Organisations;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>
/// Joiners, movers and leavers. A joiner gets what was asked for and no more; a mover loses what the old post gave; a
/// leaver is signed out everywhere at once. Everything is dated, nothing is deleted.
/// </summary>
internal sealed partial class PeopleOperations(IHouse house, SessionEnds ends)
{
    /// <summary>Takes a person in. They sign in once they have a credential: an invitation, or their force's directory.</summary>
    public async Task<Outcome<Person>> JoinAsync(ActingPrincipal actor, JoinOptions options, CancellationToken cancellationToken)
    {
        var email = options.Email.Trim().ToLowerInvariant();
        if ((PeopleRules.Name(options.Name) ?? PeopleRules.Email(email) ?? PeopleRules.Text(options.JobTitle, "jobTitle")
                ?? PeopleRules.Text(options.ExternalId, "externalId") ?? PeopleRules.Directory(options.GivenName, options.FamilyName, options.WorkEmail)
                ?? PeopleRules.RolesAt(options.Roles, options.Force)) is { } invalid)
            return invalid;

        await using var session = await EnterToJoinAsync(actor, options, cancellationToken);
        var db = session.Db;
        var today = DateOnly.FromDateTime(session.Now.UtcDateTime);
        var organisation = await db.Set<Organisation>().SingleOrDefaultAsync(o => o.Id == options.Force, cancellationToken);
        if (organisation is null || !organisation.ExistsOn(today)) return Failure.NotFound;
        if (options.ExternalId is { } external && await db.Set<Person>().AnyAsync(
                p => p.ForceId == options.Force && p.ExternalId == external && p.Status != PersonStatus.Left, cancellationToken))
            return ExternalIdTaken;

        var person = new Person
        {
            Id = session.NewId<PersonId>(),
            ForceId = options.Force,
            Name = options.Name.Trim(),
            GivenName = Blank(options.GivenName),
            FamilyName = Blank(options.FamilyName),
            Email = email,
            WorkEmail = Blank(options.WorkEmail),
            JobTitle = Blank(options.JobTitle),
            ExternalId = Blank(options.ExternalId),
            Status = options.Suspended ? PersonStatus.Suspended : PersonStatus.Invited,
            JoinedAt = session.Now,
        };
        db.Add(person);
        foreach (var role in options.Roles.Distinct())
            db.Add(new RoleAssignment { PersonId = person.Id, ForceId = person.ForceId, Role = role, From = session.Now, GivenBy = actor.Name });
        session.Record(person.ForceId, Subject(person), $"{person.Name} joined {organisation.ShortName}.",
            new Dictionary<string, FieldChange>
            {
                ["email"] = new(null, person.Email),
                ["roles"] = new(null, Words(options.Roles)),
            }, AuditOperation.Collection);
        return await SavedAsync(session, person, cancellationToken);
    }

    /// <summary>Corrects what is known of a person.</summary>
    public async Task<Outcome<Person>> ChangeAsync(
        ActingPrincipal actor, PersonId id, ChangeOptions options, CancellationToken cancellationToken)
    {
        var email = options.Email?.Trim().ToLowerInvariant();
        if (((options.Name is null ? null : PeopleRules.Name(options.Name)) ?? (email is null ? null : PeopleRules.Email(email))
                ?? PeopleRules.Text(options.JobTitle, "jobTitle") ?? PeopleRules.Text(options.ExternalId, "externalId")) is { } invalid)
            return invalid;

        await using var session = await EnterAsync(actor, options.Using, options.Force, id, options.Reason, cancellationToken);
        if (await FindAsync(session, options.Force, id, cancellationToken) is not { } person) return Failure.NotFound;
        var changes = new Dictionary<string, FieldChange>();
        if (options.Name?.Trim() is { } name && name != person.Name)
            (changes["name"], person.Name) = (new(person.Name, name), name);
        if (email is not null && email != person.Email)
            (changes["email"], person.Email) = (new(person.Email, email), email);
        if (options.JobTitle is not null && Blank(options.JobTitle) != person.JobTitle)
            (changes["jobTitle"], person.JobTitle) = (new(person.JobTitle, options.JobTitle), Blank(options.JobTitle));
        if (options.ExternalId is not null && Blank(options.ExternalId) != person.ExternalId)
            (changes["externalId"], person.ExternalId) = (new(person.ExternalId, options.ExternalId), Blank(options.ExternalId));
        if (changes.Count == 0) return person;

        session.Record(person.ForceId, Subject(person), $"Details of {person.Name} were changed.", changes);
        return await SavedAsync(session, person, cancellationToken);
    }

    /// <summary>
    /// Gives exactly these roles: missing ones end, new ones begin. Nobody changes their own, so that no single person
    /// can widen what they may do.
    /// </summary>
    public async Task<Outcome<Person>> SetRolesAsync(ActingPrincipal actor, PersonId id, StatusOptions options,
        IReadOnlyList<Role> roles, CancellationToken cancellationToken)
    {
        if (PeopleRules.RolesAt(roles, options.Force) is { } invalid) return invalid;
        if (actor.Subject == id.ToString())
            return Failure.Refused("Nobody changes their own roles. Ask another administrator of your organisation.");

        await using var session = await EnterAsync(actor, options.Using, options.Force, id, options.Reason, cancellationToken);
        if (await FindAsync(session, options.Force, id, cancellationToken) is not { } person) return Failure.NotFound;
        if (person.Status == PersonStatus.Left)
            return Failure.Conflict($"{person.Name} has left, so no role can be given. Take the person in again.");

        var held = await session.Db.Set<RoleAssignment>().Where(r => r.PersonId == id && r.Until == null).ToListAsync(cancellationToken);
        var before = held.Select(r => r.Role).ToHashSet();
        if (before.SetEquals(roles)) return person;
        foreach (var gone in held.Where(r => !roles.Contains(r.Role)))
            (gone.Until, gone.EndedBy) = (session.Now, actor.Name);
        foreach (var role in roles.Distinct().Where(r => !before.Contains(r)))
            session.Db.Add(new RoleAssignment { PersonId = id, ForceId = person.ForceId, Role = role, From = session.Now, GivenBy = actor.Name });
        session.Db.Entry(person).State = EntityState.Modified;
        session.Record(person.ForceId, Subject(person), $"The roles of {person.Name} were changed.",
            new Dictionary<string, FieldChange> { ["roles"] = new(Words(before), Words(roles)) });
        return await SavedAsync(session, person, cancellationToken);
    }

    private async Task<HouseSession> EnterToJoinAsync(ActingPrincipal actor, JoinOptions options, CancellationToken cancellationToken)
    {
        var access = new Access(options.Using) { Force = options.Force, Reason = options.Reason };
        if (actor.Kind == PrincipalKind.System || actor.May(options.Using, options.Force) || !actor.Holds(Permissions.PeopleAppoint)
            || options.Roles is not [Role.ForceAdministrator])
            return await house.EnterAsync(actor, access, cancellationToken);

        // The Centre opens the door of a force once: while it has no administrator of its own.
        var session = await house.EnterAsync(ActingPrincipal.ForJob("appoint first administrator"),
            access with { Permission = Permissions.PeopleAppoint, RecordedAs = actor }, cancellationToken);
        if (!await session.Db.Set<RoleAssignment>().AnyAsync(
                r => r.ForceId == options.Force && r.Role == Role.ForceAdministrator && r.Until == null, cancellationToken))
            return session;
        await session.DisposeAsync();
        throw new AccessRefusedException(Failure.NotFound);
    }

    private Task<HouseSession> EnterAsync(ActingPrincipal actor, Permission permission, ForceId force, PersonId id,
        string? reason, CancellationToken cancellationToken) =>
        house.EnterAsync(actor, new Access(permission) { Force = force, Subject = $"person/{id}", Reason = reason }, cancellationToken);

    private static Task<Person?> FindAsync(HouseSession session, ForceId force, PersonId id, CancellationToken cancellationToken) =>
        session.Db.Set<Person>().SingleOrDefaultAsync(p => p.Id == id && p.ForceId == force, cancellationToken);

    private static readonly Failure ExternalIdTaken = new(FailureKind.Conflict,
        "Somebody of this organisation has this external id already. Change that person instead.", "externalId");

    private static async Task<Outcome<Person>> SavedAsync(HouseSession session, Person person, CancellationToken cancellationToken)
    {
        if (session.Db.Entry(person).State == EntityState.Modified) person.ChangedAt = session.Now;
        try
        {
            var saved = await session.CommitAsync(cancellationToken);
            return saved.Succeeded ? person : saved.Failure;
        }
        catch (DbUpdateException e) when (e.InnerException?.Message is { } message
            && (message.Contains("UNIQUE", StringComparison.Ordinal) || message.Contains("23505", StringComparison.Ordinal)))
        {
            // The address may belong to somebody of another force, whose existence is not this actor's business.
            return new Failure(FailureKind.Conflict, "This e-mail address cannot be used here. If the person comes from another "
                + "organisation, ask its administrator to move them; otherwise use another address.", "email");
        }
    }

    private static string Subject(Person person) => $"person/{person.Id}";

    private static string Words(IEnumerable<Role> roles) => string.Join(", ", roles.Distinct().Order().Select(r => r.Describe().Title));

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
