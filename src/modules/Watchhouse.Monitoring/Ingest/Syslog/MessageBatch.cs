using System.Globalization;
using System.Net;
using Watchhouse.Monitoring.Ingest.Intake;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>
/// Messages of one sender on their way to the journal, one a line, and what was not taken. A line feed inside a message is
/// written as a blank: the message stays one line, and JSON that goes over several lines stays JSON. Kept and filled again.
/// </summary>
internal sealed class MessageBatch(SyslogLimits limits) : ISyslogSink
{
    public const string Empty = "The message is empty.";

    private byte[] _bytes = [];
    private int _length;
    private RejectTally _rejects = new();
    private long _number;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0 && _rejects.Total == 0;

    /// <summary>Whether it should go now, whatever its age.</summary>
    public bool IsFull => Count >= limits.BatchMessages || _length >= limits.BatchBytes;

    /// <summary>Bytes that it holds.</summary>
    public int Capacity => _bytes.Length;

    public static string TooLong(int kept) => string.Create(CultureInfo.InvariantCulture,
        $"The message is longer than {kept / 1024} KiB: its beginning was kept and the rest cut off (RFC 5424, section 6.1).");

    public void Message(ReadOnlySpan<byte> message, bool isCut)
    {
        _number++;
        // Ends of line and NUL close a message with some senders, whatever the framing (RFC 6587, section 3.4.2).
        if (!isCut) message = message.TrimEnd("\r\n\0"u8);
        if (message.Trim(" \t\r\n\0"u8).IsEmpty)
        {
            _rejects.Add(_number, Empty, message);
            return;
        }

        if (isCut) _rejects.Add(_number, TooLong(message.Length), message);
        Room(message.Length + 1);
        if (Count++ > 0) _bytes[_length++] = (byte)'\n';
        var line = _bytes.AsSpan(_length, message.Length);
        message.CopyTo(line);
        line.Replace((byte)'\n', (byte)' ');
        // One at the end would be taken for a part of the line's end.
        if (line[^1] == (byte)'\r') line[^1] = (byte)' ';
        _length += message.Length;
    }

    public void Bad(string reason, ReadOnlySpan<byte> sample) => _rejects.Add(++_number, reason, sample);

    /// <summary>What goes to the intake. The batch must not change until the intake has answered.</summary>
    public Delivery ToDelivery(string source, IPAddress? peer) => new()
    {
        Batches = Count == 0 ? [] : [new IntakeBatch(source, FormatOf(peer), Count, _bytes.AsMemory(0, _length))],
        Rejects = _rejects,
        Source = source,
    };

    /// <summary>Starts anew after a delivery, or after it was refused and its rejects alone are delivered.</summary>
    public void Clear()
    {
        (Count, _length) = (0, 0);
        if (_rejects.Total > 0) _rejects = new RejectTally();
    }

    /// <summary>Gives the memory of an empty batch back.</summary>
    public void LetGo()
    {
        if (IsEmpty) _bytes = [];
    }

    private static string FormatOf(IPAddress? peer) => new PayloadFormat(
        PayloadFormat.Syslog, peer is null ? [] : [KeyValuePair.Create(PayloadFormat.Peer, peer.ToString())]).ToString();

    private void Room(int more)
    {
        if (_bytes.Length - _length < more) Array.Resize(ref _bytes, Math.Max(_length + more, Math.Max(4096, _bytes.Length * 2)));
    }
}
