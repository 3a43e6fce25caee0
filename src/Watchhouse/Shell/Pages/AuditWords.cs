using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Watchhouse.Ledger;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Shell.Pages;

/// <summary>How screens say what is in the audit trail.</summary>
internal static class AuditWords
{
    // The relaxed encoder leaves names and quotation marks readable; the text is never put into markup unescaped.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<AuditOperation> Operations { get; } = Enum.GetValues<AuditOperation>();

    public static string Meaning(AuditOperation operation) => operation switch
    {
        AuditOperation.Collection => "Something was taken in.",
        AuditOperation.Alteration => "Something was changed.",
        AuditOperation.Consultation => "Somebody looked.",
        AuditOperation.Disclosure => "Something was given to somebody, or transferred.",
        AuditOperation.Combination => "Records were brought together.",
        AuditOperation.Erasure => "Something was erased.",
        _ => "",
    };

    /// <summary>'person …b2f0': the kind and enough of the id to tell two apart.</summary>
    public static string Short(string subject)
    {
        var slash = subject.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return subject;
        var id = subject[(slash + 1)..];
        return $"{subject[..slash]} {(id.Length > 12 ? "…" + id[^4..] : id)}";
    }

    /// <summary>The entry for reading. The leaf itself is one line; what is proved is that line, byte for byte.</summary>
    public static string Indented(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document.RootElement, Readable);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    public static string Export(IEnumerable<AuditListing> rows) => Csv.Write(
    [
        ["Index", "Time (UTC)", "Force", "Operation", "Action", "Who", "Home", "Subject", "Summary", "Reason", "Recipients"],
        .. rows.Select(r => new[]
        {
            $"{r.Index}", r.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture), r.Force.Value,
            r.Operation.ToString(), r.Action, r.ActorName, r.ActorHome, r.Subject, r.Summary, r.Reason, r.Recipients,
        }),
    ]);
}

/// <summary>A proof that was recomputed here, step by step.</summary>
internal sealed record CheckedProof(AuditProof Proof, Checkpoint Checkpoint, bool LeafMatches, bool PathLeads)
{
    public bool Holds => LeafMatches && PathLeads;

    /// <summary>Hashes the entry again and follows the path to the root that the checkpoint signs. Nothing is believed.</summary>
    public static CheckedProof Of(AuditProof proof)
    {
        var checkpoint = SignedCheckpoint.Parse(Encoding.UTF8.GetBytes(proof.Checkpoint)).Checkpoint;
        var leaf = MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(proof.Entry));
        var hashes = new List<LedgerHash>(proof.Path.Count);
        foreach (var text in proof.Path)
        {
            if (!LedgerHash.TryParseBase64(text, out var hash)) return new CheckedProof(proof, checkpoint, false, false);
            hashes.Add(hash);
        }

        return new CheckedProof(proof, checkpoint, leaf.ToBase64() == proof.LeafHash,
            new InclusionProof(proof.Index, checkpoint.TreeSize, hashes).Verify(leaf, checkpoint.Root));
    }
}
