using Microsoft.AspNetCore.Builder;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.SignIn.Setup;

namespace Watchhouse.Federation.Contracts;

/// <summary>What stands before authentication.</summary>
public static class SignInGuards
{
    /// <summary>
    /// Bounds on token requests, and the closed door of a centre that is not set up. After routing, before authentication.
    /// </summary>
    public static IApplicationBuilder UseSignInGuards(this IApplicationBuilder app) =>
        app.UseMiddleware<TokenGuard>().UseMiddleware<SetupGate>();
}
