using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using Watchhouse.Testing;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Watchhouse.Federation.Tests.SignIn;

/// <summary>What a directory does wrong on purpose.</summary>
internal enum Fault
{
    None,
    OtherIssuer,
    OtherTenantClaim,
    OtherAudience,
    OtherNonce,
    Expired,
    NoObjectId,
}

/// <summary>A real OpenID provider that plays one tenant of Entra ID: its issuer has the tenant in it, its tokens tid and oid.</summary>
internal sealed class FakeDirectory : IAsyncDisposable
{
    public const string ClientId = "watchhouse-in-this-tenant";
    public const string ClientSecret = "the tenant's own secret";

    private readonly SqliteConnection _database = new("DataSource=:memory:");
    private WebApplication? _app;

    public Guid Tenant { get; } = Guid.NewGuid();

    /// <summary>Who sits in front of the browser.</summary>
    public Guid User { get; set; } = Guid.NewGuid();

    public Fault Fault { get; set; }

    public string Issuer { get; private set; } = "";

    public static async Task<FakeDirectory> StartAsync()
    {
        var directory = new FakeDirectory();
        await directory.RunAsync();
        return directory;
    }

    public async Task AllowAsync(Uri centre)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = ClientId,
            ClientSecret = ClientSecret,
            ClientType = ClientTypes.Confidential,
            ConsentType = ConsentTypes.Implicit,
            RedirectUris = { new Uri(centre, "/sign-in/tenant/callback") },
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.GrantTypes.AuthorizationCode,
                Permissions.ResponseTypes.Code, Permissions.Scopes.Profile,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        }, Centre.Now);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task RunAsync()
    {
        await _database.OpenAsync(Centre.Now);
        var port = FreePort.Next();
        var path = $"{Tenant:D}/v2.0";
        Issuer = $"http://127.0.0.1:{port}/{path}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<DbContext>(options => options.UseSqlite(_database).UseOpenIddict());
        builder.Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<DbContext>())
            .AddServer(server =>
            {
                server.SetIssuer(Issuer);
                server.SetConfigurationEndpointUris($"{path}/.well-known/openid-configuration");
                server.SetJsonWebKeySetEndpointUris($"{path}/keys");
                server.SetAuthorizationEndpointUris($"{path}/authorize");
                server.SetTokenEndpointUris($"{path}/token");
                server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
                server.RegisterScopes(Scopes.Profile);
                server.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
                server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
                server.AddEventHandler<ProcessSignInContext>(handler => handler
                    .UseInlineHandler(Spoil)
                    .SetOrder(OpenIddictServerHandlers.PrepareIdentityTokenPrincipal.Descriptor.Order + 1));
                server.AddEventHandler<GenerateTokenContext>(handler => handler
                    .UseInlineHandler(SpoilIssuer)
                    .SetOrder(OpenIddictServerHandlers.Protection.GenerateIdentityModelToken.Descriptor.Order - 1));
            });
        _app = builder.Build();
        _app.Urls.Add($"http://127.0.0.1:{port}");
        _app.UseAuthentication();
        _app.MapGet($"/{path}/authorize", SignIn);
        await using (var scope = _app.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<DbContext>().Database.EnsureCreatedAsync(Centre.Now);
        await _app.StartAsync(Centre.Now);
    }

    private IResult SignIn(HttpContext context)
    {
        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        identity.SetClaim(Claims.Subject, Guid.NewGuid().ToString());
        identity.SetClaim("tid", (Fault == Fault.OtherTenantClaim ? Guid.NewGuid() : Tenant).ToString());
        if (Fault != Fault.NoObjectId) identity.SetClaim("oid", User.ToString());
        identity.SetScopes(context.GetOpenIddictServerRequest()!.GetScopes());
        identity.SetDestinations(static _ => [Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private ValueTask Spoil(ProcessSignInContext context)
    {
        if (context.IdentityTokenPrincipal is not { } token) return default;
        switch (Fault)
        {
            case Fault.OtherAudience: token.SetAudiences("another-application"); break;
            case Fault.OtherNonce: token.SetClaim(Claims.Nonce, "of-another-browser"); break;
            case Fault.Expired:
                token.SetCreationDate(DateTimeOffset.UtcNow.AddHours(-2));
                token.SetExpirationDate(DateTimeOffset.UtcNow.AddHours(-1));
                break;
        }

        return default;
    }

    private ValueTask SpoilIssuer(GenerateTokenContext context)
    {
        if (Fault == Fault.OtherIssuer && context.TokenType == TokenTypeIdentifiers.IdentityToken)
            context.SecurityTokenDescriptor.Issuer = Issuer.Replace(Tenant.ToString("D"), Guid.NewGuid().ToString("D"), StringComparison.Ordinal);
        return default;
    }
}
