using System.Net;
using System.Net.Sockets;

namespace Watchhouse.Sigma;

/// <summary>An IP address as one number, without an object for it; IPv4 as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).</summary>
internal static class AddressText
{
    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    /// <summary>The number of an address; IPv4 is mapped.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        UInt128 value = 0;
        foreach (var each in bytes[..length]) value = (value << 8) | each;
        return address.AddressFamily == AddressFamily.InterNetwork ? Mapped | value : value;
    }

    /// <summary>
    /// Reads four decimal numbers with dots, or the text forms of IPv6 (RFC 4291, section 2.2), with or without a zone. False
    /// for anything else: a number alone is an address to some parsers, but to nobody who writes logs.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out UInt128 value)
    {
        value = 0;
        if (text.Length is < 2 or > 64) return false;
        if (text.IndexOf((byte)':') >= 0) return TryParseSix(text, out value);
        if (!TryParseFour(text, out var four)) return false;
        value = Mapped | four;
        return true;
    }

    private static bool TryParseFour(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        var (parts, digits, number) = (0, 0, 0);
        foreach (var each in text)
        {
            if (each == (byte)'.')
            {
                if (digits == 0 || ++parts > 3) return false;
                value = (value << 8) | (uint)number;
                (digits, number) = (0, 0);
                continue;
            }

            if (each is < (byte)'0' or > (byte)'9' || ++digits > 3) return false;
            number = (number * 10) + each - '0';
            if (number > 255) return false;
        }

        value = (value << 8) | (uint)number;
        return parts == 3 && digits > 0;
    }

    private static bool TryParseSix(ReadOnlySpan<byte> text, out UInt128 value)
    {
        value = 0;
        var zone = text.IndexOf((byte)'%');
        if (zone >= 0) text = text[..zone];
        var gap = text.IndexOf("::"u8);
        if (gap < 0) return TryParseGroups(text, 8, out value, out var count) && count == 8;
        if (!TryParseGroups(text[..gap], 7, out var before, out var left) || !TryParseGroups(text[(gap + 2)..], 7 - left, out var after, out _)) return false;
        value = left == 0 ? after : (before << ((8 - left) * 16)) | after;
        return true;
    }

    // Groups of sixteen bits between colons; the last two may be written as IPv4.
    private static bool TryParseGroups(ReadOnlySpan<byte> text, int most, out UInt128 value, out int count)
    {
        (value, count) = (0, 0);
        while (text.Length > 0)
        {
            var end = text.IndexOf((byte)':');
            var group = end < 0 ? text : text[..end];
            if (end >= 0 && end == text.Length - 1) return false;
            text = end < 0 ? [] : text[(end + 1)..];
            if (group.IndexOf((byte)'.') >= 0)
            {
                if (text.Length > 0 || count + 2 > most || !TryParseFour(group, out var four)) return false;
                value = (value << 32) | four;
                count += 2;
                return true;
            }

            if (group.Length is < 1 or > 4 || ++count > most) return false;
            uint number = 0;
            foreach (var each in group)
            {
                var digit = each switch
                {
                    >= (byte)'0' and <= (byte)'9' => each - '0',
                    >= (byte)'a' and <= (byte)'f' => each - 'a' + 10,
                    >= (byte)'A' and <= (byte)'F' => each - 'A' + 10,
                    _ => -1,
                };
                if (digit < 0) return false;
                number = (number << 4) | (uint)digit;
            }

            value = (value << 16) | number;
        }

        return true;
    }
}
