using Watchhouse.Architecture.Tests.Tree;

namespace Watchhouse.Architecture.Tests.Rules;

/// <summary>What a project file may declare, by the floor that the project is on.</summary>
internal static class ReferenceRules
{
    /// <summary>Libraries know nothing of the web or of a database; packages with these names bring either.</summary>
    private static readonly string[] ForbiddenInLibraries =
        ["Microsoft.AspNetCore.", "Microsoft.EntityFrameworkCore", "Npgsql.EntityFrameworkCore", "Microsoft.FluentUI."];

    public static IEnumerable<string> Violations(IReadOnlyList<ProjectFile> projects)
    {
        var floors = projects.ToDictionary(project => project.Name, project => project.Floor);
        foreach (var project in projects)
        {
            foreach (var target in project.Projects)
            {
                if (!floors.TryGetValue(target, out var floor))
                    yield return $"{project.Name} references {target}, which is not a project of src.";
                else if (!MayReference(project.Floor, floor))
                    yield return $"{project.Name} ({project.Floor}) references {target} ({floor}): arrows point down.";
            }

            if (project.Floor != Floor.Library)
                continue;

            foreach (var package in project.Packages.Where(IsForbiddenInLibraries))
                yield return $"{project.Name} is a library and references the package {package}.";
            foreach (var framework in project.Frameworks)
                yield return $"{project.Name} is a library and references the framework {framework}.";
            if (project.Sdk != "Microsoft.NET.Sdk")
                yield return $"{project.Name} is a library and uses {project.Sdk}, which brings the web in.";
        }
    }

    public static bool IsForbiddenInLibraries(string name) =>
        ForbiddenInLibraries.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    // Within a floor, a library may use a library and a storage project the platform. Modules may see each other too:
    // the contracts are in the same assembly, and DependencyRules holds them to those.
    public static bool MayReference(Floor from, Floor to) => to < from || (to == from && from != Floor.Program);
}
