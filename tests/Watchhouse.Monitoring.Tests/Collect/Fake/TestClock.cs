namespace Watchhouse.Monitoring.Tests.Collect.Fake;

/// <summary>A clock that moves when somebody waits: a wait takes no time and is as long as it was asked to be.</summary>
internal sealed class TestClock(DateTimeOffset begin) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = begin;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>All that was waited for.</summary>
    public TimeSpan Waited { get; private set; }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by)
    {
        lock (_lock) _now += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero)
        {
            lock (_lock)
            {
                _now += dueTime;
                Waited += dueTime;
            }

            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new Spent();
    }

    private sealed class Spent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
