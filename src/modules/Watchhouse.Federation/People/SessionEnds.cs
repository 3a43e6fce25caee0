using System.Collections.Concurrent;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.People;

/// <summary>
/// Tells open screens of this process that their session ended, so that they close at once and not at the next click.
/// Screens on another node find out at their next action.
/// </summary>
internal sealed class SessionEnds : ISessionEnds
{
    private readonly ConcurrentDictionary<(Guid Session, long Key), Action> _waiting = new();
    private long _next;

    public IDisposable OnEnded(Guid sessionId, Action then)
    {
        var key = (sessionId, Interlocked.Increment(ref _next));
        _waiting[key] = then;
        return new Registration(this, key);
    }

    public void Raise(IEnumerable<Guid> sessions)
    {
        var ended = sessions.ToHashSet();
        foreach (var (key, then) in _waiting)
            if (ended.Contains(key.Session) && _waiting.TryRemove(key, out _))
                then();
    }

    private sealed class Registration(SessionEnds owner, (Guid, long) key) : IDisposable
    {
        public void Dispose() => owner._waiting.TryRemove(key, out _);
    }
}
