using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.Clients;

internal sealed class KeyAuthenticationOptions : AuthenticationSchemeOptions;

/// <summary>
/// Recognises a machine client by its long-lived key, for programs that know only fixed tokens: log shippers, and the
/// provisioning service of Entra ID.
/// </summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<KeyAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder, ClientSecrets secrets)
    : AuthenticationHandler<KeyAuthenticationOptions>(options, logger, encoder)
{
    public const string SchemeName = "watchhouse-key";
    private const int LongestPair = 512;

    /// <summary>The words before a key: those of RFC 6750, of Splunk's collector, of RFC 7617 and of Elasticsearch.</summary>
    private static readonly string[] Words = ["Bearer", "Splunk", "Basic", "ApiKey"];

    /// <summary>
    /// Whether a header is judged here: a key, or a word that nobody else judges, so that it is refused rather than
    /// ignored. Other bearer tokens go to the token validation.
    /// </summary>
    public static bool Takes(string header) => Split(header) is not ("Bearer", var token)
        || token.StartsWith(ClientKey.Prefix, StringComparison.Ordinal);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || Split(header) is not var (word, token))
            return AuthenticateResult.Fail("The Authorization header is not understood.");
        if (await secrets.CheckAsync(KeyIn(word, token), Context.RequestAborted) is not { } client)
            return AuthenticateResult.Fail("The key is not valid.");
        var identity = new ClaimsIdentity([new Claim(HouseClaims.Client, client.Value.ToString())], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    // Shippers that know only a name and a password, or an id and a key, send both as one in base64. The key says whose
    // it is, so the name before it is free.
    private static string? KeyIn(string word, string token)
    {
        if (word is not ("Basic" or "ApiKey") || token.StartsWith(ClientKey.Prefix, StringComparison.Ordinal)) return token;
        Span<byte> pair = stackalloc byte[LongestPair];
        if (token.Length > LongestPair || !Convert.TryFromBase64String(token, pair, out var length)) return null;
        var text = Encoding.UTF8.GetString(pair[..length]);
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static (string Word, string Token)? Split(string header)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return null;
        var word = Array.Find(Words, w => header.AsSpan(0, space).Equals(w, StringComparison.OrdinalIgnoreCase));
        return word is null ? null : (word, header[(space + 1)..].Trim());
    }
}
