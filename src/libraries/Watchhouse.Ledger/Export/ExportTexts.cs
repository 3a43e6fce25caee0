using System.Globalization;
using System.Reflection;
using System.Text;

namespace Watchhouse.Ledger.Export;

/// <summary>The files of an export that follow from its checkpoint and key alone.</summary>
internal static class ExportTexts
{
    public const string Checkpoint = "checkpoint";
    public const string Entries = "entries.ndjson";
    public const string Proofs = "proofs.ndjson";
    private const string Key = "verifier-key.txt";
    private const string Pem = "public-key.pem";
    private const string Script = "verify.py";
    private const string Readme = "README.txt";

    public static IEnumerable<(string Name, byte[] Bytes)> All(
        SignedCheckpoint checkpoint, VerifierKey key, bool isWhole)
    {
        var size = checkpoint.Checkpoint.TreeSize.ToString(CultureInfo.InvariantCulture);
        var scope = Resource(isWhole ? "readme-whole.txt" : "readme-range.txt");
        yield return (Readme, Encoding.UTF8.GetBytes(Resource("readme.txt")
            .Replace("{origin}", checkpoint.Checkpoint.Origin, StringComparison.Ordinal)
            .Replace("{size}", size, StringComparison.Ordinal)
            .Replace("{key}", key.ToString(), StringComparison.Ordinal)
            .Replace("{scope}", scope, StringComparison.Ordinal)));
        yield return (Key, Encoding.UTF8.GetBytes(key + "\n"));
        yield return (Pem, Encoding.ASCII.GetBytes(key.ToPem()));
        yield return (Script, Encoding.UTF8.GetBytes(Resource("verify.py")));
    }

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Export." + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
