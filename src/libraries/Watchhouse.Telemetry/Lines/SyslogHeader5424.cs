namespace Watchhouse.Telemetry;

/// <summary>Header and structured data of RFC 5424, section 6.</summary>
internal static class SyslogHeader5424
{
    private static readonly byte[][] Names = ["hostname"u8.ToArray(), "appname"u8.ToArray(), "procid"u8.ToArray(), "msgid"u8.ToArray()];

    /// <summary>Takes version, time, four names and the structured data; false, and nothing added or taken, where they are not there.</summary>
    public static bool TryTake(EventRecord record, scoped ref ReadOnlySpan<byte> line, LineContext context)
    {
        var nodes = record.NodeCount;
        var rest = line[2..];
        var time = TextCursor.Take(ref rest, (byte)' ');
        if (!time.SequenceEqual("-"u8))
        {
            if (time.Length < 19 || EventTime.Parse(time) is null) return false;
            record.AddText("TimeCreated"u8, time);
        }

        foreach (var name in Names)
        {
            var value = TextCursor.Take(ref rest, (byte)' ');
            if (value.IsEmpty)
            {
                record.Truncate(nodes);
                return false;
            }

            if (!value.SequenceEqual("-"u8)) record.AddText(name, value);
        }

        if (rest.StartsWith("-"u8)) rest = rest[1..];
        else if (rest.StartsWith("["u8)) TakeData(record, ref rest, context);
        if (rest.StartsWith(" "u8)) rest = rest[1..];
        if (rest.StartsWith("\uFEFF"u8)) rest = rest[3..];
        line = rest;
        return true;
    }

    // [id name="value" …][id …]; what breaks the rules stays in the message.
    private static void TakeData(EventRecord record, scoped ref ReadOnlySpan<byte> rest, LineContext context)
    {
        var nodes = record.NodeCount;
        var all = record.Open(EventNodeKind.Mapping, "structured_data"u8);
        var any = false;
        while (rest.StartsWith("["u8))
        {
            var before = record.NodeCount;
            var text = rest[1..];
            var idEnd = text.IndexOfAny((byte)' ', (byte)']');
            if (idEnd <= 0) break;
            var element = record.Open(EventNodeKind.Mapping, text[..idEnd]);
            text = text[idEnd..];
            while (TakeParameter(record, ref text) && !context.IsFull(record))
            {
            }

            text = text.TrimStart((byte)' ');
            if (!text.StartsWith("]"u8))
            {
                record.Truncate(before);
                break;
            }

            record.Close(element);
            rest = text[1..];
            any = true;
        }

        if (any) record.Close(all);
        else record.Truncate(nodes);
    }

    private static bool TakeParameter(EventRecord record, scoped ref ReadOnlySpan<byte> text)
    {
        var rest = text.TrimStart((byte)' ');
        var equals = rest.IndexOf("=\""u8);
        if (equals <= 0 || rest[..equals].IndexOfAny((byte)' ', (byte)']', (byte)'"') >= 0) return false;
        var value = rest[(equals + 2)..];
        var room = record.Reserve(value.Length);
        var length = 0;
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == (byte)'"')
            {
                record.AddOwned(EventNodeKind.Text, rest[..equals], record.Commit(length), length);
                text = value[(at + 1)..];
                return true;
            }

            // Only these three are escaped (section 6.3.3); any other backslash is itself.
            if (value[at] == (byte)'\\' && at + 1 < value.Length && value[at + 1] is (byte)'"' or (byte)'\\' or (byte)']') at++;
            room[length++] = value[at];
        }

        return false;
    }
}
