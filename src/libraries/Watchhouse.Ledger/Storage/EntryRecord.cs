using System.Buffers.Binary;
using System.Numerics;

namespace Watchhouse.Ledger.Storage;

/// <summary>
/// A record of entries.log: CRC-32C of the rest (4 bytes, big endian), length of the entry (3 bytes, big endian), the
/// leaf prefix 0x00, the entry. The prefix stands there so that a leaf is hashed straight from the file's bytes
/// without a copy. The CRC only tells a torn record from a whole one; what protects an entry is its hash.
/// </summary>
internal static class EntryRecord
{
    public const int HeaderLength = 8;

    /// <summary>Place of the bytes that the leaf hash covers: the prefix and the entry.</summary>
    public const int LeafStart = 7;

    /// <summary>
    /// Longest entry in bytes: what an entry bundle of c2sp.org/tlog-tiles can hold (a 16-bit length).
    /// </summary>
    public const int MaxEntry = ushort.MaxValue;

    public const int MaxRecord = HeaderLength + MaxEntry;

    public static void Write(ReadOnlySpan<byte> entry, Span<byte> record)
    {
        // 24 bits of length and the prefix make one word whose last byte is the 0x00 of the leaf.
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], (uint)entry.Length << 8);
        entry.CopyTo(record[HeaderLength..]);
        BinaryPrimitives.WriteUInt32BigEndian(record, Crc(record[4..(HeaderLength + entry.Length)]));
    }

    /// <summary>Length of the record that starts here, or 0 with what is wrong with it.</summary>
    /// <param name="source">The bytes from the record's start: all of it, unless the file ends before.</param>
    /// <param name="problem">What was found instead of a record; empty if there is one.</param>
    public static int Check(ReadOnlySpan<byte> source, out string problem)
    {
        problem = "";
        if (source.Length < HeaderLength)
        {
            problem = source.IsEmpty ? "end of file" : $"end of file after {source.Length} bytes of a record";
            return 0;
        }

        var word = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        var length = word >> 8;
        if ((word & 0xff) != MerkleTree.LeafPrefix || length > MaxEntry)
        {
            problem = $"a record header 0x{word:x8} that none can have";
            return 0;
        }

        var total = HeaderLength + (int)length;
        if (source.Length < total)
        {
            problem = $"end of file after {source.Length} bytes of a record of {total}";
            return 0;
        }

        var stated = BinaryPrimitives.ReadUInt32BigEndian(source);
        var actual = Crc(source[4..total]);
        if (stated == actual)
            return total;
        problem = $"CRC-32C {actual:x8} where the record says {stated:x8}";
        return 0;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        // Castagnoli, with the usual inversion before and after (RFC 3720 appendix B.4).
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
