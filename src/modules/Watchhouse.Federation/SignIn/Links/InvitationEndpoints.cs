using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
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

    private static async Task<IResult> InviteAsync(
        HttpContext context, ForceId force, Guid person, ActingPrincipal actor, IHouse house, OneTimeLinks links, CancellationToken cancellationToken)
    {
        var id = new PersonId(person);
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.PeopleManage) { Force = force, Subject = $"person/{id}" }, cancellationToken);
        var who = await session.Db.Set<Person>().SingleOrDefaultAsync(p => p.Id == id && p.ForceId == force, cancellationToken);
        if (who is null) return Failure.NotFound.ToProblem();
        if (!who.MaySignIn)
            return Failure.Conflict("This person is suspended or has left, so there is nothing to invite to. Let them in again first.").ToProblem();
        // Whoever uses the link acts as that person: nobody gives themselves, or keeps, a second way in.
        if (actor.Subject == id.ToString())
            return Failure.Refused("Nobody invites themselves. Change your own sign-in on the account page.").ToProblem();
        var (token, link) = await links.IssueAsync(LinkPurpose.Invitation, id, cancellationToken);
        session.Record(force, $"person/{id}", $"A one-time link was made for {who.Name} to register credentials.", action: "credential.invited");
        await session.CommitAsync(cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new InvitationAnswer(
            $"{context.Request.Scheme}://{context.Request.Host}/invitation?token={token}", link.ExpiresAt));
    }
}
