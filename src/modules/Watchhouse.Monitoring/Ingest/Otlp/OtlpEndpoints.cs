using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Monitoring.Ingest.Otlp;

/// <summary>Logs by the OpenTelemetry protocol over HTTP, in protocol buffers or JSON.</summary>
internal static class OtlpEndpoints
{
    public const string Proto = "application/x-protobuf";
    public const string Json = "application/json";

    public static void MapOtlp(this IEndpointRouteBuilder endpoints) => endpoints.MapPost("/v1/logs", TakeAsync)
        .TakesEvents(OtlpRefusal.Instance).WithTags("Ingest: OpenTelemetry").WithName("IngestOtlpLogs")
        .WithSummary("Deliver log records (OTLP/HTTP); 200 means durable, but for those that partial success counts.");

    private static async Task TakeAsync(HttpContext context, ActingPrincipal principal, IngestDoor door)
    {
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed.MediaType.ToString().ToLowerInvariant() : "";
        if (type is not (Proto or Json))
        {
            await RefuseAsync(context, principal, door, new Refusal(RefusalKind.Unsupported, $"Send {Proto} or {Json}."), default);
            return;
        }

        var (read, refusal) = await door.Bodies.ReadAsync(context, context.RequestAborted);
        using var body = read;
        // An empty message is a request without records, and right.
        if (body is null && refusal!.Kind == RefusalKind.Empty && type == Proto)
        {
            await OtlpAnswer.WriteAsync(context, 0, null);
            return;
        }

        if (body is null)
        {
            await RefuseAsync(context, principal, door, refusal!, default);
            return;
        }

        // Records are written anew with what stands around them, so they need room of their own.
        if (!body.TryCharge(Math.Min(body.Length * 4L, door.Limits.MaxBodyBytes * 2L)))
        {
            await RefuseAsync(context, principal, door, door.Bodies.Busy(), default);
            return;
        }

        var events = Read(body, type, door.Limits, out var wrong);
        if ((wrong ?? events?.Refusal) is { } unusable)
        {
            await RefuseAsync(context, principal, door, unusable, body.Memory);
            return;
        }

        var batches = events!.Batches();
        var result = await door.Intake.AcceptAsync(principal, new Delivery
        {
            Batches = batches,
            Rejects = events.Rejects,
            Source = batches.Count > 0 ? batches[0].Source : OtlpEvents.NoService,
        }, context.RequestAborted);
        if (result.Refusal is { } later) await OtlpAnswer.WriteErrorAsync(context, later);
        else await OtlpAnswer.WriteAsync(context, events.Rejects.Total, events.Rejects.Listed.Count > 0 ? events.Rejects.Listed[0] : null);
    }

    private static OtlpEvents? Read(IngestBody body, string type, IngestLimits limits, out Refusal? wrong)
    {
        wrong = null;
        try
        {
            return type == Proto ? OtlpProto.Read(body.Bytes, limits) : OtlpJson.Read(body.Memory, limits);
        }
        catch (JsonException e)
        {
            wrong = new Refusal(RefusalKind.Unreadable, $"The content is no JSON that can be read: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (ProtoException e)
        {
            wrong = new Refusal(RefusalKind.Unreadable, $"The content is no export of logs. {e.Message}");
        }

        return null;
    }

    private static Task RefuseAsync(HttpContext context, ActingPrincipal principal, IngestDoor door, Refusal refusal, ReadOnlyMemory<byte> sample)
    {
        door.Intake.Refused(principal, OtlpEvents.NoService, refusal, sample.Span);
        return OtlpAnswer.WriteErrorAsync(context, refusal);
    }
}

/// <summary>Answers in the coding of the request.</summary>
internal static class OtlpAnswer
{
    /// <summary>ExportLogsServiceResponse, with partial success where records were rejected.</summary>
    public static Task WriteAsync(HttpContext context, long rejected, Reject? first)
    {
        var message = first is null ? "" : $"Record {first.Line}: {first.Reason}";
        if (IsJson(context))
            return context.Response.WriteAsJsonAsync<object>(rejected == 0
                ? new { }
                : new { partialSuccess = new { rejectedLogRecords = rejected.ToString(System.Globalization.CultureInfo.InvariantCulture), errorMessage = message } },
                context.RequestAborted);
        var answer = new ArrayBufferWriter<byte>();
        if (rejected > 0)
        {
            var partial = new ArrayBufferWriter<byte>();
            WriteVarint(partial, 1 << 3);
            WriteVarint(partial, (ulong)rejected);
            WriteBytes(partial, 2, Encoding.UTF8.GetBytes(message));
            WriteBytes(answer, 1, partial.WrittenSpan);
        }

        return WriteProtoAsync(context, StatusCodes.Status200OK, answer.WrittenMemory);
    }

    /// <summary>A google.rpc.Status, as the specification demands of every error.</summary>
    public static Task WriteErrorAsync(HttpContext context, Refusal refusal)
    {
        context.Response.SetRetryAfter(refusal);
        return WriteErrorAsync(context, refusal.Status, refusal.Message);
    }

    public static Task WriteErrorAsync(HttpContext context, int status, string message)
    {
        // Codes of google.rpc: invalid argument, resource exhausted, unavailable, unauthenticated, permission denied, not found.
        var code = status switch { 429 => 8, 503 => 14, 401 => 16, 403 => 7, 404 => 5, _ => 3 };
        context.Response.StatusCode = status;
        if (IsJson(context)) return context.Response.WriteAsJsonAsync(new { code, message }, context.RequestAborted);
        var answer = new ArrayBufferWriter<byte>();
        WriteVarint(answer, 1 << 3);
        WriteVarint(answer, (ulong)code);
        WriteBytes(answer, 2, Encoding.UTF8.GetBytes(message));
        return WriteProtoAsync(context, status, answer.WrittenMemory);
    }

    private static bool IsJson(HttpContext context) =>
        context.Request.ContentType?.StartsWith(OtlpEndpoints.Json, StringComparison.OrdinalIgnoreCase) == true;

    private static async Task WriteProtoAsync(HttpContext context, int status, ReadOnlyMemory<byte> message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = OtlpEndpoints.Proto;
        context.Response.ContentLength = message.Length;
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
    }

    private static void WriteBytes(ArrayBufferWriter<byte> to, int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(to, ((ulong)field << 3) | 2);
        WriteVarint(to, (ulong)value.Length);
        to.Write(value);
    }

    private static void WriteVarint(ArrayBufferWriter<byte> to, ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.Write([(byte)(value | 0x80)]);
        to.Write([(byte)value]);
    }
}

/// <summary>Says in the protocol's words that the caller may not pass.</summary>
internal sealed class OtlpRefusal : IProtocolRefusal
{
    public static readonly OtlpRefusal Instance = new();

    public Task WriteAsync(HttpContext context, int status, string message) => OtlpAnswer.WriteErrorAsync(context, status, message);
}
