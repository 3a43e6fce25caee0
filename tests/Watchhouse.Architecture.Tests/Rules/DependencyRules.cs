using Watchhouse.Architecture.Tests.Tree;

namespace Watchhouse.Architecture.Tests.Rules;

/// <summary>One type that uses another, as compiled.</summary>
internal sealed record TypeDependency(string FromAssembly, string FromType, string ToAssembly, string ToType);

/// <summary>What code of one assembly may use of another.</summary>
internal static class DependencyRules
{
    public static IEnumerable<string> Violations(
        IEnumerable<TypeDependency> dependencies, IReadOnlyDictionary<string, Floor> floors)
    {
        foreach (var dependency in dependencies.Where(each => each.FromAssembly != each.ToAssembly))
        {
            if (!floors.TryGetValue(dependency.FromAssembly, out var from))
                continue;

            if (!floors.TryGetValue(dependency.ToAssembly, out var to))
            {
                if (from == Floor.Library && ReferenceRules.IsForbiddenInLibraries(dependency.ToType))
                    yield return $"{dependency.FromType} is in a library and uses {dependency.ToType}.";
            }
            else if (!ReferenceRules.MayReference(from, to))
            {
                yield return $"{dependency.FromType} ({from}) uses {dependency.ToType} ({to}): arrows point down only.";
            }
            else if (from == Floor.Module && to == Floor.Module && !IsContract(dependency.ToType))
            {
                yield return $"{dependency.FromType} uses {dependency.ToType}, which is not a contract of its module.";
            }
        }
    }

    /// <summary>Whether a type's full name has a namespace segment "Contracts".</summary>
    public static bool IsContract(string fullName) => fullName.Contains(".Contracts.", StringComparison.Ordinal);
}
