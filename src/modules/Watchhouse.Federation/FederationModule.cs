using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Modules;
using Watchhouse.Federation.People;
using Watchhouse.Federation.Scim;
using Watchhouse.Federation.Scim.Web;

namespace Watchhouse.Federation;

/// <summary>Organisations, people, roles, delegations and sign-in.</summary>
public sealed class FederationModule : IModule
{
    public string Name => "Federation";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IPrincipalResolver, PrincipalResolver>();
        services.AddSingleton<SessionEnds>();
        services.AddSingleton<ISessionEnds>(s => s.GetRequiredService<SessionEnds>());
        services.AddSingleton<Sessions>();
        services.AddSingleton<PeopleOperations>();
        services.AddScim();
    }

    public void ConfigureModel(ModelBuilder model)
    {
        FederationModel.Configure(model);
        ScimModel.Configure(model);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapScim();
    }
}
