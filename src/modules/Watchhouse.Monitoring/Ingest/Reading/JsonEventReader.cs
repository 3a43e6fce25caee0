using System.Text.Json;
using System.Text.Unicode;
using Watchhouse.Monitoring.Ingest.Intake;

namespace Watchhouse.Monitoring.Ingest.Reading;

/// <summary>Finds the events of a body of JSON lines, or of one JSON array. Pure.</summary>
internal static class JsonEventReader
{
    public static EventScan Read(ReadOnlySpan<byte> body, IngestLimits limits) =>
        IsArray(body) ? ReadArray(body, limits) : ReadLines(body, limits);

    private static EventScan ReadLines(ReadOnlySpan<byte> body, IngestLimits limits)
    {
        var scan = new EventScan(limits);
        var lines = new LineCursor(body);
        while (lines.NextFilled())
        {
            var reason = JsonEvent.Judge(lines.Bytes, limits);
            if (!(reason is null ? scan.Take(lines.Range) : scan.Reject(lines.Line, reason, lines.Bytes))) break;
        }

        return scan;
    }

    // An array that breaks off says nothing of what was to come, so it is refused whole; the sender has it still.
    private static EventScan ReadArray(ReadOnlySpan<byte> body, IngestLimits limits)
    {
        var scan = new EventScan(limits);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = limits.MaxDepth + 1 });
        var item = 0L;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                item++;
                var start = (int)reader.TokenStartIndex;
                var isObject = reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
                var range = new EventRange(start, (int)reader.BytesConsumed - start);
                var bytes = body.Slice(range.Start, range.Length);
                var reason = !isObject ? JsonEvent.NotAnObject
                    : bytes.Length > limits.MaxEventBytes ? JsonEvent.TooLong(limits)
                    : !Utf8.IsValid(bytes) ? JsonEvent.NotUtf8
                    : null;
                if (!(reason is null ? scan.Take(range) : scan.Reject(item, reason, bytes))) return scan;
            }

            reader.Read();
        }
        catch (JsonException e)
        {
            var deep = reader.CurrentDepth > limits.MaxDepth ? " " + JsonEvent.TooDeep(limits) : "";
            scan.Refuse(new Refusal(RefusalKind.Unreadable,
                $"The JSON array cannot be read on in item {item + 1} (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of it).{deep} "
                + "Nothing of it was kept. Correct it and send it again, or send one object a line.") { Line = item + 1 },
                new EventRange((int)reader.TokenStartIndex, body.Length - (int)reader.TokenStartIndex));
        }

        return scan;
    }

    // A line of JSON lines may also begin with '[', but then it is no event; so one sign decides.
    private static bool IsArray(ReadOnlySpan<byte> body)
    {
        var trimmed = body.TrimStart(" \t\r\n"u8);
        return !trimmed.IsEmpty && trimmed[0] == (byte)'[';
    }
}
