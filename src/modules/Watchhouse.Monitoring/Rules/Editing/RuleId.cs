using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Watchhouse.Monitoring.Rules.Editing;

/// <summary>Ids that rules are written with: random ones, as the Sigma specification asks (UUID of version 4, RFC 9562 section 5.4).</summary>
internal static class RuleId
{
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0x0fff) | 0x4000));
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
