using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.FluentUI.AspNetCore.Components;
using Watchhouse.Platform.Modules;

namespace Watchhouse.Platform.Ui;

/// <summary>The services behind the screens.</summary>
public static class HouseUi
{
    /// <summary>
    /// Adds them. The program adds besides: the list of modules, <see cref="IForceDirectory"/>, and in a
    /// demonstration <see cref="DemonstrationMode"/> and <see cref="IPersonaList"/>.
    /// </summary>
    public static IServiceCollection AddHouseUi(this IServiceCollection services, IReadOnlyList<IModule> modules)
    {
        services.AddFluentUIComponents();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(modules);
        services.AddSingleton(new NavigationCatalogue(modules));
        services.TryAddSingleton(new DemonstrationMode(false));
        services.TryAddSingleton<IPersonaList, NoPersonas>();
        services.AddScoped<Toasts>();
        services.AddScoped<KeyRegistry>();
        services.AddScoped<HouseScript>();
        services.AddScoped<PaletteSearch>();
        services.AddScoped<Notifications>();
        foreach (var provider in modules.SelectMany(m => m.PaletteProviders).Distinct())
            services.TryAddEnumerable(ServiceDescriptor.Scoped(typeof(IPaletteProvider), provider));
        return services;
    }

    private sealed class NoPersonas : IPersonaList
    {
        public IReadOnlyList<Persona> All => [];
    }
}
