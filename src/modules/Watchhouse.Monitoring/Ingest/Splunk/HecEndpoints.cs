using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Monitoring.Ingest.Splunk;

/// <summary>Splunk's HTTP Event Collector, as its shippers know it.</summary>
internal static class HecEndpoints
{
    private const int MostAcks = 10_000;
    private static readonly string[] Metadata = ["sourcetype", "source", "host", "index", "time"];

    public static void MapHec(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/services/collector").WithTags("Ingest: Splunk HEC");
        foreach (var path in new[] { "", "/event", "/event/1.0" })
            group.MapPost(path, EventsAsync).TakesEvents(HecRefusal.Instance).WithSummary("Deliver event envelopes; 200 means durable.");
        foreach (var path in new[] { "/raw", "/raw/1.0" })
            group.MapPost(path, RawAsync).TakesEvents(HecRefusal.Instance).WithSummary("Deliver lines of text; 200 means durable.");
        group.MapPost("/ack", AckAsync).TakesEvents(HecRefusal.Instance).WithSummary("Ask which deliveries are durable.");
        foreach (var path in new[] { "/health", "/health/1.0" })
            group.MapGet(path, static (HttpContext context) => HecAnswer.Healthy.WriteAsync(context))
                .IsPublic("Shippers and load balancers look here before they have a token; it says one word.")
                .WithSummary("Whether events are taken.");
    }

    private static async Task EventsAsync(HttpContext context, ActingPrincipal principal, IngestDoor door, HecAcks acks)
    {
        if (await BodyAsync(context, principal, door) is not { } body) return;
        using var _ = body;
        var scan = HecEventReader.Read(body.Bytes, context.Request.Query["sourcetype"], door.Limits);
        if (scan.Refusal is { } wrong)
        {
            var kind = wrong.Code == HecAnswer.NoData.Code ? RefusalKind.Empty
                : wrong.Status == StatusCodes.Status413PayloadTooLarge ? RefusalKind.TooLarge
                : RefusalKind.Unreadable;
            door.Intake.Refused(principal, HecEventReader.NoSourcetype, new Refusal(kind, wrong.Text) { Line = wrong.InvalidEvent + 1 },
                body.Bytes.Slice(scan.At.Start, scan.At.Length));
            await (kind == RefusalKind.Empty ? HecAnswer.NoData : wrong).WriteAsync(context);
            return;
        }

        await TakeAsync(context, principal, door, acks, IngestDoor.Compose(body, scan.BySource,
            Format(context, PayloadFormat.HecEvent), flatten: true));
    }

    private static async Task RawAsync(HttpContext context, ActingPrincipal principal, IngestDoor door, HecAcks acks)
    {
        if (await BodyAsync(context, principal, door) is not { } body) return;
        using var _ = body;
        var source = SourceName.From(context.Request.Query["sourcetype"], HecEventReader.NoSourcetype);
        var scan = new EventScan(door.Limits);
        ReadLines(body.Bytes, scan, door.Limits);
        if (scan.Events.Count == 0 && scan.Refusal is null) scan.Refuse(new Refusal(RefusalKind.Empty, HecAnswer.NoData.Text), default);
        if (scan.Refusal is { } wrong)
        {
            door.Intake.Refused(principal, source, wrong, body.Bytes.Slice(scan.At.Start, scan.At.Length));
            await (HecAnswer.Of(wrong) with { InvalidEvent = wrong.Line - 1 }).WriteAsync(context);
            return;
        }

        await TakeAsync(context, principal, door, acks, IngestDoor.Compose(body, [new(source, scan.Events)],
            Format(context, PayloadFormat.HecRaw), flatten: false));
    }

    private static void ReadLines(ReadOnlySpan<byte> body, EventScan scan, IngestLimits limits)
    {
        var lines = new LineCursor(body);
        while (lines.NextFilled())
        {
            if (lines.Range.Length > limits.MaxEventBytes)
                scan.Refuse(new Refusal(RefusalKind.TooLarge, $"Line {lines.Line}: {JsonEvent.TooLong(limits)}") { Line = lines.Line }, lines.Range);
            if (scan.Refusal is not null || !scan.Take(lines.Range)) return;
        }
    }

    private static async Task<IngestBody?> BodyAsync(HttpContext context, ActingPrincipal principal, IngestDoor door)
    {
        // A wrong channel would make acknowledgements that nobody can ask for.
        if (Channel(context) is { Length: > 0 } channel && !Guid.TryParse(channel, out _))
        {
            await HecAnswer.ChannelInvalid.WriteAsync(context);
            return null;
        }

        var (body, refusal) = await door.Bodies.ReadAsync(context, context.RequestAborted);
        if (body is not null) return body;
        door.Intake.Refused(principal, HecEventReader.NoSourcetype, refusal!);
        context.Response.SetRetryAfter(refusal!);
        await HecAnswer.Of(refusal!).WriteAsync(context);
        return null;
    }

    private static async Task TakeAsync(
        HttpContext context, ActingPrincipal principal, IngestDoor door, HecAcks acks, IReadOnlyList<IntakeBatch>? batches)
    {
        var result = batches is null
            ? door.Bodies.Busy()
            : await door.Intake.AcceptAsync(principal, new Delivery { Batches = batches, Source = HecEventReader.NoSourcetype }, context.RequestAborted);
        if (result.Refusal is { } refusal)
        {
            context.Response.SetRetryAfter(refusal);
            await HecAnswer.Of(refusal).WriteAsync(context);
            return;
        }

        await (HecAnswer.Success with { AckId = Channel(context).Length > 0 ? acks.Next() : null }).WriteAsync(context);
    }

    private static async Task AckAsync(HttpContext context, HecAcks acks)
    {
        var channel = Channel(context);
        if (channel.Length == 0 || !Guid.TryParse(channel, out _))
        {
            await (channel.Length == 0 ? HecAnswer.ChannelMissing : HecAnswer.ChannelInvalid).WriteAsync(context);
            return;
        }

        var asked = new List<long>();
        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("acks", out var list)
                && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= MostAcks)
                asked.AddRange(list.EnumerateArray().Select(static a => a.GetInt64()));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            asked.Clear();
        }

        if (asked.Count == 0)
        {
            await HecAnswer.InvalidFormat.WriteAsync(context);
            return;
        }

        await context.Response.WriteAsJsonAsync(new
        {
            acks = asked.Distinct().ToDictionary(
                static id => id.ToString(System.Globalization.CultureInfo.InvariantCulture), acks.WasGiven),
        }, context.RequestAborted);
    }

    private static string Format(HttpContext context, string word) => new PayloadFormat(word,
        [.. Metadata.Where(name => context.Request.Query.ContainsKey(name))
            .Select(name => KeyValuePair.Create(name, context.Request.Query[name].ToString()))]).ToString();

    private static string Channel(HttpContext context) =>
        context.Request.Headers["X-Splunk-Request-Channel"].ToString() is { Length: > 0 } header
            ? header
            : context.Request.Query["channel"].ToString();
}
