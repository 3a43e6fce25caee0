namespace Watchhouse.Telemetry;

/// <summary>QRadar Log Event Extended Format, 1.0 and 2.0. The header takes the same names as that of CEF.</summary>
internal static class LeefLine
{
    private static readonly byte[][] Header =
        [.. new[] { "DeviceVendor", "DeviceProduct", "DeviceVersion", "DeviceEventClassID" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static bool TryParse(EventRecord record, ReadOnlySpan<byte> line, LineContext context)
    {
        var nodes = record.NodeCount;
        var rest = line[5..];
        var version = TextCursor.Take(ref rest, (byte)'|');
        if (!version.StartsWith("1."u8) && !version.StartsWith("2."u8)) return false;
        record.AddText("LeefVersion"u8, version);
        foreach (var name in Header)
        {
            if (rest.IndexOf((byte)'|') < 0 && !(name == Header[^1] && !rest.IsEmpty))
            {
                record.Truncate(nodes);
                return false;
            }

            record.AddText(name, TextCursor.Take(ref rest, (byte)'|'));
        }

        var delimiter = (byte)'\t';
        // The delimiter is a field of its own in 2.0, but writers leave it out.
        if (version[0] == (byte)'2' && rest.IndexOf((byte)'|') is var end and >= 0 and <= 5 && TryDelimiter(rest[..end], out delimiter))
            rest = rest[(end + 1)..];
        Attributes(record, rest, delimiter, context);
        return true;
    }

    // Empty, one character, or its code as x5E or 0x5E.
    private static bool TryDelimiter(ReadOnlySpan<byte> text, out byte delimiter)
    {
        delimiter = (byte)'\t';
        if (text.IsEmpty) return true;
        if (text.Length == 1)
        {
            delimiter = text[0];
            return true;
        }

        if (text[0] == (byte)'0') text = text[1..];
        if (text.Length is < 2 or > 3 || text[0] is not ((byte)'x' or (byte)'X')) return false;
        var code = 0;
        foreach (var each in text[1..])
        {
            if (!TextCursor.IsHexDigit(each)) return false;
            code = (code * 16) + TextCursor.HexValue(each);
        }

        delimiter = (byte)code;
        return true;
    }

    private static void Attributes(EventRecord record, ReadOnlySpan<byte> rest, byte delimiter, LineContext context)
    {
        var time = -1;
        while (!rest.IsEmpty && !context.IsFull(record))
        {
            var part = TextCursor.Take(ref rest, delimiter);
            var equals = part.IndexOf((byte)'=');
            if (equals <= 0) continue;
            var name = part[..equals].Trim((byte)' ');
            if (name.SequenceEqual("devTime"u8)) time = record.NodeCount;
            record.AddText(name, part[(equals + 1)..]);
        }

        if (time >= 0 && EventTime.Parse(record.ValueOf(record[time])) is not null)
            record.AddOwned(EventNodeKind.Text, "TimeCreated"u8, record[time].ValueStart, record[time].ValueLength);
    }
}
