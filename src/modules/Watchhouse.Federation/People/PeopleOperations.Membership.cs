using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.People;

/// <summary>Who is to hold one role: some more, some fewer, or exactly these.</summary>
/// <param name="Role">The role.</param>
/// <param name="OnlyAdded">True ends the role of everybody who is not among the added.</param>
/// <param name="Added">Who gets it.</param>
/// <param name="Removed">Who loses it; those who do not hold it are passed over.</param>
internal sealed record MembershipOptions(
    Role Role, bool OnlyAdded, IReadOnlySet<PersonId> Added, IReadOnlySet<PersonId> Removed);

internal sealed partial class PeopleOperations
{
    /// <summary>Written for a directory that gives or takes the administrator's role, so that an auditor finds it at once.</summary>
    public const string AdministratorByDirectory = "people.provision.administrator";

    // Databases bound the number of parameters of one query.
    private const int Chunk = 500;

    /// <summary>
    /// Gives and takes one role for many people in one transaction, with an audit entry for each person: the groups of
    /// a directory. Unknown people among the added fail the whole.
    /// </summary>
    public async Task<Outcome<Done>> SetMembersAsync(
        ActingPrincipal actor, StatusOptions options, MembershipOptions members, CancellationToken cancellationToken)
    {
        if (PeopleRules.RolesAt([members.Role], options.Force) is { } invalid) return invalid;
        await using var session = await house.EnterAsync(actor,
            new Access(options.Using) { Force = options.Force, Reason = options.Reason }, cancellationToken);
        var db = session.Db;
        var held = await db.Set<RoleAssignment>()
            .Where(r => r.ForceId == options.Force && r.Role == members.Role && r.Until == null)
            .ToListAsync(cancellationToken);
        var holders = held.Select(r => r.PersonId).ToHashSet();
        var gaining = members.Added.Where(id => !holders.Contains(id)).ToList();
        var losing = held
            .Where(r => members.OnlyAdded ? !members.Added.Contains(r.PersonId) : members.Removed.Contains(r.PersonId))
            .ToList();

        var people = await PeopleAsync(session, options, [.. gaining, .. losing.Select(r => r.PersonId)], cancellationToken);
        foreach (var id in gaining)
        {
            if (!people.TryGetValue(id, out var person))
                return Failure.Invalid($"'{id}' is nobody of this organisation. Create the person first, then add them.", "members");
            db.Add(new RoleAssignment
            {
                PersonId = id,
                ForceId = person.ForceId,
                Role = members.Role,
                From = session.Now,
                GivenBy = actor.Name,
            });
            Note(session, person, members.Role, given: true);
        }

        foreach (var role in losing)
        {
            (role.Until, role.EndedBy) = (session.Now, actor.Name);
            if (people.TryGetValue(role.PersonId, out var person)) Note(session, person, members.Role, given: false);
        }

        return gaining.Count + losing.Count == 0 ? default(Done) : await session.CommitAsync(cancellationToken);
    }

    private static async Task<Dictionary<PersonId, Person>> PeopleAsync(
        HouseSession session, StatusOptions options, List<PersonId> ids, CancellationToken cancellationToken)
    {
        var people = new Dictionary<PersonId, Person>();
        foreach (var some in ids.Distinct().Chunk(Chunk))
        {
            var wanted = some.ToList();
            foreach (var person in await session.Db.Set<Person>()
                         .Where(p => p.ForceId == options.Force && p.Status != PersonStatus.Left && wanted.Contains(p.Id))
                         .ToListAsync(cancellationToken))
                people[person.Id] = person;
        }

        return people;
    }

    private static void Note(HouseSession session, Person person, Role role, bool given)
    {
        // What the person may do changed, so the version rises and open screens ask anew.
        session.Db.Entry(person).State = EntityState.Modified;
        person.ChangedAt = session.Now;
        var title = role.Describe().Title;
        session.Record(person.ForceId, Subject(person),
            given ? $"{person.Name} got the role '{title}'." : $"{person.Name} lost the role '{title}'.",
            new Dictionary<string, FieldChange> { ["role"] = given ? new(null, title) : new(title, null) },
            action: role is Role.ForceAdministrator or Role.CentreAdministrator ? AdministratorByDirectory : null);
    }
}
