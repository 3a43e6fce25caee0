using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;
using Watchhouse.Federation.Contracts;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Watchhouse.Federation.Clients;

/// <summary>
/// The token endpoint's view of machine clients. Secrets are judged by the house's own records, because a client has two
/// during a rotation and a revoked one must fail at once.
/// </summary>
internal sealed class ClientApplications(
    IOpenIddictApplicationCache<OpenIddictEntityFrameworkCoreApplication> cache,
    ILogger<OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<OpenIddictEntityFrameworkCoreApplication> store,
    ClientSecrets secrets)
    : OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>(cache, logger, options, store)
{
    public override async ValueTask<bool> ValidateClientSecretAsync(
        OpenIddictEntityFrameworkCoreApplication application, string secret, CancellationToken cancellationToken = default) =>
        await secrets.CheckAsync(secret, cancellationToken) is { } client && application.ClientId == client.ToString();
}

/// <summary>Keeps the token endpoint's registrations beside the clients.</summary>
internal sealed class ClientRegistrations(IOpenIddictApplicationManager applications)
{
    /// <summary>Registers the client, or gives it other public keys (RFC 7523: private_key_jwt).</summary>
    public async Task PutAsync(ClientId id, JsonWebKeySet? keys, CancellationToken cancellationToken)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = id.ToString(),
            ClientType = ClientTypes.Confidential,
            // A confidential client must have a secret here; nobody knows this one, and it is never compared.
            ClientSecret = RandomNumberGenerator.GetHexString(64),
            JsonWebKeySet = keys,
            Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials },
        };
        if (await applications.FindByClientIdAsync(id.ToString(), cancellationToken) is { } found)
            await applications.UpdateAsync(found, descriptor, cancellationToken);
        else
            await applications.CreateAsync(descriptor, cancellationToken);
    }
}
