using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Watchhouse.Ledger.Notes;
using Watchhouse.Ledger.Storage;
using Watchhouse.Ledger.Writing;

namespace Watchhouse.Ledger;

/// <summary>
/// The one writer of a ledger. Appends may come from any thread; one thread takes all that wait, writes and flushes
/// them together and signs one checkpoint over them (group commit). A task completes only when its entry and the
/// checkpoint that covers it are on disk.
/// </summary>
public sealed class LedgerWriter : IAsyncDisposable
{
    /// <summary>Longest entry in bytes, so that a ledger can be served as c2sp.org/tlog-tiles entry bundles.</summary>
    public const int MaxEntryLength = EntryRecord.MaxEntry;

    private const int MaxCommitBytes = 8 << 20;

    // Auditors read by group; what is in an audit trail is nobody else's business.
    private const UnixFileMode OwnerAndReadingGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private readonly int _maxBatch;
    private readonly SigningKey _key;
    private readonly SafeFileHandle _lock;
    private readonly Committer _committer;
    private readonly Channel<IAppendRequest> _queue;
    private readonly Task _loop;
    private LedgerWriteException? _stopped;

    private LedgerWriter(
        LedgerOptions options, SigningKey key, SafeFileHandle writerLock, Committer committer, LedgerRecovery recovery)
    {
        _maxBatch = options.MaxBatch;
        _key = key;
        _lock = writerLock;
        _committer = committer;
        Recovery = recovery;
        _queue = Channel.CreateBounded<IAppendRequest>(
            new BoundedChannelOptions(options.MaxQueue) { SingleReader = true });
        // A thread of its own: it waits for the disk most of the time and must not hold a pool thread meanwhile.
        _loop = Task.Factory.StartNew(
            Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The newest checkpoint; durable.</summary>
    public SignedCheckpoint Latest => _committer.Latest;

    /// <summary>The public key the checkpoints are signed with.</summary>
    public VerifierKey Key => _key.Verifier;

    /// <summary>What opening found after the last checkpoint.</summary>
    public LedgerRecovery Recovery { get; }

    /// <summary>Opens a ledger, or makes it.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="LedgerLockedException">The ledger has a writer already.</exception>
    /// <exception cref="LedgerCorruptException">
    /// The files are damaged. The start of whatever needs them must stop.
    /// </exception>
    /// <exception cref="LedgerWriteException">
    /// What a crash left could not be signed: the disk is full or failed.
    /// </exception>
    /// <exception cref="NoteFormatException">The key file is damaged or of another log.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// The key file is open to others, or a file is closed to us.
    /// </exception>
    public static Task<LedgerWriter> OpenAsync(LedgerOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        return Task.Run(() => Open(options), cancellation);
    }

    /// <summary>Appends an entry.</summary>
    /// <param name="entry">
    /// At most <see cref="MaxEntryLength"/> bytes, which must not change until the task ends.
    /// </param>
    /// <param name="cancellation">
    /// Ends the wait for a place in the queue. An entry that has its place is written, whatever happens to the caller.
    /// </param>
    /// <exception cref="ArgumentException">The entry is too long.</exception>
    /// <exception cref="LedgerWriteException">The storage failed.</exception>
    /// <exception cref="ObjectDisposedException">The writer is closed.</exception>
    public async Task<LedgerReceipt> AppendAsync(ReadOnlyMemory<byte> entry, CancellationToken cancellation = default)
    {
        CheckLength(entry, nameof(entry));
        var request = new SingleAppend(entry);
        await EnqueueAsync(request, cancellation);
        return await request.Task;
    }

    /// <summary>
    /// Appends entries side by side in one commit. A crash may keep the first of them without the rest, but then none
    /// was acknowledged.
    /// </summary>
    /// <param name="entries">
    /// At most <see cref="LedgerOptions.MaxBatch"/> entries; must not change until the task ends.
    /// </param>
    /// <param name="cancellation">As for <see cref="AppendAsync"/>.</param>
    /// <returns>A receipt for each entry, in order.</returns>
    /// <exception cref="ArgumentException">There are too many entries, or one is too long.</exception>
    /// <exception cref="LedgerWriteException">The storage failed.</exception>
    /// <exception cref="ObjectDisposedException">The writer is closed.</exception>
    public async Task<IReadOnlyList<LedgerReceipt>> AppendBatchAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> entries, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count > _maxBatch)
            throw new ArgumentException(
                $"A batch has at most {_maxBatch} entries, not {entries.Count}.", nameof(entries));
        foreach (var entry in entries)
            CheckLength(entry, nameof(entries));
        if (entries.Count == 0)
            return [];
        var request = new BatchAppend([.. entries]);
        await EnqueueAsync(request, cancellation);
        return await request.Task;
    }

    /// <summary>Writes what waits and closes the ledger.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _committer.Dispose();
        _key.Dispose();
        _lock.Dispose();
    }

    private static void Check(LedgerOptions options)
    {
        if (!KeyName.IsValid(options.Origin))
            throw new ArgumentException(
                "An origin is 1 to 255 characters without spaces, control characters or '+'.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxQueue, 1);
        var toKey = Path.GetRelativePath(Path.GetFullPath(options.Directory), Path.GetFullPath(options.KeyPath));
        if (!Path.IsPathRooted(toKey) && toKey.Split(Path.DirectorySeparatorChar)[0] != "..")
            throw new ArgumentException(
                "The signing key must not lie in the ledger's directory: that directory is copied and handed out.",
                nameof(options));
    }

    private static LedgerWriter Open(LedgerOptions options)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(options.Directory);
        else
            Directory.CreateDirectory(options.Directory, OwnerAndReadingGroup);
        var writerLock = WriterLock.Take(options.Directory);
        SigningKey? key = null;
        try
        {
            key = SigningKey.LoadOrCreate(options.KeyPath, options.Origin);
            var committer = new LedgerOpening(options, key).Open(out var recovery);
            return new LedgerWriter(options, key, writerLock, committer, recovery);
        }
        catch
        {
            key?.Dispose();
            writerLock.Dispose();
            throw;
        }
    }

    private static void CheckLength(ReadOnlyMemory<byte> entry, string name)
    {
        if (entry.Length > MaxEntryLength)
            throw new ArgumentException($"An entry has at most {MaxEntryLength} bytes, not {entry.Length}.", name);
    }

    private async ValueTask EnqueueAsync(IAppendRequest request, CancellationToken cancellation)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancellation);
        }
        catch (ChannelClosedException)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _stopped) is null, this);
            throw Stopped(_stopped!);
        }
    }

    private void Run()
    {
        var group = new List<IAppendRequest>(_maxBatch);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            try
            {
                Collect(group);
                Commit(group);
            }
            catch (Exception e) when (e is not LedgerWriteException)
            {
                // Nothing may leave callers waiting for ever, not even a fault nobody thought of.
                var stopped = new LedgerWriteException("The writer has stopped: " + e.Message, writerStopped: true, e);
                Stop(stopped);
                foreach (var request in group)
                    request.Fail(stopped);
            }

            group.Clear();
        }
    }

    /// <summary>Takes what waits, up to the limits; a batch is never split.</summary>
    private void Collect(List<IAppendRequest> group)
    {
        var count = 0;
        while (count < _maxBatch && _committer.PendingBytes < MaxCommitBytes && _stopped is null
            && _queue.Reader.TryPeek(out var next) && (count == 0 || count + next.Count <= _maxBatch))
        {
            _queue.Reader.TryRead(out _);
            group.Add(next);
            count += next.Count;
            next.AddTo(_committer);
        }
    }

    private void Commit(List<IAppendRequest> group)
    {
        try
        {
            var size = _committer.Commit().Checkpoint.TreeSize;
            foreach (var request in group)
                request.Complete(size);
        }
        catch (LedgerWriteException e)
        {
            if (e.WriterStopped)
                Stop(e);
            foreach (var request in group)
                request.Fail(e);
        }
    }

    private void Stop(LedgerWriteException cause)
    {
        Volatile.Write(ref _stopped, cause);
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var request))
            request.Fail(Stopped(cause));
    }

    private static LedgerWriteException Stopped(LedgerWriteException cause) =>
        new("The writer has stopped after a storage failure; open the ledger anew.", writerStopped: true, cause);
}
