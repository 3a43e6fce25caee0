namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>What comes out of a stream of frames.</summary>
internal interface ISyslogSink
{
    /// <summary>A message; its bytes are valid until the call returns.</summary>
    /// <param name="message">The message without its frame; perhaps empty.</param>
    /// <param name="isCut">Whether it was longer than is kept.</param>
    void Message(ReadOnlySpan<byte> message, bool isCut);

    /// <summary>Something that is no whole message.</summary>
    void Bad(string reason, ReadOnlySpan<byte> sample);
}

/// <summary>
/// Takes messages out of a stream (RFC 6587). The first frame of a connection tells how it is framed: a count, a blank and the
/// <c>&lt;</c> of a priority is octet counting (section 3.4.1); anything else is a message a line (section 3.4.2). It stays
/// so: a line that merely looks like a count must not swallow the messages after it. In octet counting, what stands where a
/// count must stand is rejected up to its line feed. Bytes may come in any pieces. Pure.
/// </summary>
internal sealed class SyslogFramer(SyslogLimits limits)
{
    public const string NoCount = "The message does not begin with its length (RFC 6587, section 3.4.1).";
    public const string BrokenOff = "The connection ended in the middle of the message.";
    public const string TooLong = "The frame is longer than any message; the connection was closed.";

    // Seven digits are more than any frame that is taken.
    private const int MostDigits = 7;
    private const int FirstBytes = 1024;

    private byte[] _held = new byte[FirstBytes];
    private int _length;
    private long _seen;
    private long _missing;
    private Part _part = Part.Start;

    private enum Part
    {
        /// <summary>The first frame has not told the framing yet.</summary>
        Start,
        Line,
        Count,
        Body,

        /// <summary>Up to a line feed, where a count should have been.</summary>
        NoCount,

        /// <summary>Nothing more is read.</summary>
        Over,
    }

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsInside => _part is Part.Body || _seen > 0;

    /// <summary>Whether the stream holds no syslog and is to be closed.</summary>
    public bool IsOver => _part == Part.Over;

    /// <summary>Bytes that are held for the message that has begun.</summary>
    public int Capacity => _held.Length;

    /// <summary>Gives memory back that a long message took.</summary>
    public void LetGo()
    {
        if (_length == 0 && _held.Length > FirstBytes) _held = new byte[FirstBytes];
    }

    public void Push(ReadOnlySpan<byte> bytes, ISyslogSink sink)
    {
        while (!bytes.IsEmpty && _part != Part.Over)
        {
            var used = _part switch
            {
                Part.Start => First(bytes[0]),
                Part.Count => Count(bytes[0]),
                Part.Body => Body(bytes, sink),
                _ => Line(bytes, sink),
            };
            bytes = bytes[used..];
        }
    }

    /// <summary>The stream has ended: a last line without its line feed is a message, half a counted one is not.</summary>
    public void End(ISyslogSink sink)
    {
        if (_part is Part.Start or Part.Line)
        {
            if (_seen > 0) Give(sink);
        }
        else if (_part is Part.Body or Part.Count or Part.NoCount && IsInside)
        {
            sink.Bad(_part == Part.NoCount ? NoCount : BrokenOff, _held.AsSpan(0, _length));
        }

        Clear(Part.Over);
    }

    // Holds the bytes of a would-be count until they tell the framing; takes at most one byte.
    private int First(byte next)
    {
        if (next is (byte)'\n' or (byte)'\r' && _length == 0) return 1;
        var held = _held.AsSpan(0, _length);
        var isCounted = held.EndsWith(" "u8);
        if (!isCounted && (IsDigit(next) || (next == (byte)' ' && _length > 0)))
        {
            Keep([next]);
            return 1;
        }

        if (isCounted && next == (byte)'<')
        {
            Begin(int.Parse(held[..^1], System.Globalization.CultureInfo.InvariantCulture));
            return 0;
        }

        _part = Part.Line;
        return 0;
    }

    private int Count(byte next)
    {
        if (IsDigit(next))
        {
            Keep([next]);
            return 1;
        }

        if (next == (byte)' ' && _length > 0)
        {
            Begin(int.Parse(_held.AsSpan(0, _length), System.Globalization.CultureInfo.InvariantCulture));
            return 1;
        }

        // Some senders end a counted message with a line feed that they do not count.
        if (next is (byte)'\n' or (byte)'\r' && _length == 0) return 1;
        _part = Part.NoCount;
        return 0;
    }

    // A count has no zero in front.
    private bool IsDigit(byte next) => next is >= (byte)'0' and <= (byte)'9' && _length < MostDigits && (_length > 0 || next != (byte)'0');

    private void Begin(int count)
    {
        Clear(Part.Body);
        _missing = count;
    }

    private int Body(ReadOnlySpan<byte> bytes, ISyslogSink sink)
    {
        if (_missing > limits.MaxFrameBytes)
        {
            sink.Bad(TooLong, default);
            Clear(Part.Over);
            return bytes.Length;
        }

        var part = bytes[..(int)Math.Min(bytes.Length, _missing)];
        Keep(part);
        _missing -= part.Length;
        if (_missing > 0) return part.Length;
        Give(sink);
        _part = Part.Count;
        return part.Length;
    }

    private int Line(ReadOnlySpan<byte> bytes, ISyslogSink sink)
    {
        var feed = bytes.IndexOf((byte)'\n');
        Keep(feed < 0 ? bytes : bytes[..feed]);
        if (_seen > limits.MaxFrameBytes)
        {
            sink.Bad(TooLong, _held.AsSpan(0, _length));
            Clear(Part.Over);
            return bytes.Length;
        }

        if (feed < 0) return bytes.Length;
        if (_part == Part.NoCount)
        {
            sink.Bad(NoCount, _held.AsSpan(0, _length));
            Clear(Part.Count);
        }
        else
        {
            Give(sink);
            _part = Part.Line;
        }

        return feed + 1;
    }

    private void Give(ISyslogSink sink)
    {
        sink.Message(_held.AsSpan(0, _length), _seen > _length);
        Clear(_part);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _seen += bytes.Length;
        var kept = bytes[..Math.Min(bytes.Length, limits.MaxMessageBytes - _length)];
        if (_held.Length - _length < kept.Length)
            Array.Resize(ref _held, Math.Min(limits.MaxMessageBytes, Math.Max(_held.Length * 2, _length + kept.Length)));
        kept.CopyTo(_held.AsSpan(_length));
        _length += kept.Length;
    }

    private void Clear(Part next) => (_length, _seen, _missing, _part) = (0, 0, 0, next);
}
