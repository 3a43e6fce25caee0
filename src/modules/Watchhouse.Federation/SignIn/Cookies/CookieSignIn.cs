using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.SignIn.Cookies;

/// <summary>Begins and ends a browser's session: the record, and the cookie that points at it.</summary>
internal sealed class CookieSignIn(Sessions sessions, TimeProvider clock)
{
    public const string Scheme = "watchhouse-cookie";

    /// <summary>Call only for somebody who has just proved who they are and may sign in.</summary>
    public async Task SignInAsync(HttpContext context, PersonId person, string method)
    {
        // A browser has one session: the old one ends, so that nobody leaves an open one behind by signing in twice.
        await EndAsync(context, "You signed in again in the same browser.");
        var session = await sessions.StartAsync(person, method, context.RequestAborted);
        // Who it is and which session, nothing else: what they may do is read from the records at each request.
        var identity = new ClaimsIdentity(
            [new Claim(HouseClaims.Person, person.Value.ToString()), new Claim(HouseClaims.Session, session.Value.ToString())], Scheme);
        var now = clock.GetUtcNow();
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties
        {
            IsPersistent = false,
            AllowRefresh = false,
            IssuedUtc = now,
            ExpiresUtc = now + Sessions.Lifetime,
        });
    }

    public async Task SignOutAsync(HttpContext context)
    {
        await EndAsync(context, "You signed out.");
        await context.SignOutAsync(Scheme);
    }

    private async Task EndAsync(HttpContext context, string because)
    {
        var current = await context.AuthenticateAsync(Scheme);
        if (Guid.TryParse(current.Principal?.FindFirstValue(HouseClaims.Session), out var session))
            await sessions.EndAsync(new SessionId(session), because, context.RequestAborted);
    }
}
