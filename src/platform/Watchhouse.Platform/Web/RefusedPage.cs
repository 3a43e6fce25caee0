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
        var page = new RazorComponentResult<RefusedDocument>(new { failure.Message, NotFound = status == StatusCodes.Status404NotFound })
        {
            StatusCode = status,
        };
        await page.ExecuteAsync(context);
    }
}
