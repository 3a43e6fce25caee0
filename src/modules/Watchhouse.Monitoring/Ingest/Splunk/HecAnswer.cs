using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Monitoring.Ingest.Splunk;

/// <summary>An answer of Splunk's HTTP Event Collector: its text, its code, and the HTTP status that goes with them.</summary>
internal sealed record HecAnswer(
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("code")] int Code,
    [property: JsonIgnore] int Status)
{
    public static readonly HecAnswer Success = new("Success", 0, 200);
    public static readonly HecAnswer TokenRequired = new("Token is required", 2, 401);
    public static readonly HecAnswer InvalidAuthorization = new("Invalid authorization", 3, 401);
    public static readonly HecAnswer InvalidToken = new("Invalid token", 4, 403);
    public static readonly HecAnswer NoData = new("No data", 5, 400);
    public static readonly HecAnswer InvalidFormat = new("Invalid data format", 6, 400);
    public static readonly HecAnswer Busy = new("Server is busy", 9, 503);
    public static readonly HecAnswer ChannelMissing = new("Data channel is missing", 10, 400);
    public static readonly HecAnswer ChannelInvalid = new("Invalid data channel", 11, 400);
    public static readonly HecAnswer EventRequired = new("Event field is required", 12, 400);
    public static readonly HecAnswer EventBlank = new("Event field cannot be blank", 13, 400);
    public static readonly HecAnswer FieldsWrong = new("Error in handling indexed fields", 15, 400);
    public static readonly HecAnswer Healthy = new("HEC is healthy", 17, 200);
    public static readonly HecAnswer Full = new("HEC is unhealthy, queues are full", 18, 503);

    /// <summary>Number of the event at fault, from 0.</summary>
    [JsonPropertyName("invalid-event-number"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? InvalidEvent { get; init; }

    [JsonPropertyName("ackId"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AckId { get; init; }

    /// <summary>Splunk tells a busy server by 503, and shippers try again on it.</summary>
    public static HecAnswer Of(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Empty => NoData,
        RefusalKind.Busy or RefusalKind.Unavailable => Busy,
        _ => new HecAnswer(refusal.Message, InvalidFormat.Code, refusal.Status),
    };

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        return context.Response.WriteAsJsonAsync(this, context.RequestAborted);
    }
}

/// <summary>Says in the collector's words that a token is missing or not good.</summary>
internal sealed class HecRefusal : IProtocolRefusal
{
    public static readonly HecRefusal Instance = new();

    public Task WriteAsync(HttpContext context, int status, string message)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var answer = status != StatusCodes.Status401Unauthorized ? HecAnswer.InvalidToken
            : header.Length == 0 ? HecAnswer.TokenRequired
            : !header.Contains(' ', StringComparison.Ordinal) ? HecAnswer.InvalidAuthorization
            : HecAnswer.InvalidToken;
        return answer.WriteAsync(context);
    }
}
