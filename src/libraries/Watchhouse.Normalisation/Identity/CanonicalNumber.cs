using System.Buffers.Text;

namespace Watchhouse.Normalisation;

/// <summary>
/// The exact value of a JSON number (RFC 8259, section 6) in one spelling: its digits without zeros at either end, and e with the
/// power of ten where that is not zero. Unlike RFC 8785 it is not rounded to a double: ids are often longer.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>Writes the spelling, which is at most <see cref="Room"/> bytes, and returns its length.</summary>
    public static int Write(ReadOnlySpan<byte> number, Span<byte> to)
    {
        // Nearly every number is a small one that is spelled so already.
        if (number.Length is > 0 and < 19 && number[0] is >= (byte)'1' and <= (byte)'9' && number[^1] is >= (byte)'1' and <= (byte)'9'
            && !number.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            number.CopyTo(to);
            return number.Length;
        }

        var text = number;
        var isNegative = text.Length > 0 && text[0] == (byte)'-';
        if (isNegative) text = text[1..];
        var power = 0L;
        if (text.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var mark)
        {
            var exponent = text[(mark + 1)..];
            if (exponent.Length > 0 && exponent[0] == (byte)'+') exponent = exponent[1..];
            // A power that no 64 bits hold is spelled by its own text: no source writes one.
            if (!Utf8Parser.TryParse(exponent, out power, out var used) || used != exponent.Length || Math.Abs((decimal)power) > long.MaxValue / 2)
            {
                number.CopyTo(to);
                return number.Length;
            }

            text = text[..mark];
        }

        var length = 0;
        if (isNegative) to[length++] = (byte)'-';
        var start = length;
        var isFraction = false;
        foreach (var each in text)
        {
            if (each == (byte)'.')
            {
                isFraction = true;
                continue;
            }

            if (isFraction) power--;
            if (each != (byte)'0' || length > start) to[length++] = each;
        }

        while (length > start && to[length - 1] == (byte)'0')
        {
            length--;
            power++;
        }

        if (length == start)
        {
            to[0] = (byte)'0';
            return 1;
        }

        if (power == 0) return length;
        to[length++] = (byte)'e';
        Utf8Formatter.TryFormat(power, to[length..], out var written);
        return length + written;
    }

    /// <summary>The room that <see cref="Write"/> may need.</summary>
    public static int Room(ReadOnlySpan<byte> number) => number.Length + 24;
}
