using System.Net;
using System.Text.Json;
using Notify.Interfaces;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Response.Notices.Channels;

/// <summary>
/// What Notify's client library speaks through, one for each call: it keeps the answer's status and wait, which the library folds into a
/// message, bounds the body, and brings time limit and cancellation, which the library does not know.
/// </summary>
internal sealed class NotifyHttp(HttpClient http, TimeProvider clock, CancellationToken stop) : IHttpClient
{
    private const int MostBytes = 1 << 20;

    private string _agent = "";

    /// <summary>The address that the library sets; the connections are shared, so requests get it one by one.</summary>
    public Uri? BaseAddress { get; set; }

    public HttpStatusCode? Status { get; private set; }

    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>What Notify calls the error, such as <c>BadRequestError</c> or <c>TooManyRequestsError</c>. The message beside it may quote the address and is not kept.</summary>
    public string Error { get; private set; } = "";

    /// <summary>What stopped the request before there was an answer.</summary>
    public Exception? Broken { get; private set; }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            request.RequestUri = new Uri(BaseAddress!, request.RequestUri!);
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.UserAgent.TryParseAdd(_agent);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            var body = await BoundedBody.ReadAsync(answer.Content, MostBytes, stop).ConfigureAwait(false) ?? throw new HttpRequestException("The answer is too long.");
            (Status, RetryAfter) = (answer.StatusCode, HttpAnswers.RetryAfterOf(answer, clock.GetUtcNow()));
            if (!answer.IsSuccessStatusCode) Error = ErrorOf(body);
            answer.Content = new ReadOnlyMemoryContent(body);
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            Broken = e;
            throw;
        }
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => SendAsync(request);

    public void SetClientBaseAddress()
    {
        // The shared client keeps none.
    }

    public void AddContentHeader(string header)
    {
        // Each request says it.
    }

    public void AddUserAgent(string userAgent) => _agent = userAgent;

    public void Dispose()
    {
        // The connections are shared.
    }

    private static string ErrorOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var name = document.RootElement.GetProperty("errors")[0].GetProperty("error").GetString() ?? "";
            return name.Length <= 60 && name.All(char.IsAsciiLetterOrDigit) ? name : "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return "";
        }
    }
}
