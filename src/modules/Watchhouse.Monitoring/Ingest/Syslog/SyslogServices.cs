using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>The parts of syslog.</summary>
internal static class SyslogServices
{
    public static void AddSyslog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(SyslogOptions.Of(configuration));
        services.AddSingleton(new SyslogLimits());
        services.AddSingleton<SyslogStates>();
        services.AddSingleton<SyslogCertificate>();
        services.AddSingleton<SyslogDelivery>();
        services.AddSingleton<ListenerOperations>();
        services.AddHostedService<SyslogHost>();
    }
}
