using System.Reflection;
using Watchhouse.Testing;

namespace Watchhouse.Architecture.Tests.Tree;

/// <summary>The repository as it lies on disk: projects are found by folder, never listed.</summary>
internal static class SourceTree
{
    private static readonly (string Folder, Floor Floor)[] Floors =
    [
        ("src/libraries", Floor.Library),
        ("src/platform", Floor.Platform),
        ("src/modules", Floor.Module),
        ("src/Watchhouse", Floor.Program),
    ];

    private static readonly HashSet<string> TextExtensions =
    [
        ".cs", ".razor", ".css", ".js", ".ts", ".md", ".sh", ".py", ".json", ".yml", ".yaml", ".csv", ".xml",
        ".csproj", ".props", ".targets", ".slnx", ".editorconfig", "",
    ];

    private static readonly Lazy<IReadOnlyList<ProjectFile>> LazyProjects = new(() => [.. ReadProjects()]);
    private static readonly Lazy<IReadOnlyList<TextFile>> LazyFiles = new(() => [.. ReadFiles()]);
    private static readonly Lazy<IReadOnlyList<Assembly>> LazyAssemblies = new(() => [.. LoadAssemblies()]);

    public static IReadOnlyList<ProjectFile> Projects => LazyProjects.Value;

    public static IReadOnlyList<TextFile> Files => LazyFiles.Value;

    /// <summary>The built assembly of every project in <see cref="Projects"/>, in the same order.</summary>
    public static IReadOnlyList<Assembly> Assemblies => LazyAssemblies.Value;

    public static IEnumerable<Assembly> AssembliesOn(Floor floor) =>
        Projects.Zip(Assemblies).Where(pair => pair.First.Floor == floor).Select(pair => pair.Second);

    private static IEnumerable<ProjectFile> ReadProjects()
    {
        foreach (var (folder, floor) in Floors)
        {
            var path = RepositoryRoot.File(folder);
            if (!Directory.Exists(path))
                continue;

            foreach (var file in Directory.EnumerateFiles(path, "*.csproj", SearchOption.AllDirectories).Order())
                yield return ProjectFile.Parse(Path.GetFileNameWithoutExtension(file), floor, File.ReadAllText(file));
        }
    }

    // The project references of this test project bring every assembly into its output folder.
    private static IEnumerable<Assembly> LoadAssemblies() =>
        Projects
            .Select(project => Path.Combine(AppContext.BaseDirectory, project.AssemblyName + ".dll"))
            .Select(Assembly.LoadFrom);

    private static IEnumerable<TextFile> ReadFiles()
    {
        var ignored = IgnoredFolders();
        var pending = new Stack<string>([RepositoryRoot.Directory]);
        while (pending.TryPop(out var folder))
        {
            foreach (var child in Directory.EnumerateDirectories(folder))
            {
                if (!ignored.Contains(Path.GetFileName(child)))
                    pending.Push(child);
            }

            foreach (var file in Directory.EnumerateFiles(folder).Where(IsText))
            {
                var path = Path.GetRelativePath(RepositoryRoot.Directory, file).Replace('\\', '/');
                yield return TextFile.Of(path, File.ReadAllText(file));
            }
        }
    }

    private static bool IsText(string file) =>
        TextExtensions.Contains(Path.GetExtension(file))
        && !file.EndsWith(".lock.json", StringComparison.Ordinal)
        && Path.GetFileName(file) != ".git";

    /// <summary>The folders that .gitignore names: what is not tracked is nobody's text.</summary>
    private static HashSet<string> IgnoredFolders()
    {
        var lines = File.ReadAllLines(RepositoryRoot.File(".gitignore"));
        return [".git", .. lines.Where(line => line.EndsWith('/')).Select(line => line.Trim('/'))];
    }
}
