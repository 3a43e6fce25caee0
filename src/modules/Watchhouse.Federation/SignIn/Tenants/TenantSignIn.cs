using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.SignIn.Tenants;

/// <summary>
/// Sign-in through a force's own directory: OpenID Connect, code flow with PKCE, state and nonce. The registration that
/// began it travels in the protected state, so one callback serves all tenants and none can answer for another.
/// </summary>
internal sealed partial class TenantSignIn(
    TenantRegistry registry, TenantHandlers handlers, CookieSignIn cookies, ILogger<TenantSignIn> log)
{
    public const string CallbackPath = "/sign-in/tenant/callback";

    public async Task BeginAsync(HttpContext context, ForceId force, Guid? tenant, string? returnUrl)
    {
        TenantRegistrationId? asked = tenant is { } id ? new TenantRegistrationId(id) : null;
        if (await registry.FindAsync(force, asked, context.RequestAborted) is not { } registration)
        {
            Refuse(context, Refusal.NoTenant);
            return;
        }

        var properties = new AuthenticationProperties { RedirectUri = LocalUrl.OrHome(returnUrl) };
        properties.Items[TenantHandlers.RegistrationItem] = registration.Id.ToString();
        try
        {
            var handler = await handlers.MakeAsync(context, registration, EventsFor(registration));
            await handler.ChallengeAsync(properties);
        }
        catch (InvalidOperationException e)
        {
            // The handler wraps every failure to fetch the tenant's metadata in this.
            TenantUnreachable(log, registration.ForceId.Value, Innermost(e).GetType().Name);
            Refuse(context, Refusal.Unreachable);
        }
    }

    public async Task EndAsync(HttpContext context)
    {
        // The registration may have been removed while the person was away; then there is nobody to believe.
        if (handlers.BegunBy(context.Request.Query["state"].ToString()) is not { } id
            || await registry.FindAsync(id, context.RequestAborted) is not { } registration)
        {
            Refuse(context, Refusal.NotBegunHere);
            return;
        }

        var handler = await handlers.MakeAsync(context, registration, EventsFor(registration));
        if (!await handler.HandleRequestAsync()) Refuse(context, Refusal.Failed);
    }

    private OpenIdConnectEvents EventsFor(TenantRegistration registration) => new()
    {
        OnTokenValidated = validated =>
        {
            // Issuers of one directory product differ only in the tenant, so the claim must say the same once more.
            if (!Guid.TryParse(validated.Principal?.FindFirstValue("tid"), out var tid) || tid != registration.TenantId)
                validated.Fail(new StrangerTenantException());
            return Task.CompletedTask;
        },
        OnTicketReceived = async received =>
        {
            received.HandleResponse();
            await FinishAsync(received.HttpContext, registration, received.Principal!, received.ReturnUri);
        },
        OnRemoteFailure = failed =>
        {
            failed.HandleResponse();
            var why = failed.Failure is StrangerTenantException or { InnerException: StrangerTenantException }
                || Contains<Microsoft.IdentityModel.Tokens.SecurityTokenInvalidIssuerException>(failed.Failure)
                    ? Refusal.Stranger : Refusal.Failed;
            TokenRefused(log, registration.ForceId.Value, Innermost(failed.Failure).GetType().Name);
            Refuse(failed.HttpContext, why);
            return Task.CompletedTask;
        },
    };

    private async Task FinishAsync(HttpContext context, TenantRegistration registration, ClaimsPrincipal user, string? returnUrl)
    {
        if (!Guid.TryParse(user.FindFirstValue("oid"), out var oid))
        {
            Refuse(context, Refusal.Failed);
            return;
        }

        if (await registry.WhoAsync(registration, registration.TenantId, oid, context.RequestAborted) is not { MaySignIn: true } person)
        {
            NobodyKnown(log, registration.ForceId.Value);
            Refuse(context, Refusal.Unknown);
            return;
        }

        await cookies.SignInAsync(context, person.Id, "entra");
        context.Response.Redirect(LocalUrl.OrHome(returnUrl));
    }

    private static void Refuse(HttpContext context, Refusal why) =>
        context.Response.Redirect($"/sign-in/refused?why={why.ToString().ToLowerInvariant()}");

    private static bool Contains<T>(Exception? e)
        where T : Exception => e is T || (e is not null && Contains<T>(e.InnerException));

    private static Exception Innermost(Exception? e) => e?.InnerException is { } inner ? Innermost(inner) : e ?? new InvalidOperationException();

    [LoggerMessage(3101, LogLevel.Warning, "A sign-in through a tenant of {Force} was refused: {Why}.")]
    private static partial void TokenRefused(ILogger logger, string force, string why);

    [LoggerMessage(3102, LogLevel.Information, "Somebody signed in to a tenant of {Force} whom nobody took in here.")]
    private static partial void NobodyKnown(ILogger logger, string force);

    [LoggerMessage(3103, LogLevel.Warning, "The identity provider of {Force} cannot be reached: {Why}.")]
    private static partial void TenantUnreachable(ILogger logger, string force, string why);
}

/// <summary>A token of a tenant other than the one that was asked.</summary>
internal sealed class StrangerTenantException() : Exception("The token is of another tenant.");

/// <summary>Why a sign-in was refused, as the page says it.</summary>
internal enum Refusal
{
    Failed,
    NoTenant,
    NotBegunHere,
    Stranger,
    Unknown,
    Unreachable,
}
