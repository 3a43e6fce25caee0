using System.Reflection;
using ArchUnitNET.Loader;
using Watchhouse.Architecture.Tests.Rules;

namespace Watchhouse.Architecture.Tests.Tree;

/// <summary>Reads from the bytecode of assemblies which type uses which.</summary>
internal static class CompiledCode
{
    public static IEnumerable<TypeDependency> Dependencies(IEnumerable<Assembly> assemblies)
    {
        var architecture = new ArchLoader().LoadAssemblies([.. assemblies]).Build();
        return architecture.Types
            .SelectMany(type => type.Dependencies)
            // A type parameter of what the compiler makes for spans written in place belongs to no assembly.
            .Where(dependency => dependency is { Origin.Assembly: not null, Target.Assembly: not null })
            .Select(dependency => new TypeDependency(
                SimpleName(dependency.Origin.Assembly.Name),
                dependency.Origin.FullName,
                SimpleName(dependency.Target.Assembly.Name),
                dependency.Target.FullName))
            .Distinct();
    }

    private static string SimpleName(string assemblyName) => assemblyName.Split(',')[0];
}
