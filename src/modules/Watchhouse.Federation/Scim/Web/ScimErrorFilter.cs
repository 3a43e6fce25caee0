using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>Answers what went wrong in the form of RFC 7644 section 3.12.</summary>
internal sealed partial class ScimErrorFilter(ILogger<ScimErrorFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ScimException e)
        {
            return Answer(context, e);
        }
        catch (AccessRefusedException e)
        {
            return Answer(context, Of(e.Failure));
        }
        catch (BadHttpRequestException e)
        {
            return Answer(context, new ScimException(e.StatusCode, null, "The request could not be read to its end."));
        }
    }

    /// <summary>A failure of the house as a SCIM error.</summary>
    public static ScimException Of(Failure failure) => failure.Kind switch
    {
        FailureKind.NotFound => ScimException.NotFound(),
        FailureKind.Invalid => ScimException.Bad(ScimErrors.InvalidValue, failure.Message),
        FailureKind.Conflict => new ScimException(409, failure.Field is null ? null : ScimErrors.Uniqueness, failure.Message),
        _ => new ScimException(403, null, failure.Message),
    };

    private ScimResult Answer(EndpointFilterInvocationContext context, ScimException error)
    {
        var force = context.HttpContext.Features.Get<ActingPrincipal>()?.Home.Value ?? "";
        Refused(logger, context.HttpContext.Request.Method, force, error.Status, error.Type ?? "");
        return ScimResult.Error(error);
    }

    [LoggerMessage(1301, LogLevel.Debug, "A provisioning request {Method} of {Force} was answered with {Status} {Type}.")]
    private static partial void Refused(ILogger logger, string method, string force, int status, string type);
}
