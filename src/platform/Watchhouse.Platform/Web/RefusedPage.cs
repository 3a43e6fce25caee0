using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Platform.Web;

/// <summary>A page for people who may not open what they asked for; it says who can help.</summary>
internal static class RefusedPage
{
    public static async Task ServeAsync(HttpContext context, Failure failure)
    {
        var status = failure.Kind == FailureKind.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
        await ServeAsync(context, status, status == StatusCodes.Status404NotFound ? "There is nothing here" : "You may not open this", failure.Message);
    }

    public static Task ServeErrorAsync(HttpContext context) => ServeAsync(context, StatusCodes.Status500InternalServerError,
        "Something went wrong",
        $"The fault is ours and was logged under {context.TraceIdentifier}. Try again; if it stays, tell your administrator that number.");

    private static Task ServeAsync(HttpContext context, int status, string heading, string message) =>
        new RazorComponentResult<RefusedDocument>(new { Heading = heading, Message = message })
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        }.ExecuteAsync(context);
}
