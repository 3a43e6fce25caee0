using System.Buffers;
using System.Text.Json;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Telemetry;

namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// Makes events of a batch's payload. What a protocol wrapped round an event is taken off: rules look for what was logged.
/// Pure but for the memory it keeps between batches; not thread-safe.
/// </summary>
internal sealed class PayloadEvents
{
    private readonly ArrayBufferWriter<byte> _objects = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _texts = new(16 * 1024);
    private readonly EventRecord _record = new();
    private readonly EventBlock _block = new();

    /// <summary>Lines that could not be made events of, in the last batch.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Calls back for each event; the record is valid until the callback returns.</summary>
    public void Read(string format, ReadOnlyMemory<byte> payload, DateTimeOffset receivedAt, Action<EventRecord> found)
    {
        Unreadable = 0;
        var word = PayloadFormat.Parse(format).Word;
        switch (word)
        {
            case PayloadFormat.HecRaw:
                Parse(payload, null, receivedAt, found);
                break;
            case PayloadFormat.HecEvent:
                Unwrap(payload.Span, "event");
                ParseUnwrapped(receivedAt, found);
                break;
            case PayloadFormat.OtlpRecord:
                Unwrap(payload.Span, "body");
                ParseUnwrapped(receivedAt, found);
                break;
            default:
                Parse(payload, EventFormat.JsonLines, receivedAt, found);
                break;
        }
    }

    private void ParseUnwrapped(DateTimeOffset receivedAt, Action<EventRecord> found)
    {
        if (_objects.WrittenCount > 0) Parse(_objects.WrittenMemory, EventFormat.JsonLines, receivedAt, found);
        if (_texts.WrittenCount > 0) Parse(_texts.WrittenMemory, null, receivedAt, found);
    }

    private void Parse(ReadOnlyMemory<byte> bytes, EventFormat? format, DateTimeOffset receivedAt, Action<EventRecord> found)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        BlockSource source;
        try
        {
            source = EventFiles.Open(stream, new EventFileOptions { Format = format, Reference = receivedAt }, "");
        }
        catch (InvalidDataException)
        {
            Unreadable++;
            return;
        }

        using (source)
        {
            var parser = source.CreateParser();
            while (source.Read(_block))
            {
                parser.Start(_block);
                while (parser.Next(_record, out _) is var outcome and not ParseOutcome.End)
                {
                    if (outcome == ParseOutcome.Event) found(_record);
                    else Unreadable++;
                }
            }
        }
    }

    // An object inside is the event; a text inside is a line of a log. An envelope without either is the event itself.
    private void Unwrap(ReadOnlySpan<byte> payload, string member)
    {
        _objects.ResetWrittenCount();
        _texts.ResetWrittenCount();
        foreach (var range in payload.Split((byte)'\n'))
        {
            var line = payload[range].TrimEnd((byte)'\r');
            if (line.IsEmpty) continue;
            if (Inside(line, member, out var inner, out var text)) Add(_objects, inner);
            else if (text is not null) Add(_texts, text);
            else Add(_objects, line);
        }
    }

    private static bool Inside(ReadOnlySpan<byte> line, string member, out ReadOnlySpan<byte> inner, out byte[]? text)
    {
        inner = default;
        text = null;
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMember = reader.ValueTextEquals(member);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                if (isMember && reader.TokenType == JsonTokenType.String)
                {
                    // A line of a log is one line, whatever its sender put in it.
                    text = System.Text.Encoding.UTF8.GetBytes((reader.GetString() ?? "").ReplaceLineEndings(" "));
                    return false;
                }

                reader.Skip();
                if (!isMember || line[start] != (byte)'{') continue;
                inner = line[start..(int)reader.BytesConsumed];
                return true;
            }
        }
        catch (JsonException)
        {
            // The intake has checked it; what is no JSON all the same is told of by the parser.
        }
        catch (InvalidOperationException)
        {
            // Text that is no UTF-16, such as half a surrogate pair: the envelope itself is looked at.
        }

        return false;
    }

    private static void Add(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> line)
    {
        to.Write(line);
        to.Write("\n"u8);
    }
}
