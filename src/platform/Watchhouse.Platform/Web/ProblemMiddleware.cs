using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Watchhouse.Ledger;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Platform.Web;

/// <summary>Turns what was thrown into an answer. Nothing of the program's inside is in it.</summary>
public static partial class ProblemMiddleware
{
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Watchhouse.Requests");
        return app.Use((context, next) => AnswerAsync(context, next, logger));
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            switch (e)
            {
                case AccessRefusedException refused when context.Request.IsForProgram():
                    await Problems.WriteAsync(context, refused.Failure);
                    break;
                case AccessRefusedException refused:
                    await RefusedPage.ServeAsync(context, refused.Failure);
                    break;
                case BadHttpRequestException bad:
                    await Problems.WriteAsync(context, bad.StatusCode, "Not valid",
                        "The request could not be read: " + Sentence(bad.InnerException is System.Text.Json.JsonException json ? json.Message : bad.Message));
                    break;
                case LedgerWriteException:
                    Failed(logger, context.TraceIdentifier, e);
                    await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The audit trail cannot be written",
                        "Nothing was shown or changed, because it could not be logged. Tell the operator: the disk may be full.");
                    break;
                default:
                    Failed(logger, context.TraceIdentifier, e);
                    if (context.Request.IsForProgram())
                        await Problems.WriteAsync(context, StatusCodes.Status500InternalServerError, "Something went wrong",
                            $"The fault is ours and was logged under {context.TraceIdentifier}. Try again; if it stays, tell your administrator that number.");
                    else
                        await RefusedPage.ServeErrorAsync(context);
                    break;
            }
        }
    }

    // Messages of the model binder name the parameter and the text at fault, which helps; they end without a full stop.
    private static string Sentence(string message) => message.EndsWith('.') ? message : message + ".";

    [LoggerMessage(1001, LogLevel.Error, "A request failed; trace {Trace}.")]
    private static partial void Failed(ILogger logger, string trace, Exception exception);
}
