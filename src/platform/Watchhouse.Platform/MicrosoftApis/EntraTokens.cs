using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>Tokens of one application for one API.</summary>
public interface ITokens
{
    /// <exception cref="ApiException">None is given.</exception>
    ValueTask<string> GetAsync(CancellationToken stop);

    /// <summary>The token was refused: the next one is a new one.</summary>
    void Forget(string token);
}

/// <summary>Access tokens in memory until shortly before they lapse. A changed registration has a new version, and so new tokens.</summary>
public sealed class TokenCache
{
    // Far above the number of registrations; what is dropped is fetched anew.
    private const int Most = 2_000;

    private readonly ConcurrentDictionary<(Guid Owner, uint Version, string Scope), (string Token, DateTimeOffset Until)> _tokens = new();

    public string? Find((Guid Owner, uint Version, string Scope) key, DateTimeOffset now) =>
        _tokens.TryGetValue(key, out var kept) && kept.Until > now ? kept.Token : null;

    public void Keep((Guid Owner, uint Version, string Scope) key, string token, DateTimeOffset until)
    {
        if (_tokens.Count >= Most) _tokens.Clear();
        foreach (var old in _tokens.Keys)
            if (old.Owner == key.Owner && old.Version != key.Version)
                _tokens.TryRemove(old, out _);
        _tokens[key] = (token, until);
    }

    public void Forget((Guid Owner, uint Version, string Scope) key, string token)
    {
        if (_tokens.TryGetValue(key, out var kept) && kept.Token == token) _tokens.TryRemove(key, out _);
    }
}

/// <summary>Client credentials of OAuth 2.0 (RFC 6749, section 4.4), by a signed assertion (RFC 7523) or by a secret.</summary>
public sealed class EntraTokens(
    HttpClient http, TokenCache cache, ApiApplication application, OpenCredential credential, string scope, TokenSettings settings, ApiPurpose purpose,
    TimeProvider clock) : ITokens
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly (Guid, uint, string) _key = (application.Owner, application.Version, scope);
    private readonly Uri _endpoint = new(new Uri(settings.SignIn), $"/{application.TenantId}/oauth2/v2.0/token");

    public void Forget(string token) => cache.Forget(_key, token);

    public async ValueTask<string> GetAsync(CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (cache.Find(_key, clock.GetUtcNow()) is { } token) return token;
            var (made, failure, asked) = await TryAsync(stop);
            if (made is not null) return made;
            if (failure!.Fault is ApiFault.Access || attempt >= settings.MaxAttempts) throw failure;
#pragma warning disable CA5394 // No secret depends on it.
            var wait = RetryAfter.Wait(asked, attempt, Random.Shared.NextDouble());
#pragma warning restore CA5394
            if (wait > settings.MaxWait) throw new ApiException(ApiFault.Throttled, failure.Message, failure) { RetryAt = clock.GetUtcNow() + wait };
            await Task.Delay(wait, clock, stop);
        }
    }

    private async Task<(string? Token, ApiException? Failure, TimeSpan? Asked)> TryAsync(CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(settings.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new FormUrlEncodedContent(Form()) };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var body = await BoundedBody.ReadAsync(response.Content, 64 * 1024, timeout.Token) ?? default;
            if (response.IsSuccessStatusCode) return (Take(body), null, null);
            var number = (int)response.StatusCode;
            var (_, description) = ApiWords.Error(body.Span);
            if (number is 400 or 401 or 403) return (null, new ApiException(ApiFault.Access, ApiWords.Token(description, purpose)), null);
            response.Headers.TryGetValues("Retry-After", out var header);
            return (null, Silent($"({number})", null, number is 429 or 503 ? ApiFault.Throttled : ApiFault.Transient),
                RetryAfter.Parse(header?.FirstOrDefault(), clock.GetUtcNow()));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidDataException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, Silent("or its answer broke off", e, ApiFault.Transient), null);
        }
    }

    private string Take(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("access_token", out var token) || token.GetString() is not { Length: > 0 } text)
            throw new JsonException("No token.");
        var seconds = root.TryGetProperty("expires_in", out var lifetime) && lifetime.TryGetInt32(out var given) ? Math.Clamp(given, 60, 86_400) : 600;
        var life = TimeSpan.FromSeconds(seconds);
        cache.Keep(_key, text, clock.GetUtcNow() + life - (Margin < life / 2 ? Margin : life / 2));
        return text;
    }

    private ApiException Silent(string how, Exception? inner, ApiFault fault) => new(fault,
        $"Microsoft Entra ID did not answer {how}. It is tried again; if it lasts, look at the centre's way out to {_endpoint.Host}.", inner);

    private Dictionary<string, string> Form()
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = application.ClientId.ToString(),
            ["scope"] = scope,
        };
        if (credential.Certificate is { } certificate)
        {
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = ClientAssertion.Make(certificate, application.ClientId, _endpoint, clock.GetUtcNow());
        }
        else
        {
            form["client_secret"] = credential.Secret!;
        }

        return form;
    }
}
