namespace Watchhouse.Telemetry;

/// <summary>
/// A record of the Linux audit daemon: type=… msg=audit(time:serial): name=value …, as auditd.conf's log formats RAW and
/// ENRICHED write it. Values that the kernel wrote in hexadecimal because of odd characters are decoded.
/// </summary>
internal static class AuditdLine
{
    public static bool Fits(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("node="u8))
        {
            var blank = line.IndexOf((byte)' ');
            if (blank < 0) return false;
            line = line[(blank + 1)..];
        }

        return line.StartsWith("type="u8) && line[..Math.Min(64, line.Length)].IndexOf("audit("u8) > 0;
    }

    public static bool TryParse(EventRecord record, ReadOnlySpan<byte> line, LineContext context)
    {
        var open = line.IndexOf("audit("u8);
        var close = line.IndexOf("):"u8);
        if (open < 0 || close < open) return false;
        var head = line[..open];
        var stamp = line[(open + 6)..close];
        var type = default(ReadOnlySpan<byte>);
        while (!head.IsEmpty)
        {
            var part = TextCursor.Take(ref head, (byte)' ');
            if (part.StartsWith("type="u8)) record.AddText("type"u8, type = part[5..]);
            else if (part.StartsWith("node="u8)) record.AddText("node"u8, part[5..]);
        }

        record.AddText("TimeCreated"u8, TextCursor.Take(ref stamp, (byte)':'));
        record.AddText("serial"u8, stamp);
        Values(record, line[(close + 2)..], type.SequenceEqual("EXECVE"u8), context, depth: 0);
        return true;
    }

    private static void Values(EventRecord record, ReadOnlySpan<byte> rest, bool isExecve, LineContext context, int depth)
    {
        while (!context.IsFull(record))
        {
            // 0x1D stands before the values that auditd itself added.
            rest = rest.TrimStart(" \x1D,"u8);
            if (rest.IsEmpty) return;
            var end = rest.IndexOfAny(" \x1D="u8);
            if (end < 0 || rest[end] != (byte)'=')
            {
                // A word without a value, as in "avc:  denied  { read }", is no field.
                rest = end < 0 ? default : rest[end..];
                continue;
            }

            var name = rest[..end];
            rest = rest[(end + 1)..];
            var quote = rest.IsEmpty ? (byte)0 : rest[0];
            if (quote is (byte)'"' or (byte)'\'')
            {
                var last = rest[1..].IndexOf(quote);
                var value = last < 0 ? rest[1..] : rest[1..(last + 1)];
                rest = last < 0 ? default : rest[(last + 2)..];
                // The values of programs (USER_CMD and its like) come as one in msg='…'.
                if (quote == (byte)'\'' && depth == 0 && name.SequenceEqual("msg"u8) && value.IndexOf((byte)'=') > 0)
                    Values(record, value, isExecve, context, 1);
                else record.AddText(name, value);
                continue;
            }

            var length = rest.IndexOfAny(" \x1D"u8);
            if (length < 0) length = rest.Length;
            if (isExecve && name.IndexOf((byte)'[') is var bracket and > 0)
            {
                rest = Pieces(record, name[..bracket], rest[..length], rest[length..]);
            }
            else
            {
                Add(record, name, rest[..length], isExecve);
                rest = rest[length..];
            }
        }
    }

    private static void Add(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isExecve)
    {
        if (!IsHex(value) || !MayBeEncoded(name, isExecve))
        {
            record.AddText(name, value);
            return;
        }

        var length = Decode(record, value);
        var start = record.Commit(length);
        var decoded = record.Owned.Slice(start, length);
        // Several keys of one rule are parted by 0x01.
        if (name.SequenceEqual("key"u8) && decoded.IndexOf((byte)1) >= 0)
        {
            var list = record.Open(EventNodeKind.Sequence, name);
            for (var at = 0; at < length;)
            {
                var part = record.Owned.Slice(start + at, length - at).IndexOf((byte)1);
                if (part < 0) part = length - at;
                record.AddOwned(EventNodeKind.Text, default, start + at, part);
                at += part + 1;
            }

            record.Close(list);
            return;
        }

        record.AddOwned(EventNodeKind.Text, name, start, length);
    }

    // a1[0]=… a1[1]=…: one argument that was too long for one value.
    private static ReadOnlySpan<byte> Pieces(EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> piece, ReadOnlySpan<byte> rest)
    {
        var total = 0;
        var start = -1;
        while (true)
        {
            var length = Decode(record, piece);
            var at = record.Commit(length);
            if (start < 0) start = at;
            total += length;
            var next = rest.TrimStart((byte)' ');
            if (!next.StartsWith(name) || next.Length <= name.Length || next[name.Length] != (byte)'[') break;
            var equals = next.IndexOf((byte)'=');
            if (equals < 0) break;
            next = next[(equals + 1)..];
            var end = next.IndexOfAny(" \x1D"u8);
            if (end < 0) end = next.Length;
            piece = next[..end];
            rest = next[end..];
        }

        record.AddOwned(EventNodeKind.Text, name, start, total);
        return rest;
    }

    // Returns the length of what now stands in the reserved room: decoded, or as it was where it is not hexadecimal.
    private static int Decode(EventRecord record, ReadOnlySpan<byte> value)
    {
        if (!IsHex(value))
        {
            value = value.Trim((byte)'"');
            value.CopyTo(record.Reserve(value.Length));
            return value.Length;
        }

        // Decoded bytes may be anything: each that is not UTF-8 becomes three.
        var room = record.Reserve(value.Length * 2);
        var raw = room[(value.Length + (value.Length / 2))..];
        for (var at = 0; at < value.Length; at += 2)
        {
            var code = (byte)((TextCursor.HexValue(value[at]) << 4) | TextCursor.HexValue(value[at + 1]));
            // The title of a process has its arguments parted by NUL.
            raw[at / 2] = code == 0 ? (byte)' ' : code;
        }

        ReadOnlySpan<byte> left = raw[..(value.Length / 2)];
        var length = 0;
        while (!left.IsEmpty)
        {
            System.Text.Rune.DecodeFromUtf8(left, out var rune, out var used);
            left = left[used..];
            length += rune.EncodeToUtf8(room[length..]);
        }

        return length;
    }

    private static bool IsHex(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2 || value.Length % 2 != 0) return false;
        foreach (var each in value)
        {
            if (!TextCursor.IsDigit(each) && each is < (byte)'A' or > (byte)'F') return false;
        }

        return true;
    }

    // The fields that audit_log_untrustedstring and its like write; any other number is a number.
    private static bool MayBeEncoded(ReadOnlySpan<byte> name, bool isExecve)
    {
        if (isExecve) return name.Length > 1 && name[0] == (byte)'a' && TextCursor.TryNumber(name[1..], out _);
        return name.Length switch
        {
            3 => name.SequenceEqual("exe"u8) || name.SequenceEqual("cwd"u8) || name.SequenceEqual("cmd"u8) || name.SequenceEqual("key"u8)
                || name.SequenceEqual("dir"u8) || name.SequenceEqual("grp"u8),
            4 => name.SequenceEqual("comm"u8) || name.SequenceEqual("name"u8) || name.SequenceEqual("path"u8) || name.SequenceEqual("acct"u8)
                || name.SequenceEqual("data"u8),
            5 => name.SequenceEqual("ocomm"u8) || name.SequenceEqual("watch"u8),
            9 => name.SequenceEqual("proctitle"u8),
            _ => false,
        };
    }
}
