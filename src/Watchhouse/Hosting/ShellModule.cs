using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;
using Watchhouse.Shell.Nation;

namespace Watchhouse.Hosting;

/// <summary>The pages that belong to no capability: the overview, the permission table, the audit trail.</summary>
internal sealed class ShellModule : IModule
{
    public string Name => "Shell";

    public IEnumerable<NavigationEntry> Navigation =>
    [
        new("Overview", "/", "Home", Permissions.OverviewRead, 0),
        new("Audit", "/audit", "DocumentSearch", Permissions.AuditRead, 390),
        new("Permissions", "/permissions", "ShieldKeyhole", Permissions.PermissionsRead, 395),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<OverviewReader>();

    public void ConfigureModel(ModelBuilder model)
    {
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
