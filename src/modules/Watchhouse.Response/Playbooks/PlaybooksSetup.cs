using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Playbooks;

internal static class PlaybooksSetup
{
    public static void AddPlaybooks(this IServiceCollection services)
    {
        services.AddSingleton<PlaybookBook>();
        services.AddSingleton<RunSignal>();
        services.AddSingleton<DemonstrationEstate>();
        services.AddSingleton<EstateDoor>();
        services.AddSingleton<RunOperations>();
        services.AddSingleton<RequestOperations>();
        services.AddSingleton<AuthorityOperations>();
        services.AddSingleton<RunQueries>();
        services.AddSingleton<EstateWork>();
        services.AddHostedService<EstateWorker>();
        services.AddSingleton<INotificationSource, ApprovalBell>();
    }
}
