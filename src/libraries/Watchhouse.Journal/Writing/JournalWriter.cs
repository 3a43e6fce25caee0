using FASTER.core;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Writing;

/// <summary>
/// The one thread that appends. It takes all that wait, writes them into the log and flushes them together (group
/// commit): a single caller waits for nothing but its own flush, and many share one.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly AppendQueue _queue;
    private readonly FasterLog _log;
    private readonly LogDevice _device;
    private readonly CommitStore _store;
    private readonly SegmentFiles _files;
    private readonly SpaceKeeper _space;
    private readonly Func<CommitRecord, JournalPosition> _newBegin;
    private readonly Action<CommitRecord> _committed;
    private readonly TimeProvider _time;
    private readonly TimeSpan _retry;
    private readonly LogGeometry _geometry;
    private readonly List<AppendRequest> _group = [];
    private readonly AutoResetEvent _flushed = new(false);
    private readonly ManualResetEvent _abandoned = new(false);
    private readonly WaitHandle[] _ends;
    private readonly Action _onFlushed;
    private readonly Thread _thread;
    private volatile bool _closing;
    private volatile string? _shortage;

    public JournalWriter(
        JournalOptions options, AppendQueue queue, SegmentFiles files, SlotFile slots, CommitRecord recovered,
        Func<CommitRecord, JournalPosition> newBegin, Action<CommitRecord> committed)
    {
        (_queue, _newBegin, _committed) = (queue, newBegin, committed);
        (_time, _retry, _geometry) = (options.Time, options.RetryWhenDiskIsShort, recovered.Geometry);
        _files = files;
        _store = new CommitStore(files, slots, recovered);
        _space = new SpaceKeeper(files, _geometry, options);
        _device = new LogDevice(files, options.Directory, OnTrouble);
        _log = new FasterLog(new FasterLogSettings
        {
            LogDevice = _device,
            LogCommitManager = _store,
            PageSizeBits = _geometry.PageBits,
            MemorySizeBits = _geometry.PageBits + 1,
            SegmentSizeBits = _geometry.SegmentBits,
            // The frames have a better checksum, and the engine would swallow what it finds wrong when it recovers.
            LogChecksum = LogChecksumType.None,
            TryRecoverLatest = false,
        });
        if (recovered.Tail.Address > LogGeometry.FirstAddress)
            _log.Recover();
        if (_log.TailAddress != recovered.Tail.Address || _log.BeginAddress != recovered.Begin.Address)
            throw new JournalCorruptException(
                $"The log in {options.Directory} opened at {_log.BeginAddress} to {_log.TailAddress} and should at "
                + $"{recovered.Begin.Address} to {recovered.Tail.Address}. Keep the directory as it is and report this.");
        _onFlushed = () => _flushed.Set();
        _ends = [_flushed, _abandoned];
        // A thread of its own: it waits for the disk most of the time and must not hold a pool thread meanwhile.
        _thread = new Thread(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <summary>Why the last batch found no space; null if it found some.</summary>
    public string? Shortage => _shortage;

    /// <summary>Writes what waits, unless the disk keeps failing, and ends.</summary>
    public void Dispose()
    {
        _closing = true;
        _queue.Close();
        if (_queue.Refusal is not null)
            Abandon();
        _thread.Join();
        _queue.FailAll(new ObjectDisposedException(nameof(EventJournal), "The journal was closed before the batch was written."));
        _log.Dispose();
        _device.Dispose();
        _store.Dispose();
        _flushed.Dispose();
        _abandoned.Dispose();
    }

    private void Run()
    {
        try
        {
            while (_queue.Take(_group, _geometry.PageSize, out var truncate))
            {
                if (truncate)
                    Truncate();
                Write();
                _group.Clear();
            }
        }
        catch (Exception e)
        {
            // Nothing may leave callers waiting for ever, not even a fault nobody thought of.
            Stop(e);
        }
    }

    /// <summary>Gives back the segments that all consumers are past.</summary>
    private void Truncate()
    {
        var before = _store.Durable;
        var begin = _newBegin(before);
        if (begin == before.Begin)
            return;
        _log.TruncateUntil(begin.Address);
        Commit(before with { Begin = begin });
        _files.RemoveBefore(_geometry.Segment(begin.Address));
        _shortage = null;
    }

    private void Write()
    {
        var before = _store.Durable;
        var tail = before.Tail;
        foreach (var request in _group)
            tail = Append(request, tail);
        if (tail == before.Tail)
            return;
        Commit(before with { Tail = tail, LastAppend = _time.GetUtcNow() });
        foreach (var request in _group)
        {
            // Those that found no space have no number.
            if (request.Sequence > 0)
                _queue.Answer(request);
        }
    }

    private JournalPosition Append(AppendRequest request, JournalPosition tail)
    {
        // Refused while the disk did not take an earlier one of the group.
        if (request.IsAnswered)
            return tail;
        var record = LogGeometry.RecordLength(request.SerializedLength);
        if (_space.Ensure(_geometry.EndOfNext(tail.Address, record)) is { } full)
        {
            _shortage = full.Message;
            _queue.Answer(request, full);
            return tail;
        }

        _shortage = null;
        request.Sequence = tail.Sequence + 1;
        long address;
        while (!_log.TryEnqueue(request, out address))
        {
            // A page is still on its way to the disk.
            if (_abandoned.WaitOne(0))
                throw Abandoned();
            Thread.Yield();
        }

        request.End = address + record;
        return new JournalPosition(request.Sequence, request.End);
    }

    private void Commit(CommitRecord next)
    {
        _store.Next = next;
        if (!_log.CommitStrongly(out _, out _, spinWait: false, callback: _onFlushed))
            throw new InvalidOperationException("The log had nothing to commit.");
        if (WaitHandle.WaitAny(_ends) != 0)
            throw Abandoned();
        if (_store.Fault is { } fault)
            throw new IOException($"What was written may not be on disk. {fault.Message}", fault);
        _committed(_store.Durable);
    }

    private static IOException Abandoned() => new("The journal was closed while its disk failed.");

    /// <summary>Called on this thread or one of the engine's while a write fails, and with null when it succeeded.</summary>
    private void OnTrouble(Exception? cause)
    {
        if (cause is null)
        {
            _queue.Refusal = null;
            return;
        }

        var busy = new JournalBusyException(
            JournalShortage.Disk,
            $"The journal's disk does not take what is written: {cause.Message} Appends are refused until it does.",
            _retry, cause);
        _queue.Refusal = busy;
        foreach (var request in _group)
            _queue.Answer(request, busy);
        _queue.FailAll(busy);
        if (_closing)
            Abandon();
    }

    private void Abandon()
    {
        _abandoned.Set();
        _device.Abandon();
    }

    private void Stop(Exception cause)
    {
        var stopped = new JournalStoppedException(cause);
        _queue.Refusal = stopped;
        foreach (var request in _group)
            _queue.Answer(request, stopped);

        _group.Clear();
        _queue.FailAll(stopped);
    }
}
