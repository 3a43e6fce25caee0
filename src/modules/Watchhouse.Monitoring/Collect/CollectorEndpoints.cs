using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Collect;

/// <summary>Collectors over HTTP. A collector is always of the force of who sets it up: there is no way to say another.</summary>
internal static class CollectorEndpoints
{
    public static void MapCollectors(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/collectors").WithTags("Collectors");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, CollectorQueries queries, ForceId? force, CancellationToken stop) =>
                Results.Ok(await queries.ListAsync(actor, force, request.Reason(), stop)))
            .Requires(Permissions.SourcesRead).WithName("Collectors")
            .WithSummary("Collectors and how they fare, of all forces in sight or of one; never their credentials.").Produces<IEnumerable<CollectorAnswer>>();
        group.MapGet("/gaps", async (ActingPrincipal actor, HttpRequest request, CollectorQueries queries, ForceId? force, CancellationToken stop) =>
                Results.Ok(await queries.GapsAsync(actor, force, request.Reason(), stop)))
            .Requires(Permissions.SourcesRead).WithName("CollectorGaps")
            .WithSummary("Stretches of time of which something was lost, or could be, with the reason; the newest first, at most 1,000.").Produces<IEnumerable<WindowAnswer>>();
        group.MapGet("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, CollectorQueries queries, Guid id, CancellationToken stop) =>
                (await queries.FindAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.SourcesRead).WithName("Collector").WithSummary("A collector and how it fares.")
            .Produces<CollectorAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id:guid}/coverage", async (ActingPrincipal actor, HttpRequest request, CollectorQueries queries, Guid id, CancellationToken stop) =>
                (await queries.CoverageAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.SourcesRead).WithName("CollectorCoverage")
            .WithSummary("The coverage ledger: how far each stream is fetched and reconciled, its gaps, and the newest 1,000 stretches of time.")
            .Produces<CoverageAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("", async (ActingPrincipal actor, HttpRequest request, CollectorOperations operations, CollectorInput input, CancellationToken stop) =>
                (await operations.CreateAsync(actor, input, request.Reason(), stop)).ToHttp(c => Results.Created($"/api/v1/collectors/{c.Id}", new { c.Id, c.Version })))
            .Requires(Permissions.CollectorsManage).WithName("CreateCollector")
            .WithSummary("Set a collector of one's own force up; it runs at once.").Produces(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPut("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, CollectorOperations operations, Guid id, CollectorInput input, CancellationToken stop) =>
                (await operations.ChangeAsync(actor, id, input, request.Reason(), stop)).ToHttp(c => Results.Ok(new { c.Id, c.Version })))
            .Requires(Permissions.CollectorsManage).WithName("ChangeCollector")
            .WithSummary("Change a collector; what is left out stays. A credential is replaced by giving another.")
            .Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, CollectorOperations operations, Guid id, CancellationToken stop) =>
                (await operations.RemoveAsync(actor, id, request.Reason(), stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.CollectorsManage).WithName("RemoveCollector")
            .WithSummary("Remove a collector with its credential and its coverage ledger; its events stay.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id:guid}/run", async (ActingPrincipal actor, HttpRequest request, CollectorOperations operations, Guid id, CancellationToken stop) =>
                (await operations.RunAsync(actor, id, request.Reason(), stop)).ToHttp(_ => Results.Accepted($"/api/v1/collectors/{id}")))
            .Requires(Permissions.CollectorsManage).WithName("RunCollector").WithSummary("Run a collector as soon as there is room.")
            .Produces(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }
}
