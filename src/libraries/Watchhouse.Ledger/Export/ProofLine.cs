using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Watchhouse.Ledger.Export;

/// <summary>An inclusion proof as a line of proofs.ndjson.</summary>
internal static class ProofLine
{
    /// <summary>Longest line: 63 hashes of 44 characters with quotes and commas, and the numbers.</summary>
    public const int MaxLength = 4096;

    public static byte[] Encode(InclusionProof proof) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"index\":{proof.Index},\"treeSize\":{proof.TreeSize},\"hashes\":[" +
        $"{string.Join(',', proof.Hashes.Select(hash => $"\"{hash.ToBase64()}\""))}]}}\n"));

    /// <summary>Reads a line; false unless it is exactly what <see cref="Encode"/> writes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out InclusionProof proof)
    {
        proof = new InclusionProof(0, 0, []);
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            var hashes = new List<LedgerHash>();
            foreach (var element in json.RootElement.GetProperty("hashes").EnumerateArray())
            {
                if (!LedgerHash.TryParseBase64(element.GetString(), out var hash))
                    return false;
                hashes.Add(hash);
            }

            proof = new InclusionProof(
                json.RootElement.GetProperty("index").GetInt64(),
                json.RootElement.GetProperty("treeSize").GetInt64(),
                hashes);
            return line.SequenceEqual(Encode(proof).AsSpan()[..^1]);
        }
        catch (Exception e) when (
            e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
