using System.Xml.Linq;

namespace Watchhouse.Architecture.Tests.Tree;

/// <summary>
/// What a .csproj declares. The compiler drops a reference that no code uses, so the built assemblies cannot show a
/// forbidden one that merely stands ready; the file can.
/// </summary>
internal sealed record ProjectFile(
    string Name,
    Floor Floor,
    string Sdk,
    string AssemblyName,
    IReadOnlyList<string> Projects,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> Frameworks)
{
    public static ProjectFile Parse(string name, Floor floor, string xml)
    {
        var root = XDocument.Parse(xml).Root!;
        return new ProjectFile(
            name,
            floor,
            (string?)root.Attribute("Sdk") ?? string.Empty,
            root.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [.. Includes(root, "ProjectReference").Select(ProjectName)],
            [.. Includes(root, "PackageReference")],
            [.. Includes(root, "FrameworkReference")]);
    }

    private static string ProjectName(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static IEnumerable<string> Includes(XElement root, string element) =>
        root.Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>();
}
