namespace Watchhouse.Monitoring.Ingest.Splunk;

/// <summary>
/// Numbers of acknowledgement. One is given only when its events are durable, so every number that was given is
/// acknowledged, also after a restart; nothing has to be remembered for it.
/// </summary>
internal sealed class HecAcks(TimeProvider clock)
{
    // A million a second cannot be reached, so a start later on gives none of these again; it stays below 2^53.
    private long _last = clock.GetUtcNow().ToUnixTimeSeconds() * 1_000_000;

    public long Next() => Interlocked.Increment(ref _last);

    public bool WasGiven(long id) => id > 0 && id <= Interlocked.Read(ref _last);
}
