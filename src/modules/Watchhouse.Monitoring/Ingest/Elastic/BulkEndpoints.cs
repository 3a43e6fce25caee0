using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Ingest.Elastic;

/// <summary>Elasticsearch's bulk interface, at the root and under <c>/elastic</c>.</summary>
internal static class BulkEndpoints
{
    public const string Prefix = "/elastic";
    private const string NoIndex = "elastic";

    public static void MapElastic(this IEndpointRouteBuilder endpoints)
    {
        foreach (var prefix in new[] { "", Prefix })
        {
            var group = endpoints.MapGroup(prefix).WithTags("Ingest: Elasticsearch");
            foreach (var path in new[] { "/_bulk", "/{index}/_bulk", "/{index}/{type}/_bulk" })
                group.MapMethods(path, ["POST", "PUT"], TakeAsync).TakesEvents(ElasticRefusal.Instance)
                    .WithSummary("Deliver documents; 201 of an item means durable.");
            ProbeEndpoints.Map(group);
        }

        // The root itself is the web site's.
        ProbeEndpoints.MapRoot(endpoints.MapGroup(Prefix).WithTags("Ingest: Elasticsearch"));
    }

    private static async Task TakeAsync(HttpContext context, ActingPrincipal principal, IngestDoor door)
    {
        var cancellationToken = context.RequestAborted;
        var index = context.GetRouteValue("index") as string;
        var (read, refusal) = await door.Bodies.ReadAsync(context, cancellationToken);
        using var body = read;
        if (body is null)
        {
            door.Intake.Refused(principal, BulkReader.SourceOf(index ?? NoIndex), refusal!);
            await ElasticAnswer.RefuseAsync(context, refusal!);
            return;
        }

        var scan = BulkReader.Read(body.Bytes, index, door.Limits);
        if (scan.Items.Count == 0 && scan.Events.Refusal is null)
            scan.Events.Refuse(new Refusal(RefusalKind.Empty, "The request body is required: there is no action in it."), default);
        if (scan.Events.Refusal is { } wrong)
        {
            door.Intake.Refused(principal, BulkReader.SourceOf(index ?? NoIndex), wrong,
                body.Bytes.Slice(scan.Events.At.Start, scan.Events.At.Length));
            await ElasticAnswer.RefuseAsync(context, wrong);
            return;
        }

        if (IngestDoor.Compose(body, scan.BySource, PayloadFormat.ElasticDocument, flatten: false) is not { } batches)
        {
            await ElasticAnswer.RefuseAsync(context, door.Bodies.Busy());
            return;
        }

        var result = await door.Intake.AcceptAsync(principal, new Delivery
        {
            Batches = batches,
            Rejects = scan.Events.Rejects,
            Source = batches.Count > 0 ? batches[0].Source : BulkReader.SourceOf(index ?? NoIndex),
        }, cancellationToken);
        if (result.Receipt is { } receipt) await ElasticAnswer.BulkAsync(context, scan.Items, receipt.BatchId);
        else await ElasticAnswer.RefuseAsync(context, result.Refusal!);
    }
}
