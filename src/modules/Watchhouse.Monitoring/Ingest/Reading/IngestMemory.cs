namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>The bytes that all requests together may hold. What does not fit waits at the sender.</summary>
internal sealed class IngestMemory(IngestLimits limits)
{
    private long _used;

    public long Used => Interlocked.Read(ref _used);

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limits.MaxBytesInFlight) return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _used, -bytes);
}
