using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>
/// A signed post to an endpoint of a force. The header <see cref="IdHeader"/> is the same in every repeat of a message, so a receiver drops what it
/// has; the signature is made anew each time, because it bears the time.
/// </summary>
internal sealed class WebhookChannel(EndpointHttp http, IOptions<NoticesOptions> options, TimeProvider clock) : INoticeChannel
{
    public const string IdHeader = "X-Watchhouse-Delivery";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public NoticeChannel Channel => NoticeChannel.Webhook;

    public bool IsSetUp => options.Value.Address is not null;

    public bool CanLook => false;

    public async Task<SendAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var endpoint = message.Endpoint!;
        var body = Body(message);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(IdHeader, message.Id.ToString());
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Sign(endpoint.Secrets, body, clock.GetUtcNow()));
        request.Headers.UserAgent.ParseAdd("Watchhouse");
        return await http.PostAsync(request, "The receiver", SendOutcome.Delivered, cancellationToken);
    }

    public Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken cancellationToken) => Task.FromResult(new SendAnswer(SendOutcome.Unclear, ""));

    internal static byte[] Body(OutgoingMessage message) => JsonSerializer.SerializeToUtf8Bytes(
        new Posted(message.Id, message.Force.Value, message.Kind, message.Severity, message.Words, message.Link, message.CreatedAt), Json);

    private sealed record Posted(Guid Id, string Force, string Kind, string Severity, string Words, string Link, DateTimeOffset CreatedAt);
}
