using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Configuration;

namespace Watchhouse.Platform.Modules;

/// <summary>What a capability adds to the house. The program composes modules and holds no rules of its own.</summary>
public interface IModule
{
    /// <summary>The module's name, as in the glossary: <c>Federation</c>, <c>Monitoring</c>.</summary>
    string Name { get; }

    /// <summary>Services and jobs.</summary>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>Entities of the house database. Each owned type declares its scope by <c>OwnedByForce</c>.</summary>
    void ConfigureModel(ModelBuilder model);

    /// <summary>Steps of the request pipeline, after sign-in is known and before rights are checked.</summary>
    void Use(IApplicationBuilder app)
    {
    }

    /// <summary>Endpoints. Each declares a permission, or that it is public, and why.</summary>
    void MapEndpoints(IEndpointRouteBuilder endpoints);

    /// <summary>
    /// Reads what the module needs from the nation's data, before anything listens. Throw
    /// <see cref="Data.StorageUnusableException"/> to stop the start with a sentence for the operator.
    /// </summary>
    Task OpenAsync(IServiceProvider services, string nationalData, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Entries of the navigation, shown to those who hold the permission of the page.</summary>
    IEnumerable<NavigationEntry> Navigation => [];

    /// <summary>What the command palette offers besides pages; asked at each keystroke, so answer fast.</summary>
    IEnumerable<Type> PaletteProviders => [];

    /// <summary>Entities that exist to let people in (accounts, grants), kept apart from what forces own.</summary>
    void ConfigureCredentialModel(ModelBuilder model)
    {
    }
}
