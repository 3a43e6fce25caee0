using System.Reflection;

namespace Watchhouse.Platform.Modules;

/// <summary>The modules of this house, fixed when it is composed.</summary>
public sealed class ModuleSet(IEnumerable<IModule> modules)
{
    public IReadOnlyList<IModule> All { get; } = [.. modules];

    /// <summary>The platform's assembly and each module's.</summary>
    public IReadOnlyList<Assembly> Assemblies =>
        [typeof(ModuleSet).Assembly, .. All.Select(m => m.GetType().Assembly).Distinct()];
}
