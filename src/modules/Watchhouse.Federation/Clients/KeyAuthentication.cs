using System.Security.Claims;
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

    /// <summary>The words before a key. A shipper's own word is one more line here.</summary>
    private static readonly string[] Words = ["Bearer"];

    /// <summary>
    /// Whether a header is judged here: a key, or a word that nobody else judges, so that it is refused rather than
    /// ignored. Other bearer tokens go to the token validation.
    /// </summary>
    public static bool Takes(string header) => Split(header) is not ("Bearer", var token)
        || token.StartsWith(ClientKey.Prefix, StringComparison.Ordinal);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || Split(header) is not var (_, token))
            return AuthenticateResult.Fail("The Authorization header is not understood.");
        if (await secrets.CheckAsync(token, Context.RequestAborted) is not { } client)
            return AuthenticateResult.Fail("The key is not valid.");
        var identity = new ClaimsIdentity([new Claim(HouseClaims.Client, client.Value.ToString())], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    private static (string Word, string Token)? Split(string header)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return null;
        var word = Array.Find(Words, w => header.AsSpan(0, space).Equals(w, StringComparison.OrdinalIgnoreCase));
        return word is null ? null : (word, header[(space + 1)..].Trim());
    }
}
