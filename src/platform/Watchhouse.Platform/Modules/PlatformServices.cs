using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Outbox;

namespace Watchhouse.Platform.Modules;

/// <summary>Adds the platform to a host.</summary>
public static class PlatformServices
{
    /// <param name="services">The host's services.</param>
    /// <param name="storage">The database.</param>
    /// <param name="modules">The modules of this house.</param>
    /// <param name="ledger">Where the audit ledger lies.</param>
    public static IServiceCollection AddPlatform(
        this IServiceCollection services, IHouseStorage storage, ModuleSet modules, AuditLedgerOptions ledger)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(storage);
        services.AddSingleton(modules);
        services.AddSingleton(ledger);
        services.AddSingleton<HouseDbFactory>();
        services.AddSingleton<HouseStart>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<ReasonPolicy>();
        services.AddSingleton<IHouse, House>();
        services.AddSingleton<IAuditSearch, AuditSearch>();
        services.AddSingleton<IAuditSettings, AuditSettingOperations>();
        services.AddSingleton<LedgerAuditTrail>();
        services.AddSingleton<IAuditTrail>(s => s.GetRequiredService<LedgerAuditTrail>());
        services.AddSingleton<AuditSignal>();
        services.AddSingleton<AuditIndexer>();
        services.AddHostedService(s => s.GetRequiredService<AuditIndexer>());
        services.AddSingleton<OutboxRelay>();
        services.AddHostedService(s => s.GetRequiredService<OutboxRelay>());
        services.AddHealthChecks().AddCheck<HouseHealth>("house");
        services.AddDbContext<CredentialDb>((_, options) => storage.Configure(options));
        return services;
    }

    /// <summary>Checks every request against what its endpoint declares. After routing and authentication.</summary>
    public static IApplicationBuilder UseAccessChecks(this IApplicationBuilder app) =>
        app.UseMiddleware<AccessMiddleware>();

    /// <summary>The platform's own endpoints.</summary>
    public static void MapPlatform(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAudit();
        endpoints.MapPermissions();
    }
}
