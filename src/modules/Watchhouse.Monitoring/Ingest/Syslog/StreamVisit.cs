namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>A connection from its beginning to its end.</summary>
internal sealed class StreamVisit(CancellationToken house) : IDisposable
{
    private readonly CancellationTokenSource _close = CancellationTokenSource.CreateLinkedTokenSource(house);

    public ListenerPlan? Plan { get; set; }

    public CancellationToken Close => _close.Token;

    public void End()
    {
        try
        {
            _close.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => _close.Dispose();
}
