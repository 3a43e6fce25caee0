using System.Globalization;
using System.Text.Json.Nodes;
using Watchhouse.Federation.People;
using Watchhouse.Federation.Scim.Groups;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.Scim.Users;

/// <summary>A person with the roles they hold now.</summary>
internal sealed record UserRecord(Person Person, IReadOnlyList<Role> Roles)
{
    public string ETag => ETags.Of(Person.Version);
}

/// <summary>A person as a SCIM resource (RFC 7643 section 4.1).</summary>
internal static class UserDocument
{
    public static JsonObject Of(UserRecord record, ScimAddresses addresses)
    {
        var person = record.Person;
        var document = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrns.User),
            ["id"] = person.Id.ToString(),
        };
        Set(document, "externalId", person.ExternalId);
        document["userName"] = person.Email;
        var name = new JsonObject { ["formatted"] = person.Name };
        Set(name, "familyName", person.FamilyName);
        Set(name, "givenName", person.GivenName);
        document["name"] = name;
        document["displayName"] = person.Name;
        Set(document, "title", person.JobTitle);
        document["active"] = person.MaySignIn;
        document["emails"] = new JsonArray(new JsonObject
        {
            ["value"] = person.WorkEmail ?? person.Email,
            ["type"] = "work",
            ["primary"] = true,
        });
        if (record.Roles.Count > 0)
        {
            document["groups"] = new JsonArray([.. record.Roles.Order().Select(role => new JsonObject
            {
                ["value"] = ScimRoles.Word(role),
                ["$ref"] = addresses.Group(role),
                ["display"] = role.Describe().Title,
            })]);
            document["roles"] = new JsonArray([.. record.Roles.Order().Select(role => new JsonObject
            {
                ["value"] = ScimRoles.Word(role),
                ["display"] = role.Describe().Title,
            })]);
        }

        document["meta"] = new JsonObject
        {
            ["resourceType"] = "User",
            ["created"] = Moment(person.JoinedAt),
            ["lastModified"] = Moment(person.ChangedAt ?? person.JoinedAt),
            ["location"] = addresses.User(person.Id),
            ["version"] = record.ETag,
        };
        return document;
    }

    private static void Set(JsonObject document, string name, string? value)
    {
        // An attribute without a value is left out (RFC 7643 section 2.5).
        if (value is not null) document[name] = value;
    }

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
