namespace Watchhouse.Hosting;

/// <summary>
/// The directory of everything that is kept. A directory is for a demonstration or for real work, for good: made-up
/// people must never be able to become real ones, and the other way round.
/// </summary>
internal sealed class DataDirectory
{
    private const string Marker = "DEMONSTRATION";

    private DataDirectory(string root) => Root = root;

    public string Root { get; }

    public string Database => Path.Combine(Root, "watchhouse.db");

    public string Ledger => Path.Combine(Root, "ledger");

    /// <summary>Keys lie apart from what they protect, readable by the owner alone.</summary>
    public string Keys => Path.Combine(Root, "keys");

    public static DataDirectory Open(ServeOptions options)
    {
        var directory = new DataDirectory(options.Data);
        try
        {
            var marker = Path.Combine(directory.Root, Marker);
            var used = File.Exists(directory.Database) || Directory.Exists(directory.Ledger);
            if (options.Demonstration && used && !File.Exists(marker))
                throw new StartRefusedException(
                    $"'{directory.Root}' holds a real centre, so no demonstration starts in it. Choose another directory with --data.");
            if (!options.Demonstration && File.Exists(marker))
                throw new StartRefusedException(
                    $"'{directory.Root}' holds a demonstration, so no real centre starts in it. Add --demo, or choose another directory with --data.");

            Directory.CreateDirectory(directory.Root);
            CreatePrivate(directory.Keys);
            if (options.Demonstration)
                File.WriteAllText(marker, "Demonstration data. Nothing in this directory is real.\n");
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The data directory '{directory.Root}' cannot be used: {e.Message} Choose another with --data, or mend its permissions.");
        }
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
