using System.Net;
using Microsoft.Extensions.Options;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>The way out to what forces name. Where it leads is <see cref="WebhookDoor"/>'s rule; nothing of an answer's body is read.</summary>
internal sealed class EndpointHttp(IOptions<NoticesOptions> options, TimeProvider clock) : IDisposable
{
    private readonly Lazy<HttpClient> _client = new(() => new HttpClient(WebhookDoor.Handler(options.Value.Webhooks.Networks, static (host, stop) => Dns.GetHostAddressesAsync(host, stop)))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    });

    /// <summary>Why an endpoint cannot have this address; null where it can.</summary>
    public string? Fault(string? address) =>
        options.Value.Webhooks.AllowsLoopback && Uri.TryCreate(address?.Trim(), UriKind.Absolute, out var uri) && uri.IsLoopback && uri.Scheme is "http" or "https"
            ? null : WebhookDoor.Fault(address);

    public async Task<SendAnswer> PostAsync(HttpRequestMessage request, string who, SendOutcome taken, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.Timeout);
        try
        {
            using var answer = await _client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return HttpAnswers.Of(answer.StatusCode, HttpAnswers.RetryAfterOf(answer, clock.GetUtcNow()), who, taken);
        }
        catch (HttpRequestException e)
        {
            return HttpAnswers.Broken(e, who);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HttpAnswers.Late(who);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated) _client.Value.Dispose();
    }
}
