namespace Watchhouse.Testing;

/// <summary>Where this clone lies on disk.</summary>
public static class RepositoryRoot
{
    private static readonly Lazy<string> Found = new(Find);

    /// <summary>The folder that holds Watchhouse.slnx.</summary>
    public static string Directory => Found.Value;

    /// <summary>An absolute path from one relative to the root, written with forward slashes.</summary>
    public static string File(string relativePath) =>
        Path.GetFullPath(Path.Combine(Directory, relativePath));

    // Source paths that the compiler records are rewritten in deterministic builds, so the search starts at the
    // test program, which lies in artifacts/ under the root.
    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Watchhouse.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Watchhouse.slnx.");
    }
}
