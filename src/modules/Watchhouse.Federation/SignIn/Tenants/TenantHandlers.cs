using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.SignIn.Cookies;

namespace Watchhouse.Federation.SignIn.Tenants;

/// <summary>
/// Makes the OpenID Connect handler for one registration. Schemes are fixed when a program starts and tenants are not, so
/// a handler is made for each request; what is costly, the tenant's metadata and keys, is kept by authority.
/// </summary>
internal sealed class TenantHandlers(
    IDataProtectionProvider protection, ILoggerFactory loggers, TenantSecrets secrets, TimeProvider clock) : IDisposable
{
    public const string RegistrationItem = "registration";
    private const string Scheme = "tenant";

    private readonly PropertiesDataFormat _state = new(protection.CreateProtector("Watchhouse.SignIn.TenantState"));
    private readonly HttpClient _backchannel = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = 1024 * 1024 };

    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _metadata = new(StringComparer.Ordinal);

    /// <summary>The registration that a state names; null when this centre did not write it.</summary>
    public TenantRegistrationId? BegunBy(string state) =>
        state.Length is > 0 and < 8000
        && _state.Unprotect(state)?.Items.TryGetValue(RegistrationItem, out var text) == true && Guid.TryParse(text, out var id)
            ? new TenantRegistrationId(id)
            : null;

    public async Task<OpenIdConnectHandler> MakeAsync(HttpContext context, TenantRegistration registration, OpenIdConnectEvents events)
    {
        var options = Options(registration, events);
        var handler = new OpenIdConnectHandler(new Fixed(options), loggers, HtmlEncoder.Default, UrlEncoder.Default);
        await handler.InitializeAsync(new AuthenticationScheme(Scheme, null, typeof(OpenIdConnectHandler)), context);
        return handler;
    }

    public void Dispose() => _backchannel.Dispose();

    private OpenIdConnectOptions Options(TenantRegistration registration, OpenIdConnectEvents events)
    {
        var issuer = registration.Issuer;
        var options = new OpenIdConnectOptions
        {
            Authority = issuer,
            ClientId = registration.ClientId,
            ClientSecret = secrets.Open(registration.SealedSecret),
            CallbackPath = TenantSignIn.CallbackPath,
            SignInScheme = CookieSignIn.Scheme,
            ResponseType = OpenIdConnectResponseType.Code,
            // 'query', not 'form_post': a form from another site carries no Lax cookie, and cookies for other sites are going
            // away. The code in the address is good once and, with PKCE, for this browser's request only (RFC 9700, section 2.1.1).
            ResponseMode = OpenIdConnectResponseMode.Query,
            UsePkce = true,
            MapInboundClaims = false,
            SaveTokens = false,
            GetClaimsFromUserInfoEndpoint = false,
            DisableTelemetry = true,
            StateDataFormat = _state,
            Backchannel = _backchannel,
            Events = events,
            TimeProvider = clock,
            RequireHttpsMetadata = new Uri(issuer).Scheme == Uri.UriSchemeHttps,
            ConfigurationManager = _metadata.GetOrAdd(issuer, Metadata),
            RemoteAuthenticationTimeout = TimeSpan.FromMinutes(15),
        };
        options.Scope.Clear();
        options.Scope.Add("openid");
        options.Scope.Add("profile"); // Entra ID puts oid into the token for this scope only.
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        options.TokenValidationParameters.IssuerValidator = (given, _, _) => string.Equals(given, issuer, StringComparison.Ordinal)
            ? given
            : throw new SecurityTokenInvalidIssuerException("The issuer is not the registered tenant.");
        options.TokenValidationParameters.ValidAudience = registration.ClientId;
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(2);
        new OpenIdConnectPostConfigureOptions(protection).PostConfigure(Scheme, options);
        options.Validate(Scheme);
        return options;
    }

    private ConfigurationManager<OpenIdConnectConfiguration> Metadata(string issuer) => new(
        issuer + "/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(_backchannel) { RequireHttps = new Uri(issuer).Scheme == Uri.UriSchemeHttps });

    private sealed class Fixed(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;

        public OpenIdConnectOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }
}
