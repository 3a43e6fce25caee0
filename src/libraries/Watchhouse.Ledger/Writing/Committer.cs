using System.Buffers;
using Watchhouse.Ledger.Merkle;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Writing;

/// <summary>
/// Takes entries and makes them durable together. The order is what a crash is survived by: entries and hashes are on
/// disk before the checkpoint over them is written, so a checkpoint never speaks of what is not there, and the
/// checkpoint is on disk before anybody is told. Not thread-safe: the writer's one thread owns it.
/// </summary>
internal sealed class Committer : IDisposable
{
    private readonly LedgerFiles _files;
    private readonly SigningKey _key;
    private readonly string _origin;
    private readonly MerkleFrontier _frontier = new();
    private readonly MerkleFrontier _committed;
    private readonly ArrayBufferWriter<byte> _records = new(1 << 20);
    private readonly HashBuffer _hashes = new();
    private SignedCheckpoint _latest;

    public Committer(
        LedgerFiles files, SigningKey key, string origin, MerkleFrontier committed, SignedCheckpoint latest)
    {
        _files = files;
        _key = key;
        _origin = origin;
        _committed = committed;
        _frontier.CopyFrom(committed);
        _latest = latest;
    }

    /// <summary>The newest durable checkpoint; may be read from any thread.</summary>
    public SignedCheckpoint Latest => Volatile.Read(ref _latest);

    /// <summary>Bytes that wait for the commit.</summary>
    public int PendingBytes => _records.WrittenCount;

    /// <summary>Size of the ledger with the entries that wait.</summary>
    public long PendingSize => _frontier.Size;

    /// <summary>Takes an entry; nothing is written yet. The hash is of the copy that will be written.</summary>
    public LedgerHash Add(ReadOnlySpan<byte> entry)
    {
        var length = EntryRecord.HeaderLength + entry.Length;
        var record = _records.GetSpan(length)[..length];
        EntryRecord.Write(entry, record);
        var leaf = MerkleTree.HashPrefixedLeaf(record[EntryRecord.LeafStart..]);
        _records.Advance(length);
        _hashes.Add(_frontier, leaf, _files.Entries.Length + _records.WrittenCount);
        return leaf;
    }

    /// <summary>Writes and flushes what was added, then a checkpoint over it.</summary>
    /// <exception cref="LedgerWriteException">
    /// The storage failed; what was added is undone where that is safe.
    /// </exception>
    public SignedCheckpoint Commit()
    {
        var entries = _files.Entries.Length;
        var hashes = _files.Hashes.Length;
        var checkpoints = _files.Checkpoints.Length;
        var step = "written";
        var canUndo = true;
        try
        {
            if (_records.WrittenCount > 0)
            {
                _files.Entries.Append(_records.WrittenSpan);
                _files.Hashes.Append(_hashes.Written);
                (step, canUndo) = ("flushed to disk", false);
                FlushData();
            }

            (step, canUndo) = ("signed", true);
            var checkpoint = SignedCheckpoint.Sign(new Checkpoint(_origin, _frontier.Size, _frontier.Root()), _key);
            _files.Checkpoints.Append(CheckpointRecord.Encode(checkpoint));
            (step, canUndo) = ("flushed to disk", false);
            _files.Checkpoints.Flush();
            _committed.CopyFrom(_frontier);
            Volatile.Write(ref _latest, checkpoint);
            return checkpoint;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // After a failed fsync nobody knows what the disk holds, and asking again lies on some kernels
            // (fsync(2), EIO). The files are left for the next opening, which looks at what is really there. A failed
            // write is undone, and the next append may try again.
            var undone = canUndo && TryUndo(entries, hashes, checkpoints);
            throw new LedgerWriteException(
                $"The entries could not be {step}: {e.Message} " +
                (undone ? "The ledger is as it was before them." : "The writer has stopped; open the ledger anew."),
                writerStopped: !undone, e);
        }
        finally
        {
            _records.ResetWrittenCount();
            _hashes.Clear();
            _frontier.CopyFrom(_committed);
        }
    }

    public void Dispose() => _files.Dispose();

    /// <summary>Flushes both data files at once: a journalling file system then commits its journal once for both.</summary>
    private void FlushData()
    {
        var hashes = Task.Run(_files.Hashes.Flush);
        try
        {
            _files.Entries.Flush();
        }
        finally
        {
            // Waited for in any case: nothing may still touch a file when its failure is being dealt with. If the pool
            // is busy and has not begun, waiting runs it right here.
            hashes.GetAwaiter().GetResult();
        }
    }

    private bool TryUndo(long entries, long hashes, long checkpoints)
    {
        try
        {
            // The checkpoint goes first: at no moment may one stand whose entries are gone.
            _files.Checkpoints.Truncate(checkpoints);
            _files.Hashes.Truncate(hashes);
            _files.Entries.Truncate(entries);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
