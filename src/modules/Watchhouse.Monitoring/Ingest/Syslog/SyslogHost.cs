using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>Opens and closes ports as listeners come and go, and writes down what was refused.</summary>
internal sealed partial class SyslogHost(
    ListenerOperations listeners, SyslogDelivery delivery, SyslogStates states, SyslogCertificate certificate, SyslogLimits limits, TimeProvider clock,
    ILogger<SyslogHost> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly SyslogHouse _house = new(delivery, states, certificate, limits, clock, log);
    private readonly Dictionary<EndpointKey, SyslogEndpoint> _open = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(await listeners.AllAsync(stoppingToken));
                await delivery.WriteRefusedAsync();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // What is open stays open.
                Failed(log, e);
            }

            await states.WaitAsync(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_open.Values.Select(CloseAsync));
        await delivery.WriteRefusedAsync();
    }

    private async Task LookAsync(List<ListenerPlan> plans)
    {
        var wanted = plans.GroupBy(EndpointKey.Of).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var gone in _open.Keys.Where(key => !wanted.ContainsKey(key)).ToList())
        {
            await CloseAsync(_open[gone]);
            _open.Remove(gone);
            Closed(log, gone.Transport, gone.Address, gone.Port);
        }

        foreach (var (key, of) in wanted)
        {
            if (_open.TryGetValue(key, out var open)) open.Update(of);
            else Open(key, of);
            if (!_open.ContainsKey(key)) continue;
            foreach (var plan in of) states.Of(plan.Id).Words = ListenerState.Open;
        }

        states.Forget(id => !plans.Exists(plan => plan.Id == id));
    }

    private static async Task CloseAsync(SyslogEndpoint endpoint)
    {
        using (endpoint) await endpoint.CloseAsync();
    }

    private void Open(EndpointKey key, List<ListenerPlan> plans)
    {
        SyslogEndpoint endpoint = key.Transport == SyslogTransport.Udp ? new DatagramEndpoint(key, _house) : new StreamEndpoint(key, _house);
        endpoint.Update(plans);
        try
        {
            endpoint.Open();
            _open[key] = endpoint;
            Opened(log, key.Transport, key.Address, key.Port);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            endpoint.Dispose();
            // Tried again: a network comes up late, another program goes.
            var isNew = false;
            foreach (var state in plans.Select(plan => states.Of(plan.Id)))
            {
                var words = $"It cannot be opened: {e.Message}";
                isNew |= state.Words != words;
                state.Words = words;
            }

            if (isNew) NotOpened(log, key.Transport, key.Address, key.Port, e);
        }
    }

    [LoggerMessage(4156, LogLevel.Information, "Syslog comes in by {Transport} on {Address}, port {Port}.")]
    private static partial void Opened(ILogger logger, string transport, string address, int port);

    [LoggerMessage(4157, LogLevel.Information, "Syslog by {Transport} on {Address}, port {Port}, is closed.")]
    private static partial void Closed(ILogger logger, string transport, string address, int port);

    [LoggerMessage(4158, LogLevel.Error, "Syslog by {Transport} on {Address}, port {Port}, cannot be opened; it is tried again.")]
    private static partial void NotOpened(ILogger logger, string transport, string address, int port, Exception exception);

    [LoggerMessage(4159, LogLevel.Error, "Listeners for syslog could not be looked after; it is tried again.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
