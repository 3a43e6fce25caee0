using System.Buffers.Binary;
using System.Globalization;
using Watchhouse.Ledger.Merkle;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Verification;

/// <summary>
/// One pass over the files of a ledger: recomputes every hash from the entries and compares what is stored and signed
/// with it. Memory does not grow with the ledger. Faults go to <paramref name="report"/>, which may throw to stop.
/// </summary>
internal sealed class LedgerScan(
    LedgerFile entries,
    LedgerFile hashes,
    LedgerFile checkpoints,
    IReadOnlyCollection<VerifierKey> keys,
    Action<LedgerFault> report)
{
    private readonly FileWindow _entries = new(entries);
    private readonly FileWindow _hashes = new(hashes);
    private readonly HashStore _store = new(hashes);
    private readonly MerkleFrontier _frontier = new();
    private bool _unreadable;
    private bool _rootReported;

    /// <summary>The tree of the entries read.</summary>
    public MerkleFrontier Frontier => _frontier;

    /// <summary>Where the next record of entries.log begins.</summary>
    public long EntriesEnd { get; private set; } = LedgerLayout.EntriesHeader.Length;

    /// <summary>Where checkpoints.log ends in complete records.</summary>
    public long CheckpointsEnd { get; private set; }

    /// <summary>The newest checkpoint that is well-formed and signed.</summary>
    public SignedCheckpoint? Latest { get; private set; }

    public long CheckpointCount { get; private set; }

    /// <summary>Name the checkpoints must bear; null for whatever the first one says.</summary>
    public string? Origin { get; init; }

    /// <summary>Signatures of records that start before this offset are left unchecked.</summary>
    public long SignaturesFrom { get; init; }

    /// <summary>Checkpoints somebody remembers, by ascending size.</summary>
    public IReadOnlyList<Checkpoint> Against { get; init; } = [];

    public IProgress<long>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }

    public void Run(long checkpointsLength)
    {
        if (FileHeader.Check(entries, LedgerLayout.EntriesHeader) is { } entriesFault)
            report(entriesFault);
        if (FileHeader.Check(hashes, LedgerLayout.HashesHeader) is { } hashesFault)
            report(hashesFault);
        CompareRemembered();
        foreach (var (record, checkpoint) in SignedRecords(checkpointsLength))
        {
            if (record.IsComplete)
                CheckpointsEnd = record.End;
            if (checkpoint is null)
                continue;
            CheckpointCount++;
            CheckOne(record, checkpoint.Checkpoint);
            Latest = checkpoint;
        }

        foreach (var remembered in Against.Where(c => c.TreeSize > _frontier.Size))
            report(new LedgerFault(checkpoints.Name, CheckpointsEnd, _frontier.Size,
                $"at least the {remembered.TreeSize} entries of the remembered checkpoint",
                $"only {_frontier.Size}: the ledger was rolled back"));
        Progress?.Report(_frontier.Size);
    }

    private IEnumerable<(CheckpointRecord Record, SignedCheckpoint? Checkpoint)> SignedRecords(long length)
    {
        // Signatures are the slow part and stand alone, so a chunk at a time is checked on all cores.
        foreach (var chunk in CheckpointRecord.ReadAll(checkpoints, length).Chunk(512))
        {
            Cancellation.ThrowIfCancellationRequested();
            var results = new (SignedCheckpoint? Checkpoint, LedgerFault? Fault)[chunk.Length];
            Parallel.For(0, chunk.Length, i => results[i] = ParseAndVerify(chunk[i]));
            for (var i = 0; i < chunk.Length; i++)
            {
                if (results[i].Fault is { } fault)
                    report(fault);
                yield return (chunk[i], results[i].Checkpoint);
            }
        }
    }

    private (SignedCheckpoint?, LedgerFault?) ParseAndVerify(CheckpointRecord record)
    {
        try
        {
            var checkpoint = record.Parse();
            if (record.Offset >= SignaturesFrom)
                checkpoint.Note.Verify(keys);
            return (checkpoint, null);
        }
        catch (Exception e) when (e is NoteFormatException or NoteSignatureException)
        {
            return (null, new LedgerFault(checkpoints.Name, record.Offset, null, "a checkpoint signed by a known key",
                $"{record.Bytes.Length} bytes that are none: {e.Message.TrimEnd('.')}"));
        }
    }

    private void CheckOne(CheckpointRecord record, Checkpoint checkpoint)
    {
        var origin = Origin ?? Latest?.Checkpoint.Origin ?? checkpoint.Origin;
        if (checkpoint.Origin != origin)
            report(new LedgerFault(checkpoints.Name, record.Offset, null,
                $"the origin '{origin}'", $"'{checkpoint.Origin}'"));
        if (Latest is { } previous && checkpoint.TreeSize < previous.Checkpoint.TreeSize)
        {
            report(new LedgerFault(checkpoints.Name, record.Offset, null,
                $"a size of at least {previous.Checkpoint.TreeSize}", $"{checkpoint.TreeSize}"));
            return;
        }

        while (_frontier.Size < checkpoint.TreeSize && !_unreadable)
        {
            ReadEntry(checkpoint);
            CompareRemembered();
            if (_frontier.Size % 8192 == 0)
            {
                Cancellation.ThrowIfCancellationRequested();
                Progress?.Report(_frontier.Size);
            }
        }

        if (_frontier.Size != checkpoint.TreeSize || _rootReported || _frontier.Root() == checkpoint.Root)
            return;

        // Every later root differs too; the first one bounds the place.
        _rootReported = true;
        var after = Latest?.Checkpoint.TreeSize ?? 0;
        report(new LedgerFault(checkpoints.Name, record.Offset, after,
            $"the root {_frontier.Root().ToBase64()} of the {checkpoint.TreeSize} entries in {entries.Name}",
            $"{checkpoint.Root.ToBase64()}: an entry from {after} to {checkpoint.TreeSize - 1} is not the one signed"));
    }

    private void ReadEntry(Checkpoint covering)
    {
        var index = _frontier.Size;
        var record = _entries.PeekRecord(EntriesEnd);
        var length = EntryRecord.Check(record, out var problem);
        var slotOffset = LedgerLayout.SlotOffset(index);
        var slot = _hashes.Peek(slotOffset, LedgerLayout.SlotLength(index));
        if (slot.Length < LedgerLayout.SlotLength(index))
            report(new LedgerFault(hashes.Name, slotOffset, index,
                $"{LedgerLayout.SlotLength(index)} bytes of hashes", $"end of file after {slot.Length}"));
        LedgerHash? storedLeaf = slot.Length < LedgerLayout.EndLength + LedgerHash.Size
            ? null : new LedgerHash(slot.Slice(LedgerLayout.EndLength, LedgerHash.Size));
        var storedEnd = slot.Length < LedgerLayout.EndLength ? 0 : BinaryPrimitives.ReadInt64BigEndian(slot);

        LedgerHash leaf;
        if (length == 0)
        {
            report(new LedgerFault(entries.Name, EntriesEnd, index, "an entry's record", problem));
            // The stored end leads past a damaged record to the next; without it the rest cannot be found.
            var stored = storedEnd - EntriesEnd;
            if (storedLeaf is null || stored is < EntryRecord.HeaderLength or > EntryRecord.MaxRecord
                || storedEnd > entries.Length)
            {
                _unreadable = true;
                return;
            }

            leaf = storedLeaf.Value;
            EntriesEnd = storedEnd;
        }
        else
        {
            leaf = MerkleTree.HashPrefixedLeaf(record[EntryRecord.LeafStart..length]);
            if (storedLeaf is { } other && other != leaf)
                leaf = Disagreement(index, leaf, other, covering);
            EntriesEnd += length;
            if (slot.Length >= LedgerLayout.EndLength && storedEnd != EntriesEnd)
                report(new LedgerFault(hashes.Name, slotOffset, index,
                    $"{EntriesEnd}, the end of the entry's record", storedEnd.ToString(CultureInfo.InvariantCulture)));
        }

        CompareNodes(index, leaf, slotOffset);
    }

    private void CompareNodes(long index, LedgerHash leaf, long slotOffset)
    {
        Span<LedgerHash> completed = stackalloc LedgerHash[MerkleFrontier.MaxCompleted];
        var count = _frontier.Append(leaf, completed);
        var slot = _hashes.Peek(slotOffset, LedgerLayout.SlotLength(index));
        for (var level = 1; level < count; level++)
        {
            var at = LedgerLayout.EndLength + (level * LedgerHash.Size);
            if (slot.Length < at + LedgerHash.Size)
                return;
            var stored = new LedgerHash(slot.Slice(at, LedgerHash.Size));
            if (stored != completed[level])
                report(new LedgerFault(hashes.Name, slotOffset + at, (index >> level) << level,
                    $"{completed[level].ToBase64()}, the hash over the entries to {index}", stored.ToBase64()));
        }
    }

    /// <summary>
    /// An entry and its stored leaf hash do not fit each other. The other stored hashes, or the signed root where no
    /// node is above the leaf yet, tell which of the two was changed; the unchanged one is carried on with.
    /// </summary>
    private LedgerHash Disagreement(long index, LedgerHash computed, LedgerHash stored, Checkpoint covering)
    {
        var parent = index >> 1;
        bool storedIsRight;
        if (((parent + 1) << 1) <= covering.TreeSize
            && hashes.Length >= LedgerLayout.NodeOffset(1, parent) + LedgerHash.Size)
        {
            storedIsRight = _store.Node(1, parent)
                == MerkleTree.HashNode(_store.Node(0, parent << 1), _store.Node(0, (parent << 1) + 1));
        }
        else
        {
            var assumed = new MerkleFrontier();
            assumed.CopyFrom(_frontier);
            assumed.Append(stored, stackalloc LedgerHash[MerkleFrontier.MaxCompleted]);
            storedIsRight = assumed.Root() == covering.Root;
        }

        report(storedIsRight
            ? new LedgerFault(entries.Name, EntriesEnd, index,
                $"the entry with the hash {stored.ToBase64()}", $"another one, with {computed.ToBase64()}")
            : new LedgerFault(hashes.Name, LedgerLayout.NodeOffset(0, index), index,
                $"{computed.ToBase64()}, the hash of the entry", stored.ToBase64()));
        return storedIsRight ? stored : computed;
    }

    private void CompareRemembered()
    {
        foreach (var remembered in Against)
        {
            if (remembered.TreeSize == _frontier.Size && remembered.Root != _frontier.Root())
                report(new LedgerFault(entries.Name, EntriesEnd, null,
                    $"a history of {remembered.TreeSize} entries with the remembered root {remembered.Root.ToBase64()}",
                    $"{_frontier.Root().ToBase64()}: another history"));
        }
    }
}
