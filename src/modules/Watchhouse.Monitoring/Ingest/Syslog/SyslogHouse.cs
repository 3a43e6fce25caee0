using Microsoft.Extensions.Logging;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>What the ports of one house have in common.</summary>
internal sealed record SyslogHouse(
    SyslogDelivery Delivery, SyslogStates States, SyslogCertificate Certificate, SyslogLimits Limits, TimeProvider Clock, ILogger Log)
{
    private int _connections;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _connections) <= Limits.MaxConnections) return true;
        Interlocked.Decrement(ref _connections);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _connections);
}
