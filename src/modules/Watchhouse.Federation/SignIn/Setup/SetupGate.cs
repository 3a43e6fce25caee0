using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.StaticAssets;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.SignIn.Pages;
using Watchhouse.Platform.Web;

namespace Watchhouse.Federation.SignIn.Setup;

/// <summary>Before the centre is set up, nothing of it is open but the set-up itself.</summary>
internal sealed class SetupGate(RequestDelegate next, ISetup setup)
{
    private static readonly string[] Open = ["/setup", "/sign-in/passkey", "/health", "/metrics", "/_content", "/_framework"];

    public async Task InvokeAsync(HttpContext context)
    {
        if (await setup.IsDoneAsync(context.RequestAborted)
            // No token is good before anybody could make a client, so these are refused where tokens are judged.
            || context.Request.Headers.Authorization.Count > 0
            || context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
            || Array.Exists(Open, path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        if (context.Request.IsForProgram())
        {
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Not set up",
                "This centre is not set up yet, so it answers nothing. Its operator sets it up with the link that was printed where it was started.");
            return;
        }

        await new RazorComponentResult<NotSetUpDocument> { StatusCode = StatusCodes.Status503ServiceUnavailable }.ExecuteAsync(context);
    }
}
