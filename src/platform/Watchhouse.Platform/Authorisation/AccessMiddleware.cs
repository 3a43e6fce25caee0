using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Platform.Authorisation;

/// <summary>
/// Stands before every endpoint and page: resolves who acts, afresh, and checks what the endpoint declares. The gate
/// checks once more at the records, so a mistake here opens a door to an empty room.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, IPrincipalResolver resolver)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            await next(context);
            return;
        }

        var declared = AccessCoverage.Of(endpoint)
            ?? throw new InvalidOperationException($"'{endpoint.DisplayName}' does not declare who may reach it.");
        var principal = context.User.Identity?.IsAuthenticated == true
            ? await resolver.ResolveAsync(context.User, context.RequestAborted)
            : null;
        if (principal is not null)
            context.Features.Set(principal = principal with { StatedReason = context.Request.Reason() });

        if (declared.PublicBecause is null)
        {
            if (principal is null)
            {
                await ChallengeAsync(context);
                return;
            }

            if (CrossSite.Refuses(context.Request, principal))
            {
                await Refuse(context, Failure.Refused(
                    "This request came from another site and was not carried out. Do it again from Watchhouse itself."));
                return;
            }

            if (declared.Permission is { } permission && Check(context, principal, permission) is { } failure)
            {
                await Refuse(context, failure);
                return;
            }
        }

        await next(context);
    }

    private static Failure? Check(HttpContext context, ActingPrincipal principal, Permission permission)
    {
        if (!principal.Holds(permission))
            return Failure.Refused(
                $"Your role does not include this: {permission.Meaning} The Permissions page shows which roles do; "
                + "your administrator can change yours.");
        if (context.GetRouteValue("force") is not string text) return null;
        return ForceId.TryParse(text, null, out var force) && principal.May(permission, force) ? null : Failure.NotFound;
    }

    private static async Task ChallengeAsync(HttpContext context)
    {
        const string message = "This address needs a valid token or session. Get a new one and try again.";
        if (ProtocolOf(context) is { } protocol)
        {
            await protocol.WriteAsync(context, StatusCodes.Status401Unauthorized, message);
            return;
        }

        // A cookie whose session ended is of no more use; a browser is sent to sign in, a program is told.
        if (context.Request.IsForProgram())
        {
            await Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, "Sign-in needed", message);
            return;
        }

        await context.ChallengeAsync();
    }

    private static Task Refuse(HttpContext context, Failure failure) => ProtocolOf(context) is { } protocol
        ? protocol.WriteAsync(context,
            failure.Kind == FailureKind.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden, failure.Message)
        : context.Request.IsForProgram()
            ? Problems.WriteAsync(context, failure)
            : RefusedPage.ServeAsync(context, failure);

    private static IProtocolRefusal? ProtocolOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IProtocolRefusal>();
}
