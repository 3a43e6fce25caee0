namespace Watchhouse.Telemetry;

/// <summary>Text of one event a line: syslog, CEF, LEEF, auditd, access logs, or lines of no known form.</summary>
internal sealed class TextLineSource(Stream stream, EventFormat format, LineContext context) : LineSource(stream, context.Limits)
{
    public override string Format => format switch
    {
        EventFormat.Syslog => "syslog",
        EventFormat.Cef => "CEF",
        EventFormat.Leef => "LEEF",
        EventFormat.Auditd => "auditd",
        EventFormat.AccessLog => "access log",
        _ => "text lines",
    };

    public override EventParser CreateParser() => new TextLineParser(format, context);
}

/// <summary>
/// Parses blocks of text lines. A line that is not of the input's form is an event with nothing but its message, so that
/// keywords still find it: a log has stack traces and notices between its lines.
/// </summary>
internal sealed class TextLineParser(EventFormat format, LineContext context) : LineParser(context.Limits)
{
    private readonly EnvelopeNormaliser _normaliser = new(context);
    private byte[] _scratch = [];

    protected override string? Parse(EventRecord record, byte[] source, int start, int length, long position)
    {
        record.Begin(source, start, length, position);
        return ParseText(record, format, RecordFields.Utf8Text(source.AsSpan(start, length), ref _scratch), context, _normaliser);
    }

    /// <summary>Makes an event of a line that is UTF-8; null, or why it is none.</summary>
    public static string? ParseText(
        EventRecord record, EventFormat format, ReadOnlySpan<byte> line, LineContext context, EnvelopeNormaliser normaliser)
    {
        var root = record.Open(EventNodeKind.Mapping);
        var holdsEnvelope = false;
        var known = format switch
        {
            EventFormat.AccessLog => AccessLogLine.TryParse(record, line),
            EventFormat.Cef or EventFormat.Leef or EventFormat.Auditd => InnerFormat.TryAdd(record, line, context) == InnerKind.Other,
            _ => false,
        };
        if (!known)
        {
            // CEF and LEEF may have the header of syslog on some lines and not on others.
            if (format is EventFormat.Syslog or EventFormat.Cef or EventFormat.Leef or EventFormat.Auditd)
                holdsEnvelope = SyslogLine.Parse(record, line, context);
            else record.AddText("message"u8, line);
        }

        record.Close(root);
        if (context.IsFull(record)) return $"The record holds more than {context.Limits.Nodes} values.";
        if (holdsEnvelope) normaliser.Normalise(record);
        return null;
    }
}
