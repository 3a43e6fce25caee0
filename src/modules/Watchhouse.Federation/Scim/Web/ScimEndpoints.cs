using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Scim.Groups;
using Watchhouse.Federation.Scim.Users;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>
/// Provisioning by SCIM 2.0 (RFC 7643, RFC 7644). The organisation is that of the client's credential; no address
/// names it, so no address can name another.
/// </summary>
internal static class ScimEndpoints
{
    public const string Root = "/scim/v2";

    public static void AddScim(this IServiceCollection services) => services
        .AddSingleton<ScimUsers>()
        .AddSingleton<UserQueries>()
        .AddSingleton<GroupLinks>()
        .AddSingleton<ScimGroups>();

    public static void MapScim(this IEndpointRouteBuilder endpoints)
    {
        var scim = endpoints.MapGroup(Root)
            .Requires(Permissions.Provision)
            .AddEndpointFilter<RouteGroupBuilder, ScimErrorFilter>()
            .ExcludeFromDescription();
        DiscoveryEndpoints.Map(scim);
        UserEndpoints.Map(scim);
        GroupEndpoints.Map(scim);

        // RFC 7644 section 3.7 and 3.11: what is not offered is said to be so.
        scim.MapPost("/Bulk", IResult () => throw new ScimException(501, null, "Bulk operations are not offered. Send each request by itself."));
        scim.Map("/Me", IResult () => throw new ScimException(501, null, "A provisioning client is no person, so there is no /Me."));
        scim.Map("/{**rest}", IResult () => throw ScimException.NotFound());
    }

    /// <summary>The If-Match header, if the client sent one.</summary>
    public static string? IfMatch(HttpRequest request) =>
        request.Headers.IfMatch is { Count: > 0 } values ? values.ToString() : null;

    public static Projection Projection(HttpRequest request) => Web.Projection.Of(
        request.Query["attributes"].OfType<string>(), request.Query["excludedAttributes"].OfType<string>());
}
