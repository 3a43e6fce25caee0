namespace Watchhouse.Telemetry;

/// <summary>Small steps through a line that several formats share.</summary>
internal static class TextCursor
{
    /// <summary>Takes what stands before the next such byte, and that byte; everything where there is none.</summary>
    public static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, byte separator)
    {
        var end = rest.IndexOf(separator);
        var taken = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return taken;
    }

    public static bool IsDigit(byte each) => each is >= (byte)'0' and <= (byte)'9';

    public static bool IsHexDigit(byte each) => IsDigit(each) || each is >= (byte)'A' and <= (byte)'F' or >= (byte)'a' and <= (byte)'f';

    public static int HexValue(byte each) => IsDigit(each) ? each - '0' : (each | 0x20) - 'a' + 10;

    public static bool TryNumber(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        if (text.Length is 0 or > 9) return false;
        foreach (var each in text)
        {
            if (!IsDigit(each)) return false;
            number = (number * 10) + each - '0';
        }

        return true;
    }

    /// <summary>Writes a number with so many digits.</summary>
    public static void WriteDigits(Span<byte> text, int number)
    {
        for (var at = text.Length - 1; at >= 0; at--, number /= 10) text[at] = (byte)('0' + (number % 10));
    }

    /// <summary>1 to 12 for an English month of three letters, else 0.</summary>
    public static int Month(ReadOnlySpan<byte> name)
    {
        if (name.Length != 3) return 0;
        var months = "janfebmaraprmayjunjulaugsepoctnovdec"u8;
        Span<byte> lower = [(byte)(name[0] | 0x20), (byte)(name[1] | 0x20), (byte)(name[2] | 0x20)];
        for (var at = 0; at < months.Length; at += 3)
        {
            if (months.Slice(at, 3).SequenceEqual(lower)) return (at / 3) + 1;
        }

        return 0;
    }

    /// <summary>Hours, minutes and seconds as hh:mm:ss.</summary>
    public static bool IsClock(ReadOnlySpan<byte> text) =>
        text.Length == 8 && text[2] == (byte)':' && text[5] == (byte)':'
        && TryNumber(text[..2], out var hour) && TryNumber(text[3..5], out var minute) && TryNumber(text[6..], out var second)
        && hour < 24 && minute < 60 && second <= 60;
}
