using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

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
        group.MapGet("/sources/{force}/{source}/hours", async (
                ActingPrincipal actor, SourceQueries queries, TimeProvider clock, string force, string source, int? days, CancellationToken cancellationToken) =>
            {
                if (!ForceId.TryParse(force, null, out var id)) return Failure.NotFound.ToProblem();
                var since = clock.GetUtcNow() - TimeSpan.FromDays(Math.Clamp(days ?? 7, 1, SourceHour.Kept.Days));
                return (await queries.HoursAsync(actor, id, source, since, cancellationToken)).ToHttp(Results.Ok);
            })
            .Requires(Permissions.SourcesRead).WithName("IngestSourceHours")
            .WithSummary("Events, bytes and rejects of one source hour by hour, oldest first; hours without any are left out. 'days' back from now: 7, at most 35.")
            .Produces<IEnumerable<HourCount>>().ProducesProblem(StatusCodes.Status404NotFound);
    }
}
