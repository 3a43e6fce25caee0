using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Telemetry;

namespace Watchhouse.Monitoring.Detection;

/// <summary>An event of a payload.</summary>
/// <param name="record">The event; valid until the callback returns.</param>
/// <param name="line">Number of its line in the payload, from 0. A line that is a list of records holds several events.</param>
internal delegate void PayloadEvent(EventRecord record, int line);

/// <summary>
/// Makes events of a batch's payload. What a protocol wrapped round an event is taken off: rules look for what was logged.
/// Pure but for the memory it keeps between batches; not thread-safe.
/// </summary>
internal sealed class PayloadEvents
{
    // Beyond this a buffer is let go after use: batches are seldom so large, and threads keep their buffers for ever.
    private const int LargestKept = 4 << 20;

    // Names under which lines say the machine that they are from.
    private static readonly byte[][] Hosts = [[.. "hostname"u8], [.. "node"u8], [.. "dvchost"u8]];

    private readonly PayloadLines _lines = new();
    private readonly Unwrapped _objects = new();
    private readonly Unwrapped _texts = new();
    private readonly EventRecord _record = new();
    private readonly EventParser _json = JsonParser();
    private EventBlock _block = new();

    /// <summary>Lines that no event could be made of, in the last batch.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Lines of the last batch, and which of them are no event; valid until the next batch.</summary>
    public PayloadLines Lines => _lines;

    /// <summary>Calls back for each event; the record is valid until the callback returns.</summary>
    public void Read(string format, ReadOnlyMemory<byte> payload, DateTimeOffset receivedAt, Action<EventRecord> found) =>
        Read(format, payload, receivedAt, (record, _) => found(record));

    /// <summary>Calls back for each event, with the number of its line.</summary>
    public void Read(string format, ReadOnlyMemory<byte> payload, DateTimeOffset receivedAt, PayloadEvent found)
    {
        _lines.Split(payload);
        var form = PayloadFormat.Parse(format);
        switch (form.Word)
        {
            case PayloadFormat.Syslog:
                ParseLines(payload, null, new EventFileOptions { Format = EventFormat.Syslog, Reference = receivedAt, IsVerbatim = true },
                    form[PayloadFormat.Peer] is { } peer ? WithHost(peer, found) : found);
                break;
            case PayloadFormat.FileLine:
                ParseFileLines(payload, form, receivedAt, found);
                break;
            case PayloadFormat.HecRaw:
                ParseText(payload, null, receivedAt, found, SaidOf(form));
                break;
            case PayloadFormat.HecEvent:
                ParseUnwrapped(payload.Span, "event", receivedAt, found);
                break;
            case PayloadFormat.OtlpRecord:
                ParseUnwrapped(payload.Span, "body", receivedAt, found);
                break;
            default:
                ParseJson(payload.Span, null, found);
                break;
        }

        Unreadable = _lines.CountUnread();
        if (_block.Bytes.Length > LargestKept) _block = new EventBlock();
    }

    private static EventParser JsonParser()
    {
        using var source = EventFiles.Open(Stream.Null, new EventFileOptions { Format = EventFormat.JsonLines, IsVerbatim = true }, "");
        return source.CreateParser();
    }

    private void ParseJson(ReadOnlySpan<byte> bytes, Unwrapped? from, PayloadEvent found)
    {
        _block.Length = 0;
        _block.EnsureCapacity(bytes.Length);
        bytes.CopyTo(_block.Bytes);
        _block.Length = bytes.Length;
        _json.Start(_block);
        Parse(_json, from, found);
    }

    // The parser counts lines from 1; those of what was unwrapped are lines of the payload in their order.
    private void Parse(EventParser parser, Unwrapped? from, PayloadEvent found)
    {
        while (parser.Next(_record, out _) is var outcome and not ParseOutcome.End)
        {
            if (outcome != ParseOutcome.Event) continue;
            var line = (int)_record.Position - 1;
            if (from is not null) line = from.LineOf(line);
            _lines.Mark(line);
            found(_record, line);
        }
    }

    private void ParseText(
        ReadOnlyMemory<byte> bytes, Unwrapped? from, DateTimeOffset receivedAt, PayloadEvent found, Func<int, (DateTimeOffset? Time, string? Host)>? said = null)
    {
        // One line is one event here, whatever else such a format allows in a file. Packed content stays packed: its size is not known.
        var format = EventFiles.FormatOf(bytes.Span) switch
        {
            EventFormat.JsonLines or EventFormat.Json => EventFormat.JsonLines,
            EventFormat.SyslogFramed => EventFormat.Syslog,
            null or EventFormat.Evtx => EventFormat.TextLines,
            { } other => other,
        };
        if (format == EventFormat.JsonLines)
        {
            ParseJson(bytes.Span, from, found);
            return;
        }

        if (said is not null && IsOfLines(format)) found = WithSaid(said, found);
        var options = new EventFileOptions { Format = format, Reference = receivedAt, IsVerbatim = true };
        if (format == EventFormat.Xml) ParseEachLine(bytes, from, options, found);
        else ParseLines(bytes, from, options, found);
    }

    // What says no host is from the address that sent it (RFC 3164, section 4.3.2).
    private static PayloadEvent WithHost(string peer, PayloadEvent found) => (record, line) =>
    {
        if (record.Find("hostname"u8) < 0)
        {
            EventWriter.Append(record, []).Text("hostname"u8, peer);
            record[0].End = record.NodeCount;
        }

        found(record, line);
    };

    // A line that says no time or no machine itself has those that its sender said beside it.
    private static PayloadEvent WithSaid(Func<int, (DateTimeOffset? Time, string? Host)> said, PayloadEvent found) => (record, line) =>
    {
        var (hasTime, hasHost) = (record.Find("TimeCreated"u8) >= 0, Hosts.Any(name => record.Find(name) >= 0));
        if (!hasTime || !hasHost)
        {
            var (time, host) = said(line);
            var writer = EventWriter.Append(record, []);
            if (!hasTime && time is { } at) writer.Text("TimeCreated"u8, at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            if (!hasHost && host is not null) writer.Text("hostname"u8, host);
            record[0].End = record.NodeCount;
        }

        found(record, line);
    };

    private static Func<int, (DateTimeOffset? Time, string? Host)>? SaidOf(PayloadFormat form)
    {
        var said = (Time: Envelope.TimeOf(form["time"]), Host: Envelope.HostOf(form["host"]));
        return said == (null, null) ? null : _ => said;
    }

    private void ParseFileLines(ReadOnlyMemory<byte> payload, PayloadFormat form, DateTimeOffset receivedAt, PayloadEvent found)
    {
        var reference = DateTimeOffset.TryParse(form[PayloadFormat.Reference], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stated)
            ? stated
            : receivedAt;
        if (Enum.TryParse<EventFormat>(form[PayloadFormat.Form], out var format) && IsOfLines(format))
            ParseLines(payload, null, new EventFileOptions { Format = format, Reference = reference, IsVerbatim = true }, found);
        else ParseText(payload, null, reference, found);
    }

    private static bool IsOfLines(EventFormat format) => format is EventFormat.Syslog or EventFormat.Cef or EventFormat.Leef
        or EventFormat.Auditd or EventFormat.AccessLog or EventFormat.TextLines;

    private void ParseLines(ReadOnlyMemory<byte> bytes, Unwrapped? from, EventFileOptions options, PayloadEvent found)
    {
        // Tables have header lines, and their parsers count rows: their events are found again by their bytes.
        var isTable = options.Format is EventFormat.Csv or EventFormat.W3c or EventFormat.Zeek;
        var at = 0;
        using var source = EventFiles.Open(StreamOf(bytes), options, "");
        var parser = source.CreateParser();
        while (source.Read(_block))
        {
            parser.Start(_block);
            if (!isTable)
            {
                Parse(parser, from, found);
                continue;
            }

            while (parser.Next(_record, out _) is var outcome and not ParseOutcome.End)
            {
                if (outcome != ParseOutcome.Event) continue;
                var line = from is null ? _lines.Find(_record.Raw, at) : from.Find(_record.Raw, at);
                if (line < 0) continue;
                at = line + 1;
                if (from is not null) line = from.LineOf(line);
                _lines.Mark(line);
                found(_record, line);
            }
        }
    }

    private void ParseEachLine(ReadOnlyMemory<byte> bytes, Unwrapped? from, EventFileOptions options, PayloadEvent found)
    {
        var number = 0;
        foreach (var range in new PayloadLines().Split(bytes))
        {
            var line = from is null ? number : from.LineOf(number);
            number++;
            using var source = EventFiles.Open(StreamOf(bytes[range]), options, "");
            var parser = source.CreateParser();
            while (source.Read(_block))
            {
                parser.Start(_block);
                while (parser.Next(_record, out _) is var outcome and not ParseOutcome.End)
                {
                    if (outcome != ParseOutcome.Event) continue;
                    _lines.Mark(line);
                    found(_record, line);
                }
            }
        }
    }

    private void ParseUnwrapped(ReadOnlySpan<byte> payload, string member, DateTimeOffset receivedAt, PayloadEvent found)
    {
        _objects.Clear();
        _texts.Clear();
        for (var number = 0; number < _lines.Count; number++)
        {
            var line = payload[_lines[number]];
            if (line.IsEmpty) continue;
            // An object inside is the event; a text inside is a line of a log. An envelope without either is the event itself.
            if (Envelope.Inside(line, member, out var inner, out var text)) _objects.Add(inner, number);
            else if (text is not null) _texts.Add(text, number);
            else _objects.Add(line, number);
        }

        if (_objects.Bytes.Length > 0) ParseJson(_objects.Bytes.Span, _objects, found);
        if (_texts.Bytes.Length == 0) return;
        ParseText(_texts.Bytes, _texts, receivedAt, found, member == "event" ? line => Envelope.Says(_lines.BytesOf(line)) : null);
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    /// <summary>What was taken out of envelopes: a line each, and the line of the payload that each came from.</summary>
    private sealed class Unwrapped
    {
        private readonly List<int> _origins = [];
        private readonly PayloadLines _split = new();
        private ArrayBufferWriter<byte> _bytes = new(64 * 1024);

        public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

        public void Clear()
        {
            _origins.Clear();
            _split.Clear();
            if (_bytes.Capacity > LargestKept) _bytes = new ArrayBufferWriter<byte>(64 * 1024);
            else _bytes.ResetWrittenCount();
        }

        public void Add(ReadOnlySpan<byte> line, int origin)
        {
            _bytes.Write(line);
            _bytes.Write("\n"u8);
            _origins.Add(origin);
        }

        public int LineOf(int number) => _origins[number];

        public int Find(ReadOnlySpan<byte> raw, int from)
        {
            if (_split.Count == 0) _split.Split(Bytes);
            return _split.Find(raw, from);
        }
    }
}
