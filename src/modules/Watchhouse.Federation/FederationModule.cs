using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Delegations;
using Watchhouse.Federation.Demonstration;
using Watchhouse.Federation.Organisations;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn;
using Watchhouse.Federation.Scim;
using Watchhouse.Federation.Scim.Web;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Modules;
using Watchhouse.Platform.Overview;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation;

/// <summary>Organisations, people, roles, delegations and sign-in.</summary>
public sealed class FederationModule : IModule
{
    public string Name => "Federation";

    public IEnumerable<NavigationEntry> Navigation =>
    [
        new("Forces", "/forces", "BuildingGovernment", Permissions.OrganisationsRead, 300),
        new("People", "/people", "People", Permissions.PeopleRead, 310),
        new("Delegations", "/delegations", "Handshake", Permissions.DelegationsRead, 320),
        new("Machine clients", "/clients", "PlugConnected", Permissions.ClientsRead, 330),
    ];

    public IEnumerable<Type> PaletteProviders => [typeof(ForcePalette)];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IPrincipalResolver, PrincipalResolver>();
        services.AddSingleton<SessionEnds>();
        services.AddSingleton<ISessionEnds>(s => s.GetRequiredService<SessionEnds>());
        services.AddSingleton<Sessions>();
        services.AddSingleton<PeopleOperations>();
        services.AddSingleton<IColleagues, Colleagues>();
        services.AddSingleton<IAddressees, Addressees>();
        services.AddSingleton<PeopleQueries>();
        services.AddSingleton<Appointments>();

        services.AddSingleton<Register>();
        services.AddSingleton<IOrganisations>(s => s.GetRequiredService<Register>());
        services.AddSingleton<RegisterQueries>();
        services.AddSingleton<IForceDirectory, ForceDirectory>();
        services.AddSingleton<SuccessionApplication>();
        services.AddSingleton<SuccessionOperations>();
        services.AddHostedService<SuccessionJob>();

        services.AddSignIn(configuration);
        services.AddClients();

        if (services.Any(s => s.ImplementationInstance is DemonstrationMode { On: true }))
        {
            services.AddSingleton<IPersonaList, DemonstrationPersonas>();
            services.AddSingleton<DemonstrationSeed>();
            services.AddSingleton<IDemonstrationCollectors, DemonstrationCollectors>();
            services.AddHostedService(s => s.GetRequiredService<DemonstrationSeed>());
        }

        services.AddScim();

        services.AddSingleton<DelegationOperations>();
        services.AddSingleton<DelegationQueries>();
        services.AddSingleton<IForceFigure, DelegatedFigure>();
        services.AddSingleton<IForceFigure, LapsingFigure>();
        services.AddSingleton<IForceFigure, GrantedFigure>();
        services.AddSingleton<IDelegationsInBrief, GrantedInBrief>();
        services.AddSingleton<IDelegationsInForce, DelegationsInForce>();
        services.AddSingleton<IAttentionSource, LapsingDelegations>();
        services.AddSingleton<ILapsingClients, LapsingClients>();
    }

    public void ConfigureModel(ModelBuilder model)
    {
        FederationModel.Configure(model);
        SignInModel.Configure(model);
        ClientModel.Configure(model);
        ScimModel.Configure(model);
    }

    public void ConfigureCredentialModel(ModelBuilder model)
    {
        SignInModel.ConfigureCredentials(model);
        ClientModel.ConfigureCredentials(model);
    }

    public void Use(IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<DemonstrationMode>().On) DemonstrationSignIn.Use(app);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetRequiredService<DemonstrationMode>().On) DemonstrationSignIn.Map(endpoints);
        endpoints.MapOrganisations();
        endpoints.MapPeople();
        endpoints.MapScim();
        endpoints.MapDelegations();
        endpoints.MapSignIn();
        endpoints.MapClients();
    }

    public async Task OpenAsync(IServiceProvider services, string nationalData, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Register>().LoadAsync(nationalData, cancellationToken);
        if (services.GetService<DemonstrationSeed>() is { } seed) await seed.CentreAsync(cancellationToken);
    }
}
