using System.Buffers.Binary;
using System.Text;

namespace Watchhouse.Journal.Framing;

/// <summary>
/// A batch as bytes, little endian:
/// <code>
///  0  magic "WHJB"            24  sequence, 8 bytes
///  4  CRC-32C of the rest     32  received at, ticks of local time, 8 bytes
///  8  length of the frame     40  its offset from UTC in minutes, 2 bytes, then 6 zero
/// 12  version, kind           48  id, 16 bytes in RFC 9562 order
/// 14  lengths of the 4 names  64  owner, source, collector, format, payload
/// 18  2 zero; 20  count
/// </code>
/// The checksum begins with a number that only this journal knows. Bytes that a sender made to look like a frame can so
/// never be taken for one when damage is passed over. A missing collector has the length 255. A frame of the kind
/// "void" stands where a batch was given up between being numbered and being written; it keeps the numbers without a
/// gap and readers pass over it.
/// </summary>
internal static class BatchFrame
{
    public const int Version = 1;
    public const int HeaderLength = 64;
    public const int MaxName = 254;

    /// <summary>Most bytes of a frame that are not payload.</summary>
    public const int MaxOverhead = HeaderLength + (4 * MaxName);

    public const uint Magic = 0x424A4857;

    private const byte NoName = 255;
    private const byte KindBatch = 0;
    private const byte KindVoid = 1;

    /// <summary>Length of the frame of a batch, which is checked.</summary>
    public static int Measure(JournalBatch batch)
    {
        if (batch.Count < 0)
            throw new ArgumentException($"A batch cannot have {batch.Count} events.", nameof(batch));
        return HeaderLength + NameLength(batch.Owner, "owner") + NameLength(batch.Source, "source")
            + (batch.Collector is null ? 0 : NameLength(batch.Collector, "collector"))
            + NameLength(batch.Format, "format") + batch.Payload.Length;
    }

    public static void Write(JournalBatch batch, long sequence, uint seed, Span<byte> frame)
    {
        frame[..HeaderLength].Clear();
        var rest = frame[HeaderLength..];
        frame[14] = WriteName(batch.Owner, ref rest);
        frame[15] = WriteName(batch.Source, ref rest);
        frame[16] = batch.Collector is null ? NoName : WriteName(batch.Collector, ref rest);
        frame[17] = WriteName(batch.Format, ref rest);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], batch.Count);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], batch.ReceivedAt.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(frame[40..], (short)batch.ReceivedAt.TotalOffsetMinutes);
        batch.Id.TryWriteBytes(frame[48..], bigEndian: true, out _);
        batch.Payload.Span.CopyTo(rest);
        Seal(frame, KindBatch, sequence, seed);
    }

    public static void WriteVoid(long sequence, uint seed, Span<byte> frame)
    {
        frame.Clear();
        Seal(frame, KindVoid, sequence, seed);
    }

    /// <summary>The length a frame states, if its magic and its length can be those of one; else 0.</summary>
    public static int StatedLength(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
            return 0;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        return length >= HeaderLength ? length : 0;
    }

    public static long Sequence(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt64LittleEndian(header[24..]);

    public static bool IsWhole(ReadOnlySpan<byte> frame, uint seed) =>
        Crc32C.Of(frame[8..], seed) == BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);

    public static bool IsVoid(ReadOnlySpan<byte> frame) => frame[12] == Version && frame[13] == KindVoid;

    /// <summary>Reads a whole frame. The payload is a part of it, not a copy.</summary>
    /// <exception cref="JournalFormatException">The version is another one.</exception>
    public static JournalBatch Read(ReadOnlyMemory<byte> frame)
    {
        var bytes = frame.Span;
        if (bytes[12] != Version || bytes[13] != KindBatch)
            throw new JournalFormatException($"Batch {Sequence(bytes)} of the journal", bytes[12], Version);
        var at = HeaderLength;
        return new JournalBatch
        {
            Id = new Guid(bytes[48..64], bigEndian: true),
            ReceivedAt = new DateTimeOffset(
                BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
                TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(bytes[40..]))),
            Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            Owner = ReadName(bytes, bytes[14], ref at),
            Source = ReadName(bytes, bytes[15], ref at),
            Collector = bytes[16] == NoName ? null : ReadName(bytes, bytes[16], ref at),
            Format = ReadName(bytes, bytes[17], ref at),
            Payload = frame[at..],
        };
    }

    private static void Seal(Span<byte> frame, byte kind, long sequence, uint seed)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], frame.Length);
        frame[12] = Version;
        frame[13] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Of(frame[8..], seed));
    }

    private static int NameLength(string name, string what)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        return length is > 0 and <= MaxName
            ? length
            : throw new ArgumentException($"The {what} of a batch has 1 to {MaxName} bytes, not {length}.");
    }

    private static byte WriteName(string name, ref Span<byte> rest)
    {
        var length = Encoding.UTF8.GetBytes(name, rest);
        rest = rest[length..];
        return (byte)length;
    }

    private static string ReadName(ReadOnlySpan<byte> bytes, int length, ref int at)
    {
        var name = Encoding.UTF8.GetString(bytes.Slice(at, length));
        at += length;
        return name;
    }
}
