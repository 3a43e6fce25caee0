using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Watchhouse.Telemetry;

/// <content>The forms of the types.</content>
internal static partial class BinXmlValue
{
    // Windows-1252 from 0x80 to 0x9F; the rest of it is Latin-1. Bytes without a meaning stand for themselves.
    private const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    private static readonly SearchValues<byte> ControlBytes =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Where(each => each is not ('\t' or '\n')).Select(each => (byte)each)]);

    private static int Utf16(ReadOnlySpan<byte> value, Span<byte> text)
    {
        var characters = MemoryMarshal.Cast<byte, char>(value);
        if (characters.Length > 0 && characters[^1] == '\0') characters = characters.TrimEnd('\0');
        Utf8.FromUtf16(characters, text, out _, out var written);
        return AsXml(text[..written]);
    }

    /// <summary>
    /// Brings text to what a reader of the event's XML gets: line ends are line feeds (XML 1.0, section 2.11), and control
    /// characters, which XML has no place for (section 2.2), are gone. The record's raw bytes keep both.
    /// </summary>
    public static int AsXml(Span<byte> text)
    {
        var first = text.IndexOfAny(ControlBytes);
        if (first < 0) return text.Length;
        var written = first;
        for (var at = first; at < text.Length; at++)
        {
            var each = text[at];
            if (each is >= (byte)' ' or (byte)'\t' or (byte)'\n') text[written++] = each;
            else if (each == '\r' && (at + 1 == text.Length || text[at + 1] != '\n')) text[written++] = (byte)'\n';
        }

        return written;
    }

    private static int Ansi(ReadOnlySpan<byte> value, Span<byte> text)
    {
        var written = 0;
        foreach (var each in value.TrimEnd((byte)0))
        {
            if (each < 0x80) text[written++] = each;
            else written += new Rune(each is >= 0x80 and <= 0x9F ? Windows1252[each - 0x80] : (char)each).EncodeToUtf8(text[written..]);
        }

        return AsXml(text[..written]);
    }

    private static int Signed(long value, Span<byte> text)
    {
        Utf8Formatter.TryFormat(value, text, out var written);
        return written;
    }

    private static int Unsigned(ulong value, Span<byte> text)
    {
        Utf8Formatter.TryFormat(value, text, out var written);
        return written;
    }

    private static int Real(float value, Span<byte> text)
    {
        value.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static int Real(double value, Span<byte> text)
    {
        value.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static int Literal(ReadOnlySpan<byte> literal, Span<byte> text)
    {
        literal.CopyTo(text);
        return literal.Length;
    }

    // {AABBCCDD-EEFF-...}: the first three parts are little-endian numbers.
    private static int Identifier(ReadOnlySpan<byte> value, Span<byte> text)
    {
        ReadOnlySpan<byte> order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
        var at = 0;
        text[at++] = (byte)'{';
        for (var each = 0; each < order.Length; each++)
        {
            if (each is 4 or 6 or 8 or 10) text[at++] = (byte)'-';
            at += Digits(value[order[each]], text[at..]);
        }

        text[at++] = (byte)'}';
        return at;
    }

    private static int Ticks(long fileTime, Span<byte> text)
    {
        const long epoch = 504_911_232_000_000_000;
        if (fileTime < 0 || fileTime > DateTime.MaxValue.Ticks - epoch) return Hex((ulong)fileTime, 16, text);
        Utf8Formatter.TryFormat(new DateTime(fileTime + epoch, DateTimeKind.Utc), text, out var written, 'O');
        return Literal("00Z"u8, text[(written - 1)..]) + written - 1;
    }

    // Year, month, day of the week, day, hour, minute, second, millisecond.
    private static int Calendar(ReadOnlySpan<byte> value, Span<byte> text)
    {
        var parts = MemoryMarshal.Cast<byte, ushort>(value);
        if (parts[0] is < 1601 or > 9999 || parts[1] is < 1 or > 12 || parts[3] < 1 || parts[3] > DateTime.DaysInMonth(parts[0], parts[1])
            || parts[4] > 23 || parts[5] > 59 || parts[6] > 59 || parts[7] > 999)
        {
            return Bytes(value, text);
        }

        var time = new DateTime(parts[0], parts[1], parts[3], parts[4], parts[5], parts[6], parts[7], DateTimeKind.Utc);
        return Ticks(time.ToFileTimeUtc(), text);
    }

    // [MS-DTYP], section 2.4.2: revision, number of parts, authority in big-endian, parts in little-endian.
    private static int Security(ReadOnlySpan<byte> value, Span<byte> text)
    {
        if (value.Length < 8 || value.Length != 8 + (value[1] * 4)) return Bytes(value, text);
        var authority = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(value[2..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
        var at = Literal("S-"u8, text);
        at += Unsigned(value[0], text[at..]);
        text[at++] = (byte)'-';
        at += Unsigned(authority, text[at..]);
        for (var part = 8; part < value.Length; part += 4)
        {
            text[at++] = (byte)'-';
            at += Unsigned(BinaryPrimitives.ReadUInt32LittleEndian(value[part..]), text[at..]);
        }

        return at;
    }

    private static int Odd(byte type, ReadOnlySpan<byte> value, Span<byte> text, HexForm hex) => (type, value.Length) switch
    {
        (_, 0) => 0,
        (Bool, 1) => Literal(value[0] != 0 ? "true"u8 : "false"u8, text),
        (>= Int8 and <= UInt64, 1) => Unsigned(value[0], text),
        (>= Int8 and <= UInt64, 2) => Format((type & 1) != 0 ? Int16 : UInt16, value, text, hex),
        (>= Int8 and <= UInt64, 4) => Format((type & 1) != 0 ? Int32 : UInt32, value, text, hex),
        (>= Int8 and <= UInt64, 8) => Format((type & 1) != 0 ? Int64 : UInt64, value, text, hex),
        (Hex32 or Hex64, 4) => Format(Hex32, value, text, hex),
        (Hex32 or Hex64, 8) => Format(Hex64, value, text, hex),
        _ => Bytes(value, text),
    };

    private static int Hex(ulong value, int digits, Span<byte> text)
    {
        digits = Math.Max(digits, 16 - (BitOperations.LeadingZeroCount(value) / 4));
        text[0] = (byte)'0';
        text[1] = (byte)'x';
        for (var at = digits + 1; at > 1; at--)
        {
            text[at] = "0123456789abcdef"u8[(int)(value & 15)];
            value >>= 4;
        }

        return digits + 2;
    }

    private static int Bytes(ReadOnlySpan<byte> value, Span<byte> text)
    {
        for (var at = 0; at < value.Length; at++) Digits(value[at], text[(at * 2)..]);
        return value.Length * 2;
    }

    private static int Digits(byte value, Span<byte> text)
    {
        var digits = "0123456789ABCDEF"u8;
        text[1] = digits[value & 15];
        text[0] = digits[value >> 4];
        return 2;
    }
}
