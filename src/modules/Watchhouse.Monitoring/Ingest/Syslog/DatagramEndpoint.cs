using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>
/// A port for UDP: one datagram is one message (RFC 5426, section 3.1). Nobody can be told to wait here, so what the journal
/// does not take in time is dropped and counted; batches are written down while the next datagrams are read.
/// </summary>
internal sealed class DatagramEndpoint(EndpointKey key, SyslogHouse house) : SyslogEndpoint(key)
{
    public const string Dropped = "The centre was busy, and datagrams cannot wait: the message was dropped.";
    private const int ReceiveBuffer = 4 << 20;

    private readonly byte[] _input = new byte[65_535];
    private readonly Dictionary<IPAddress, MessageBatch> _batches = [];
    private readonly Channel<(ListenerPlan Plan, MessageBatch Batch, IPAddress? Peer)> _full =
        Channel.CreateBounded<(ListenerPlan, MessageBatch, IPAddress?)>(
            new BoundedChannelOptions(house.Limits.DatagramBatches * house.Limits.MaxPeers) { SingleReader = true, SingleWriter = true });

    private Socket? _socket;
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private int _messages;
    private long _bytes;
    private long _filled;
    private long _queued;

    public override void Open()
    {
        var socket = new Socket(Key.Place.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBuffer };
        try
        {
            socket.Bind(Key.Place);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _socket = socket;
        _reading = ReadAsync(socket);
        _writing = WriteAsync();
    }

    public override async Task CloseAsync()
    {
        await Closing.CancelAsync();
        await _reading;
        _socket?.Dispose();
        _full.Writer.Complete();
        Patience.CancelAfter(house.Limits.LastWrite);
        await _writing;
    }

    protected override void Dispose(bool disposing)
    {
        _socket?.Dispose();
        base.Dispose(disposing);
    }

    private async Task ReadAsync(Socket socket)
    {
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        Task<SocketReceiveFromResult>? read = null;
        while (!Closing.IsCancellationRequested)
        {
            read ??= socket.ReceiveFromAsync(_input, SocketFlags.None, any, CancellationToken.None).AsTask();
            if (!read.IsCompleted)
                await ((Task)read).WaitAsync(NextLook(), house.Clock, Closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (read.IsCompletedSuccessfully)
            {
                var received = await read;
                Take(_input.AsSpan(0, received.ReceivedBytes), Plain(received.RemoteEndPoint));
                read = null;
            }
            else if (read.IsFaulted)
            {
                // An answer that nobody listens where nothing was sent; the port itself stays.
                await Task.Delay(TimeSpan.FromMilliseconds(10), house.Clock);
                read = null;
            }

            if (_messages > 0 && (IsFull || house.Clock.GetElapsedTime(_filled) >= house.Limits.BatchAge)) Turn();
        }

        Turn();
    }

    private bool IsFull => _messages >= house.Limits.BatchMessages || _bytes >= house.Limits.BatchBytes;

    private TimeSpan NextLook()
    {
        if (_messages == 0) return Timeout.InfiniteTimeSpan;
        var wait = house.Limits.BatchAge - house.Clock.GetElapsedTime(_filled);
        return wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
    }

    private void Take(ReadOnlySpan<byte> message, IPAddress peer)
    {
        if (Plans is not [var plan]) return;
        if (!plan.Admits(peer))
        {
            house.Delivery.Refuse(plan, StreamEndpoint.NotAdmitted, peer);
            return;
        }

        if (_messages++ == 0) _filled = house.Clock.GetTimestamp();
        _bytes += message.Length;
        // Very many senders share a batch that names none of them, or there would be a batch for each message.
        var sender = _batches.Count < house.Limits.MaxPeers || _batches.ContainsKey(peer) ? peer : IPAddress.None;
        if (!_batches.TryGetValue(sender, out var batch)) _batches[sender] = batch = new MessageBatch(house.Limits);
        var isCut = message.Length > house.Limits.MaxMessageBytes;
        batch.Message(isCut ? message[..house.Limits.MaxMessageBytes] : message, isCut);
    }

    private void Turn()
    {
        foreach (var (sender, batch) in _batches)
        {
            if (Plans is not [var plan]) continue;
            var peer = ReferenceEquals(sender, IPAddress.None) ? null : sender;
            // As many batches as one turn may bring, so many times as may wait.
            var isQueued = Interlocked.Read(ref _queued) < (long)house.Limits.BatchBytes * house.Limits.DatagramBatches
                && house.Delivery.TryHold(batch.Capacity);
            if (isQueued && _full.Writer.TryWrite((plan, batch, peer))) Interlocked.Add(ref _queued, batch.Capacity);
            else
            {
                if (isQueued) house.Delivery.TryHold(-batch.Capacity);
                house.Delivery.Refuse(plan, Dropped, peer is null ? default : System.Text.Encoding.ASCII.GetBytes($"from {peer}"), batch.Count);
            }
        }

        _batches.Clear();
        (_messages, _bytes) = (0, 0);
    }

    private async Task WriteAsync()
    {
        await foreach (var (plan, batch, peer) in _full.Reader.ReadAllAsync())
        {
            var size = batch.Capacity;
            try
            {
                await house.Delivery.DeliverAsync(plan, batch, peer, Patience.Token);
            }
            finally
            {
                Interlocked.Add(ref _queued, -size);
                house.Delivery.TryHold(-size);
            }
        }
    }
}
