namespace Watchhouse.Telemetry;

/// <summary>
/// ArcSight Common Event Format, versions 0 and 1 (Implementing ArcSight CEF, revision 26). The header takes the names that
/// CommonSecurityLog has for it; the extension keeps its keys, and a custom field stands under its label as well.
/// </summary>
internal static class CefLine
{
    private static readonly byte[][] Header = [.. new[]
    {
        "DeviceVendor", "DeviceProduct", "DeviceVersion", "DeviceEventClassID", "Activity", "LogSeverity",
    }.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static bool TryParse(EventRecord record, ReadOnlySpan<byte> line, LineContext context)
    {
        var nodes = record.NodeCount;
        var rest = line[4..];
        var version = TextCursor.Take(ref rest, (byte)'|');
        if (!TextCursor.TryNumber(version.Trim((byte)' '), out _)) return false;
        record.AddText("CefVersion"u8, version.Trim((byte)' '));
        for (var index = 0; index < Header.Length; index++)
        {
            var end = HeaderEnd(rest);
            if (end < 0)
            {
                // The severity may be the last thing in the line.
                if (index < Header.Length - 1)
                {
                    record.Truncate(nodes);
                    return false;
                }

                end = rest.Length;
            }

            AddUnescaped(record, Header[index], rest[..end]);
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }

        Extension(record, rest.Trim(" \t"u8), context);
        return true;
    }

    private static int HeaderEnd(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == (byte)'\\') at++;
            else if (text[at] == (byte)'|') return at;
        }

        return -1;
    }

    private static void Extension(EventRecord record, ReadOnlySpan<byte> text, LineContext context)
    {
        var first = record.NodeCount;
        var key = default(ReadOnlySpan<byte>);
        var valueStart = 0;
        for (var at = 0; at < text.Length && !context.IsFull(record); at++)
        {
            if (text[at] == (byte)'\\')
            {
                at++;
                continue;
            }

            if (text[at] != (byte)'=') continue;
            var keyStart = text[valueStart..at].LastIndexOf((byte)' ') + 1 + valueStart;
            // An equals sign that nobody escaped, as in an address with a query, has no key before it.
            if (keyStart == at || !IsKey(text[keyStart..at]) || (keyStart == valueStart && !key.IsEmpty)) continue;
            if (!key.IsEmpty) AddUnescaped(record, key, text[valueStart..keyStart].TrimEnd((byte)' '));
            key = text[keyStart..at];
            valueStart = at + 1;
        }

        if (!key.IsEmpty) AddUnescaped(record, key, text[valueStart..]);
        AddLabelled(record, first, context);
        AddTime(record, first);
    }

    private static bool IsKey(ReadOnlySpan<byte> text)
    {
        foreach (var each in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)each) && each is not ((byte)'_' or (byte)'.' or (byte)'-' or (byte)'[' or (byte)']')) return false;
        }

        return text.Length is > 0 and <= 1023;
    }

    // cs1Label=Policy cs1=Web: the value is Policy's.
    private static void AddLabelled(EventRecord record, int first, LineContext context)
    {
        Span<byte> label = stackalloc byte[128];
        var end = record.NodeCount;
        for (var at = first; at < end && !context.IsFull(record); at++)
        {
            var name = record.NameOf(record[at]);
            if (name.Length is < 8 or > 24 || !name.EndsWith("Label"u8) || record[at].ValueLength == 0) continue;
            for (var other = first; other < end; other++)
            {
                if (!record.NameOf(record[other]).SequenceEqual(record.NameOf(record[at])[..^5])) continue;
                var value = record[other];
                var length = Math.Min(record[at].ValueLength, label.Length);
                record.ValueOf(record[at])[..length].CopyTo(label);
                record.AddOwned(EventNodeKind.Text, label[..length], value.ValueStart, value.ValueLength);
                break;
            }
        }
    }

    private static void AddTime(EventRecord record, int first)
    {
        var best = -1;
        for (var at = first; at < record.NodeCount; at++)
        {
            var name = record.NameOf(record[at]);
            if (name.SequenceEqual("rt"u8) || (best < 0 && (name.SequenceEqual("end"u8) || name.SequenceEqual("start"u8)))) best = at;
        }

        if (best < 0 || EventTime.Parse(record.ValueOf(record[best])) is null) return;
        record.AddOwned(EventNodeKind.Text, "TimeCreated"u8, record[best].ValueStart, record[best].ValueLength);
    }

    private static void AddUnescaped(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var room = record.Reserve(value.Length);
        var length = 0;
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == (byte)'\\' && at + 1 < value.Length && value[at + 1] is (byte)'\\' or (byte)'|' or (byte)'=' or (byte)'n' or (byte)'r')
            {
                at++;
                room[length++] = value[at] switch { (byte)'n' => (byte)'\n', (byte)'r' => (byte)'\r', var plain => plain };
            }
            else
            {
                room[length++] = value[at];
            }
        }

        record.AddOwned(EventNodeKind.Text, name, record.Commit(length), length);
    }
}
