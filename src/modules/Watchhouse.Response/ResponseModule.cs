using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Notices;

namespace Watchhouse.Response;

/// <summary>The answer to threats: triage, incidents, clocks, playbooks with the force's approval, shifts, messages and bulletins.</summary>
public sealed class ResponseModule : IModule
{
    public string Name => "Response";

    public IEnumerable<NavigationEntry> Navigation =>
    [
        new("Estate", "/estate", "ShieldTask", Permissions.EstateRead, 290),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<INotices, NoticeQueue>();
        services.AddEstate(configuration);
    }

    public void ConfigureModel(ModelBuilder model) => ResponseModel.Configure(model);

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapEstate();
    }
}
