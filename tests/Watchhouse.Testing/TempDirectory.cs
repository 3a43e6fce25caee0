namespace Watchhouse.Testing;

/// <summary>A folder of its own, deleted with everything in it at the end.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TempDirectory() => Directory = System.IO.Directory.CreateTempSubdirectory("watchhouse-test-");

    /// <summary>The folder.</summary>
    public DirectoryInfo Directory { get; }

    /// <summary>Its absolute path.</summary>
    public string FullName => Directory.FullName;

    /// <summary>The absolute path of something inside the folder; nothing is created.</summary>
    public string File(string relativePath) => Path.Combine(Directory.FullName, relativePath);

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            Directory.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test deleted it itself, which is what was wanted.
        }
    }
}
