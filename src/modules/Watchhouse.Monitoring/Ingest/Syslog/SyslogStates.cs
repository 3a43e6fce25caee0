using System.Collections.Concurrent;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>How a listener fares; kept in memory alone.</summary>
internal sealed class ListenerState
{
    public const string Open = "open";
    private int _connections;
    private long _messages;

    /// <summary>"open", "opening", or a sentence.</summary>
    public string Words { get; set; } = "opening";

    public int Connections => Volatile.Read(ref _connections);

    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Takes a place for a connection; false when there is none.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _connections) <= most) return true;
        Interlocked.Decrement(ref _connections);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _connections);

    public void Took(int messages) => Interlocked.Add(ref _messages, messages);
}

/// <summary>The states of all listeners, and the call that they have changed.</summary>
internal sealed class SyslogStates : IDisposable
{
    private readonly ConcurrentDictionary<Guid, ListenerState> _states = new();
    private readonly SemaphoreSlim _wake = new(0, 1);

    public ListenerState Of(Guid listener) => _states.GetOrAdd(listener, static _ => new ListenerState());

    public void Forget(Func<Guid, bool> isGone)
    {
        foreach (var id in _states.Keys.Where(isGone)) _states.TryRemove(id, out _);
    }

    public void Changed()
    {
        lock (_states)
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
    }

    public Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => _wake.WaitAsync(most, cancellationToken);

    public void Dispose() => _wake.Dispose();
}
