namespace Watchhouse.Telemetry;

/// <summary>
/// A line of syslog: RFC 5424, RFC 3164 and what daemons make of it. What cannot be told apart stays in the message, as
/// RFC 3164, section 4.3.3, has it, so no line is lost.
/// </summary>
internal static class SyslogLine
{
    private static readonly byte[][] Facilities = [.. new[]
    {
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
        "ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    }.Select(System.Text.Encoding.ASCII.GetBytes)];

    private static readonly byte[][] Severities =
        [.. new[] { "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>True where the line begins as one of syslog does: a priority, or a time followed by something.</summary>
    public static bool Fits(ReadOnlySpan<byte> line) =>
        TakePriority(ref line, out _) || (SyslogTime.Take(null, ref line, null) && line.IndexOf((byte)' ') > 0);

    /// <summary>Adds the fields; true where the message was JSON, whose envelope may want to be opened.</summary>
    public static bool Parse(EventRecord record, ReadOnlySpan<byte> line, LineContext context)
    {
        var hasPriority = TakePriority(ref line, out var priority);
        if (hasPriority)
        {
            record.AddText("facility"u8, Facilities[priority >> 3]);
            record.AddText("severity"u8, Severities[priority & 7]);
            if (line.StartsWith("1 "u8) && SyslogHeader5424.TryTake(record, ref line, context)) return Message(record, line, default, context);
        }

        // Cisco numbers its messages, and says so before the time.
        var number = line.IndexOf(": "u8);
        if (hasPriority && number is > 0 and < 12 && TextCursor.TryNumber(line[..number], out _)) line = line[(number + 2)..];
        if (!SyslogTime.Take(record, ref line, context.Reference))
        {
            return Message(record, line, default, context);
        }

        line = line.TrimStart((byte)' ');
        var tag = default(ReadOnlySpan<byte>);
        if (!IsContent(line) && !TakeTag(record, ref line, out tag))
        {
            var host = line;
            var end = line.IndexOf((byte)' ');
            if (end > 0)
            {
                host = line[..end];
                line = line[(end + 1)..].TrimStart((byte)' ');
                record.AddText("hostname"u8, host);
                if (!IsContent(line)) TakeTag(record, ref line, out tag);
            }
        }

        return Message(record, line, tag, context);
    }

    /// <summary>Takes the priority of RFC 5424, section 6.2.1: at most 191.</summary>
    public static bool TakePriority(scoped ref ReadOnlySpan<byte> line, out int priority)
    {
        priority = 0;
        if (line.Length < 3 || line[0] != (byte)'<') return false;
        var end = line[..Math.Min(5, line.Length)].IndexOf((byte)'>');
        if (end < 2 || !TextCursor.TryNumber(line[1..end], out priority) || priority > 191) return false;
        line = line[(end + 1)..];
        return true;
    }

    private static bool IsContent(ReadOnlySpan<byte> text) =>
        text.StartsWith("CEF:"u8) || text.StartsWith("LEEF:"u8) || text.StartsWith("{"u8) || AuditdLine.Fits(text);

    // name: or name[12]: or name[12] at the beginning; the name is at most 48 bytes (RFC 5424, section 6.2.5).
    private static bool TakeTag(EventRecord record, scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name)
    {
        var end = line.IndexOf((byte)' ');
        var token = end < 0 ? line : line[..end];
        name = token;
        var bracket = token.IndexOf((byte)'[');
        var isTag = token.EndsWith(":"u8);
        if (isTag) name = token[..^1];
        if (bracket > 0 && name[^1] == (byte)']' && bracket < name.Length - 2)
        {
            if (name.Length > 64) return false;
            record.AddText("appname"u8, name[..bracket]);
            record.AddText("procid"u8, name[(bracket + 1)..^1]);
            name = name[..bracket];
        }
        else if (isTag && name.Length is > 0 and <= 48)
        {
            record.AddText("appname"u8, name);
        }
        else
        {
            name = default;
            return false;
        }

        line = end < 0 ? default : line[(end + 1)..];
        return true;
    }

    private static bool Message(EventRecord record, ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag, LineContext context)
    {
        var inner = InnerFormat.TryAdd(record, message.TrimStart((byte)' '), context);
        if (inner == InnerKind.None) record.AddText("message"u8, message);
        if (tag.SequenceEqual("sudo"u8)) AddSudo(record, message);
        return inner == InnerKind.Json;
    }

    // "alice : TTY=pts/0 ; PWD=/srv/alice ; USER=root ; COMMAND=/bin/sh": rules ask for USER.
    private static void AddSudo(EventRecord record, ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            // The command is the last and may hold anything.
            var at = message.TrimStart((byte)' ').StartsWith("COMMAND="u8) ? -1 : message.IndexOf(" ; "u8);
            var part = at < 0 ? message : message[..at];
            message = at < 0 ? default : message[(at + 3)..];
            var start = part.StartsWith(" COMMAND="u8) || part.StartsWith("COMMAND="u8) ? -1 : part.IndexOf(" : "u8);
            if (start >= 0) part = part[(start + 3)..];
            part = part.TrimStart((byte)' ');
            var equals = part.IndexOf((byte)'=');
            if (equals <= 0 || part[..equals].ContainsAnyExceptInRange((byte)'A', (byte)'Z')) continue;
            record.AddText(part[..equals], part[(equals + 1)..]);
        }
    }
}
