namespace Watchhouse.Telemetry;

/// <summary>
/// Syslog with octet counting (RFC 6587, section 3.4.1): length, blank, message. A message may hold line feeds. Positions
/// count messages. What is no frame is taken up to its line feed, to be rejected.
/// </summary>
internal sealed class SyslogFrameSource(Stream stream, LineContext context) : LineSource(stream, context.Limits)
{
    public override string Format => "syslog with octet counting";

    public override EventParser CreateParser() => new SyslogFrameParser(context);

    /// <summary>Length of the first frame with its count, or of the line that stands there instead; 0 where it is not whole.</summary>
    public static int FrameLength(ReadOnlySpan<byte> bytes, int most, out int message)
    {
        message = -1;
        var blank = bytes[..Math.Min(9, bytes.Length)].IndexOf((byte)' ');
        if (blank > 0 && bytes[0] != (byte)'0' && TextCursor.TryNumber(bytes[..blank], out var length) && length <= most)
        {
            if (bytes.Length < blank + 1 + length) return 0;
            message = blank + 1;
            return message + length;
        }

        if (blank < 0 && bytes.Length < 9 && bytes.IndexOf((byte)'\n') < 0) return 0;
        return bytes.IndexOf((byte)'\n') + 1;
    }

    protected override int WholeLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (FrameLength(bytes[at..], Limits.RecordBytes, out _) is > 0 and var length) at += length;
        return at;
    }

    protected override long CountPositions(ReadOnlySpan<byte> bytes)
    {
        var count = 0L;
        while (!bytes.IsEmpty)
        {
            var length = FrameLength(bytes, Limits.RecordBytes, out _);
            if (length == 0) length = bytes.Length;
            if (!SyslogFrameParser.IsBlank(bytes[..length])) count++;
            bytes = bytes[length..];
        }

        return count;
    }
}

/// <summary>Parses blocks of frames.</summary>
internal sealed class SyslogFrameParser(LineContext context) : EventParser
{
    private readonly EnvelopeNormaliser _normaliser = new(context);
    private EventBlock _block = null!;
    private byte[] _scratch = [];
    private int _at;
    private long _number;

    public static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.Trim(" \t\r\n\0"u8).IsEmpty;

    public override void Start(EventBlock block) => (_block, _at, _number) = (block, 0, block.FirstPosition);

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        reason = null;
        while (_at < _block.Length)
        {
            var rest = _block.Bytes.AsSpan(_at, _block.Length - _at);
            var length = SyslogFrameSource.FrameLength(rest, context.Limits.RecordBytes, out var message);
            if (length == 0) length = rest.Length;
            var start = _at;
            _at += length;
            if (IsBlank(rest[..length])) continue;
            if (message < 0)
            {
                record.Begin(_block.Bytes, start, length, _number++);
                reason = "The message does not begin with its length, or ends before it (RFC 6587, section 3.4.1).";
                return ParseOutcome.Rejected;
            }

            record.Begin(_block.Bytes, start + message, length - message, _number++);
            var text = rest[message..length].TrimEnd("\r\n"u8);
            reason = TextLineParser.ParseText(record, EventFormat.Syslog, RecordFields.Utf8Text(text, ref _scratch), context, _normaliser);
            return reason is null ? ParseOutcome.Event : ParseOutcome.Rejected;
        }

        return ParseOutcome.End;
    }
}
