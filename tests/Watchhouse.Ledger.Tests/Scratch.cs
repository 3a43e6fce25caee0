using System.Text;

namespace Watchhouse.Ledger.Tests;

/// <summary>A directory for one test, with room for a ledger and its key.</summary>
internal sealed class Scratch : IDisposable
{
    public const string Origin = "records.example.org/audit";

    public Scratch() => Root = Directory.CreateTempSubdirectory("ledger-test-").FullName;

    public string Root { get; }

    public string Ledger => Path.Combine(Root, "ledger");

    public string Key => Path.Combine(Root, "signing.key");

    public static LedgerOptions Options(string directory, string key) =>
        new() { Directory = directory, KeyPath = key, Origin = Origin };

    public LedgerOptions Options() => Options(Ledger, Key);

    public string In(string name) => Path.Combine(Root, name);

    public string LedgerFile(string name) => Path.Combine(Ledger, name);

    public VerifierKey[] Keys()
    {
        using var key = SigningKey.Load(Key);
        return [key.Verifier];
    }

    public static byte[] Json(int i) => Encoding.UTF8.GetBytes($"{{\"act\":{i},\"who\":\"officer {i % 7}\"}}");

    /// <summary>Appends one by one, so that each entry has a checkpoint of its own.</summary>
    public async Task<List<LedgerReceipt>> FillAsync(int count, int from = 0)
    {
        var receipts = new List<LedgerReceipt>();
        await using var writer = await LedgerWriter.OpenAsync(Options());
        for (var i = from; i < from + count; i++)
            receipts.Add(await writer.AppendAsync(Json(i)));
        return receipts;
    }

    public LedgerReport Verify(params Checkpoint[] against) => LedgerVerifier.Verify(Ledger, Keys(), against);

    public string Copy(string name)
    {
        var to = In(name);
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(Ledger))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        return to;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
