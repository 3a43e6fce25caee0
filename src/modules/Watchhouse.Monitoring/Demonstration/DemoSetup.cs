using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Demonstration;

internal static class DemoSetup
{
    /// <summary>Feeds the house where it is a demonstration that is wanted with telemetry; else nothing of it exists.</summary>
    public static void AddDemonstrationFeed(this IServiceCollection services)
    {
        if (!services.Any(each => each.ImplementationInstance is DemonstrationMode { HasTelemetry: true })) return;
        services.AddSingleton<DemoTimelineFile>();
        services.AddHostedService<DemoFeed>();
    }
}
