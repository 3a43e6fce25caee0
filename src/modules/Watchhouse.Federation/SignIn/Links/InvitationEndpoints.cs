using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.SignIn.Links;

/// <summary>The one-time link that an administrator hands to a person.</summary>
/// <param name="Link">Shown now and never again.</param>
/// <param name="ExpiresAt">It stops working then.</param>
internal sealed record InvitationAnswer(string Link, DateTimeOffset ExpiresAt);

internal static class InvitationEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/v1/forces/{force}/people/{person:guid}/invitation", InviteAsync)
            .Requires(Permissions.PeopleManage)
            .WithName("InvitePerson")
            .WithTags("People")
            .WithSummary("Make a one-time link with which a person registers a passkey, or a password and a code. Using it replaces earlier credentials.")
            .Produces<InvitationAnswer>();

    private static async Task<IResult> InviteAsync(HttpContext context, ForceId force, Guid person, ActingPrincipal actor,
        Invitations invitations, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        return (await invitations.InviteAsync(actor, force, new PersonId(person), cancellationToken)).ToHttp(made =>
            Results.Ok(new InvitationAnswer($"{context.Request.Scheme}://{context.Request.Host}{made.Path}", made.ExpiresAt)));
    }
}
