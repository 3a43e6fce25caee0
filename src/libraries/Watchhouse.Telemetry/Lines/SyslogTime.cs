namespace Watchhouse.Telemetry;

/// <summary>The times at the head of syslog lines.</summary>
internal static class SyslogTime
{
    /// <summary>
    /// Takes a time from the beginning: "Oct 11 22:14:15" (RFC 3164, section 4.1.2) also with a year before or after the clock,
    /// or RFC 3339. Adds TimeCreated, and returns false with nothing taken where there is no time.
    /// </summary>
    public static bool Take(EventRecord? record, scoped ref ReadOnlySpan<byte> rest, DateTimeOffset? reference) =>
        TakeIso(record, ref rest) || TakeOld(record, ref rest, reference);

    private static bool TakeIso(EventRecord? record, scoped ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 19 || !TextCursor.IsDigit(rest[0]) || rest[4] != (byte)'-' || rest[7] != (byte)'-') return false;
        var end = rest.IndexOf((byte)' ');
        var time = end < 0 ? rest : rest[..end];
        if (end == 10)
        {
            // Date and time parted by a blank.
            var second = rest[11..].IndexOf((byte)' ');
            time = second < 0 ? rest : rest[..(11 + second)];
        }

        if (time.Length > 40 || EventTime.Parse(time.TrimEnd((byte)':')) is null) return false;
        record?.AddText("TimeCreated"u8, time.TrimEnd((byte)':'));
        rest = rest[Math.Min(time.Length + 1, rest.Length)..];
        return true;
    }

    private static bool TakeOld(EventRecord? record, scoped ref ReadOnlySpan<byte> rest, DateTimeOffset? reference)
    {
        var text = rest;
        // Cisco puts a star or a dot before a time that was not synchronised.
        if (text.Length > 0 && text[0] is (byte)'*' or (byte)'.') text = text[1..];
        var month = TextCursor.Month(TextCursor.Take(ref text, (byte)' '));
        if (month == 0) return false;
        if (text.Length > 0 && text[0] == (byte)' ') text = text[1..];
        if (!TextCursor.TryNumber(TextCursor.Take(ref text, (byte)' '), out var day) || day is < 1 or > 31) return false;
        var year = 0;
        var clock = TextCursor.Take(ref text, (byte)' ');
        if (clock.Length == 4 && TextCursor.TryNumber(clock, out year)) clock = TextCursor.Take(ref text, (byte)' ');
        clock = clock.TrimEnd((byte)':');
        if (clock.Length < 8 || !TextCursor.IsClock(clock[..8])) return false;
        var fraction = clock[8..];
        if (fraction.Length > 0 && (fraction.Length > 10 || fraction[0] != (byte)'.')) return false;
        if (year == 0 && text.Length > 5 && text[4] == (byte)' ' && TextCursor.TryNumber(text[..4], out var after) && after is >= 1990 and < 2100)
        {
            year = after;
            text = text[5..];
        }

        rest = text;
        if (record is not null) Add(record, year, month, day, clock, reference);
        return true;
    }

    private static void Add(EventRecord record, int year, int month, int day, ReadOnlySpan<byte> clock, DateTimeOffset? reference)
    {
        if (year == 0)
        {
            if (reference is not { } known) return;
            // The last such day that is not after the reference; a day of grace for zones and clocks.
            var last = known.UtcDateTime.AddDays(1);
            year = last.Year;
            if (month > last.Month || (month == last.Month && day > last.Day)) year--;
            while (month == 2 && day == 29 && !DateTime.IsLeapYear(year) && year > 4) year--;
        }

        Span<byte> text = stackalloc byte[32];
        "0000-00-00T"u8.CopyTo(text);
        const int length = 11;
        TextCursor.WriteDigits(text[..4], year);
        TextCursor.WriteDigits(text[5..7], month);
        TextCursor.WriteDigits(text[8..10], day);
        clock.CopyTo(text[length..]);
        record.AddText("TimeCreated"u8, text[..(length + clock.Length)]);
    }
}
