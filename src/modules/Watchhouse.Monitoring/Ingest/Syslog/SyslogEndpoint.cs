using System.Net;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>A port that is open: of one listener, or of several that certificates tell apart.</summary>
internal abstract class SyslogEndpoint(EndpointKey key) : IDisposable
{
    public EndpointKey Key => key;

    protected IReadOnlyList<ListenerPlan> Plans { get; private set; } = [];

    /// <summary>Ends when the port is to be closed.</summary>
    protected CancellationTokenSource Closing { get; } = new();

    /// <summary>Ends when the journal is waited for no longer.</summary>
    protected CancellationTokenSource Patience { get; } = new();

    /// <summary>Opens the port.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address is not of this machine, or the port is taken or forbidden.</exception>
    public abstract void Open();

    /// <summary>Says whose the port is now; what is no longer anybody's ends.</summary>
    public virtual void Update(IReadOnlyList<ListenerPlan> plans) => Plans = plans;

    /// <summary>Closes the port; ends when what was read is written down.</summary>
    public abstract Task CloseAsync();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        Closing.Dispose();
        Patience.Dispose();
    }

    protected static IPAddress Plain(EndPoint peer)
    {
        var address = ((IPEndPoint)peer).Address;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}

/// <summary>What makes listeners share a port. One that is told by no certificate has it alone: not even what waits there is another's.</summary>
internal sealed record EndpointKey(string Transport, string Address, int Port, string Owner)
{
    public IPEndPoint Place => new(IPAddress.Parse(Address), Port);

    public static EndpointKey Of(ListenerPlan plan) =>
        new(plan.Transport, plan.Address, plan.Port, plan.Thumbprints.Length == 0 ? $"{plan.Force}/{plan.Id}" : "");
}
