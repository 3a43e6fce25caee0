using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>What modules share that speak to Microsoft's APIs as an application of a force.</summary>
public static class MicrosoftApiServices
{
    /// <summary>Adds it; more than one module may ask.</summary>
    public static IServiceCollection AddMicrosoftApis(this IServiceCollection services)
    {
        services.TryAddSingleton<ApiHttp>();
        services.TryAddSingleton<TokenCache>();
        services.TryAddSingleton<CredentialVault>();
        return services;
    }
}
