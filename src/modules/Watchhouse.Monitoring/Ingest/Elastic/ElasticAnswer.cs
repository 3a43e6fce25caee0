using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Monitoring.Ingest.Elastic;

/// <summary>Answers in Elasticsearch's JSON. Its clients look for the product header before they believe any of it.</summary>
internal static class ElasticAnswer
{
    public static Task WriteAsync(HttpContext context, int status, object body)
    {
        Mark(context, status);
        return context.Response.WriteAsJsonAsync(body, body.GetType(), context.RequestAborted);
    }

    public static Task ErrorAsync(HttpContext context, int status, string type, string reason) => WriteAsync(context, status, new
    {
        error = new { root_cause = new[] { new { type, reason } }, type, reason },
        status,
    });

    public static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        context.Response.SetRetryAfter(refusal);
        return ErrorAsync(context, refusal.Status, refusal.Kind switch
        {
            RefusalKind.Busy => "es_rejected_execution_exception",
            RefusalKind.Unavailable => "unavailable_shards_exception",
            RefusalKind.TooLarge => "content_too_long_exception",
            RefusalKind.Unsupported => "media_type_header_exception",
            _ => "illegal_argument_exception",
        }, refusal.Message);
    }

    /// <summary>The items in the order of the request, each with its own status.</summary>
    public static async Task BulkAsync(HttpContext context, IReadOnlyList<BulkItem> items, Guid batch)
    {
        Mark(context, StatusCodes.Status200OK);
        context.Response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("took"u8, 0);
            writer.WriteBoolean("errors"u8, items.Any(static i => i.Problem is not null));
            writer.WriteStartArray("items"u8);
            for (var i = 0; i < items.Count; i++)
            {
                Write(writer, items[i], batch, i);
                if (writer.BytesPending > 32 * 1024) await writer.FlushAsync(context.RequestAborted);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter writer, BulkItem item, Guid batch, int number)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(item.Action);
        writer.WriteString("_index"u8, item.Index);
        writer.WriteString("_id"u8, item.Id ?? string.Create(CultureInfo.InvariantCulture, $"{batch:N}-{number}"));
        if (item.Problem is { } problem)
        {
            writer.WriteNumber("status"u8, 400);
            writer.WriteStartObject("error"u8);
            writer.WriteString("type"u8, item.Action is "create" or "index" ? "document_parsing_exception" : "illegal_argument_exception");
            writer.WriteString("reason"u8, problem);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNumber("_version"u8, 1);
            writer.WriteString("result"u8, "created"u8);
            writer.WriteStartObject("_shards"u8);
            writer.WriteNumber("total"u8, 1);
            writer.WriteNumber("successful"u8, 1);
            writer.WriteNumber("failed"u8, 0);
            writer.WriteEndObject();
            writer.WriteNumber("_seq_no"u8, number);
            writer.WriteNumber("_primary_term"u8, 1);
            writer.WriteNumber("status"u8, 201);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Mark(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
    }
}

/// <summary>Says in Elasticsearch's words that the caller may not pass.</summary>
internal sealed class ElasticRefusal : IProtocolRefusal
{
    public static readonly ElasticRefusal Instance = new();

    public Task WriteAsync(HttpContext context, int status, string message) =>
        ElasticAnswer.ErrorAsync(context, status, "security_exception", message);
}
