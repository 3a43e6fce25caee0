using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Links;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Web;
using Microsoft.AspNetCore.RateLimiting;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>The two questions that a page's script asks for: options to use a passkey, and options to make one.</summary>
internal static class PasskeyEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sign-in/passkey").ExcludeFromDescription().RequireRateLimiting(RateLimits.Secrets);
        group.MapPost("/options", AskAsync)
            .IsPublic("A challenge names nobody; only an answer signed by a registered passkey is worth something.");
        group.MapPost("/new", OfferAsync)
            .IsPublic("It answers those who are signed in or hold a one-time link, and checks that itself.");
    }

    private static async Task<IResult> AskAsync(HttpContext context, IAntiforgery antiforgery, Passkeys passkeys) =>
        await antiforgery.IsRequestValidAsync(context)
            ? Json(context, await passkeys.AskAsync(context))
            : Stale.ToProblem();

    private static async Task<IResult> OfferAsync(
        HttpContext context, IAntiforgery antiforgery, Passkeys passkeys, OneTimeLinks links, SignInPeople people)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Stale.ToProblem();
        return await WhoAsync(context, links, people) is { } person
            ? Json(context, await passkeys.OfferAsync(context, person))
            : Failure.Refused("The link has expired or was used. Ask for a new one.").ToProblem();
    }

    /// <summary>For whom: a link in hand goes before a session, because it was opened on purpose.</summary>
    private static async Task<Person?> WhoAsync(HttpContext context, OneTimeLinks links, SignInPeople people)
    {
        foreach (var purpose in (LinkPurpose[])[LinkPurpose.SetUp, LinkPurpose.Invitation])
            if (context.Request.Headers["X-Link"] == purpose.ToString()
                && await links.HeldAsync(context, purpose) is { PersonId: { } invited })
                return await people.FindAsync(new PersonId(invited), context.RequestAborted);
        return context.Request.Headers["X-Link"].Count == 0
            && context.Features.Get<ActingPrincipal>() is { Kind: PrincipalKind.Person } principal
            && Guid.TryParse(principal.Subject, out var id)
                ? await people.FindAsync(new PersonId(id), context.RequestAborted)
                : null;
    }

    private static IResult Json(HttpContext context, string json)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Content(json, "application/json");
    }

    private static readonly Failure Stale = Failure.Invalid("This page is too old to be used. Load it again and repeat what you did.");
}
