using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Archive;

/// <summary>The archive's notes, retention and legal holds over HTTP.</summary>
internal static class ArchiveEndpoints
{
    public static void MapArchive(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/archive/sources", async (ActingPrincipal actor, ArchiveOperations archive, ForceId? force, CancellationToken stop) =>
                Results.Ok(await archive.SourcesAsync(actor, force, stop)))
            .WithTags("Archive").Requires(Permissions.SourcesRead).WithName("ArchivedSources")
            .WithSummary("What the archive noted of each source: repeats, late events, clocks that are wrong, lines that are no events.")
            .Produces<IEnumerable<ArchivedSourceAnswer>>();

        var group = endpoints.MapGroup("/api/v1/forces/{force}/archive").WithTags("Archive");
        group.MapGet("/retention", async (ActingPrincipal actor, ArchiveOperations archive, ForceId force, CancellationToken stop) =>
                Results.Ok(await archive.RetentionAsync(actor, force, stop)))
            .Requires(Permissions.SourcesRead).WithName("Retention")
            .WithSummary("How long a force keeps its events, by table. What no rule names is kept without end.")
            .Produces<IEnumerable<RetentionAnswer>>();
        group.MapPut("/retention", async (
                ActingPrincipal actor, HttpRequest request, ArchiveOperations archive, ForceId force, RetentionBody body, CancellationToken stop) =>
                (await archive.SetRetentionAsync(actor, force, body.Table, body.Days, request.Reason(), stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ArchiveManage).WithName("SetRetention")
            .WithSummary("Sets how long events of a table, or of all, are kept; without days they are kept without end.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/holds", async (ActingPrincipal actor, ArchiveOperations archive, ForceId force, CancellationToken stop) =>
                Results.Ok(await archive.HoldsAsync(actor, force, stop)))
            .Requires(Permissions.SourcesRead).WithName("Holds").WithSummary("Legal holds on a force's events, released ones included.")
            .Produces<IEnumerable<HoldAnswer>>();
        group.MapPost("/holds", async (ActingPrincipal actor, ArchiveOperations archive, ForceId force, HoldBody body, CancellationToken stop) =>
                (await archive.HoldAsync(actor, force, body.Table, body.From, body.To, body.Why, stop))
                    .ToHttp(hold => Results.Created($"/api/v1/forces/{force}/archive/holds", hold)))
            .Requires(Permissions.ArchiveManage).WithName("PlaceHold").WithSummary("Holds the events of a time, whatever the retention says.")
            .Produces<HoldAnswer>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/holds/{id:guid}/release", async (
                ActingPrincipal actor, ArchiveOperations archive, ForceId force, Guid id, ReleaseBody body, CancellationToken stop) =>
                (await archive.ReleaseAsync(actor, force, id, body.Why, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.ArchiveManage).WithName("ReleaseHold").WithSummary("Releases a hold; its events go when their retention says so.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal sealed record RetentionBody(string? Table = null, int? Days = null);

    internal sealed record HoldBody(DateTimeOffset From, DateTimeOffset To, string? Why, string? Table = null);

    internal sealed record ReleaseBody(string? Why);
}
