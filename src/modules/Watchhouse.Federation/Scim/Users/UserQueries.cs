using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.People;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Scim.Users;

/// <summary>
/// Lists of users. The filters of directories (an address, an external id) are answered by the database; any other is
/// asked of each person in turn, streamed, so that memory holds one page.
/// </summary>
internal sealed class UserQueries(IHouse house)
{
    public async Task<ScimPage> ListAsync(
        ActingPrincipal actor, ScimQuery query, ScimAddresses addresses, CancellationToken cancellationToken)
    {
        var shape = FilterShape.Of(query.Filter);
        if (shape.Never) return new ScimPage(0, query.Start, []);
        await using var session = await ScimUsers.EnterAsync(house, actor, cancellationToken);
        var people = Narrowed(
            session.Db.Set<Person>().AsNoTracking().Where(p => p.ForceId == actor.Home && p.Status != PersonStatus.Left), shape);
        var roles = session.Db.Set<RoleAssignment>().AsNoTracking().Where(r => r.ForceId == actor.Home && r.Until == null);
        return shape.Exact
            ? await PageAsync(people, roles, query, addresses, cancellationToken)
            : await ScanAsync(people, roles, query, addresses, cancellationToken);
    }

    private static async Task<ScimPage> PageAsync(IQueryable<Person> people, IQueryable<RoleAssignment> roles,
        ScimQuery query, ScimAddresses addresses, CancellationToken cancellationToken)
    {
        var total = await people.CountAsync(cancellationToken);
        if (query.Count == 0 || query.Start > total) return new ScimPage(total, query.Start, []);
        var page = await people.OrderBy(p => p.Id).Skip(query.Start - 1).Take(query.Count).ToListAsync(cancellationToken);
        var ids = page.ConvertAll(p => p.Id);
        var held = (await roles.Where(r => ids.Contains(r.PersonId)).Select(r => new { r.PersonId, r.Role }).ToListAsync(cancellationToken))
            .ToLookup(r => r.PersonId, r => r.Role);
        return new ScimPage(total, query.Start,
            page.ConvertAll(p => Projected(UserDocument.Of(new UserRecord(p, [.. held[p.Id]]), addresses), query)));
    }

    private static async Task<ScimPage> ScanAsync(IQueryable<Person> people, IQueryable<RoleAssignment> roles,
        ScimQuery query, ScimAddresses addresses, CancellationToken cancellationToken)
    {
        var held = (await roles.Select(r => new { r.PersonId, r.Role }).ToListAsync(cancellationToken))
            .ToLookup(r => r.PersonId, r => r.Role);
        var total = 0;
        var page = new List<JsonObject>();
        await foreach (var person in people.OrderBy(p => p.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var document = UserDocument.Of(new UserRecord(person, [.. held[person.Id]]), addresses);
            if (!FilterEvaluator.Matches(query.Filter!, document, ScimSchemas.User)) continue;
            total++;
            if (total >= query.Start && page.Count < query.Count) page.Add(Projected(document, query));
        }

        return new ScimPage(total, query.Start, page);
    }

    private static IQueryable<Person> Narrowed(IQueryable<Person> people, FilterShape shape)
    {
        if (shape.Id is { } id) people = people.Where(p => p.Id == id);
        if (shape.UserName is { } userName) people = people.Where(p => p.Email == userName);
        if (shape.ExternalId is { } externalId) people = people.Where(p => p.ExternalId == externalId);
#pragma warning disable CA1304, CA1311, CA1862 // Translated to lower() of the database, and of ASCII letters alone.
        if (shape.DisplayName is { } name) people = people.Where(p => p.Name.ToLower() == name);
#pragma warning restore CA1304, CA1311, CA1862
        return people;
    }

    private static JsonObject Projected(JsonObject document, ScimQuery query) =>
        query.Projection.Apply(document, ScimSchemas.User);
}
