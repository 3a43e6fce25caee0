using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.People;

/// <summary>Reads for other modules who of an organisation may do something. Names and ids are all that leaves it.</summary>
internal sealed class Colleagues(IHouse house) : IColleagues
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("colleagues");

    public async Task<IReadOnlyList<Colleague>> HoldingAsync(ForceId home, Permission permission, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleRead) { Logged = false }, cancellationToken);
        var roles = permission.Roles.ToList();
        var now = session.Now;
        var holding = session.Db.Set<RoleAssignment>().Where(held => held.ForceId == home && roles.Contains(held.Role) && (held.Until == null || held.Until > now))
            .Select(held => held.PersonId);
        var people = await session.Db.Set<Person>().AsNoTracking()
            .Where(person => person.ForceId == home && (person.Status == PersonStatus.Invited || person.Status == PersonStatus.Active) && holding.Contains(person.Id))
            .OrderBy(person => person.Name).Take(500).Select(person => new { person.Id, person.Name }).ToListAsync(cancellationToken);
        return [.. people.Select(person => new Colleague(person.Id.ToString(), person.Name))];
    }
}
