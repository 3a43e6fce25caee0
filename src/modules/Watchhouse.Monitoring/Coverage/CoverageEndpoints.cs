using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>Coverage over HTTP.</summary>
internal static class CoverageEndpoints
{
    public static void MapCoverage(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/coverage").WithTags("Coverage");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, CoverageQueries queries, ForceId? force, int? days, string? part, CancellationToken stop) =>
                (await queries.MatrixAsync(actor, Question(request, force, days, part), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.CoverageRead).WithName("Coverage")
            .WithSummary("Which ATT&CK techniques live rules cover with the events that arrived within so many days (1), for all forces in sight or for one; "
                + "'part' is microsoft, windows, linux, network or other.")
            .Produces<CoverageAnswer>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/navigator", async (ActingPrincipal actor, HttpContext context, CoverageQueries queries, ForceId? force, int? days, string? part, CancellationToken stop) =>
                (await queries.MatrixAsync(actor, Question(context.Request, force, days, part), stop)).ToHttp(answer =>
                {
                    var name = $"Watchhouse coverage{(force is { } one ? $" of {one}" : "")}{(part is null ? "" : $", {part}")}";
                    context.Response.Headers.ContentDisposition = $"attachment; filename=\"coverage{(force is { } of ? $"-{of}" : "")}.json\"";
                    return Results.Ok(NavigatorLayer.Of(answer, name));
                }))
            .Requires(Permissions.CoverageRead).WithName("CoverageNavigator").WithSummary("The same as a layer for the ATT&CK Navigator.")
            .Produces<NavigatorLayer.Layer>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/techniques/{technique}", async (
                ActingPrincipal actor, HttpRequest request, CoverageQueries queries, string technique, ForceId? force, int? days, string? part, CancellationToken stop) =>
                (await queries.TechniqueAsync(actor, technique, Question(request, force, days, part), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.CoverageRead).WithName("CoverageTechnique")
            .WithSummary("A technique with its rules, the sources that they look at, and which kind of source would put how many rules to use.")
            .Produces<TechniqueDetail>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static CoverageQuestion Question(HttpRequest request, ForceId? force, int? days, string? part) =>
        new() { Force = force, Days = days ?? 1, Part = string.IsNullOrEmpty(part) ? null : part, Reason = request.Reason() };
}
