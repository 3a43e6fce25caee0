using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Platform.Audit;

/// <summary>The audit trail over HTTP.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1").WithTags("Audit");

        group.MapGet("/audit", async (ActingPrincipal principal, HttpRequest request, IAuditSearch audit, string? force,
                AuditOperation? operation, string? text, DateTimeOffset? from, DateTimeOffset? until, long? before, int? take,
                CancellationToken cancellationToken) =>
            {
                ForceId? one = null;
                if (force is not null)
                {
                    if (!ForceId.TryParse(force, null, out var parsed)) return Failure.NotFound.ToProblem();
                    one = parsed;
                }

                return Results.Ok(await audit.FindAsync(principal, new AuditQuery
                {
                    Force = one,
                    Operation = operation,
                    Text = text,
                    From = from,
                    Until = until,
                    BeforeId = before,
                    Take = take ?? 50,
                    Reason = request.Reason(),
                }, cancellationToken));
            })
            .WithName("SearchAudit").WithSummary("Entries of the audit trail, newest first.")
            .Produces<AuditPageResult>()
            .Requires(Permissions.AuditRead);

        group.MapGet("/audit/{index:long}/proof", async (ActingPrincipal principal, HttpRequest request, IAuditSearch audit,
                long index, CancellationToken cancellationToken) =>
                (await audit.ProveAsync(principal, index, request.Reason(), cancellationToken)).ToHttp(Results.Ok))
            .WithName("ProveAuditEntry").WithSummary("An entry with its inclusion proof and the signed checkpoint (RFC 9162).")
            .Produces<AuditProof>().ProducesProblem(StatusCodes.Status404NotFound)
            .Requires(Permissions.AuditRead);

        group.MapGet("/audit/checkpoint", (IAuditSearch audit) => Results.Text(audit.Checkpoint(), "text/plain; charset=utf-8"))
            .WithName("AuditCheckpoint").WithSummary("The newest signed checkpoint of the audit log (C2SP signed note).")
            .RequiresSignIn();

        group.MapGet("/forces/{force}/audit-settings", async (ActingPrincipal principal, IAuditSettings settings, ForceId force,
                CancellationToken cancellationToken) =>
                Results.Ok(new AuditSettingsModel(await settings.DemandedAsync(principal, force, cancellationToken))))
            .WithName("AuditSettings").WithSummary("The operations for which this controller demands a reason.")
            .Produces<AuditSettingsModel>()
            .Requires(Permissions.AuditRead);

        group.MapPut("/forces/{force}/audit-settings/{operation}", async (ActingPrincipal principal, HttpRequest request,
                IAuditSettings settings, ForceId force, AuditOperation operation, ReasonDemand demand, CancellationToken cancellationToken) =>
                (await settings.DemandAsync(principal, force, operation, demand.ReasonRequired, request.Reason(), cancellationToken))
                    .ToHttp(_ => Results.NoContent()))
            .WithName("DemandReason").WithSummary("Demands a reason for an operation, or stops demanding it.")
            .Requires(Permissions.AuditSettings);
    }

    /// <param name="ReasonRequiredFor">The operations.</param>
    internal sealed record AuditSettingsModel(IReadOnlyList<AuditOperation> ReasonRequiredFor);

    internal sealed record ReasonDemand(bool ReasonRequired);
}
