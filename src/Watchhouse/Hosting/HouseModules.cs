using Watchhouse.Federation;
using Watchhouse.Monitoring;
using Watchhouse.Platform.Modules;
using Watchhouse.Response;

namespace Watchhouse.Hosting;

/// <summary>The modules of this house. A new module is one line here.</summary>
internal static class HouseModules
{
    public static ModuleSet All() => new([new ShellModule(), new FederationModule(), new MonitoringModule(), new ResponseModule()]);
}
