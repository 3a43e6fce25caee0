using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>What the service can do (RFC 7644 section 4).</summary>
internal static class DiscoveryEndpoints
{
    public static void Map(RouteGroupBuilder scim)
    {
        scim.MapGet("/ServiceProviderConfig", (HttpRequest request) => Ok(Discovery.Configuration(ScimAddresses.Of(request))));
        scim.MapGet("/ResourceTypes", (HttpRequest request) => List(request, Discovery.ResourceType));
        scim.MapGet("/ResourceTypes/{id}", (HttpRequest request, string id) => One(request, k => k.Name == id, Discovery.ResourceType));
        scim.MapGet("/Schemas", (HttpRequest request) => List(request, Discovery.Schema));
        scim.MapGet("/Schemas/{id}", (HttpRequest request, string id) =>
            One(request, k => k.Urn.Equals(id, StringComparison.OrdinalIgnoreCase), Discovery.Schema));
    }

    private static ScimResult Ok(JsonObject document) => new ScimResult(StatusCodes.Status200OK, document);

    private static ScimResult List(HttpRequest request, Func<ScimKind, ScimAddresses, JsonObject> describe)
    {
        // RFC 7644 section 4: a client that filters here must learn that nothing was filtered.
        if (request.Query.ContainsKey("filter")) throw new ScimException(403, null, "This list is not filtered; get it whole.");
        var addresses = ScimAddresses.Of(request);
        return Ok(new ScimPage(ScimSchemas.Kinds.Count, 1, [.. ScimSchemas.Kinds.Select(k => describe(k, addresses))]).ToDocument());
    }

    private static ScimResult One(HttpRequest request, Func<ScimKind, bool> which, Func<ScimKind, ScimAddresses, JsonObject> describe) =>
        Ok(describe(ScimSchemas.Kinds.FirstOrDefault(which) ?? throw ScimException.NotFound(), ScimAddresses.Of(request)));
}
