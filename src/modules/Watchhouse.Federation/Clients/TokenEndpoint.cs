using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Web;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Watchhouse.Federation.Clients;

/// <summary>Client credentials (RFC 6749, section 4.4). The client has been authenticated when this is reached.</summary>
internal static class TokenEndpoint
{
    public const string Path = "/connect/token";

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(Path, IssueAsync)
        .IsPublic("A machine client proves itself in the request.")
        .RequireRateLimiting(RateLimits.Secrets)
        .ExcludeFromDescription();

    private static async Task<IResult> IssueAsync(HttpContext context, ClientSecrets clients)
    {
        var request = context.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("The token endpoint was reached without a token request.");
        if (!Guid.TryParse(request.ClientId, out var id) || !await clients.MayActAsync(new ClientId(id), context.RequestAborted))
            return Results.Forbid(new AuthenticationProperties(new Dictionary<string, string?>
            {
                [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidClient,
                [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = "The client may not sign in.",
            }), [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        identity.SetClaim(Claims.Subject, id.ToString());
        identity.SetClaim(HouseClaims.Client, id.ToString());
        identity.SetDestinations(static _ => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
