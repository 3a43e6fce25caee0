using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect.EventHubs;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect;

/// <summary>The services of collection.</summary>
internal static class CollectServices
{
    public static void AddCollection(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<CollectOptions>(configuration.GetSection("Collect"));
        // Tokens go to these addresses: a setting that is wrong stops the first use of any.
        services.PostConfigure<CollectOptions>(static options => options.Check());
        services.AddMicrosoftApis();
        services.AddSingleton<IMessageSourceFactory, KafkaMessageSourceFactory>();
        services.AddSingleton<CollectorRunner>();
        services.AddSingleton<CollectorScheduler>();
        services.AddHostedService(static s => s.GetRequiredService<CollectorScheduler>());
        services.AddSingleton<CollectorOperations>();
        services.AddSingleton<CollectorQueries>();
        services.AddSingleton<CollectorViews>();
        services.AddSingleton<ICollectorRuns, CollectionOnce>();
    }
}
