using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim.Web;

namespace Watchhouse.Federation.Scim.Schemas;

/// <summary>What the service says of itself (RFC 7643 sections 5 to 7, RFC 7644 section 4).</summary>
internal static class Discovery
{
    public static JsonObject Configuration(ScimAddresses addresses) => new()
    {
        ["schemas"] = new JsonArray(ScimUrns.Configuration),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimQuery.MostResults },
        ["changePassword"] = Supported(false),
        ["sort"] = Supported(false),
        ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken",
            ["name"] = "Bearer token",
            ["description"] = "A key of a provisioning client of the organisation, or an access token of its client credentials.",
            ["specUri"] = "https://www.rfc-editor.org/info/rfc6750",
            ["primary"] = true,
        }),
        ["meta"] = Meta("ServiceProviderConfig", $"{addresses.Base}/ServiceProviderConfig"),
    };

    public static JsonObject ResourceType(ScimKind kind, ScimAddresses addresses) => new()
    {
        ["schemas"] = new JsonArray(ScimUrns.ResourceType),
        ["id"] = kind.Name,
        ["name"] = kind.Name,
        ["endpoint"] = "/" + kind.Plural,
        ["description"] = kind.Description,
        ["schema"] = kind.Urn,
        ["meta"] = Meta("ResourceType", $"{addresses.Base}/ResourceTypes/{kind.Name}"),
    };

    public static JsonObject Schema(ScimKind kind, ScimAddresses addresses) => new()
    {
        ["schemas"] = new JsonArray(ScimUrns.Schema),
        ["id"] = kind.Urn,
        ["name"] = kind.Name,
        ["description"] = kind.Description,
        // Common attributes are part of every resource and of no schema (RFC 7643 section 3.1).
        ["attributes"] = new JsonArray([.. kind.Own.Select(Attribute)]),
        ["meta"] = Meta("Schema", $"{addresses.Base}/Schemas/{kind.Urn}"),
    };

    private static JsonObject Attribute(ScimAttribute attribute)
    {
        var description = new JsonObject
        {
            ["name"] = attribute.Name,
            ["type"] = attribute.Type switch
            {
                ScimType.String => "string",
                ScimType.Boolean => "boolean",
                ScimType.DateTime => "dateTime",
                ScimType.Reference => "reference",
                _ => "complex",
            },
            ["multiValued"] = attribute.MultiValued,
            ["description"] = attribute.Description,
            ["required"] = attribute.Required,
            ["caseExact"] = attribute.CaseExact,
            ["mutability"] = attribute.Mutability switch
            {
                ScimMutability.ReadOnly => "readOnly",
                ScimMutability.Immutable => "immutable",
                _ => "readWrite",
            },
            ["returned"] = attribute.Always ? "always" : "default",
            ["uniqueness"] = attribute.Unique ? "server" : "none",
        };
        if (attribute.Type == ScimType.Reference)
            description["referenceTypes"] = new JsonArray(attribute.Name == "$ref" ? ["User", "Group"] : ["uri"]);
        if (attribute.Parts.Length > 0)
            description["subAttributes"] = new JsonArray([.. attribute.Parts.Select(Attribute)]);
        return description;
    }

    private static JsonObject Supported(bool supported) => new() { ["supported"] = supported };

    private static JsonObject Meta(string type, string location) => new() { ["resourceType"] = type, ["location"] = location };
}
