using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Alerts.Measures;

/// <summary>Measures over HTTP.</summary>
internal static class MeasureEndpoints
{
    public static void MapMeasures(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/measures", async (
            ActingPrincipal actor, HttpRequest request, MeasureQueries queries, string? force, int? days, CancellationToken cancellationToken) =>
        {
            ForceId? one = null;
            if (force is { Length: > 0 })
            {
                if (!ForceId.TryParse(force, null, out var parsed)) return Failure.NotFound.ToProblem();
                one = parsed;
            }

            return (await queries.ReadAsync(actor, one, days ?? 30, request.Reason(), cancellationToken)).ToHttp(Results.Ok);
        })
        .WithTags("Alerts").Requires(Permissions.AlertsRead).WithName("Measures")
        .WithSummary("How long alerts waited to be acknowledged, triaged and contained, in seconds, and how many were false, over 7, 30 or 90 days; "
            + "one force sees the median of the others beside its own where at least five stand behind it.")
        .Produces<MeasuresAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
}
