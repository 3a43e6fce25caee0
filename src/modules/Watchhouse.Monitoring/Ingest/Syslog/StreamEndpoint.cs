using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>A port for TCP, plain or with TLS.</summary>
internal sealed partial class StreamEndpoint(EndpointKey key, SyslogHouse house) : SyslogEndpoint(key)
{
    public const string NotAdmitted = "The connection came from a network that may not send here; it was closed.";
    public const string TooMany = "There were too many connections; the newest was closed.";
    public const string WrongCertificate = "The connection was refused: its TLS handshake failed, or its certificate is not one that may send.";
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<StreamVisit, Task> _open = new();
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;
    private int _handshakes;

    private bool IsTls => Key.Transport == SyslogTransport.Tls;

    public override void Open()
    {
        // Without a certificate nobody could come in: better said now.
        if (IsTls) house.Certificate.Get();
        var socket = new Socket(Key.Place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(Key.Place);
            socket.Listen(128);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _socket = socket;
        _accepting = AcceptAsync(socket);
    }

    public override void Update(IReadOnlyList<ListenerPlan> plans)
    {
        base.Update(plans);
        foreach (var visit in _open.Keys)
        {
            if (visit.Plan is { } plan && !plans.Contains(plan)) visit.End();
        }
    }

    public override async Task CloseAsync()
    {
        await Closing.CancelAsync();
        _socket?.Dispose();
        await _accepting;
        Patience.CancelAfter(house.Limits.LastWrite);
        await Task.WhenAll(_open.Values);
    }

    protected override void Dispose(bool disposing)
    {
        _socket?.Dispose();
        base.Dispose(disposing);
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (!Closing.IsCancellationRequested)
        {
            try
            {
                var client = await socket.AcceptAsync(Closing.Token);
                var visit = new StreamVisit(Closing.Token);
                var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _open[visit] = ServeAsync(client, visit, known.Task);
                known.SetResult();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // A sender that went before it was greeted, or no descriptor is free: the next may come.
                NotAccepted(house.Log, Key.Port, e);
                await Task.Delay(TimeSpan.FromMilliseconds(100), house.Clock);
            }
        }
    }

    private async Task ServeAsync(Socket client, StreamVisit visit, Task known)
    {
        await known;
        var isIn = false;
        try
        {
            var peer = Plain(client.RemoteEndPoint!);
            isIn = house.TryEnter();
            if (!isIn)
            {
                Refuse(TooMany, peer);
                return;
            }

            client.NoDelay = true;
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await using var network = new NetworkStream(client, ownsSocket: true);
            if (IsTls) await ServeTlsAsync(network, peer, visit);
            else if (Plans is [var only]) await TakeAsync(only, network, peer, visit);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The sender went away; what it sent before has been taken.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(house.Log, Key.Port, e);
        }
        finally
        {
            if (isIn) house.Leave();
            client.Dispose();
            _open.TryRemove(visit, out _);
            visit.Dispose();
        }
    }

    private async Task ServeTlsAsync(NetworkStream network, IPAddress peer, StreamVisit visit)
    {
        // Those who may send are known by their certificates, and may not be by their networks: strangers are sent away before
        // any work is done for them.
        if (!Plans.Any(plan => plan.Admits(peer)))
        {
            Refuse(NotAdmitted, peer);
            return;
        }

        await using var tls = new SslStream(network, leaveInnerStreamOpen: true);
        ListenerPlan? plan = null;
        if (Interlocked.Increment(ref _handshakes) > house.Limits.MaxHandshakes)
        {
            Interlocked.Decrement(ref _handshakes);
            Refuse(TooMany, peer);
            return;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Closing.Token);
            patience.CancelAfter(house.Limits.Handshake);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = house.Certificate.Get(),
                ClientCertificateRequired = Plans.Any(each => each.Thumbprints.Length > 0),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                // The thumbprint is the whole proof; no sender makes the centre fetch anything.
                CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (plan = PlanOf(certificate)) is not null,
            }, patience.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or CryptographicException)
        {
            if (!Closing.IsCancellationRequested) Refuse(WrongCertificate, peer);
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }

        // Where no certificate is asked for, nothing has been decided by one.
        plan ??= PlanOf(tls.RemoteCertificate);
        if (plan is null)
        {
            Refuse(WrongCertificate, peer);
            return;
        }

        await TakeAsync(plan, tls, peer, visit);
        // Says that nothing more is read (RFC 5425, section 4.4); a sender that does not listen is not waited for.
        await tls.ShutdownAsync().WaitAsync(Goodbye, house.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TakeAsync(ListenerPlan plan, Stream stream, IPAddress peer, StreamVisit visit)
    {
        if (!plan.Admits(peer))
        {
            house.Delivery.Refuse(plan, NotAdmitted, peer);
            return;
        }

        var state = house.States.Of(plan.Id);
        if (!state.TryEnter(house.Limits.MaxConnectionsOfListener))
        {
            house.Delivery.Refuse(plan, TooMany, peer);
            return;
        }

        try
        {
            visit.Plan = plan;
            // The listener may have gone while the sender was greeted.
            if (!Plans.Contains(plan)) return;
            await new StreamConnection(plan, peer, stream, house.Delivery, house.Limits, house.Clock).RunAsync(visit.Close, Patience.Token);
        }
        finally
        {
            state.Leave();
        }
    }

    private ListenerPlan? PlanOf(X509Certificate? certificate)
    {
        var plans = Plans;
        if (certificate is not null)
        {
            var thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
            var named = plans.Where(plan => plan.Certificates.Contains(thumbprint)).Take(2).ToList();
            if (named.Count == 1) return named[0];
        }

        return plans is [{ Thumbprints.Length: 0 } only] ? only : null;
    }

    // On a port of several forces nobody knows whose connection it was; the log counts it.
    private void Refuse(string reason, IPAddress peer)
    {
        if (Plans is [var only]) house.Delivery.Refuse(only, reason, peer);
        else Refused(house.Log, Key.Port, reason);
    }

    [LoggerMessage(4153, LogLevel.Warning, "Port {Port} for syslog could not take a connection.")]
    private static partial void NotAccepted(ILogger logger, int port, Exception exception);

    [LoggerMessage(4154, LogLevel.Warning, "Port {Port} for syslog, which several listeners share: {Reason}")]
    private static partial void Refused(ILogger logger, int port, string reason);

    [LoggerMessage(4155, LogLevel.Error, "A connection for syslog on port {Port} failed.")]
    private static partial void Failed(ILogger logger, int port, Exception exception);
}
