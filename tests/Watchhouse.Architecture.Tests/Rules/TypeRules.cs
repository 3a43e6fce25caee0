using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;

namespace Watchhouse.Architecture.Tests.Rules;

/// <summary>What types may look like.</summary>
internal static class TypeRules
{
    /// <summary>In a module, only contracts and the module class are public.</summary>
    public static IEnumerable<string> PublicOutsideContracts(IEnumerable<Type> types) =>
        from type in types
        where type.IsPublic && !IsMadeByTools(type)
        where !DependencyRules.IsContract(type.FullName!) && !type.Name.EndsWith("Module", StringComparison.Ordinal)
        // A .razor file always compiles to a public class, and the router finds pages by it.
        where !typeof(IComponent).IsAssignableFrom(type)
        select $"{type.FullName} is public: make it internal, or move it to the module's Contracts.";

    /// <summary>A class that others may not see is not made to be derived from, unless it is abstract.</summary>
    public static IEnumerable<string> UnsealedInternals(IEnumerable<Type> types) =>
        from type in types
        where type.IsClass && !type.IsVisible && !type.IsAbstract && !type.IsSealed && !IsMadeByTools(type)
        // Razor makes component classes without "sealed"; a component that is nested in nothing cannot be seen anyway.
        where !typeof(IComponent).IsAssignableFrom(type)
        select $"{type.FullName} is internal, neither sealed nor abstract.";

    private static bool IsMadeByTools(Type type)
    {
        for (var each = type; each is not null; each = each.DeclaringType)
        {
            if (each.IsDefined(typeof(CompilerGeneratedAttribute)) || each.IsDefined(typeof(GeneratedCodeAttribute)))
                return true;
        }

        // Each _Imports.razor makes an empty public class that nothing uses.
        if (type.Name == "_Imports") return true;

        // Top-level statements make "Program"; source generators write into namespaces of their own; migrations are
        // written by the migration tool.
        return type is { Namespace: null }
            || !type.Namespace.StartsWith("Watchhouse", StringComparison.Ordinal)
            || type.Namespace.Contains(".Migrations", StringComparison.Ordinal);
    }
}
