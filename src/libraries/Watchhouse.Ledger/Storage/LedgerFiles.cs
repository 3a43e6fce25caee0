namespace Watchhouse.Ledger.Storage;

/// <summary>The three data files of a ledger, open.</summary>
internal sealed class LedgerFiles(LedgerFile entries, LedgerFile hashes, LedgerFile checkpoints) : IDisposable
{
    public LedgerFile Entries { get; } = entries;

    public LedgerFile Hashes { get; } = hashes;

    public LedgerFile Checkpoints { get; } = checkpoints;

    public static LedgerFiles Open(Func<string, LedgerFile> open)
    {
        var opened = new List<LedgerFile>(3);
        try
        {
            foreach (var name in LedgerLayout.DataFiles)
                opened.Add(open(name));
            return new LedgerFiles(opened[0], opened[1], opened[2]);
        }
        catch
        {
            opened.ForEach(file => file.Dispose());
            throw;
        }
    }

    public static LedgerFiles OpenRead(string directory) =>
        Open(name => LedgerFile.OpenRead(Path.Combine(directory, name)));

    public void Dispose()
    {
        Entries.Dispose();
        Hashes.Dispose();
        Checkpoints.Dispose();
    }
}
