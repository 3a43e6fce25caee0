using Watchhouse.Ledger.Merkle;
using Watchhouse.Ledger.Verification;

namespace Watchhouse.Ledger.Export;

/// <summary>
/// Verifies an export. From its entries, checkpoint and key everything else in it follows, and is made again and
/// compared byte for byte.
/// </summary>
internal sealed class ExportVerification(ExportSource source, IReadOnlyCollection<VerifierKey> keys)
{
    private readonly FaultList _faults = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public LedgerReport Run()
    {
        if (ReadCheckpoint() is not { } signed)
            return _faults.ToReport(0, 0, null);
        var (checkpoint, key) = signed;
        var names = source.Names().ToHashSet(StringComparer.Ordinal);
        var isWhole = !names.Contains(ExportTexts.Proofs);
        foreach (var (name, bytes) in ExportTexts.All(checkpoint, key, isWhole))
            Compare(name, bytes, 0);
        var entries = isWhole ? VerifyWhole(checkpoint.Checkpoint) : VerifyRange(checkpoint.Checkpoint);
        foreach (var name in names.Except(_seen).Order(StringComparer.Ordinal))
            _faults.Add(new LedgerFault(name, 0, null, "nothing of this name in the export", "a file"));
        return _faults.ToReport(entries, 1, checkpoint);
    }

    private (SignedCheckpoint, VerifierKey)? ReadCheckpoint()
    {
        _seen.Add(ExportTexts.Checkpoint);
        var bytes = source.Read(ExportTexts.Checkpoint, SignedNote.MaxLength);
        if (bytes is null)
        {
            _faults.AddMissing(ExportTexts.Checkpoint);
            return null;
        }

        try
        {
            var checkpoint = SignedCheckpoint.Parse(bytes);
            return (checkpoint, checkpoint.Note.Verify(keys));
        }
        catch (Exception e) when (e is NoteFormatException or NoteSignatureException)
        {
            _faults.Add(new LedgerFault(ExportTexts.Checkpoint, 0, null,
                "a checkpoint signed by a known key", $"none: {e.Message.TrimEnd('.')}"));
            return null;
        }
    }

    private void Compare(string name, ReadOnlySpan<byte> expected, long? firstEntry)
    {
        _seen.Add(name);
        var found = source.Read(name, expected.Length);
        if (found is null)
        {
            _faults.AddMissing(name);
            return;
        }

        var same = expected.CommonPrefixLength(found);
        if (same == expected.Length && same == found.Length)
            return;
        var entry = firstEntry;
        if (name.StartsWith("tile/0/", StringComparison.Ordinal))
            entry += same / LedgerHash.Size;
        _faults.Add(new LedgerFault(name, same, entry,
            same < expected.Length ? $"0x{expected[same]:x2}, which follows from the entries" : "end of file",
            same < found.Length ? $"0x{found[same]:x2}" : "end of file"));
    }

    private long VerifyWhole(Checkpoint checkpoint)
    {
        var frontier = new MerkleFrontier();
        var tiles = new TileBuilder((name, bytes, first) => Compare(name, bytes, first));
        ReadEntries((_, entry) =>
        {
            var leaf = MerkleTree.HashLeaf(entry);
            frontier.Append(leaf, stackalloc LedgerHash[MerkleFrontier.MaxCompleted]);
            tiles.Add(entry, leaf);
        });
        tiles.Finish();
        if (frontier.Size != checkpoint.TreeSize)
            _faults.Add(new LedgerFault(ExportTexts.Entries, 0, frontier.Size,
                $"the {checkpoint.TreeSize} entries of the checkpoint", $"{frontier.Size}"));
        else if (frontier.Root() != checkpoint.Root)
            _faults.Add(new LedgerFault(ExportTexts.Entries, 0, null,
                $"entries with the signed root {checkpoint.Root.ToBase64()}", $"{frontier.Root().ToBase64()}"));
        return frontier.Size;
    }

    private long VerifyRange(Checkpoint checkpoint)
    {
        _seen.Add(ExportTexts.Proofs);
        using var stream = source.Open(ExportTexts.Proofs)!;
        var proofs = new LineReader(stream, ProofLine.MaxLength);
        var count = 0L;
        long? first = null;
        ReadEntries((offset, entry) =>
        {
            InclusionProof proof;
            if (!proofs.TryRead(out var line) || !proofs.IsWhole || !ProofLine.TryRead(line, out proof))
            {
                _faults.Add(new LedgerFault(ExportTexts.Proofs, proofs.Offset, first + count,
                    $"the proof of line {count + 1} of {ExportTexts.Entries}", line.IsEmpty ? "none" : "other bytes"));
            }
            else
            {
                first ??= proof.Index;
                if (proof.TreeSize != checkpoint.TreeSize || proof.Index != first + count)
                    _faults.Add(new LedgerFault(ExportTexts.Proofs, proofs.Offset, first + count,
                        $"the proof of entry {first + count} in {checkpoint.TreeSize}",
                        $"one of entry {proof.Index} in {proof.TreeSize}"));
                else if (!proof.Verify(MerkleTree.HashLeaf(entry), checkpoint.Root))
                    _faults.Add(new LedgerFault(ExportTexts.Entries, offset, proof.Index,
                        "the entry that the signed root covers", "another one, or a false proof"));
            }

            count++;
        });
        if (proofs.TryRead(out _))
            _faults.Add(new LedgerFault(
                ExportTexts.Proofs, proofs.Offset, first + count, "end of file", "further proofs"));
        return count;
    }

    private delegate void EntryReader(long offset, ReadOnlySpan<byte> entry);

    private void ReadEntries(EntryReader each)
    {
        _seen.Add(ExportTexts.Entries);
        using var stream = source.Open(ExportTexts.Entries);
        if (stream is null)
        {
            _faults.AddMissing(ExportTexts.Entries);
            return;
        }

        var lines = new LineReader(stream, EntryLine.MaxLength);
        while (lines.TryRead(out var line))
        {
            if (!lines.IsWhole || line.Length > EntryLine.MaxLength || !EntryLine.TryRead(line, out var entry)
                || entry.Length > LedgerWriter.MaxEntryLength)
            {
                _faults.Add(new LedgerFault(
                    ExportTexts.Entries, lines.Offset, null, "an entry on a line", "other bytes"));
                if (!lines.IsWhole)
                    return;
                entry = [];
            }

            each(lines.Offset, entry);
        }
    }
}
