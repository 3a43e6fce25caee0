using System.Buffers.Binary;

namespace Watchhouse.Telemetry;

/// <summary>Sizes and places of the EVTX format, as libyal's "Windows XML Event Log (EVTX) format" describes them.</summary>
internal static class EvtxFormat
{
    /// <summary>Bytes of the file header's block; chunks follow.</summary>
    public const int FileHeaderSize = 4096;

    /// <summary>Bytes of a chunk, wherever in the file it lies.</summary>
    public const int ChunkSize = 64 * 1024;

    /// <summary>Bytes of a chunk's header with its tables of names and templates; records follow.</summary>
    public const int ChunkHeaderSize = 512;

    /// <summary>Where a chunk says its first record's identifier.</summary>
    public const int ChunkFirstRecordId = 24;

    /// <summary>Where a chunk says the end of its last record.</summary>
    public const int ChunkFreeSpace = 48;

    /// <summary>Where the checksum of all records lies.</summary>
    public const int ChunkDataChecksum = 52;

    /// <summary>Where the checksum of the header and its tables lies.</summary>
    public const int ChunkHeaderChecksum = 124;

    /// <summary>Bytes of a record before its binary XML.</summary>
    public const int RecordHeaderSize = 24;

    /// <summary>Bytes of a record around its binary XML: the header, and its length again at the end.</summary>
    public const int RecordOverhead = RecordHeaderSize + sizeof(int);

    /// <summary>First bytes of a file.</summary>
    public static ReadOnlySpan<byte> FileMagic => "ElfFile\0"u8;

    /// <summary>First bytes of a chunk.</summary>
    public static ReadOnlySpan<byte> ChunkMagic => "ElfChnk\0"u8;

    /// <summary>First bytes of a record.</summary>
    public static ReadOnlySpan<byte> RecordMagic => "**\0\0"u8;

    /// <summary>Where the records of a chunk end: what its header says where that is possible, or the end of the chunk.</summary>
    public static int EndOfRecords(ReadOnlySpan<byte> chunk)
    {
        var free = BinaryPrimitives.ReadUInt32LittleEndian(chunk[ChunkFreeSpace..]);
        return free is < ChunkHeaderSize or > ChunkSize ? chunk.Length : Math.Min((int)free, chunk.Length);
    }

    /// <summary>True where the header with its tables is as it was written.</summary>
    public static bool HeaderIsWhole(ReadOnlySpan<byte> chunk)
    {
        var crc = Crc32.Append(0, chunk[..120]);
        return Crc32.Append(crc, chunk[128..ChunkHeaderSize]) == BinaryPrimitives.ReadUInt32LittleEndian(chunk[ChunkHeaderChecksum..]);
    }

    /// <summary>True where the records are as they were written.</summary>
    public static bool DataIsWhole(ReadOnlySpan<byte> chunk) =>
        Crc32.Append(0, chunk[ChunkHeaderSize..EndOfRecords(chunk)]) == BinaryPrimitives.ReadUInt32LittleEndian(chunk[ChunkDataChecksum..]);
}

/// <summary>The checksum of ISO 3309 (polynomial 0xEDB88320, reflected), sixteen bytes at a time.</summary>
internal static class Crc32
{
    private const int Stride = 16;
    private static readonly uint[] Table = Build();

    /// <summary>Goes on from the checksum of what came before; 0 at the start.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= Stride)
        {
            crc ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var next = Part(crc, 15);
            next ^= Part(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), 11);
            next ^= Part(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), 7);
            crc = next ^ Part(BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]), 3);
            bytes = bytes[Stride..];
        }

        foreach (var each in bytes) crc = Table[(byte)(crc ^ each)] ^ (crc >> 8);
        return ~crc;
    }

    // Four bytes, of which the first has so many bytes of the stride after it.
    private static uint Part(uint word, int after) =>
        Table[(after << 8) | (byte)word] ^ Table[((after - 1) << 8) | (byte)(word >> 8)]
        ^ Table[((after - 2) << 8) | (byte)(word >> 16)] ^ Table[((after - 3) << 8) | (byte)(word >> 24)];

    private static uint[] Build()
    {
        var table = new uint[Stride * 256];
        for (var at = 0u; at < 256; at++)
        {
            var crc = at;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            table[at] = crc;
        }

        for (var at = 256; at < table.Length; at++) table[at] = table[(byte)table[at - 256]] ^ (table[at - 256] >> 8);
        return table;
    }
}
