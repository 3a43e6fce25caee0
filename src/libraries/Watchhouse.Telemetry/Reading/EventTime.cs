using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Watchhouse.Telemetry;

/// <summary>When an event happened, by what it says itself.</summary>
public static class EventTime
{
    private static readonly byte[][] Names = [.. new[]
    {
        // The most exact first: what the source stamped, then what collectors stamped.
        "TimeCreated", "SystemTime", "eventTime", "CreationTime", "createdDateTime", "activityDateTime", "CreatedDateTime", "ActivityDateTime",
        "TimeGenerated", "TimeGenerated [UTC]", "eventTimestamp", "@timestamp", "UtcTime", "EventTime", "Timestamp", "timestamp", "time", "ts",
        "published", "createdAt", "event_time", "_time",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly string[] UnitedStates =
        ["M/d/yyyy, h:mm:ss.FFFFFFF tt", "M/d/yyyy, h:mm:ss tt", "M/d/yyyy h:mm:ss tt", "M/d/yyyy H:mm:ss"];

    /// <summary>The time in the first field that holds one, in the order of the list; null where there is none.</summary>
    public static DateTimeOffset? Of(EventRecord record)
    {
        if (record.NodeCount == 0) return null;
        foreach (var name in Names)
        {
            var at = record.Find(name);
            if (at < 0) continue;
            ref readonly var node = ref record[at];
            var time = node.Kind switch
            {
                EventNodeKind.Text => Parse(record.ValueOf(node)),
                EventNodeKind.Number => Epoch(record.ValueOf(node)),
                _ => null,
            };
            if (time is not null) return time;
        }

        return null;
    }

    /// <summary>
    /// Reads ISO 8601 with any number of digits of a second, with T or a blank and with or without a zone (then UTC),
    /// the form of the United States that portals export (UTC), and seconds since 1970.
    /// </summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<byte> text)
    {
        if (Iso(text) is { } iso) return iso;
        if (Epoch(text) is { } epoch) return epoch;
        if (text.Length is < 8 or > 40) return null;
        var characters = Encoding.UTF8.GetString(text);
        if (DateTime.TryParseExact(
            characters, UnitedStates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var local))
            return new(local, TimeSpan.Zero);
        return DateTimeOffset.TryParse(characters, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var other) ? other.ToUniversalTime() : null;
    }

    private static DateTimeOffset? Iso(ReadOnlySpan<byte> text)
    {
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return null;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second))
            return null;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60) return null;
        var at = 19;
        long ticks = 0;
        if (at < text.Length && text[at] is (byte)'.' or (byte)',')
        {
            var unit = TimeSpan.TicksPerSecond;
            for (at++; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
            {
                unit /= 10;
                ticks += (text[at] - '0') * unit;
            }
        }

        var offset = TimeSpan.Zero;
        var zone = text[at..].Trim((byte)' ');
        if (zone.Length >= 5 && zone[0] is (byte)'+' or (byte)'-')
        {
            var sign = zone[0] == '-' ? -1 : 1;
            var minutes = zone[3] == ':' ? zone[4..] : zone[3..];
            if (!Digits(zone[1..3], out var hours) || !Digits(minutes, out var rest) || hours > 14 || rest > 59) return null;
            offset = TimeSpan.FromMinutes(sign * ((hours * 60) + rest));
        }
        else if (zone.Length > 0 && !zone.SequenceEqual("Z"u8) && !zone.SequenceEqual("z"u8) && !zone.SequenceEqual("UTC"u8))
        {
            return null;
        }

        // A leap second is the last moment of its minute: .NET has no sixty-first.
        var time = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks + ticks - offset.Ticks;
        return time >= 0 && time <= DateTime.MaxValue.Ticks ? new(time, TimeSpan.Zero) : null;
    }

    // Seconds, milliseconds, microseconds or nanoseconds, told apart by size: all are after 1973 and before 2286.
    private static DateTimeOffset? Epoch(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 9 or > 32 || !Utf8Parser.TryParse(text, out decimal number, out var used) || used != text.Length || number < 100_000_000) return null;
        var ticks = number switch
        {
            < 10_000_000_000m => number * TimeSpan.TicksPerSecond,
            < 10_000_000_000_000m => number * TimeSpan.TicksPerMillisecond,
            < 10_000_000_000_000_000m => number * TimeSpan.TicksPerMicrosecond,
            < 10_000_000_000_000_000_000m => number / 100,
            _ => -1,
        };
        return ticks < 0 ? null : new(DateTime.UnixEpoch.Ticks + (long)ticks, TimeSpan.Zero);
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var each in text)
        {
            if (each is < (byte)'0' or > (byte)'9') return false;
            number = (number * 10) + each - '0';
        }

        return text.Length > 0;
    }
}
