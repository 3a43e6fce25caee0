namespace Watchhouse.Journal.Writing;

/// <summary>What waits for the writer, bounded by the bytes that callers keep in memory for it.</summary>
internal sealed class AppendQueue(long maxBytes, TimeSpan retry)
{
    private readonly object _gate = new();
    private readonly Queue<AppendRequest> _requests = [];
    private long _bytes;
    private bool _truncate;
    private bool _closed;
    private Exception? _refusal;

    /// <summary>Payload bytes of everything that is not answered yet.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _bytes;
        }
    }

    /// <summary>Set while appends are refused outright: the disk fails, or the journal has stopped.</summary>
    public Exception? Refusal
    {
        get
        {
            lock (_gate)
                return _refusal;
        }

        set
        {
            lock (_gate)
                _refusal = value;
        }
    }

    public void Add(AppendRequest request)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EventJournal));
            if (_refusal is JournalBusyException busy)
                throw new JournalBusyException(busy.Shortage, busy.Message, busy.RetryAfter, busy.InnerException);
            if (_refusal is not null)
                throw new JournalStoppedException(_refusal.InnerException ?? _refusal);
            if (_bytes > 0 && _bytes + request.PayloadLength > maxBytes)
                throw new JournalBusyException(
                    JournalShortage.Memory,
                    $"{_bytes} bytes wait to be written and {maxBytes} may; the batch of {request.PayloadLength} bytes "
                    + "was not taken. Send it again later.", retry);
            _bytes += request.PayloadLength;
            _requests.Enqueue(request);
            Monitor.Pulse(_gate);
        }
    }

    public void AskToTruncate()
    {
        lock (_gate)
        {
            _truncate = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for work and takes a group of it. False when the queue is closed and empty.</summary>
    public bool Take(List<AppendRequest> group, long maxGroupBytes, out bool truncate)
    {
        lock (_gate)
        {
            while (_requests.Count == 0 && !_truncate && !_closed)
                Monitor.Wait(_gate);
            (truncate, _truncate) = (_truncate, false);
            for (var bytes = 0L; _requests.TryPeek(out var next)
                && (bytes == 0 || bytes + next.SerializedLength <= maxGroupBytes);)
            {
                group.Add(_requests.Dequeue());
                bytes += next.SerializedLength;
            }

            return group.Count > 0 || truncate || !_closed;
        }
    }

    /// <summary>
    /// Answers a request. Its bytes are given back first: a caller that then sends its next batch finds room.
    /// </summary>
    public void Answer(AppendRequest request, Exception? failure = null)
    {
        lock (_gate)
            Release(request);
        if (failure is null)
            request.Complete();
        else
            request.Fail(failure);
    }

    /// <summary>Answers everything that waits with a failure.</summary>
    public void FailAll(Exception cause)
    {
        lock (_gate)
        {
            while (_requests.TryDequeue(out var request))
            {
                Release(request);
                request.Fail(cause);
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Release(AppendRequest request)
    {
        if (!request.IsAnswered)
            _bytes -= request.PayloadLength;
    }
}
