namespace Watchhouse.Testing;

/// <summary>Large public test data that is kept beside the repository and not in it.</summary>
public static class SharedData
{
    /// <summary>
    /// The absolute path of a file or folder, for example "detection/sigma". The test is skipped where the data is
    /// not laid out beside the clone, because a clone alone must still be able to run every other test.
    /// </summary>
    public static string Path(string relativePath)
    {
        var path = System.IO.Path.GetFullPath(
            System.IO.Path.Combine(RepositoryRoot.Directory, "..", "shared", "data", relativePath));

        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"The shared test data '{relativePath}' is not at {path}. Put it there to run this test.");

        return path;
    }
}
