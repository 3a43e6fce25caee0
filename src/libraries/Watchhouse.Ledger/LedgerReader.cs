using System.Runtime.CompilerServices;
using Watchhouse.Ledger.Merkle;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger;

/// <summary>
/// Reads a ledger and makes proofs from it, beside its writer and from any process that may read the files. It sees
/// what signed checkpoints cover. Safe for use from several threads.
/// </summary>
public sealed class LedgerReader : IDisposable
{
    private const int PageLength = 256 * 1024;

    private readonly LedgerFiles _files;
    private readonly HashStore _store;

    private LedgerReader(LedgerFiles files)
    {
        _files = files;
        _store = new HashStore(files.Hashes);
    }

    /// <summary>Opens the files of a ledger for reading.</summary>
    /// <exception cref="FileNotFoundException">The directory holds no ledger.</exception>
    public static LedgerReader Open(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new LedgerReader(LedgerFiles.OpenRead(directory));
    }

    /// <summary>The newest checkpoint in the ledger now. No signature is checked.</summary>
    /// <exception cref="LedgerCorruptException">There is none.</exception>
    public SignedCheckpoint ReadLatest()
    {
        lock (_files)
        {
            var file = _files.Checkpoints;
            if (CheckpointRecord.ReadLast(file, file.RefreshLength()) is { } record)
                return Parse(record);
            throw Damage(file, 0, null, "a checkpoint", "none");
        }
    }

    /// <summary>Every checkpoint the ledger ever signed, oldest first. No signature is checked.</summary>
    public IEnumerable<SignedCheckpoint> ReadCheckpoints()
    {
        long end;
        lock (_files)
            end = _files.Checkpoints.RefreshLength();
        return CheckpointRecord.ReadAll(_files.Checkpoints, end).Where(record => record.IsComplete).Select(Parse);
    }

    /// <summary>Reads one entry and checks it against its stored hash.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No checkpoint covers such an entry.</exception>
    /// <exception cref="LedgerCorruptException">The entry is not what was appended.</exception>
    public LedgerEntry Read(long index)
    {
        CheckIndex(index, ReadLatest().Checkpoint.TreeSize);
        var start = _store.End(index - 1);
        var stated = Math.Clamp(_store.End(index) - start, EntryRecord.HeaderLength, EntryRecord.MaxRecord);
        var buffer = new byte[(int)stated];
        var filled = _files.Entries.Read(buffer, start);
        var length = EntryRecord.Check(buffer.AsSpan(0, filled), out var problem);
        if (length == 0 || MerkleTree.HashPrefixedLeaf(buffer.AsSpan(EntryRecord.LeafStart..length)) != LeafHash(index))
            throw Damage(_files.Entries, start, index, "the entry with the stored hash",
                problem.Length > 0 ? problem : "another one");
        return new LedgerEntry(index, buffer.AsMemory(EntryRecord.HeaderLength..length));
    }

    /// <summary>Reads entries in order, a page of the file at a time.</summary>
    /// <param name="from">Index of the first; may be the size of the ledger, which gives none.</param>
    /// <param name="count">
    /// How many at most; null for all that the newest checkpoint covers when reading begins.
    /// </param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not in the ledger.</exception>
    /// <exception cref="LedgerCorruptException">A record is damaged.</exception>
    public async IAsyncEnumerable<LedgerEntry> ReadAllAsync(
        long from = 0, long? count = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var size = ReadLatest().Checkpoint.TreeSize;
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, size);
        var until = count is { } limit ? Math.Min(size, from + limit) : size;
        var offset = _store.End(from - 1);
        for (var index = from; index < until;)
        {
            // A fresh page each time: what was handed out stays good for as long as its reader likes.
            var page = new byte[PageLength];
            var filled = await _files.Entries.ReadAsync(page, offset, cancellation);
            var at = 0;
            for (int length; index < until
                && (length = EntryRecord.Check(page.AsSpan(at, filled - at), out var problem)) >= 0; at += length)
            {
                if (length == 0 && at == 0)
                    throw Damage(_files.Entries, offset, index, "an entry's record", problem);
                if (length == 0)
                    break;
                yield return new LedgerEntry(index++, page.AsMemory(
                    at + EntryRecord.HeaderLength, length - EntryRecord.HeaderLength));
            }

            offset += at;
        }
    }

    /// <summary>The stored leaf hash of an entry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No checkpoint covers such an entry.</exception>
    public LedgerHash LeafHash(long index)
    {
        CheckIndex(index, ReadLatest().Checkpoint.TreeSize);
        return _store.Node(0, index);
    }

    /// <summary>The root of the first <paramref name="treeSize"/> entries, from the stored hashes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The ledger has fewer entries.</exception>
    public LedgerHash Root(long treeSize)
    {
        CheckSize(treeSize);
        return MerkleProofs.Root(_store, treeSize);
    }

    /// <summary>Proves that an entry is in the tree of a size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The ledger has fewer entries, or the tree does not reach the entry.
    /// </exception>
    public InclusionProof ProveInclusion(long index, long treeSize)
    {
        CheckSize(treeSize);
        CheckIndex(index, treeSize);
        return MerkleProofs.Inclusion(_store, index, treeSize);
    }

    /// <summary>Proves that the tree of the second size continues the tree of the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The ledger has fewer entries, or the sizes are out of order.
    /// </exception>
    public ConsistencyProof ProveConsistency(long firstSize, long secondSize)
    {
        CheckSize(secondSize);
        ArgumentOutOfRangeException.ThrowIfNegative(firstSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstSize, secondSize);
        return MerkleProofs.Consistency(_store, firstSize, secondSize);
    }

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    private void CheckSize(long treeSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(treeSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(treeSize, ReadLatest().Checkpoint.TreeSize);
    }

    private static void CheckIndex(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
    }

    private SignedCheckpoint Parse(CheckpointRecord record)
    {
        try
        {
            return record.Parse();
        }
        catch (NoteFormatException e)
        {
            throw Damage(_files.Checkpoints, record.Offset, null, "a checkpoint", $"none: {e.Message.TrimEnd('.')}");
        }
    }

    private static LedgerCorruptException Damage(
        LedgerFile file, long offset, long? entry, string expected, string found) =>
        new(file.Path, new LedgerFault(file.Name, offset, entry, expected, found));
}
