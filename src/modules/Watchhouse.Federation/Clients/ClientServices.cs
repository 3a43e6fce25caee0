using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using Watchhouse.Platform.Data;

namespace Watchhouse.Federation.Clients;

/// <summary>Adds machine clients and the token endpoint.</summary>
internal static class ClientServices
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(30);

    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddSingleton<ClientSecrets>();
        services.AddScoped<ClientRegistrations>();
        services.AddScoped<ClientOperations>();
        services.AddHostedService<TokenPruning>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, TokenKeys>();
        services.AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<CredentialDb>();
                core.ReplaceApplicationManager<OpenIddictEntityFrameworkCoreApplication, ClientApplications>();
                // A registration whose keys were just replaced must not be found in a cache with the old ones.
                core.DisableEntityCaching();
            })
            .AddServer(server =>
            {
                server.SetTokenEndpointUris(TokenEndpoint.Path[1..]);
                server.AllowClientCredentialsFlow();
                // A reference is looked up at each request, so a token can be taken back before it expires.
                server.UseReferenceAccessTokens();
                server.SetAccessTokenLifetime(TokenLifetime);
                server.UseAspNetCore()
                    .EnableTokenEndpointPassthrough()
                    // Where TLS ends in front of the program, requests arrive without it; on one machine there is none.
                    .DisableTransportSecurityRequirement();
            })
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.EnableTokenEntryValidation();
                validation.UseAspNetCore()
                    // Tokens in addresses and forms end up in logs (RFC 6750, section 5.3).
                    .DisableAccessTokenExtractionFromQueryString()
                    .DisableAccessTokenExtractionFromBodyForm();
            });
        return services;
    }

    public static void MapClients(this IEndpointRouteBuilder endpoints)
    {
        ClientEndpoints.Map(endpoints);
        TokenEndpoint.Map(endpoints);
    }
}
