using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>
/// A card in a channel of Microsoft Teams, by the webhook of a workflow ('When a Teams webhook request is received'). The workflow knows no
/// repeats: where an answer is lost, the card may be there twice.
/// </summary>
internal sealed class TeamsChannel(EndpointHttp http, IOptions<NoticesOptions> options) : INoticeChannel
{
    public NoticeChannel Channel => NoticeChannel.Teams;

    public bool IsSetUp => options.Value.Address is not null;

    public bool CanLook => false;

    public async Task<SendAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, message.Endpoint!.Address)
        {
            Content = new StringContent(Card(message), System.Text.Encoding.UTF8, "application/json"),
        };
        return await http.PostAsync(request, "The Teams workflow", SendOutcome.Sent, cancellationToken);
    }

    public Task<SendAnswer> LookAsync(OutgoingMessage message, CancellationToken cancellationToken) => Task.FromResult(new SendAnswer(SendOutcome.Unclear, ""));

    internal static string Card(OutgoingMessage message) => new JsonObject
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = new JsonObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = message.Words, ["wrap"] = true }),
                ["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open Watchhouse", ["url"] = message.Link }),
            },
        }),
    }.ToJsonString();
}
