using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>Alerts over HTTP.</summary>
internal static class AlertEndpoints
{
    public static void MapAlerts(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/alerts").WithTags("Alerts");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, AlertQueries queries, string? force, string? level, string? rule,
                string? entity, Guid? before, int? take, CancellationToken cancellationToken) =>
            {
                ForceId? one = null;
                if (force is not null)
                {
                    if (!ForceId.TryParse(force, null, out var parsed)) return Failure.NotFound.ToProblem();
                    one = parsed;
                }

                return Results.Ok(await queries.PageAsync(actor, new AlertFilter
                {
                    Force = one,
                    Level = level,
                    Rule = rule,
                    Entity = entity,
                    Before = before,
                    Take = take ?? 50,
                    Reason = request.Reason(),
                }, cancellationToken));
            })
            .Requires(Permissions.AlertsRead).WithName("Alerts")
            .WithSummary("Alerts of all forces in sight or of one, the newest first; 'before' takes the last id of the page before.")
            .Produces<IEnumerable<AlertRow>>();
        group.MapGet("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, AlertQueries queries, Guid id, CancellationToken cancellationToken) =>
                (await queries.FindAsync(actor, id, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .Requires(Permissions.AlertsRead).WithName("Alert")
            .WithSummary("An alert with its evidence, its rule's recommendation to the force and known causes of false alarms.")
            .Produces<AlertDetail>().ProducesProblem(StatusCodes.Status404NotFound);
    }
}
