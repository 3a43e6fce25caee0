using System.Net;
using System.Text;

namespace Watchhouse.Normalisation;

/// <summary>Brings the values of entities to one spelling, so that the same thing in two events is seen to be the same.</summary>
internal static class EntityCollector
{
    /// <summary>Adds a value; one that is no value of its kind adds nothing.</summary>
    public static void Add(NormalisedEvent to, EntityKind kind, EntityRole role, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n\0"u8);
        if (value.IsEmpty || value.Length > 2048) return;
        switch (kind)
        {
            case EntityKind.Address: AddAddress(to, role, value); break;
            case EntityKind.FileHash: AddHashes(to, role, value); break;
            case EntityKind.Host: AddLower(to, kind, role, value.TrimEnd((byte)'.').TrimStart((byte)'\\')); break;
            // The SID of nobody.
            case EntityKind.Account when Ascii.EqualsIgnoreCase(value, "S-1-0-0"u8): break;
            case EntityKind.Account or EntityKind.Application: AddLower(to, kind, role, value); break;
            default:
                var start = to.EntityBuffer.Length;
                to.EntityBuffer.Add(value);
                to.AddEntity(kind, role, start);
                break;
        }
    }

    // 1.2.3.4, 1.2.3.4:5, [a::b]:5, ::ffff:1.2.3.4: what the audit log of Microsoft 365 writes for the same address.
    private static void AddAddress(NormalisedEvent to, EntityRole role, ReadOnlySpan<byte> value)
    {
        if (value[0] == (byte)'[' && value.IndexOf((byte)']') is > 0 and var end) value = value[1..end];
        else if (value.Count((byte)':') == 1) value = value[..value.IndexOf((byte)':')];
        if (value.Length > 7 && Ascii.EqualsIgnoreCase(value[..7], "::ffff:"u8) && value[7..].Contains((byte)'.')) value = value[7..];
        if (value.SequenceEqual("0.0.0.0"u8) || value.SequenceEqual("::"u8) || value.Length < 3 || !IPAddress.IsValidUtf8(value)) return;
        AddLower(to, EntityKind.Address, role, value);
    }

    // One hash, or SHA1=…,MD5=…,SHA256=…,IMPHASH=… as Sysmon writes them. The last is of a table of imports, not of the file.
    private static void AddHashes(NormalisedEvent to, EntityRole role, ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            var comma = value.IndexOf((byte)',');
            var part = comma < 0 ? value : value[..comma];
            value = comma < 0 ? default : value[(comma + 1)..];
            var equals = part.IndexOf((byte)'=');
            if (equals >= 0 && Ascii.EqualsIgnoreCase(part[..equals], "IMPHASH"u8)) continue;
            part = part[(equals + 1)..];
            if (part.Length is 32 or 40 or 64 && IsHex(part)) AddLower(to, EntityKind.FileHash, role, part);
        }
    }

    private static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (var each in text)
        {
            if (!char.IsAsciiHexDigit((char)each)) return false;
        }

        return true;
    }

    private static void AddLower(NormalisedEvent to, EntityKind kind, EntityRole role, ReadOnlySpan<byte> value)
    {
        var start = to.EntityBuffer.Length;
        var room = to.EntityBuffer.Reserve(value.Length);
        for (var at = 0; at < value.Length; at++) room[at] = value[at] is >= (byte)'A' and <= (byte)'Z' ? (byte)(value[at] | 0x20) : value[at];
        to.EntityBuffer.Commit(value.Length);
        to.AddEntity(kind, role, start);
    }
}
