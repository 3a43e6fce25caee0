namespace Watchhouse.Telemetry;

/// <summary>
/// Common and combined log format of Apache and nginx, with or without the virtual host in front. Fields bear the names of the
/// W3C extended format, which rules for web servers use.
/// </summary>
internal static class AccessLogLine
{
    public static bool Fits(ReadOnlySpan<byte> line) => TryHead(line, out _, out _, out _, out _, out var rest) && rest.StartsWith("\""u8);

    public static bool TryParse(EventRecord record, ReadOnlySpan<byte> line)
    {
        if (!TryHead(line, out var host, out var client, out var user, out var time, out var rest)) return false;
        AddTime(record, time);
        AddUnlessDash(record, "cs-host"u8, host);
        AddUnlessDash(record, "c-ip"u8, client);
        AddUnlessDash(record, "cs-username"u8, user);
        AddRequest(record, TakeQuoted(record, ref rest));
        AddUnlessDash(record, "sc-status"u8, TextCursor.Take(ref rest, (byte)' '));
        AddUnlessDash(record, "sc-bytes"u8, TextCursor.Take(ref rest, (byte)' '));
        if (rest.StartsWith("\""u8)) AddSlice(record, "cs-referer"u8, TakeQuoted(record, ref rest));
        if (rest.StartsWith("\""u8)) AddSlice(record, "cs-user-agent"u8, TakeQuoted(record, ref rest));
        if (!rest.IsEmpty) record.AddText("rest"u8, rest);
        return true;
    }

    // host? client ident user [time] "request" …
    private static bool TryHead(
        ReadOnlySpan<byte> line, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> client, out ReadOnlySpan<byte> user,
        out ReadOnlySpan<byte> time, out ReadOnlySpan<byte> rest)
    {
        host = client = user = time = rest = default;
        var open = line.IndexOf(" ["u8);
        if (open < 0) return false;
        var head = line[..open];
        rest = line[(open + 2)..];
        var close = rest.IndexOf((byte)']');
        if (close is < 20 or > 40) return false;
        time = rest[..close];
        if (time[2] != (byte)'/' || time[6] != (byte)'/' || TextCursor.Month(time[3..6]) == 0 || time[11] != (byte)':') return false;
        rest = rest[(close + 1)..].TrimStart((byte)' ');
        var first = TextCursor.Take(ref head, (byte)' ');
        var blanks = head.Count((byte)' ');
        if (blanks >= 2 && head.IndexOf((byte)' ') is var end && (head[..end].Contains((byte)'.') || head[..end].Contains((byte)':')))
        {
            host = first;
            first = TextCursor.Take(ref head, (byte)' ');
        }

        client = first;
        TextCursor.Take(ref head, (byte)' ');
        user = head;
        return client.Length > 0;
    }

    private static void AddTime(EventRecord record, ReadOnlySpan<byte> time)
    {
        Span<byte> iso = stackalloc byte[40];
        var month = TextCursor.Month(time[3..6]);
        "0000-00-00T"u8.CopyTo(iso);
        const int length = 11;
        TextCursor.WriteDigits(iso[5..7], month);
        time[7..11].CopyTo(iso);
        time[..2].CopyTo(iso[8..]);
        var clock = time[12..];
        if (clock.Length + length > iso.Length) return;
        clock.CopyTo(iso[length..]);
        record.AddText("TimeCreated"u8, iso[..(length + clock.Length)]);
    }

    private static void AddRequest(EventRecord record, (int Start, int Length) request)
    {
        var text = record.Owned.Slice(request.Start, request.Length);
        var first = text.IndexOf((byte)' ');
        var last = text.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first || !text[(last + 1)..].StartsWith("HTTP/"u8))
        {
            // Whatever a scanner sent instead of a request.
            if (request.Length > 0) AddSlice(record, "cs-uri"u8, request);
            return;
        }

        var query = text[..last].IndexOf((byte)'?');
        var stemEnd = query < 0 ? last : query;
        AddSlice(record, "cs-method"u8, (request.Start, first));
        AddSlice(record, "cs-uri"u8, (request.Start + first + 1, last - first - 1));
        AddSlice(record, "cs-uri-stem"u8, (request.Start + first + 1, Math.Max(0, stemEnd - first - 1)));
        if (query >= 0) AddSlice(record, "cs-uri-query"u8, (request.Start + query + 1, last - query - 1));
        AddSlice(record, "cs-version"u8, (request.Start + last + 1, request.Length - last - 1));
    }

    // Apache writes \" \\ \n \t and \xhh, nginx \xHH.
    private static (int Start, int Length) TakeQuoted(EventRecord record, scoped ref ReadOnlySpan<byte> rest)
    {
        if (!rest.StartsWith("\""u8)) return (0, 0);
        var text = rest[1..];
        var room = record.Reserve(text.Length * 2);
        var length = 0;
        var at = 0;
        for (; at < text.Length && text[at] != (byte)'"'; at++)
        {
            if (text[at] != (byte)'\\' || at + 1 >= text.Length)
            {
                room[length++] = text[at];
                continue;
            }

            at++;
            if (text[at] == (byte)'x' && at + 2 < text.Length && TextCursor.IsHexDigit(text[at + 1]) && TextCursor.IsHexDigit(text[at + 2]))
            {
                var code = (TextCursor.HexValue(text[at + 1]) << 4) | TextCursor.HexValue(text[at + 2]);
                // Above ASCII the escape is one byte of something that may be no UTF-8: as Latin-1 it stays readable.
                length += new System.Text.Rune(code).EncodeToUtf8(room[length..]);
                at += 2;
            }
            else
            {
                room[length++] = text[at] switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', var plain => plain };
            }
        }

        rest = text[Math.Min(at + 1, text.Length)..].TrimStart((byte)' ');
        return (record.Commit(length), length);
    }

    private static void AddSlice(EventRecord record, ReadOnlySpan<byte> name, (int Start, int Length) value)
    {
        if (value.Length == 1 && record.Owned[value.Start] == (byte)'-') return;
        record.AddOwned(EventNodeKind.Text, name, value.Start, value.Length);
    }

    private static void AddUnlessDash(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty && !value.SequenceEqual("-"u8)) record.AddText(name, value);
    }
}
