using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Platform.Web;

/// <summary>Failures as RFC 9457 problem details, the same shape at every address.</summary>
public static class Problems
{
    public static Task WriteAsync(HttpContext context, Failure failure) =>
        WriteAsync(context, Status(failure.Kind), Title(failure.Kind), failure.Message, failure.Field, Type(failure.Kind));

    public static async Task WriteAsync(
        HttpContext context, int status, string title, string detail, string? field = null, string? type = null)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(
            Details(status, title, detail, field, type), options: null, "application/problem+json", context.RequestAborted);
    }

    /// <summary>The answer of an endpoint to a failed operation.</summary>
    public static IResult ToProblem(this Failure failure) => Results.Problem(
        Details(Status(failure.Kind), Title(failure.Kind), failure.Message, failure.Field, Type(failure.Kind)));

    /// <summary>The answer of an endpoint: the value in the shape given, or the failure.</summary>
    public static IResult ToHttp<T>(this Outcome<T> outcome, Func<T, IResult> success) =>
        outcome.Succeeded ? success(outcome.Value) : outcome.Failure.ToProblem();

    private static ProblemDetails Details(int status, string title, string detail, string? field, string? type)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail, Type = type };
        if (field is not null) problem.Extensions["field"] = field;
        return problem;
    }

    private static int Status(FailureKind kind) => kind switch
    {
        FailureKind.NotFound => StatusCodes.Status404NotFound,
        FailureKind.Refused => StatusCodes.Status403Forbidden,
        FailureKind.Invalid => StatusCodes.Status400BadRequest,
        FailureKind.Conflict => StatusCodes.Status409Conflict,
        FailureKind.ReasonRequired => StatusCodes.Status428PreconditionRequired,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Title(FailureKind kind) => kind switch
    {
        FailureKind.NotFound => "Not found",
        FailureKind.Refused => "Not permitted",
        FailureKind.Invalid => "Not valid",
        FailureKind.Conflict => "Changed in the meantime",
        FailureKind.ReasonRequired => "A reason is needed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string? Type(FailureKind kind) => kind == FailureKind.ReasonRequired ? "urn:watchhouse:reason-required" : null;
}
