using Watchhouse.Ledger.Export;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger;

/// <summary>Some entries of a ledger.</summary>
/// <param name="From">Index of the first, from 0.</param>
/// <param name="Count">How many.</param>
public readonly record struct LedgerRange(long From, long Count);

/// <summary>
/// Hands a ledger over to somebody who does not trust it: entries as lines of JSON, the signed checkpoint, the public
/// key, what binds the entries to the checkpoint, and how to check all that with openssl and Python.
/// </summary>
public static class LedgerExport
{
    /// <summary>Writes an export of what the newest checkpoint covers.</summary>
    /// <param name="directory">Directory of the ledger; its writer may be at work.</param>
    /// <param name="destination">Folder, or zip file if the name ends in .zip. Must not exist.</param>
    /// <param name="keys">Public keys of the log; one of them must have signed the checkpoint.</param>
    /// <param name="range">
    /// Entries to hand over, each with its proof; null for the whole log, which comes as a tiled log
    /// (c2sp.org/tlog-tiles) too.
    /// </param>
    /// <param name="progress">Told the number of entries written.</param>
    /// <param name="cancellation">Ends the export and removes what was written.</param>
    /// <returns>The checkpoint in the export.</returns>
    /// <exception cref="IOException">The destination exists, or cannot be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not in the ledger.</exception>
    /// <exception cref="NoteSignatureException">No known key signed the newest checkpoint.</exception>
    /// <exception cref="LedgerCorruptException">The ledger does not bear its checkpoint out.</exception>
    public static async Task<SignedCheckpoint> WriteAsync(
        string directory,
        string destination,
        IReadOnlyCollection<VerifierKey> keys,
        LedgerRange? range = null,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var reader = LedgerReader.Open(directory);
        var checkpoint = reader.ReadLatest();
        var key = checkpoint.Note.Verify(keys);
        var size = checkpoint.Checkpoint.TreeSize;
        var chosen = range ?? new LedgerRange(0, size);
        ArgumentOutOfRangeException.ThrowIfNegative(chosen.From, nameof(range));
        ArgumentOutOfRangeException.ThrowIfNegative(chosen.Count, nameof(range));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chosen.Count, size - chosen.From, nameof(range));
        // What is handed over is proved here first; a damaged ledger is found now and not by its reader.
        if (reader.Root(size) != checkpoint.Checkpoint.Root)
            throw new LedgerCorruptException(Path.Combine(directory, LedgerLayout.Hashes), new LedgerFault(
                LedgerLayout.Hashes, 0, null, $"the root {checkpoint.Checkpoint.Root.ToBase64()}", "another one"));

        using var target = new ExportTarget(destination);
        foreach (var (name, bytes) in ExportTexts.All(checkpoint, key, isWhole: range is null))
            target.Write(name, bytes);
        target.Write(ExportTexts.Checkpoint, checkpoint.Note.ToBytes());
        await WriteEntriesAsync(reader, target, chosen, progress, cancellation);
        if (range is null)
            await WriteTilesAsync(reader, target, chosen, cancellation);
        else
            WriteProofs(reader, target, chosen, size, cancellation);
        target.Complete();
        return checkpoint;
    }

    /// <summary>Verifies an export offline: every byte of every file is recomputed or compared.</summary>
    /// <param name="path">Folder or zip file.</param>
    /// <param name="keys">The log's public keys, had from somewhere else than the export.</param>
    /// <exception cref="DirectoryNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="InvalidDataException">The zip file is damaged as such.</exception>
    public static LedgerReport Verify(string path, IReadOnlyCollection<VerifierKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using var source = new ExportSource(path);
        return new ExportVerification(source, keys).Run();
    }

    private static async Task WriteEntriesAsync(
        LedgerReader reader,
        ExportTarget target,
        LedgerRange range,
        IProgress<long>? progress,
        CancellationToken cancellation)
    {
        await using var stream = new BufferedStream(target.Create(ExportTexts.Entries), 1 << 16);
        var written = 0L;
        await foreach (var entry in reader.ReadAllAsync(range.From, range.Count, cancellation))
        {
            if (MerkleTree.HashLeaf(entry.Data.Span) != reader.LeafHash(entry.Index))
                throw new LedgerCorruptException(LedgerLayout.Entries, new LedgerFault(
                    LedgerLayout.Entries, 0, entry.Index, "the entry with the stored hash", "another one"));
            EntryLine.Write(entry.Data, stream);
            if (++written % 8192 == 0)
                progress?.Report(written);
        }

        progress?.Report(written);
    }

    private static async Task WriteTilesAsync(
        LedgerReader reader, ExportTarget target, LedgerRange range, CancellationToken cancellation)
    {
        var tiles = new TileBuilder((name, bytes, _) => target.Write(name, bytes));
        await foreach (var entry in reader.ReadAllAsync(range.From, range.Count, cancellation))
            tiles.Add(entry.Data.Span, MerkleTree.HashLeaf(entry.Data.Span));
        tiles.Finish();
    }

    private static void WriteProofs(
        LedgerReader reader, ExportTarget target, LedgerRange range, long size, CancellationToken cancellation)
    {
        using var stream = new BufferedStream(target.Create(ExportTexts.Proofs), 1 << 16);
        for (var index = range.From; index < range.From + range.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(ProofLine.Encode(reader.ProveInclusion(index, size)));
        }
    }
}
