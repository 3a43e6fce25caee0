using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>Reads for the job that sends notices where people of an organisation are written to, as it is at this moment.</summary>
internal sealed class Addressees(IHouse house) : IAddressees
{
    private const int Most = 500;
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("addressees");

    public async Task<IReadOnlyList<Addressee>> OfAsync(ForceId home, IReadOnlyCollection<Role> roles, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken)
    {
        if (roles.Count == 0 && people.Count == 0) return [];
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleRead) { Logged = false }, cancellationToken);
        var (wanted, named, now) = (roles.ToList(), people.Take(Most).Select(id => new PersonId(id)).ToList(), session.Now);
        var holding = session.Db.Set<RoleAssignment>().Where(held => held.ForceId == home && wanted.Contains(held.Role) && (held.Until == null || held.Until > now))
            .Select(held => held.PersonId);
        var found = await session.Db.Set<Person>().AsNoTracking()
            .Where(person => person.ForceId == home && (person.Status == PersonStatus.Invited || person.Status == PersonStatus.Active)
                && (named.Contains(person.Id) || holding.Contains(person.Id)))
            .OrderBy(person => person.Name).Take(Most).Select(person => new { person.Id, person.Name, person.Email, person.WorkEmail }).ToListAsync(cancellationToken);
        return [.. found.Select(person => new Addressee(person.Id.Value, person.Name, person.WorkEmail ?? person.Email))];
    }

    public async Task<IReadOnlyList<Guid>> GoneAsync(ForceId home, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleRead) { Logged = false }, cancellationToken);
        var asked = people.Select(id => new PersonId(id)).ToList();
        var there = await session.Db.Set<Person>().AsNoTracking()
            .Where(person => person.ForceId == home && person.Status != PersonStatus.Left && asked.Contains(person.Id)).Select(person => person.Id).ToListAsync(cancellationToken);
        return [.. people.Except(there.Select(id => id.Value))];
    }
}
