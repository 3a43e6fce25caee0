using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Ingest.Events;

/// <summary>What became of a delivery.</summary>
internal sealed record EventsAnswer(Guid BatchId, int Accepted, long Rejected, IReadOnlyList<Reject> Rejects);

/// <summary>Why nothing of a delivery was taken, with what was wrong (RFC 9457).</summary>
internal sealed record NothingAnswer(int Status, string Title, string Detail, long Rejected, IReadOnlyList<Reject> Rejects);

/// <summary>The centre's own way in: JSON lines or a JSON array over HTTP.</summary>
internal static class EventEndpoints
{
    public const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 200;

    private static readonly string[] MediaTypes =
    [
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/json", "text/plain",
        "application/octet-stream",
    ];

    public static void MapEvents(this IEndpointRouteBuilder endpoints) => endpoints.MapPost("/ingest/v1/events/{source}", TakeAsync)
        .TakesEvents().WithTags("Ingest").WithName("IngestEvents")
        .WithSummary("Deliver events of one source: a JSON object a line, or a JSON array; plain, gzip or zstd. 202 means durable.")
        .Produces<EventsAnswer>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task TakeAsync(HttpContext context, string source, ActingPrincipal principal, IngestDoor door)
    {
        var cancellationToken = context.RequestAborted;
        if (!SourceName.IsValid(source))
        {
            await RefuseAsync(context, new Refusal(RefusalKind.Unreadable, SourceName.Rule + " Correct the address."));
            return;
        }

        if (Check(context.Request) is { } wrong)
        {
            door.Intake.Refused(principal, source, wrong);
            await RefuseAsync(context, wrong);
            return;
        }

        var (read, refusal) = await door.Bodies.ReadAsync(context, cancellationToken);
        using var body = read;
        if (body is null)
        {
            door.Intake.Refused(principal, source, refusal!);
            await RefuseAsync(context, refusal!);
            return;
        }

        var scan = JsonEventReader.Read(body.Bytes, door.Limits);
        if (scan.Refusal is null && scan.Events.Count == 0 && scan.Rejects.Total == 0)
            scan.Refuse(new Refusal(RefusalKind.Empty, "There is no event in the request. Send at least one."), default);
        if (scan.Refusal is { } unusable)
        {
            door.Intake.Refused(principal, source, unusable, body.Bytes.Slice(scan.At.Start, scan.At.Length));
            await RefuseAsync(context, unusable);
            return;
        }

        if (IngestDoor.Compose(body, [new(source, scan.Events)], PayloadFormat.Ndjson, flatten: true) is not { } batches)
        {
            await RefuseAsync(context, door.Bodies.Busy());
            return;
        }

        var key = context.Request.Headers[KeyHeader].ToString();
        var result = await door.Intake.AcceptAsync(principal, new Delivery
        {
            Batches = batches,
            Rejects = scan.Rejects,
            Source = source,
            Key = key.Length == 0 ? null : $"{source}\n{key}",
        }, cancellationToken);
        await AnswerAsync(context, result);
    }

    private static async Task AnswerAsync(HttpContext context, IntakeResult result)
    {
        if (result.Receipt is not { } receipt)
        {
            await RefuseAsync(context, result.Refusal!);
            return;
        }

        if (receipt.Accepted > 0)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsJsonAsync(
                new EventsAnswer(receipt.BatchId, receipt.Accepted, receipt.Rejected, receipt.Rejects), context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteAsJsonAsync(new NothingAnswer(400, "Nothing taken",
            $"None of the {receipt.Rejected} lines is an event; line {receipt.Rejects[0].Line}: {receipt.Rejects[0].Reason} "
            + "Check the format that the sender writes: a JSON object a line, or a JSON array of objects, in UTF-8.",
            receipt.Rejected, receipt.Rejects), options: null, "application/problem+json", context.RequestAborted);
    }

    private static Refusal? Check(HttpRequest request)
    {
        if (request.Headers[KeyHeader].ToString().Length > LongestKey)
            return new Refusal(RefusalKind.Unreadable, $"The header {KeyHeader} is longer than {LongestKey} characters.");
        if (string.IsNullOrEmpty(request.ContentType)) return null;
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && MediaTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase)
            ? null
            : new Refusal(RefusalKind.Unsupported,
                "The Content-Type is not read here. Send application/x-ndjson (a JSON object a line) or application/json (an array).");
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.SetRetryAfter(refusal);
        var title = refusal.Kind switch
        {
            RefusalKind.Empty => "Nothing sent",
            RefusalKind.TooLarge => "Too large",
            RefusalKind.Unsupported => "Not read here",
            RefusalKind.Busy => "Too much at once",
            RefusalKind.Unavailable => "Not available",
            RefusalKind.BrokenOff => "Broken off",
            _ => "Not readable",
        };
        return Problems.WriteAsync(context, refusal.Status, title, refusal.Message);
    }
}
