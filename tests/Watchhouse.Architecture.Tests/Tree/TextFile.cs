namespace Watchhouse.Architecture.Tests.Tree;

/// <summary>A text file of the repository; the path is relative to the root, with forward slashes.</summary>
internal sealed record TextFile(string Path, IReadOnlyList<string> Lines)
{
    public string Extension => System.IO.Path.GetExtension(Path);

    public bool IsUnder(string folder) => Path.StartsWith(folder, StringComparison.Ordinal);

    public static TextFile Of(string path, string text) => new(path, text.Split('\n'));
}
