using System.Buffers.Binary;
using System.Numerics;

namespace Watchhouse.Journal.Framing;

/// <summary>CRC-32C (Castagnoli), with the usual inversion before and after (RFC 3720 appendix B.4).</summary>
internal static class Crc32C
{
    /// <param name="bytes">The bytes.</param>
    /// <param name="seed">Put before them, as it were; 0 gives the checksum as it is commonly known.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
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
