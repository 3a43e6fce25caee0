using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// Reads a JSON value as the type of its column. Sources are careless about types, so a number in a text column and a
/// text that spells a number are taken; what loses something is not.
/// </summary>
internal static class ValueReader
{
    private const int LongestTime = 64;

    private static readonly string[] OtherTimes =
        ["yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "M/d/yyyy h:mm:ss tt", "M/d/yyyy H:mm:ss"];

    public static bool TryTime(ref Utf8JsonReader reader, ref byte[] buffer, out long utcTicks)
    {
        utcTicks = 0;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > LongestTime)
            return false;
        if (reader.ValueIsEscaped || !reader.TryGetDateTime(out var time))
        {
            var text = Encoding.UTF8.GetString(Text(ref reader, ref buffer));
            if (!DateTime.TryParseExact(
                    text, OtherTimes, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time))
                return false;
        }

        // A time without an offset is UTC, as everywhere in these tables; the machine's own zone has no say.
        utcTicks = (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks;
        return true;
    }

    public static bool TryInt64(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetInt64(out value),
            JsonTokenType.String when !reader.ValueIsEscaped =>
                Utf8Parser.TryParse(reader.ValueSpan, out value, out var used) && used == reader.ValueSpan.Length,
            _ => false,
        };
    }

    public static bool TryInt32(ref Utf8JsonReader reader, out int value)
    {
        var isRead = TryInt64(ref reader, out var wide) && wide is >= int.MinValue and <= int.MaxValue;
        value = isRead ? (int)wide : 0;
        return isRead;
    }

    public static bool TryReal(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        var isRead = reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDouble(out value),
            JsonTokenType.String when !reader.ValueIsEscaped =>
                Utf8Parser.TryParse(reader.ValueSpan, out value, out var used) && used == reader.ValueSpan.Length,
            _ => false,
        };
        return isRead && double.IsFinite(value);
    }

    public static bool TryBool(ref Utf8JsonReader reader, out byte value)
    {
        value = reader.TokenType switch
        {
            JsonTokenType.True => 1,
            JsonTokenType.False => 0,
            JsonTokenType.String when Is(reader.ValueSpan, "true"u8) => 1,
            JsonTokenType.String when Is(reader.ValueSpan, "false"u8) => 0,
            JsonTokenType.Number when reader.TryGetInt32(out var number) && number is 0 or 1 => (byte)number,
            _ => 2,
        };
        return value < 2;
    }

    /// <summary>The text of a string, unescaped into the buffer if it needs to be.</summary>
    public static ReadOnlySpan<byte> Text(ref Utf8JsonReader reader, ref byte[] buffer)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        // A replacement character may be longer than half of the escaped surrogate that it stands for, never than all.
        if (buffer.Length < reader.ValueSpan.Length * 2)
            buffer = new byte[reader.ValueSpan.Length * 2];
        try
        {
            return buffer.AsSpan(0, reader.CopyString(buffer));
        }
        catch (InvalidOperationException)
        {
            return Unescape(reader.ValueSpan, buffer);
        }
    }

    /// <summary>Unescapes what the framework refuses: a lone surrogate or bytes that are no UTF-8.</summary>
    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> escaped, byte[] buffer)
    {
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != (byte)'\\')
            {
                buffer[length++] = escaped[i];
                continue;
            }

            var kind = escaped[++i];
            if (kind != (byte)'u')
            {
                buffer[length++] = kind switch
                {
                    (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, (byte)'b' => 8, (byte)'f' => 12, var same => same,
                };
                continue;
            }

            var unit = Unit(escaped[(i + 1)..]);
            i += 4;
            Rune rune;
            if (char.IsHighSurrogate(unit) && i + 6 < escaped.Length && escaped[i + 1] == (byte)'\\'
                && escaped[i + 2] == (byte)'u' && Unit(escaped[(i + 3)..]) is var low && char.IsLowSurrogate(low))
            {
                rune = new Rune(unit, low);
                i += 6;
            }
            else if (!Rune.TryCreate(unit, out rune))
            {
                rune = Rune.ReplacementChar;
            }

            length += rune.EncodeToUtf8(buffer.AsSpan(length));
        }

        return buffer.AsSpan(0, length);
    }

    private static char Unit(ReadOnlySpan<byte> hex) =>
        Utf8Parser.TryParse(hex[..4], out ushort unit, out _, 'x') ? (char)unit : '\uFFFD';

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(text, lower);
}
