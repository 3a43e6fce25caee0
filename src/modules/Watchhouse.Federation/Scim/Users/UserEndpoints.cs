using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Scim.Patching;
using Watchhouse.Federation.Scim.Schemas;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.Scim.Users;

/// <summary>The addresses of users.</summary>
internal static class UserEndpoints
{
    public static void Map(RouteGroupBuilder scim)
    {
        scim.MapGet("/Users", ListAsync);
        scim.MapPost("/Users/.search", SearchAsync);
        scim.MapPost("/Users", CreateAsync);
        scim.MapGet("/Users/{id}", GetAsync);
        scim.MapPut("/Users/{id}", ReplaceAsync);
        scim.MapPatch("/Users/{id}", PatchAsync);
        scim.MapDelete("/Users/{id}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, ActingPrincipal actor, UserQueries users, CancellationToken cancellationToken)
    {
        var page = await users.ListAsync(actor, ScimQuery.Of(request.Query, ScimSchemas.User), ScimAddresses.Of(request), cancellationToken);
        return new ScimResult(StatusCodes.Status200OK, page.ToDocument());
    }

    private static async Task<IResult> SearchAsync(
        HttpRequest request, ActingPrincipal actor, UserQueries users, CancellationToken cancellationToken)
    {
        var query = ScimQuery.Of(await ScimBody.ReadAsync(request, cancellationToken), ScimSchemas.User);
        var page = await users.ListAsync(actor, query, ScimAddresses.Of(request), cancellationToken);
        return new ScimResult(StatusCodes.Status200OK, page.ToDocument());
    }

    private static async Task<IResult> CreateAsync(
        HttpRequest request, ActingPrincipal actor, ScimUsers users, CancellationToken cancellationToken)
    {
        var projection = ScimEndpoints.Projection(request);
        var body = await ScimBody.ReadAsync(request, cancellationToken);
        return Answer(request, await users.CreateAsync(actor, body, cancellationToken), projection, StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimUsers users, CancellationToken cancellationToken)
    {
        var projection = ScimEndpoints.Projection(request);
        var user = await users.GetAsync(actor, id, cancellationToken);
        // RFC 7644 section 3.14: a client that has this version already need not get it again.
        return request.Headers.IfNoneMatch is { Count: > 0 } known && ETags.Names(known.ToString(), user.ETag)
            ? new ScimResult(StatusCodes.Status304NotModified, null, tag: user.ETag)
            : Answer(request, user, projection);
    }

    private static async Task<IResult> ReplaceAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimUsers users, CancellationToken cancellationToken)
    {
        var projection = ScimEndpoints.Projection(request);
        var body = await ScimBody.ReadAsync(request, cancellationToken);
        return Answer(request, await users.ReplaceAsync(actor, id, body, ScimEndpoints.IfMatch(request), cancellationToken), projection);
    }

    private static async Task<IResult> PatchAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimUsers users, CancellationToken cancellationToken)
    {
        var projection = ScimEndpoints.Projection(request);
        var operations = PatchRequest.Read(await ScimBody.ReadAsync(request, cancellationToken));
        var user = await users.PatchAsync(
            actor, id, operations, ScimAddresses.Of(request), ScimEndpoints.IfMatch(request), cancellationToken);
        return Answer(request, user, projection);
    }

    private static async Task<IResult> DeleteAsync(
        HttpRequest request, string id, ActingPrincipal actor, ScimUsers users, CancellationToken cancellationToken)
    {
        await users.DeleteAsync(actor, id, ScimEndpoints.IfMatch(request), cancellationToken);
        return ScimResult.NoContent;
    }

    private static ScimResult Answer(
        HttpRequest request, UserRecord user, Projection projection, int status = StatusCodes.Status200OK)
    {
        var addresses = ScimAddresses.Of(request);
        return new ScimResult(status, projection.Apply(UserDocument.Of(user, addresses), ScimSchemas.User),
            addresses.User(user.Person.Id), user.ETag);
    }
}
