using System.Net;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>What answers of HTTP, and their absence, mean for a message. Pure.</summary>
internal static class HttpAnswers
{
    /// <summary>What a failed request means: before the connection stood nothing was sent, after that it may have been.</summary>
    public static SendAnswer Broken(HttpRequestException failure, string who) =>
        failure.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            ? new(SendOutcome.TryLater, failure.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => $"The name of {who} is not known, so nothing was sent. Check the address.",
                HttpRequestError.SecureConnectionError => $"{who} did not prove itself with a valid certificate, so nothing was sent.",
                _ => Inside(failure) ?? $"{who} could not be reached, so nothing was sent.",
            })
            : Inside(failure) is { } refused ? new(SendOutcome.TryLater, refused) : new(SendOutcome.Unclear, $"The connection to {who} broke off before it answered.");

    public static SendAnswer Late(string who) => new(SendOutcome.Unclear, $"{who} did not answer in time.");

    /// <summary>What a webhook's receiver meant.</summary>
    public static SendAnswer Of(HttpStatusCode status, TimeSpan? retryAfter, string who, SendOutcome taken) => (int)status switch
    {
        >= 200 and < 300 => new(taken, taken == SendOutcome.Delivered ? $"{who} took it." : $"{who} took it; whether it is shown is not told."),
        >= 300 and < 400 => new(SendOutcome.TryLater, $"{who} answered with another address ({(int)status}), which is not followed. Enter that address itself."),
        401 or 403 => new(SendOutcome.TryLater, $"{who} did not let it in ({(int)status}). Check its address and secret."),
        404 or 410 => new(SendOutcome.TryLater, $"{who} knows nothing at this address ({(int)status}). Check it."),
        408 or 409 or 425 or 429 or >= 500 => new(SendOutcome.TryLater, $"{who} cannot take it now ({(int)status}).") { RetryAfter = retryAfter },
        _ => new(SendOutcome.Refused, $"{who} refused it ({(int)status})."),
    };

    public static TimeSpan? RetryAfterOf(HttpResponseMessage answer, DateTimeOffset now) =>
        answer.Headers.TryGetValues("Retry-After", out var values) ? RetryAfter.Parse(values.FirstOrDefault(), now) : null;

    // What WebhookDoor says when a name leads inside.
    private static string? Inside(Exception failure)
    {
        for (var each = failure; each is not null; each = each.InnerException)
            if (each.Message.Contains("public internet", StringComparison.Ordinal)) return "The address does not lie in the public internet, so nothing was sent. The operator of the house can allow its network.";
        return null;
    }
}
