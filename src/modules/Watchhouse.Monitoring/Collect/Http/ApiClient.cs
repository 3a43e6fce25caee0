using System.Net;
using System.Net.Http.Headers;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect.Http;

/// <summary>An answer that is whole.</summary>
/// <param name="Body">Its bytes, unpacked.</param>
/// <param name="NextPage">The header <c>NextPageUri</c> of the Office 365 Management Activity API.</param>
internal sealed record ApiAnswer(ReadOnlyMemory<byte> Body, string? NextPage);

/// <summary>What a client speaks to.</summary>
/// <param name="Name">The API's name for people.</param>
/// <param name="Address">Where it lies.</param>
/// <param name="Permission">What the force must consent to, for people.</param>
internal sealed record ApiTarget(string Name, ApiAddress Address, string Permission);

/// <summary>
/// Speaks to one API for one collector: a token with each request, waits as the server asks, tries again, and takes no answer that is
/// too large, broken off or from elsewhere.
/// </summary>
internal sealed class ApiClient(HttpClient http, ApiTarget target, ITokens tokens, SemaphoreSlim gate, CollectOptions options, TimeProvider clock)
{
    public ApiTarget Target => target;

    public CollectOptions Options => options;

    public TimeProvider Clock => clock;

    public ITokens Tokens => tokens;

    /// <param name="address">An address of the API; see <see cref="ApiAddress.Follow"/>.</param>
    /// <param name="body">JSON to be posted; null gets.</param>
    /// <param name="stop">Stops it.</param>
    /// <param name="method">When it is neither.</param>
    /// <exception cref="ApiException">It was not answered.</exception>
    public async Task<ApiAnswer> SendAsync(Uri address, ReadOnlyMemory<byte>? body, CancellationToken stop, HttpMethod? method = null)
    {
        _ = target.Address.Follow(address.AbsoluteUri);
        var isTokenNew = false;
        for (var attempt = 1; ; attempt++)
        {
            var token = await tokens.GetAsync(stop);
            var (answer, failure, wait) = await TryAsync(address, method ?? (body is null ? HttpMethod.Get : HttpMethod.Post), body, token, stop);
            if (answer is not null) return answer;
            if (failure!.Code == "401")
            {
                // A token can be withdrawn before its time; a second refusal means the application.
                if (isTokenNew) throw failure;
                isTokenNew = true;
                tokens.Forget(token);
                continue;
            }

            if (failure.Fault is not (ApiFault.Throttled or ApiFault.Transient)) throw failure;
            await PauseAsync(failure, wait, attempt, stop);
        }
    }

    /// <summary>Waits before the next attempt.</summary>
    /// <exception cref="ApiException">The attempts are used up, or the wait is too long for this run.</exception>
    public async Task PauseAsync(ApiException failure, TimeSpan? asked, int attempt, CancellationToken stop)
    {
        var wait = RetryAfter.Wait(asked, attempt, Jitter());
        if (attempt >= options.MaxAttempts || wait > options.MaxWait)
            throw failure.Fault != ApiFault.Throttled ? failure : new ApiException(ApiFault.Throttled, failure.Message, failure)
            {
                Code = failure.Code,
                RetryAt = clock.GetUtcNow() + (asked ?? wait),
            };
        await Task.Delay(wait, clock, stop);
    }

    // No secret depends on it.
#pragma warning disable CA5394
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394

    private async Task<(ApiAnswer? Answer, ApiException? Failure, TimeSpan? Wait)> TryAsync(
        Uri address, HttpMethod method, ReadOnlyMemory<byte>? body, string token, CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(options.Timeout);
        try
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (body is { } content)
                request.Content = new ReadOnlyMemoryContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var bytes = await BoundedBody.ReadAsync(response.Content, response.IsSuccessStatusCode ? options.MaxAnswerBytes : 64 * 1024, timeout.Token);
            if (response.IsSuccessStatusCode)
                return bytes is { } whole
                    ? (new ApiAnswer(whole, Header(response, "NextPageUri")), null, null)
                    : (null, new ApiException(ApiFault.Refused, $"An answer of {target.Name} has more than {options.MaxAnswerBytes:N0} bytes and was not taken. The operator of the centre can raise Collect:MaxAnswerBytes.") { Code = "TooLarge" }, null);
            return (null, Failure(response.StatusCode, ApiWords.Error((bytes ?? default).Span)),
                RetryAfter.Parse(Header(response, "Retry-After"), clock.GetUtcNow()));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, new ApiException(ApiFault.Transient,
                $"{target.Name} could not be reached, or its answer broke off. It is tried again; if it lasts, look at the centre's way out to {target.Address.Root.Host}.", e), null);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What a status that is none of success means.</summary>
    public ApiException Failure(HttpStatusCode status, (string Code, string Message) error)
    {
        var (code, _) = error;
        var number = (int)status;
        return number switch
        {
            401 => new ApiException(ApiFault.Access, CollectPurpose.Access(target.Name, target.Permission, number, code)) { Code = "401" },
            _ when code is "AF20051" => new ApiException(ApiFault.Gone, "Microsoft no longer keeps it.") { Code = code },
            _ when number == 429 || code is "AF429" => new ApiException(ApiFault.Throttled,
                $"{target.Name} asks the centre to slow down. Collection goes on by itself; nothing is lost.") { Code = code },
            // Codes of the Management Activity API that are refusals of the request and not of the application.
            _ when code.StartsWith("AF200", StringComparison.Ordinal) => new ApiException(ApiFault.Refused, $"{target.Name} refused a request ({code}).") { Code = code },
            403 => new ApiException(ApiFault.Access, CollectPurpose.Access(target.Name, target.Permission, number, code)) { Code = code, IsOfOneStream = true },
            404 or 410 => new ApiException(ApiFault.Gone, $"{target.Name} knows nothing at the address that was asked for ({number}{(code.Length > 0 ? $", {code}" : "")}).") { Code = code },
            408 or >= 500 => new ApiException(number is 503 or 509 ? ApiFault.Throttled : ApiFault.Transient,
                $"{target.Name} failed ({number}{(code.Length > 0 ? $", {code}" : "")}). It is tried again; nothing is lost while Microsoft keeps the events.") { Code = code },
            >= 300 and < 400 => new ApiException(ApiFault.Foreign, $"{target.Name} sends the centre to another address, which is not followed. If this lasts, tell the operator of the centre.") { Code = code },
            _ => new ApiException(ApiFault.Refused, $"{target.Name} refused a request ({number}{(code.Length > 0 ? $", {code}" : "")}).") { Code = code },
        };
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
