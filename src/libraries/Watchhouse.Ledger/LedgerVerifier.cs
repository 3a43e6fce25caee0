using Watchhouse.Ledger.Storage;
using Watchhouse.Ledger.Verification;
using Watchhouse.Ledger.Writing;

namespace Watchhouse.Ledger;

/// <summary>
/// Checks a whole ledger without trusting any of it but the public keys: every byte of every file is recomputed or
/// compared. It reads only, needs no network, and may run beside the writer.
/// </summary>
public static class LedgerVerifier
{
    /// <summary>Verifies a ledger directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="keys">The log's public keys, present and past, had from somewhere else than this directory.</param>
    /// <param name="against">
    /// Checkpoints kept elsewhere. Only these can show that a ledger was rolled back or rewritten by whoever holds
    /// the key.
    /// </param>
    /// <param name="progress">Told the number of entries gone through.</param>
    /// <param name="cancellation">Ends the verification.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static LedgerReport Verify(
        string directory,
        IReadOnlyCollection<VerifierKey> keys,
        IEnumerable<Checkpoint>? against = null,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var faults = new FaultList();
        var writing = WriterLock.IsHeld(directory);
        CheckDirectory(directory, faults);
        if (faults.AnyMissing)
            return faults.ToReport(0, 0, null);

        using var files = LedgerFiles.OpenRead(directory);
        // The checkpoints' length first: whatever the writer adds from here on, what they cover is there.
        var checkpointsLength = files.Checkpoints.RefreshLength();
        files.Entries.RefreshLength();
        files.Hashes.RefreshLength();
        var signedLength = checkpointsLength;
        if (writing)
            signedLength = CheckpointRecord.ReadLast(files.Checkpoints, checkpointsLength)?.End ?? checkpointsLength;
        var scan = new LedgerScan(files.Entries, files.Hashes, files.Checkpoints, keys, faults.Add)
        {
            Against = (against ?? []).OrderBy(checkpoint => checkpoint.TreeSize).ToList(),
            Progress = progress,
            Cancellation = cancellation,
        };
        scan.Run(signedLength);
        if (scan.Latest is null)
            faults.Add(new LedgerFault(
                LedgerLayout.Checkpoints, 0, null, "a checkpoint signed by a known key", "none"));
        if (!writing)
            CheckTail(files, scan, faults);
        return faults.ToReport(scan.Frontier.Size, scan.CheckpointCount, scan.Latest);
    }

    private static void CheckDirectory(string directory, FaultList faults)
    {
        foreach (var name in LedgerLayout.DataFiles)
        {
            if (!File.Exists(Path.Combine(directory, name)))
                faults.AddMissing(name);
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name is LedgerLayout.Lock && new FileInfo(path) is { Exists: true, Length: var length and > 0 })
                faults.Add(new LedgerFault(name, 0, null, "an empty file", $"{length} bytes"));
            if (name != LedgerLayout.Lock && !LedgerLayout.DataFiles.Contains(name))
                faults.Add(new LedgerFault(name, 0, null, "nothing of this name in a ledger", "a file or directory"));
        }
    }

    private static void CheckTail(LedgerFiles files, LedgerScan scan, FaultList faults)
    {
        var size = scan.Frontier.Size;
        const string hint =
            "a crash before they were acknowledged leaves such, and so does removing the last checkpoint";
        if (files.Entries.Length > scan.EntriesEnd)
            faults.Add(new LedgerFault(LedgerLayout.Entries, scan.EntriesEnd, size,
                "the end of the file after the signed entries",
                $"{files.Entries.Length - scan.EntriesEnd} bytes that no checkpoint covers ({hint})"));
        if (files.Hashes.Length > LedgerLayout.HashesLength(size))
            faults.Add(new LedgerFault(LedgerLayout.Hashes, LedgerLayout.HashesLength(size), size,
                "the end of the file after the hashes of the signed entries",
                $"{files.Hashes.Length - LedgerLayout.HashesLength(size)} bytes that no checkpoint covers ({hint})"));
    }
}
