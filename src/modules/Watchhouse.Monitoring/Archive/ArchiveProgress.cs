namespace Watchhouse.Monitoring.Archive;

/// <summary>
/// How far of the journal the archive has stored, for those who want to read everything that has come: they ask for it, and the
/// archive then writes what it has gathered at once.
/// </summary>
internal sealed class ArchiveProgress : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(long Sequence, TaskCompletionSource Stored)> _waiting = [];
    private CancellationTokenSource _asked = new();
    private long _stored;

    /// <summary>Is cancelled when somebody asks; looked at anew by each wait.</summary>
    public CancellationToken Asked
    {
        get
        {
            lock (_lock) return _asked.Token;
        }
    }

    /// <summary>Ends when the archive has everything up to a place in the journal.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task StoredAsync(long sequence, TimeSpan most, CancellationToken cancellationToken)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenSource asked;
        lock (_lock)
        {
            if (_stored >= sequence) return;
            _waiting.Add((sequence, stored));
            (asked, _asked) = (_asked, new CancellationTokenSource());
        }

        await asked.CancelAsync();
        asked.Dispose();
        try
        {
            await stored.Task.WaitAsync(most, cancellationToken);
        }
        finally
        {
            lock (_lock) _waiting.RemoveAll(each => each.Stored == stored);
        }
    }

    /// <summary>Whether somebody waits for something up to a place that has been gathered.</summary>
    public bool IsWanted(long gathered)
    {
        lock (_lock) return _waiting.Exists(each => each.Sequence <= gathered && each.Sequence > _stored);
    }

    /// <summary>Notes that everything up to a place is stored.</summary>
    public void Reached(long sequence)
    {
        lock (_lock)
        {
            _stored = sequence;
            foreach (var (_, stored) in _waiting.Where(each => each.Sequence <= sequence)) stored.TrySetResult();
        }
    }

    public void Dispose() => _asked.Dispose();
}
