using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Modules;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn;

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
        services.AddSignIn(configuration);
        services.AddClients();
    }

    public void ConfigureModel(ModelBuilder model)
    {
        FederationModel.Configure(model);
        SignInModel.Configure(model);
        ClientModel.Configure(model);
    }

    public void ConfigureCredentialModel(ModelBuilder model)
    {
        SignInModel.ConfigureCredentials(model);
        ClientModel.ConfigureCredentials(model);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapSignIn();
        endpoints.MapClients();
    }
}
