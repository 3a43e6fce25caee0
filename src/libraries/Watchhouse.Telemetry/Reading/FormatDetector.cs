namespace Watchhouse.Telemetry;

/// <summary>
/// Tells the format of an input by its first bytes. In this order: signature of EVTX; binary content is refused; JSON, XML and
/// directives by their first character; then lines that begin as those of a known format do (auditd, CEF, LEEF, framed syslog,
/// access logs, syslog); then a header row with rows of as many columns; then JSON lines after lines of something else. The
/// extension decides only what the content leaves open. Anything else is text lines.
/// </summary>
internal static class FormatDetector
{
    /// <summary>How many bytes are looked at.</summary>
    public const int HeadBytes = 16 * 1024;

    private const int LinesLookedAt = 10;

    /// <summary>The format; null where the content is binary and of no known kind.</summary>
    /// <param name="head">The first bytes, as UTF-8.</param>
    /// <param name="extension">Extension of the file's name with its dot, or empty.</param>
    public static EventFormat? Detect(ReadOnlySpan<byte> head, string extension)
    {
        if (head.StartsWith("ElfFile\0"u8) || head.StartsWith("ElfChnk\0"u8)) return EventFormat.Evtx;
        var isCut = head.Length >= HeadBytes;
        var text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty) return ByExtension(extension) ?? EventFormat.JsonLines;
        if (IsBinary(text)) return null;
        return ByFirstCharacter(text)
            ?? ByLines(text)
            ?? (IsTable(text, isCut, extension) ? EventFormat.Csv : default(EventFormat?))
            ?? (HasJsonLine(text) ? EventFormat.JsonLines : default(EventFormat?))
            ?? ByExtension(extension)
            ?? EventFormat.TextLines;
    }

    private static EventFormat? ByFirstCharacter(ReadOnlySpan<byte> text)
    {
        switch (text[0])
        {
            case (byte)'{':
                // An object that does not end on its line goes over several.
                return EndsOnItsLine(text) ? EventFormat.JsonLines : EventFormat.Json;
            case (byte)'[':
                // Error logs begin with a time in brackets.
                var inside = text[1..].TrimStart(" \t\r\n"u8);
                return inside.IsEmpty || inside[0] is (byte)'{' or (byte)'[' or (byte)']' ? EventFormat.Json : null;
            case (byte)'<':
                return text.StartsWith("<?xml"u8) || text.StartsWith("<Event"u8) || text.StartsWith("<!--"u8) || text.StartsWith("<!DOCTYPE"u8)
                    ? EventFormat.Xml
                    : null;
            case (byte)'#':
                if (text.StartsWith("#separator"u8) || text.StartsWith("#fields\t"u8)) return EventFormat.Zeek;
                return text.StartsWith("#Software:"u8) || text.StartsWith("#Version:"u8) || text.StartsWith("#Fields:"u8)
                    || text.StartsWith("#Date:"u8) || text.StartsWith("#Log-type:"u8)
                    ? EventFormat.W3c
                    : null;
            default:
                return null;
        }
    }

    private static EventFormat? ByLines(ReadOnlySpan<byte> text)
    {
        if (IsFrame(text)) return EventFormat.SyslogFramed;
        for (var count = 0; count < LinesLookedAt && !text.IsEmpty; count++)
        {
            var line = TextCursor.Take(ref text, (byte)'\n').TrimEnd((byte)'\r').TrimStart((byte)' ');
            if (AuditdLine.Fits(line)) return EventFormat.Auditd;
            if (line.StartsWith("CEF:"u8)) return EventFormat.Cef;
            if (line.StartsWith("LEEF:"u8)) return EventFormat.Leef;
            if (AccessLogLine.Fits(line)) return EventFormat.AccessLog;
            // A time alone also begins the rows of tables; what follows it must be a host or a tag.
            if (SyslogLine.Fits(line) && !IsRow(line)) return EventFormat.Syslog;
        }

        return null;
    }

    private static bool IsFrame(ReadOnlySpan<byte> text)
    {
        var blank = text[..Math.Min(9, text.Length)].IndexOf((byte)' ');
        if (blank <= 0 || !TextCursor.TryNumber(text[..blank], out _)) return false;
        text = text[(blank + 1)..];
        return SyslogLine.TakePriority(ref text, out _);
    }

    private static bool IsRow(ReadOnlySpan<byte> line)
    {
        var blank = line[..Math.Min(line.Length, 40)].IndexOfAny(",;\t"u8);
        return line[0] != (byte)'<' && blank >= 0;
    }

    private static bool IsTable(ReadOnlySpan<byte> text, bool isCut, string extension)
    {
        var isNamedTable = extension is ".csv" or ".tsv";
        var firstEnd = text.IndexOf((byte)'\n');
        var first = (firstEnd < 0 ? text : text[..firstEnd]).TrimEnd((byte)'\r');
        if (TableHeader.Separators(first, out var columns) is not { } separator) return isNamedTable;
        if (firstEnd < 0) return isNamedTable;
        var second = text[(firstEnd + 1)..];
        if (second.Trim(" \t\r\n"u8).IsEmpty) return isNamedTable;
        var length = RowReader.RowLength(second, separator);
        if (length == 0 && isCut) return isNamedTable;
        var cells = new RowReader((length == 0 ? second : second[..length]).TrimEnd("\r\n"u8), separator);
        var count = 0;
        while (cells.Next()) count++;
        return isNamedTable || (cells.IsWhole && count == columns);
    }

    private static bool HasJsonLine(ReadOnlySpan<byte> text)
    {
        for (var count = 0; count < LinesLookedAt && !text.IsEmpty; count++)
        {
            var line = TextCursor.Take(ref text, (byte)'\n').Trim(" \t\r"u8);
            if (line.Length > 2 && line[0] == (byte)'{' && line[^1] == (byte)'}' && line.Contains((byte)'"')) return true;
        }

        return false;
    }

    private static EventFormat? ByExtension(string extension) => extension switch
    {
        ".json" or ".jsonl" or ".ndjson" => EventFormat.JsonLines,
        ".csv" or ".tsv" => EventFormat.Csv,
        ".xml" => EventFormat.Xml,
        ".cef" => EventFormat.Cef,
        ".leef" => EventFormat.Leef,
        _ => null,
    };

    private static bool EndsOnItsLine(ReadOnlySpan<byte> text)
    {
        var feed = text.IndexOf((byte)'\n');
        var line = (feed < 0 ? text : text[..feed]).TrimEnd(" \t\r"u8);
        // A line longer than what was looked at is taken for whole.
        return (feed < 0 && text.Length > 8 * 1024) || line.EndsWith("}"u8);
    }

    // Control characters that no text has; a few are forgiven, since a crash leaves runs of NUL in logs.
    private static bool IsBinary(ReadOnlySpan<byte> text)
    {
        var sample = text[..Math.Min(text.Length, 4096)];
        var odd = 0;
        foreach (var each in sample)
        {
            if (each < 0x20 && each is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x1B or 0x1D or 0x01)) odd++;
        }

        return odd * 20 > sample.Length;
    }
}
