using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Scim.Users;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Scim.Groups;

/// <summary>Which group of the directory stands for which role. One group, one role.</summary>
internal sealed class GroupLinks(IHouse house)
{
    /// <summary>Refuses an id that another role's group has, or a second group for one role.</summary>
    public async Task RequireFreeAsync(ActingPrincipal actor, Role role, string externalId, CancellationToken cancellationToken)
    {
        if (externalId.Length is 0 or > ScimModel.LongestExternalId || externalId.Any(char.IsControl))
            throw ScimException.Bad(ScimErrors.InvalidValue,
                $"'externalId' has between 1 and {ScimModel.LongestExternalId} characters and no control characters.");
        await using var session = await ScimUsers.EnterAsync(house, actor, cancellationToken);
        var other = await session.Db.Set<ScimGroup>().AsNoTracking()
            .Where(g => g.ForceId == actor.Home && g.ExternalId == externalId && g.Role != role)
            .FirstOrDefaultAsync(cancellationToken);
        if (other is not null) throw Taken(other.Role);
    }

    public async Task SetAsync(ActingPrincipal actor, Role role, string? externalId, CancellationToken cancellationToken)
    {
        await using var session = await ScimUsers.EnterAsync(house, actor, cancellationToken);
        var link = await session.Db.Set<ScimGroup>()
            .SingleOrDefaultAsync(g => g.ForceId == actor.Home && g.Role == role, cancellationToken);
        if (link?.ExternalId == externalId) return;
        session.Record(actor.Home, $"group/{ScimRoles.Word(role)}",
            $"The directory's group for the role '{role.Describe().Title}' was {(externalId is null ? "unlinked" : "linked")}.",
            new Dictionary<string, FieldChange> { ["externalId"] = new(link?.ExternalId, externalId) });
        if (externalId is null) session.Db.Remove(link!);
        else if (link is null) session.Db.Add(new ScimGroup { ForceId = actor.Home, Role = role, ExternalId = externalId });
        else link.ExternalId = externalId;
        try
        {
            await session.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Two requests at once: the unique index let one of them through.
            throw new ScimException(409, ScimErrors.Uniqueness, "Another group was linked at the same moment. Get the group and try again.");
        }
    }

    private static ScimException Taken(Role role) => new(409, ScimErrors.Uniqueness,
        $"This group of the directory is linked to the role '{role.Describe().Title}' already. Use a group of its own for each role.");
}
