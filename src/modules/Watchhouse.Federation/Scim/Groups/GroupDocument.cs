using System.Text.Json.Nodes;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.Scim.Groups;

/// <summary>Somebody who holds the role.</summary>
internal sealed record GroupMember(PersonId Id, string Name);

/// <summary>A role as a SCIM group (RFC 7643 section 4.2).</summary>
internal static class GroupDocument
{
    /// <param name="role">The role.</param>
    /// <param name="externalId">The directory's id of its group, if it linked one.</param>
    /// <param name="members">Null when the client did not ask for them.</param>
    /// <param name="addresses">Where the client reached the service.</param>
    public static JsonObject Of(Role role, string? externalId, IEnumerable<GroupMember>? members, ScimAddresses addresses)
    {
        var document = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.Group),
            ["id"] = ScimRoles.Word(role),
        };
        if (externalId is not null) document["externalId"] = externalId;
        document["displayName"] = role.Describe().Title;
        if (members is not null)
            document["members"] = new JsonArray([.. members.Select(m => new JsonObject
            {
                ["value"] = m.Id.ToString(),
                ["$ref"] = addresses.User(m.Id),
                ["type"] = "User",
                ["display"] = m.Name,
            })]);
        document["meta"] = new JsonObject
        {
            ["resourceType"] = "Group",
            ["location"] = addresses.Group(role),
        };
        return document;
    }
}
