using System.Net;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>
/// One connection of a sender. While a batch is being written down nothing more is read, so a busy journal holds the sender
/// back (TCP's own flow control); syslog has no other way to tell it.
/// </summary>
internal sealed class StreamConnection(
    ListenerPlan plan, IPAddress peer, Stream stream, SyslogDelivery delivery, SyslogLimits limits, TimeProvider clock)
{
    public const string TooSlow = "The message came too slowly; the connection was closed.";
    private const int ReadBytes = 16 * 1024;
    private static readonly TimeSpan LetGoAfter = TimeSpan.FromSeconds(1);

    private readonly SyslogFramer _framer = new(limits);
    private readonly MessageBatch _batch = new(limits);
    private readonly byte[] _input = new byte[ReadBytes];
    private long _held;
    private long _lastBytes;
    private long _begun;
    private long _filled;

    /// <summary>Reads until the sender ends, or is to be ended. What was read is written down before it returns.</summary>
    /// <param name="close">The listener is gone, or the house closes.</param>
    /// <param name="patience">Nothing is waited for any longer.</param>
    public async Task RunAsync(CancellationToken close, CancellationToken patience)
    {
        _lastBytes = clock.GetTimestamp();
        try
        {
            await AccountAsync(patience);
            await ReadAsync(close, patience);
            _framer.End(_batch);
            await delivery.DeliverAsync(plan, _batch, peer, patience);
        }
        finally
        {
            delivery.TryHold(-_held);
        }
    }

    private async Task ReadAsync(CancellationToken close, CancellationToken patience)
    {
        Task<int>? read = null;
        while (!_framer.IsOver)
        {
            // A read that was given up could have taken bytes with it, so it stays while other things are looked after.
            read ??= stream.ReadAsync(_input, CancellationToken.None).AsTask();
            if (!read.IsCompleted)
                await ((Task)read).WaitAsync(NextLook(), clock, close).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (read.IsCompleted)
            {
                if (!read.IsCompletedSuccessfully || await read == 0) return;
                Take(await read);
                read = null;
                if (_batch.IsFull) await FlushAsync(patience);
                await AccountAsync(patience);
            }

            if (close.IsCancellationRequested) return;
            if (!_batch.IsEmpty && clock.GetElapsedTime(_filled) >= limits.BatchAge) await FlushAsync(patience);
            if (_framer.IsInside && clock.GetElapsedTime(_begun) >= limits.SlowestMessage)
            {
                _batch.Bad(TooSlow, default);
                return;
            }

            if (clock.GetElapsedTime(_lastBytes) >= limits.Idle) return;
            if (clock.GetElapsedTime(_lastBytes) >= LetGoAfter) LetGo();
        }
    }

    private void Take(int length)
    {
        var wasEmpty = _batch.IsEmpty;
        var (wasInside, before) = (_framer.IsInside, _batch.Count);
        _framer.Push(_input.AsSpan(0, length), _batch);
        _lastBytes = clock.GetTimestamp();
        if (wasEmpty) _filled = _lastBytes;
        if (!wasInside || _batch.Count != before) _begun = _lastBytes;
    }

    private TimeSpan NextLook()
    {
        var wait = !_batch.IsEmpty ? limits.BatchAge - clock.GetElapsedTime(_filled)
            : _framer.IsInside ? limits.SlowestMessage - clock.GetElapsedTime(_begun)
            : _held > ReadBytes * 2 ? LetGoAfter
            : limits.Idle - clock.GetElapsedTime(_lastBytes);
        return wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
    }

    private async Task FlushAsync(CancellationToken patience)
    {
        await delivery.DeliverAsync(plan, _batch, peer, patience);
        // Waiting for the journal is not the sender's slowness.
        _begun = _lastBytes = clock.GetTimestamp();
    }

    private async Task AccountAsync(CancellationToken patience)
    {
        var more = Needed() - _held;
        while (!delivery.TryHold(more))
        {
            if (!_batch.IsEmpty) await FlushAsync(patience);
            _batch.LetGo();
            more = Needed() - _held;
            if (delivery.TryHold(more)) break;
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (patience.IsCancellationRequested) return;
        }

        _held += more;
    }

    // A quiet connection keeps no more than it needs to hear the next message.
    private void LetGo()
    {
        if (!_batch.IsEmpty) return;
        _batch.LetGo();
        _framer.LetGo();
        var less = Needed() - _held;
        delivery.TryHold(less);
        _held += less;
    }

    private long Needed() => ReadBytes + _framer.Capacity + _batch.Capacity;
}
