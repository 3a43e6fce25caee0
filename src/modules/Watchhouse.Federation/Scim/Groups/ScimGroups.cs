using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Patching;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Users;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Scim.Groups;

/// <summary>
/// The roles of the client's own organisation as SCIM groups. They exist by the permission table: a directory finds them,
/// links its own groups to them and says who is in them; it makes and deletes none.
/// </summary>
internal sealed class ScimGroups(IHouse house, PeopleOperations people, GroupLinks links)
{
    public async Task<ScimPage> ListAsync(
        ActingPrincipal actor, ScimQuery query, ScimAddresses addresses, CancellationToken cancellationToken)
    {
        var documents = await DocumentsAsync(actor, [.. ScimRoles.At(actor.Home)], addresses,
            query.Projection.Includes("members") || Mentions(query.Filter), cancellationToken);
        var fitting = documents
            .Where(d => query.Filter is null || FilterEvaluator.Matches(query.Filter, d, ScimSchemas.Group))
            .ToList();
        return new ScimPage(fitting.Count, query.Start,
            [.. fitting.Skip(query.Start - 1).Take(query.Count).Select(d => query.Projection.Apply(d, ScimSchemas.Group))]);
    }

    public async Task<JsonObject> GetAsync(ActingPrincipal actor, string id, Projection projection,
        ScimAddresses addresses, CancellationToken cancellationToken)
    {
        var documents = await DocumentsAsync(actor, [Known(actor, id)], addresses, projection.Includes("members"), cancellationToken);
        return projection.Apply(documents[0], ScimSchemas.Group);
    }

    /// <summary>
    /// Links the directory's group to the role that its name means, and adds the members sent. Those already there stay:
    /// a directory that takes over must not silently undo what administrators did by hand.
    /// </summary>
    /// <returns>The group's id.</returns>
    public async Task<string> MatchAsync(ActingPrincipal actor, JsonObject body, CancellationToken cancellationToken)
    {
        var group = ScimValues.Resource(body, ScimSchemas.Group);
        var name = ScimValues.Text(group["displayName"])
            ?? throw ScimException.Bad(ScimErrors.InvalidValue, "'displayName' is missing: the title of a role.");
        var role = ScimRoles.ByName(actor.Home, name) ?? throw ScimException.Bad(ScimErrors.InvalidValue,
            $"No role of {actor.Home} is called '{FilterText.Short(name)}'. A group stands for a role and bears its title: "
            + string.Join(", ", ScimRoles.At(actor.Home).Select(r => r.Describe().Title)) + ".");
        var change = new GroupChange { Links = group["externalId"] is not null, ExternalId = ScimValues.Text(group["externalId"]) };
        if (group["members"] is { } members) change.Add(GroupPatch.Ids(Members, members));
        if (change.ExternalId is { } externalId) await links.RequireFreeAsync(actor, role, externalId, cancellationToken);
        await ApplyAsync(actor, role, change, cancellationToken);
        return ScimRoles.Word(role);
    }

    public Task ReplaceAsync(ActingPrincipal actor, string id, JsonObject body, CancellationToken cancellationToken)
    {
        var role = Known(actor, id);
        var group = ScimValues.Resource(body, ScimSchemas.Group);
        var change = new GroupChange
        {
            DisplayName = ScimValues.Text(group["displayName"])
                ?? throw ScimException.Bad(ScimErrors.InvalidValue, "'displayName' is missing: the title of the role."),
            Links = true,
            ExternalId = ScimValues.Text(group["externalId"]),
        };
        change.Empty();
        if (group["members"] is { } members) change.Add(GroupPatch.Ids(Members, members));
        return ApplyAsync(actor, role, change, cancellationToken);
    }

    public Task PatchAsync(
        ActingPrincipal actor, string id, IReadOnlyList<PatchOperation> operations, CancellationToken cancellationToken) =>
        ApplyAsync(actor, Known(actor, id), GroupPatch.Read(operations), cancellationToken);

    /// <summary>The directory no longer has the group: nobody holds the role by it, and the link ends. The role remains.</summary>
    public Task DeleteAsync(ActingPrincipal actor, string id, CancellationToken cancellationToken)
    {
        var change = new GroupChange { Links = true };
        change.Empty();
        return ApplyAsync(actor, Known(actor, id), change, cancellationToken);
    }

    private async Task ApplyAsync(ActingPrincipal actor, Role role, GroupChange change, CancellationToken cancellationToken)
    {
        if (change.DisplayName is { } name && ScimRoles.ByName(actor.Home, name) != role)
            throw ScimException.Bad(ScimErrors.Mutability,
                $"The group stands for the role '{role.Describe().Title}' and keeps its title. Link another group of the directory to another role.");
        if (change is { Links: true, ExternalId: { } externalId })
            await links.RequireFreeAsync(actor, role, externalId, cancellationToken);
        if (change.ChangesMembers)
        {
            var members = new MembershipOptions(role, change.OnlyAdded, Added(change, actor.Home), Removed(change));
            var outcome = await people.SetMembersAsync(actor, ScimUsers.Options(actor), members, cancellationToken);
            // Somebody else changed one of the people at the same moment; the change holds whatever they did.
            for (var again = 1; again < ScimUsers.Attempts && outcome.Failure is { Kind: FailureKind.Conflict }; again++)
                outcome = await people.SetMembersAsync(actor, ScimUsers.Options(actor), members, cancellationToken);
            if (!outcome.Succeeded) throw ScimErrorFilter.Of(outcome.Failure);
        }

        if (change.Links) await links.SetAsync(actor, role, change.ExternalId, cancellationToken);
    }

    private static HashSet<PersonId> Added(GroupChange change, ForceId force)
    {
        var added = new HashSet<PersonId>();
        foreach (var id in change.Added)
            added.Add(ScimUsers.TryId(id, out var person) ? person
                : throw ScimException.Bad(ScimErrors.InvalidValue, $"'{FilterText.Short(id)}' is nobody of {force}. Create the person first, then add them."));
        return added;
    }

    /// <summary>An id that nobody has is nobody's membership; a repeated removal does no harm.</summary>
    private static HashSet<PersonId> Removed(GroupChange change)
    {
        var removed = new HashSet<PersonId>();
        foreach (var id in change.Removed)
            if (ScimUsers.TryId(id, out var person)) removed.Add(person);
        return removed;
    }

    private async Task<List<JsonObject>> DocumentsAsync(ActingPrincipal actor, List<Role> roles,
        ScimAddresses addresses, bool withMembers, CancellationToken cancellationToken)
    {
        await using var session = await ScimUsers.EnterAsync(house, actor, cancellationToken);
        var linked = await session.Db.Set<ScimGroup>().AsNoTracking().Where(g => g.ForceId == actor.Home)
            .ToDictionaryAsync(g => g.Role, g => g.ExternalId, cancellationToken);
        ILookup<Role, GroupMember>? members = null;
        if (withMembers)
        {
            var held = session.Db.Set<RoleAssignment>().AsNoTracking()
                .Where(r => r.ForceId == actor.Home && r.Until == null && roles.Contains(r.Role));
            var rows = await held.Join(session.Db.Set<Person>().AsNoTracking(), r => r.PersonId, p => p.Id,
                (r, p) => new { r.Role, p.Id, p.Name }).OrderBy(m => m.Id).ToListAsync(cancellationToken);
            members = rows.ToLookup(m => m.Role, m => new GroupMember(m.Id, m.Name));
        }

        return [.. roles.Select(r => GroupDocument.Of(r, linked.GetValueOrDefault(r), members?[r], addresses))];
    }

    private static Role Known(ActingPrincipal actor, string id) => ScimRoles.ById(actor.Home, id) ?? throw ScimException.NotFound();

    private static bool Mentions(ScimFilter? filter) => filter?.ToString().Contains("members", StringComparison.OrdinalIgnoreCase) == true;

    private static ScimAttribute Members { get; } = ScimAttribute.Find(ScimSchemas.Group.Own, "members")!;
}
