using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Watchhouse.Telemetry;

/// <summary>How hexadecimal numbers are written.</summary>
internal enum HexForm : byte
{
    /// <summary>As Windows writes them, without leading zeros: what rules are written against (AccessMask 0x40, LogonId 0x3e7).</summary>
    Plain,

    /// <summary>With all digits of their size, as public EVTX converters write them.</summary>
    Padded,
}

/// <summary>
/// The types of [MS-EVEN6], section 2.2.12.3, as text: times are ISO 8601 with nine digits of a second, identifiers are in
/// upper case, bytes are hexadecimal digits.
/// </summary>
internal static partial class BinXmlValue
{
    public const byte Null = 0x00;
    public const byte String = 0x01;
    public const byte BinXml = 0x21;
    public const byte Array = 0x80;

    private const byte AnsiString = 0x02;
    private const byte Int8 = 0x03;
    private const byte UInt8 = 0x04;
    private const byte Int16 = 0x05;
    private const byte UInt16 = 0x06;
    private const byte Int32 = 0x07;
    private const byte UInt32 = 0x08;
    private const byte Int64 = 0x09;
    private const byte UInt64 = 0x0A;
    private const byte Real32 = 0x0B;
    private const byte Real64 = 0x0C;
    private const byte Bool = 0x0D;
    private const byte Guid = 0x0F;
    private const byte SizeT = 0x10;
    private const byte FileTime = 0x11;
    private const byte SystemTime = 0x12;
    private const byte Sid = 0x13;
    private const byte Hex32 = 0x14;
    private const byte Hex64 = 0x15;
    private const byte Xml = 0x23;

    /// <summary>True for whole numbers, which stand in JSON as numbers where a field is known to be one.</summary>
    public static bool IsWholeNumber(byte type, int length) => type is >= Int8 and <= UInt64 && length is (1 or 2 or 4 or 8);

    /// <summary>Bytes of a value whose type alone gives its size; 0 for others.</summary>
    public static int FixedSize(byte type) => type switch
    {
        Int8 or UInt8 => 1,
        Int16 or UInt16 => 2,
        Int32 or UInt32 or Real32 or Bool or Hex32 => 4,
        Int64 or UInt64 or Real64 or FileTime or Hex64 => 8,
        Guid or SystemTime => 16,
        _ => 0,
    };

    /// <summary>Room that <see cref="Format"/> needs for a value of so many bytes.</summary>
    public static int MostText(int length) => (length * 3) + 64;

    /// <summary>Writes a value as UTF-8 and returns the length. A value whose size does not fit its type is written as bytes.</summary>
    public static int Format(byte type, ReadOnlySpan<byte> value, Span<byte> text, HexForm hex)
    {
        var size = FixedSize(type);
        if (size > 0 && value.Length != size) return Odd(type, value, text, hex);
        return type switch
        {
            Null => 0,
            String or Xml => Utf16(value, text),
            AnsiString => Ansi(value, text),
            Int8 => Signed((sbyte)value[0], text),
            UInt8 => Unsigned(value[0], text),
            Int16 => Signed(BinaryPrimitives.ReadInt16LittleEndian(value), text),
            UInt16 => Unsigned(BinaryPrimitives.ReadUInt16LittleEndian(value), text),
            Int32 => Signed(BinaryPrimitives.ReadInt32LittleEndian(value), text),
            UInt32 => Unsigned(BinaryPrimitives.ReadUInt32LittleEndian(value), text),
            Int64 => Signed(BinaryPrimitives.ReadInt64LittleEndian(value), text),
            UInt64 => Unsigned(BinaryPrimitives.ReadUInt64LittleEndian(value), text),
            Real32 => Real(BinaryPrimitives.ReadSingleLittleEndian(value), text),
            Real64 => Real(BinaryPrimitives.ReadDoubleLittleEndian(value), text),
            Bool => Literal(BinaryPrimitives.ReadInt32LittleEndian(value) != 0 ? "true"u8 : "false"u8, text),
            Guid => Identifier(value, text),
            FileTime => Ticks(BinaryPrimitives.ReadInt64LittleEndian(value), text),
            SystemTime => Calendar(value, text),
            Sid => Security(value, text),
            Hex32 => Hex(BinaryPrimitives.ReadUInt32LittleEndian(value), hex == HexForm.Padded ? 8 : 1, text),
            Hex64 => Hex(BinaryPrimitives.ReadUInt64LittleEndian(value), hex == HexForm.Padded ? 16 : 1, text),
            SizeT when value.Length == 4 => Hex(BinaryPrimitives.ReadUInt32LittleEndian(value), hex == HexForm.Padded ? 8 : 1, text),
            SizeT when value.Length == 8 => Hex(BinaryPrimitives.ReadUInt64LittleEndian(value), hex == HexForm.Padded ? 16 : 1, text),
            _ => Bytes(value, text),
        };
    }

    /// <summary>
    /// Cuts the next item off an array. Strings end with a zero, items of known size follow each other, and the size of a
    /// SID is in its second byte. What cannot be cut is one item.
    /// </summary>
    public static ReadOnlySpan<byte> NextItem(byte type, ref ReadOnlySpan<byte> rest)
    {
        var item = (byte)(type & ~Array);
        var length = item switch
        {
            String => StringItem(rest, out var terminated) is var bytes && terminated ? bytes + 2 : bytes,
            AnsiString => rest.IndexOf((byte)0) is var zero and >= 0 ? zero + 1 : rest.Length,
            SizeT => 8,
            Sid => rest.Length > 1 ? 8 + (rest[1] * 4) : rest.Length,
            _ => FixedSize(item) is var size and > 0 ? size : rest.Length,
        };
        length = Math.Min(length, rest.Length);
        var cut = rest[..length];
        rest = rest[length..];
        return cut;
    }

    private static int StringItem(ReadOnlySpan<byte> rest, out bool terminated)
    {
        var characters = MemoryMarshal.Cast<byte, char>(rest).IndexOf('\0');
        terminated = characters >= 0;
        return terminated ? characters * 2 : rest.Length;
    }
}
