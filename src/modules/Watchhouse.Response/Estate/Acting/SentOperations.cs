using System.Collections.Concurrent;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>
/// What this process has sent and not yet seen the effect of. It only spares a second request while the first may still be on its way:
/// after a restart, and after the time to settle, what the estate shows decides.
/// </summary>
internal sealed class SentOperations(TimeProvider clock)
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<(Guid Operation, string Item), Sent> _sent = new();
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _gates = new();

    /// <summary>What was sent of an operation to an item within the time; null when nothing was.</summary>
    public Sent? Find(Guid operation, string item, TimeSpan within) =>
        _sent.TryGetValue((operation, item), out var sent) && clock.GetUtcNow() - sent.At < within ? sent : null;

    public void Add(Guid operation, string item, EstateAnswer answer)
    {
        if (_sent.Count >= Most)
            foreach (var old in _sent.OrderBy(each => each.Value.At).Take(Most / 2).ToList())
                _sent.TryRemove(old.Key, out _);
        _sent[(operation, item)] = new Sent(clock.GetUtcNow(), answer);
    }

    /// <summary>It is certain that nothing came of it.</summary>
    public void Forget(Guid operation, string item) => _sent.TryRemove((operation, item), out _);

    /// <summary>One at a time works on an operation.</summary>
    public async Task<IDisposable> EnterAsync(Guid operation, CancellationToken stop)
    {
        if (_gates.Count >= Most)
            foreach (var idle in _gates.Where(gate => gate.Value.CurrentCount == 1).Take(Most / 2).ToList())
                _gates.TryRemove(idle);
        var gate = _gates.GetOrAdd(operation, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(stop);
        return new Pass(gate);
    }

    /// <summary>A request that was sent.</summary>
    internal sealed record Sent(DateTimeOffset At, EstateAnswer Answer);

    private sealed class Pass(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
