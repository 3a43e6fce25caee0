using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>What became of a request that was to change something.</summary>
internal enum Fate
{
    /// <summary>The API says that it is done, or under way.</summary>
    Done = 1,

    /// <summary>It was refused; it changed nothing.</summary>
    NotDone = 2,

    /// <summary>What it was about is not there; it changed nothing.</summary>
    Missing = 3,

    /// <summary>Something of the kind is under way already; it changed nothing.</summary>
    UnderWay = 4,

    /// <summary>It was not taken, and may be sent again later; it changed nothing.</summary>
    Later = 5,

    /// <summary>Nobody knows.</summary>
    Unknown = 6,
}

/// <summary>The answer to a change.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Words">What that means; empty when it is done.</param>
/// <param name="Request">Method and address.</param>
/// <param name="Answer">Status and body, cut.</param>
/// <param name="Body">The body; undefined where it is none, or not whole.</param>
internal sealed record EstateReply(Fate Fate, string Words, string Request, string Answer, JsonElement Body);

/// <summary>What was read, and when the API says that was.</summary>
internal sealed record EstatePage(JsonElement Body, TimeSpan Ahead);

/// <summary>Nothing could be read. Nothing was changed by trying.</summary>
/// <param name="state">Refused when a person must act first; unknown when a later try may succeed.</param>
internal sealed class EstateReadException(EstateState state, string message, string request, string answer, Exception? inner = null) : Exception(message, inner)
{
    public EstateState State => state;

    public string Request => request;

    public string Answer => answer;
}

/// <summary>
/// Speaks to one API for one registration. Reading is tried again; a change is sent again only when it is certain that the one before did
/// nothing (no connection, 401, 429).
/// </summary>
internal sealed class EstateApi(HttpClient http, string name, ApiAddress address, ITokens tokens, string permission, string note, EstateOptions options, TimeProvider clock)
{
    private const int LongestAnswer = 2_000;
    // Below this the clocks are taken to agree: the header has whole seconds, and the answer was under way.
    private static readonly TimeSpan SameTime = TimeSpan.FromSeconds(5);

    public string Name => name;

    /// <summary>Reads; null when there is nothing at the address.</summary>
    /// <exception cref="EstateReadException">Nothing could be read.</exception>
    public async Task<EstatePage?> ReadAsync(string path, CancellationToken stop)
    {
        var uri = address.Follow(address.At(path).AbsoluteUri);
        var sent = await SendAsync(HttpMethod.Get, uri, null, null, isChange: false, stop);
        if (sent.Fate == Fate.Missing) return null;
        if (sent.Fate == Fate.Done && sent.Body.ValueKind == JsonValueKind.Object) return new EstatePage(sent.Body, sent.Ahead);
        var words = sent.Fate == Fate.Done ? $"An answer of {name} is not whole, or is not what the API says. It is asked for again later." : sent.Words;
        throw new EstateReadException(sent.Fate is Fate.NotDone or Fate.UnderWay ? EstateState.Refused : EstateState.Unknown, words, sent.Request, sent.Answer);
    }

    /// <summary>Reads a listing whole; null when there is nothing at the address.</summary>
    /// <exception cref="EstateReadException">It could not be read whole.</exception>
    public async Task<List<JsonElement>?> ListAsync(string path, CancellationToken stop)
    {
        var all = new List<JsonElement>();
        var next = path;
        for (var page = 0; page < options.MaxPages; page++)
        {
            if (await ReadAsync(next, stop) is not { } read) return page == 0 ? null : throw Odd(path);
            if (!read.Body.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Array) throw Odd(path);
            all.AddRange(value.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object));
            if (read.Body.Text("@odata.nextLink") is not { Length: > 0 } link) return all;
            try
            {
                next = address.Follow(link).AbsoluteUri;
            }
            catch (ApiException e)
            {
                throw new EstateReadException(EstateState.Refused, e.Message, $"GET {path}", "", e);
            }
        }

        throw new EstateReadException(EstateState.Refused, $"{name} lists more than the centre looks at. Nothing was changed; this needs a person.", $"GET {path}", "");
    }

    /// <summary>Sends a change.</summary>
    public async Task<EstateReply> ChangeAsync(HttpMethod method, string path, object? body, Guid operation, CancellationToken stop)
    {
        var sent = await SendAsync(method, address.At(path), body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body), operation, isChange: true, stop);
        // A page of a proxy, or half an answer, says nothing about what was done.
        return sent is { Fate: Fate.Done, IsOdd: true }
            ? new EstateReply(Fate.Unknown, $"The answer of {name} is not whole, or is not what the API says. It may have been done: it is looked at before anything is sent again.", sent.Request, sent.Answer, default)
            : new EstateReply(sent.Fate, sent.Words, sent.Request, sent.Answer, sent.Body);
    }

    private EstateReadException Odd(string path) =>
        new(EstateState.Unknown, $"An answer of {name} is not what the API says. It is asked for again later.", $"GET {path}", "");

    private async Task<Sent> SendAsync(HttpMethod method, Uri uri, byte[]? body, Guid? operation, bool isChange, CancellationToken stop)
    {
        var request = $"{method} {uri.PathAndQuery}{(body is null ? "" : " " + Encoding.UTF8.GetString(body))}";
        var isTokenNew = false;
        for (var attempt = 1; ; attempt++)
        {
            string token;
            try
            {
                token = await tokens.GetAsync(stop);
            }
            catch (ApiException e)
            {
                return new Sent(e.Fault == ApiFault.Access ? Fate.NotDone : Fate.Later, e.Message, "none", "", default, default, null);
            }

            var sent = await TryAsync(method, uri, body, operation, token, request, stop);
            if (sent.Answer.StartsWith("401", StringComparison.Ordinal) && !isTokenNew)
            {
                // A token can be withdrawn before its time; a second refusal means the application.
                isTokenNew = true;
                tokens.Forget(token);
                continue;
            }

            var again = sent.Fate == Fate.Later || (!isChange && (sent.Fate == Fate.Unknown || (sent is { Fate: Fate.Done } && sent.Body.ValueKind != JsonValueKind.Object)));
            if (!again || attempt >= options.MaxAttempts) return sent;
#pragma warning disable CA5394 // No secret depends on it.
            var wait = RetryAfter.Wait(sent.Wait, attempt, Random.Shared.NextDouble());
#pragma warning restore CA5394
            if (wait > options.MaxWait) return sent;
            await Task.Delay(wait, clock, stop);
        }
    }

    private async Task<Sent> TryAsync(HttpMethod method, Uri uri, byte[]? body, Guid? operation, string token, string asked, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(options.Timeout);
        var status = 0;
        try
        {
            using var request = new HttpRequestMessage(method, uri);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (operation is { } id) request.Headers.Add("client-request-id", id.ToString());
            if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            status = (int)response.StatusCode;
            var bytes = await BoundedBody.ReadAsync(response.Content, response.IsSuccessStatusCode ? options.MaxAnswerBytes : 64 * 1024, timeout.Token);
            var ahead = response.Headers.Date - clock.GetUtcNow() ?? TimeSpan.Zero;
            response.Headers.TryGetValues("Retry-After", out var header);
            var wait = RetryAfter.Parse(header?.FirstOrDefault(), clock.GetUtcNow());
            return Read(response.StatusCode, bytes, asked, wait) with { Ahead = ahead.Duration() < SameTime ? TimeSpan.Zero : ahead };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            var notSent = status == 0 && e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
            return new Sent(notSent ? Fate.Later : Fate.Unknown,
                notSent ? $"{name} could not be reached; nothing was sent. Look at the centre's way out to {address.Root.Host}."
                    : $"The answer of {name} did not come, or broke off. It may have been done: it is looked at before anything is sent again.",
                asked, status == 0 ? "none" : $"{status}, broken off", default, default, null);
        }
    }

    private Sent Read(HttpStatusCode code, ReadOnlyMemory<byte>? bytes, string asked, TimeSpan? wait)
    {
        var status = (int)code;
        var text = bytes is { } whole ? Encoding.UTF8.GetString(whole.Span) : "(too large)";
        var answer = status is >= 200 and < 300 ? $"{status} {Cut(text)}".TrimEnd() : $"{status} {Cut(text, 400)}".TrimEnd();
        var (error, _) = ApiWords.Error((bytes ?? default).Span);
        var coded = error.Length > 0 ? $"{status}, {error}" : $"{status}";
        Sent As(Fate fate, string words) => new(fate, words, asked, answer, default, default, wait);
        return status switch
        {
            >= 200 and < 300 => new Sent(Fate.Done, "", asked, answer, Parse(bytes), default, null) with { IsOdd = bytes is null or { Length: > 0 } && Parse(bytes).ValueKind == JsonValueKind.Undefined },
            401 or 403 => As(Fate.NotDone, ApiWords.Access(name, permission, status, error, EstatePurpose.Acting) + (note.Length > 0 ? " " + note : "")),
            404 or 410 => As(Fate.Missing, $"{name} knows nothing by that name ({coded}). Nothing was changed."),
            409 => As(Fate.UnderWay, $"{name} says that this collides with something under way ({coded}). Nothing was changed by this request."),
            400 when error == "ActiveRequestAlreadyExists" || text.Contains("already in progress", StringComparison.OrdinalIgnoreCase) =>
                As(Fate.UnderWay, $"{name} says that an action of this kind is under way already ({coded})."),
            429 => As(Fate.Later, $"{name} asks the centre to wait{(wait is { } w ? $" {Math.Ceiling(w.TotalSeconds):0} seconds" : "")} (429). Nothing was changed; ask again after that."),
            408 or >= 500 => As(Fate.Unknown, $"{name} failed ({coded}). It may have been done: it is looked at before anything is sent again."),
            >= 300 and < 400 => As(Fate.NotDone, $"{name} sends the centre to another address, which is not followed. Nothing was changed. If this lasts, tell the operator of the centre."),
            _ => As(Fate.NotDone, $"{name} refused the request ({coded}). Nothing was changed."),
        };
    }

    private static JsonElement Parse(ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { Length: > 0 } body) return default;
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string Cut(string text, int longest = LongestAnswer) => text.Length <= longest ? text : text[..longest] + "…";

    private sealed record Sent(Fate Fate, string Words, string Request, string Answer, JsonElement Body, TimeSpan Ahead, TimeSpan? Wait)
    {
        /// <summary>There is a body, and it is not JSON.</summary>
        public bool IsOdd { get; init; }
    }
}
