using Microsoft.Win32.SafeHandles;
using Watchhouse.Journal.Framing;
using Watchhouse.Journal.Reading;
using Watchhouse.Journal.Storage;
using Watchhouse.Journal.Writing;

namespace Watchhouse.Journal;

/// <summary>
/// The journal on the local disk: FasterLog writes it, in segments of files whose space is taken beforehand. A commit
/// flushes the segments and then a small record that says how far they are good.
/// </summary>
public sealed class EventJournal : IEventJournal
{
    private readonly JournalOptions _options;
    private readonly SafeFileHandle _lock;
    private readonly SegmentFiles _files;
    private readonly ConsumerList _consumers;
    private readonly AppendQueue _queue;
    private readonly JournalWriter _writer;
    private readonly Lock _gate = new();
    private readonly HashSet<JournalReader> _readers = [];
    private readonly LogGeometry _geometry;
    private TaskCompletionSource _advanced = NewSignal();
    private CommitRecord _durable;
    private long _damaged;
    private volatile bool _closed;

    private EventJournal(JournalOptions options, SafeFileHandle theLock)
    {
        (_options, _lock) = (options, theLock);
        var opened = JournalOpening.Open(options);
        (_files, _durable, Recovery) = (opened.Files, opened.Commit, opened.Found);
        _geometry = _durable.Geometry;
        ConsumerList? consumers = null;
        try
        {
            _consumers = consumers = ConsumerList.Load(options.Directory);
            _queue = new AppendQueue(options.MaxPendingBytes, options.RetryWhenMemoryIsShort);
            _writer = new JournalWriter(
                options, _queue, _files, opened.Slots, _durable, _consumers.Truncate, OnCommitted);
            // What was committed just before a crash may not have been given back.
            _queue.AskToTruncate();
        }
        catch
        {
            consumers?.Dispose();
            opened.Slots.Dispose();
            _files.Dispose();
            throw;
        }
    }

    /// <summary>What opening found.</summary>
    public JournalRecovery Recovery { get; }

    /// <inheritdoc />
    public JournalStatus Status
    {
        get
        {
            var durable = Durable;
            return new JournalStatus
            {
                BytesOnDisk = _files.BytesOnDisk,
                PendingBytes = _queue.Bytes,
                Begin = durable.Begin,
                Tail = durable.Tail,
                LastAppendAt = durable.LastAppend == default ? null : durable.LastAppend,
                DamagedBatches = Interlocked.Read(ref _damaged),
                Trouble = _queue.Refusal?.Message ?? _writer.Shortage,
                Consumers = _consumers.Status(durable.Tail),
            };
        }
    }

    internal CommitRecord Durable => Volatile.Read(ref _durable);

    internal bool IsClosed => _closed;

    /// <summary>Opens a journal, or makes it.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves or the journal that is there.</exception>
    /// <exception cref="JournalLockedException">Another process has it open.</exception>
    /// <exception cref="JournalCorruptException">The files do not make a journal.</exception>
    /// <exception cref="JournalFormatException">A newer program made it.</exception>
    public static Task<EventJournal> OpenAsync(JournalOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => Open(options with { Directory = Path.GetFullPath(options.Directory) }), cancellation);
    }

    /// <inheritdoc />
    public ValueTask<JournalPosition> AppendAsync(JournalBatch batch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellation.ThrowIfCancellationRequested();
        if (batch.Payload.Length > _options.MaxBatchBytes)
            throw new JournalBatchTooLargeException(batch.Payload.Length, _options.MaxBatchBytes);
        var request = new AppendRequest(batch, BatchFrame.Measure(batch), _geometry.Seed);
        _queue.Add(request);
        return new ValueTask<JournalPosition>(request.Task);
    }

    /// <inheritdoc />
    public IJournalReader OpenReader(string consumer)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        lock (_gate)
        {
            var known = _consumers.Open(consumer, Durable);
            var reader = new JournalReader(this, known, new LogCursor(_files, _geometry, known.Committed));
            _readers.Add(reader);
            return reader;
        }
    }

    /// <inheritdoc />
    public bool RemoveConsumer(string consumer)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (!_consumers.Remove(consumer))
            return false;
        _queue.AskToTruncate();
        return true;
    }

    /// <summary>Writes what waits and closes the journal. Readers that wait end with an exception.</summary>
    public async ValueTask DisposeAsync()
    {
        JournalReader[] readers;
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            readers = [.. _readers];
            _advanced.TrySetResult();
        }

        await Task.Run(_writer.Dispose);
        foreach (var reader in readers)
            await reader.DisposeAsync();
        _consumers.Dispose();
        _files.Dispose();
        _lock.Dispose();
    }

    /// <summary>Waits until there is something behind a place.</summary>
    internal async ValueTask WaitBeyondAsync(JournalPosition tail, CancellationToken closed, CancellationToken cancellation)
    {
        Task advanced;
        lock (_gate)
        {
            if (_closed || Durable.Tail > tail)
                return;
            advanced = _advanced.Task;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(closed, cancellation);
        try
        {
            await advanced.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(IJournalReader), "The reader was closed while it waited.");
        }
    }

    internal void Commit(Consumer consumer, JournalPosition position)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        consumer.Commit(position, _options.Time.GetUtcNow());
        if (_consumers.CanTruncate(Durable))
            _queue.AskToTruncate();
    }

    internal void CountDamage(long batches) => Interlocked.Add(ref _damaged, batches);

    internal void Close(JournalReader reader, Consumer consumer)
    {
        lock (_gate)
            _readers.Remove(reader);
        _consumers.Close(consumer);
    }

    private static EventJournal Open(JournalOptions options)
    {
        JournalOpening.MakeDirectory(options.Directory);
        var theLock = JournalLock.Take(options.Directory);
        try
        {
            return new EventJournal(options, theLock);
        }
        catch
        {
            theLock.Dispose();
            throw;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnCommitted(CommitRecord record)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            Volatile.Write(ref _durable, record);
            if (_closed)
                return;
            signal = _advanced;
            _advanced = NewSignal();
        }

        signal.TrySetResult();
    }
}
