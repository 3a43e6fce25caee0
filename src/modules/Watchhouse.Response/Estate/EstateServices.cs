using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Response.Estate.Acting;

namespace Watchhouse.Response.Estate;

/// <summary>The services of the estate.</summary>
internal static class EstateServices
{
    public static void AddEstate(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EstateOptions>(configuration.GetSection("Estate"));
        // Tokens go to these addresses: a setting that is wrong stops the first use of any.
        services.PostConfigure<EstateOptions>(static options => options.Check());
        services.AddMicrosoftApis();
        services.AddSingleton<SentOperations>();
        services.AddSingleton<EstateDoor>();
        services.AddSingleton<IEstateKind, RevokeSessions>();
        services.AddSingleton<IEstateKind, DisableAccount>();
        services.AddSingleton<IEstateKind, RemoveConsent>();
        services.AddSingleton<IEstateKind, IsolateDevice>();
        services.AddSingleton<IEstateKind, BlockAddress>();
        services.AddSingleton<IEstateKind, RemoveInboxRule>();
        services.AddSingleton<IEstateExecutor, EstateExecutor>();
        services.AddSingleton<EstateCheck>();
        services.AddSingleton<EstateQueries>();
        services.AddSingleton<EstateOperations>();
    }
}
