using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>Sources and rejects over HTTP.</summary>
internal static class SourceEndpoints
{
    public static void MapSources(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/ingest").WithTags("Sources");
        group.MapGet("/sources", async (ActingPrincipal actor, SourceQueries queries, ForceId? force, CancellationToken cancellationToken) =>
                Results.Ok(await queries.SourcesAsync(actor, force, cancellationToken)))
            .Requires(Permissions.SourcesRead).WithName("IngestSources")
            .WithSummary("What each source has delivered, of all forces in sight or of one.").Produces<IEnumerable<SourceAnswer>>();
        group.MapGet("/rejects", async (
                ActingPrincipal actor, SourceQueries queries, ForceId? force, string? source, CancellationToken cancellationToken) =>
                Results.Ok(await queries.RejectsAsync(actor, force, source, cancellationToken)))
            .Requires(Permissions.SourcesRead).WithName("IngestRejects")
            .WithSummary("Events that were not taken: how many, why, and the first of them; the latest first, at most 500.")
            .Produces<IEnumerable<RejectAnswer>>();
    }
}
