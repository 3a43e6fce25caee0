using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Modules;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Data;

/// <summary>Opens contexts. Internal to the platform: everybody else goes through the gate.</summary>
internal sealed class HouseDbFactory
{
    private readonly DbContextOptions<HouseDb> _options;
    private readonly ModuleSet _modules;

    public HouseDbFactory(IHouseStorage storage, ModuleSet modules)
    {
        var builder = new DbContextOptionsBuilder<HouseDb>();
        storage.Configure(builder);
        _options = builder.Options;
        _modules = modules;
    }

    public HouseDb Open(Sight sight) => new(_options, _modules, sight);
}
