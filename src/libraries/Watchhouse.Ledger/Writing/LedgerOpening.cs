using Watchhouse.Ledger.Merkle;
using Watchhouse.Ledger.Storage;
using Watchhouse.Ledger.Verification;

namespace Watchhouse.Ledger.Writing;

/// <summary>
/// Brings the files of a ledger to the state from which a writer goes on: makes them if there are none, checks what is
/// signed, keeps the whole entries after the last checkpoint and cuts a torn end. Whatever a crash cannot have left
/// behind is damage and stops the start.
/// </summary>
internal sealed class LedgerOpening(LedgerOptions options, SigningKey key)
{
    private LedgerFiles _files = null!;
    private MerkleFrontier _frontier = new();
    private long _entriesEnd;
    private SignedCheckpoint _latest = null!;

    public Committer Open(out LedgerRecovery recovery)
    {
        if (!HasHistory())
            Create();
        _files = LedgerFiles.Open(
            name => LedgerFile.OpenWrite(PathOf(name), FileMode.Open, options.Probe));
        try
        {
            var last = CheckpointRecord.ReadLast(_files.Checkpoints, _files.Checkpoints.Length)
                ?? throw Damage(_files.Checkpoints, 0, null, "a signed checkpoint", "none");
            _latest = Trusted(last);
            if (options.OpenCheck == LedgerOpenCheck.Everything)
                CheckEverything(last.End);
            else
                CheckRightEdge(last);
            var kept = KeepTail(last.End, out var cut);
            recovery = new LedgerRecovery(kept, cut);
            var committer = new Committer(_files, key, options.Origin, _frontier, _latest);
            // A new key signs the present state at once, so that whoever knows only it can check the ledger.
            var signedByPresentKey = _latest.Note.Signatures.Any(
                s => s.KeyId == key.Verifier.Id && s.KeyName == key.Verifier.Name);
            if (kept > 0 || !signedByPresentKey)
                committer.Commit();
            return committer;
        }
        catch
        {
            _files.Dispose();
            throw;
        }
    }

    private string PathOf(string name) => Path.Combine(options.Directory, name);

    private static LedgerCorruptException Damage(
        LedgerFile file, long offset, long? entry, string expected, string found) =>
        new(file.Path, new LedgerFault(file.Name, offset, entry, expected, found));

    /// <summary>Whether there is anything to open; a creation that a crash interrupted counts as nothing.</summary>
    private bool HasHistory()
    {
        var entries = LengthOf(LedgerLayout.Entries);
        var hashes = LengthOf(LedgerLayout.Hashes);
        var checkpoints = LengthOf(LedgerLayout.Checkpoints);
        if (entries <= LedgerLayout.EntriesHeader.Length && hashes <= LedgerLayout.HashesHeader.Length
            && (checkpoints <= 0 || IsUnfinishedCreation(checkpoints)))
        {
            if (options.CreateIfMissing)
                return false;
            throw Missing(LedgerLayout.Checkpoints);
        }

        if (checkpoints < 0)
            throw Missing(LedgerLayout.Checkpoints);
        if (entries < 0)
            throw Missing(LedgerLayout.Entries);
        if (hashes < 0)
            throw Missing(LedgerLayout.Hashes);
        return true;
    }

    private bool IsUnfinishedCreation(long length)
    {
        var first = CheckpointRecord.Encode(EmptyTree());
        return length < first.Length
            && first.AsSpan().StartsWith(File.ReadAllBytes(PathOf(LedgerLayout.Checkpoints)));
    }

    private SignedCheckpoint EmptyTree() =>
        SignedCheckpoint.Sign(new Checkpoint(options.Origin, 0, MerkleTree.EmptyRoot), key);

    private LedgerCorruptException Missing(string name) =>
        new(PathOf(name), new LedgerFault(name, 0, null, "the file", "no such file, or an empty one"));

    private long LengthOf(string name) => new FileInfo(PathOf(name)) is { Exists: true } info ? info.Length : -1;

    private void Create()
    {
        using var files = LedgerFiles.Open(name => LedgerFile.OpenWrite(PathOf(name), FileMode.Create, options.Probe));
        files.Entries.Append(LedgerLayout.EntriesHeader);
        files.Entries.Flush();
        files.Hashes.Append(LedgerLayout.HashesHeader);
        files.Hashes.Flush();
        DirectoryFlush.Flush(options.Directory);
        // The empty tree is signed first: from here on the directory is a ledger, and a missing file is damage.
        files.Checkpoints.Append(CheckpointRecord.Encode(EmptyTree()));
        files.Checkpoints.Flush();
    }

    private SignedCheckpoint Trusted(CheckpointRecord record)
    {
        try
        {
            var checkpoint = record.Parse();
            checkpoint.Note.Verify([key.Verifier, .. options.PreviousKeys]);
            if (checkpoint.Checkpoint.Origin == options.Origin)
                return checkpoint;
            throw new NoteFormatException($"It is of the log '{checkpoint.Checkpoint.Origin}'.");
        }
        catch (Exception e) when (e is NoteFormatException or NoteSignatureException)
        {
            throw Damage(_files.Checkpoints, record.Offset, null,
                $"a checkpoint of '{options.Origin}' signed by a known key", $"none: {e.Message.TrimEnd('.')}");
        }
    }

    private void CheckEverything(long checkpointsEnd)
    {
        var scan = new LedgerScan(
            _files.Entries, _files.Hashes, _files.Checkpoints, [key.Verifier, .. options.PreviousKeys],
            fault => throw new LedgerCorruptException(PathOf(fault.File), fault))
        {
            Origin = options.Origin,
            SignaturesFrom = Math.Max(0, checkpointsEnd - (256 * 1024)),
        };
        scan.Run(checkpointsEnd);
        _frontier = scan.Frontier;
        _entriesEnd = scan.EntriesEnd;
    }

    private void CheckRightEdge(CheckpointRecord last)
    {
        var size = _latest.Checkpoint.TreeSize;
        var store = new HashStore(_files.Hashes);
        _frontier = MerkleFrontier.Load(store, size);
        if (_frontier.Root() != _latest.Checkpoint.Root)
            throw Damage(_files.Checkpoints, last.Offset, size - 1,
                $"the root {_frontier.Root().ToBase64()} of the hashes in {LedgerLayout.Hashes}",
                _latest.Checkpoint.Root.ToBase64());
        _entriesEnd = store.End(size - 1);
        if (size == 0)
            return;
        var start = store.End(size - 2);
        var record = new FileWindow(_files.Entries, EntryRecord.MaxRecord).PeekRecord(start);
        var length = EntryRecord.Check(record, out var problem);
        if (length == 0 || start + length != _entriesEnd
            || MerkleTree.HashPrefixedLeaf(record[EntryRecord.LeafStart..length]) != store.Node(0, size - 1))
            throw Damage(_files.Entries, start, size - 1, "the last signed entry",
                problem.Length > 0 ? problem : "another one");
    }

    /// <summary>Takes in the whole entries after the last checkpoint and cuts what is torn.</summary>
    private long KeepTail(long checkpointsEnd, out long cut)
    {
        var torn = ReadTorn(checkpointsEnd);
        var tornSize = TornCheckpoint.SizeOf(torn);
        Checkpoint? tornShould = tornSize == _frontier.Size ? Present() : null;
        var signedLength = LedgerLayout.HashesLength(_frontier.Size);
        if (_files.Hashes.Length > signedLength)
            _files.Hashes.Truncate(signedLength);
        cut = torn.Length;

        var window = new FileWindow(_files.Entries);
        var pending = new HashBuffer();
        var signed = _frontier.Size;
        var record = window.PeekRecord(_entriesEnd);
        for (int length; (length = EntryRecord.Check(record, out _)) > 0; record = window.PeekRecord(_entriesEnd))
        {
            _entriesEnd += length;
            pending.Add(_frontier, MerkleTree.HashPrefixedLeaf(record[EntryRecord.LeafStart..length]), _entriesEnd);
            if (tornSize == _frontier.Size)
                tornShould = Present();
            if (pending.Written.Length > 1 << 20)
                WriteHashes(pending);
        }

        if (!TornCheckpoint.CanBe(torn, options.Origin, tornShould, options.PreviousKeys.Count == 0 ? key : null))
            throw Damage(_files.Checkpoints, checkpointsEnd, null,
                "a checkpoint, or the beginning of one that a crash cut off", $"{torn.Length} other bytes");
        WriteHashes(pending);
        if (_frontier.Size > signed)
        {
            // What a killed process wrote may still be in memory only; it is to be signed, so it goes to disk first.
            _files.Entries.Flush();
            _files.Hashes.Flush();
        }

        cut += Cut(_files.Entries, _entriesEnd);
        Cut(_files.Checkpoints, checkpointsEnd);
        return _frontier.Size - signed;
    }

    private Checkpoint Present() => new(options.Origin, _frontier.Size, _frontier.Root());

    private byte[] ReadTorn(long checkpointsEnd)
    {
        var length = _files.Checkpoints.Length - checkpointsEnd;
        if (length > CheckpointRecord.MaxLength)
            throw Damage(_files.Checkpoints, checkpointsEnd, null, "a checkpoint", $"{length} bytes that hold none");
        var torn = new byte[length];
        _files.Checkpoints.Read(torn, checkpointsEnd);
        return torn;
    }

    private void WriteHashes(HashBuffer pending)
    {
        _files.Hashes.Append(pending.Written);
        pending.Clear();
    }

    private static long Cut(LedgerFile file, long length)
    {
        var extra = file.Length - length;
        if (extra <= 0)
            return 0;
        file.Truncate(length);
        file.Flush();
        return extra;
    }
}
