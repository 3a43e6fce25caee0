using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Scim.Patching;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.Scim.Groups;

/// <summary>The addresses of groups.</summary>
internal static class GroupEndpoints
{
    public static void Map(RouteGroupBuilder scim)
    {
        scim.MapGet("/Groups", ListAsync);
        scim.MapPost("/Groups/.search", SearchAsync);
        scim.MapPost("/Groups", MatchAsync);
        scim.MapGet("/Groups/{id}", GetAsync);
        scim.MapPut("/Groups/{id}", ReplaceAsync);
        scim.MapPatch("/Groups/{id}", PatchAsync);
        scim.MapDelete("/Groups/{id}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ActingPrincipal actor, ScimGroups groups, CancellationToken cancellationToken)
    {
        var page = await groups.ListAsync(actor, ScimQuery.Of(request.Query, ScimSchemas.Group), ScimAddresses.Of(request), cancellationToken);
        return new ScimResult(StatusCodes.Status200OK, page.ToDocument());
    }

    private static async Task<IResult> SearchAsync(
        HttpRequest request, ActingPrincipal actor, ScimGroups groups, CancellationToken cancellationToken)
    {
        var query = ScimQuery.Of(await ScimBody.ReadAsync(request, cancellationToken), ScimSchemas.Group);
        var page = await groups.ListAsync(actor, query, ScimAddresses.Of(request), cancellationToken);
        return new ScimResult(StatusCodes.Status200OK, page.ToDocument());
    }

    private static async Task<IResult> MatchAsync(
        HttpRequest request, ActingPrincipal actor, ScimGroups groups, CancellationToken cancellationToken)
    {
        var projection = ScimEndpoints.Projection(request);
        var id = await groups.MatchAsync(actor, await ScimBody.ReadAsync(request, cancellationToken), cancellationToken);
        return await AnswerAsync(request, id, actor, groups, projection, StatusCodes.Status201Created, cancellationToken);
    }

    private static Task<IResult> GetAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimGroups groups, CancellationToken cancellationToken) =>
        AnswerAsync(request, id, actor, groups, ScimEndpoints.Projection(request), StatusCodes.Status200OK, cancellationToken);

    private static async Task<IResult> ReplaceAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimGroups groups, CancellationToken cancellationToken)
    {
        RefuseVersion(request);
        var projection = ScimEndpoints.Projection(request);
        await groups.ReplaceAsync(actor, id, await ScimBody.ReadAsync(request, cancellationToken), cancellationToken);
        return await AnswerAsync(request, id, actor, groups, projection, StatusCodes.Status200OK, cancellationToken);
    }

    private static async Task<IResult> PatchAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimGroups groups, CancellationToken cancellationToken)
    {
        RefuseVersion(request);
        var projection = ScimEndpoints.Projection(request);
        var operations = PatchRequest.Read(await ScimBody.ReadAsync(request, cancellationToken));
        await groups.PatchAsync(actor, id, operations, cancellationToken);
        // RFC 7644 section 3.5.2 allows both; Microsoft asks for 204 here, so that a large group is not sent back for each
        // change. A client that names attributes gets them.
        return request.Query.ContainsKey("attributes")
            ? await AnswerAsync(request, id, actor, groups, projection, StatusCodes.Status200OK, cancellationToken)
            : ScimResult.NoContent;
    }

    private static async Task<IResult> DeleteAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimGroups groups, CancellationToken cancellationToken)
    {
        RefuseVersion(request);
        await groups.DeleteAsync(actor, id, cancellationToken);
        return ScimResult.NoContent;
    }

    /// <summary>A group has no version, so a condition on one is never met (RFC 9110 section 13.1.1).</summary>
    private static void RefuseVersion(HttpRequest request)
    {
        if (ScimEndpoints.IfMatch(request) is { } tag && tag != "*") throw ScimException.Stale();
    }

    private static async Task<IResult> AnswerAsync(HttpRequest request, string id, ActingPrincipal actor, ScimGroups groups,
        Projection projection, int status, CancellationToken cancellationToken)
    {
        var addresses = ScimAddresses.Of(request);
        var group = await groups.GetAsync(actor, id, projection, addresses, cancellationToken);
        return new ScimResult(status, group, $"{addresses.Base}/Groups/{id}");
    }
}
