namespace Watchhouse.Ledger.Notes;

/// <summary>
/// Base64 with exactly one text per value. The framework's decoder skips white space and ignores the unused bits of
/// the last character, so a byte could be changed without a trace.
/// </summary>
internal static class CanonicalBase64
{
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var buffer = new byte[text.Length / 4 * 3];
        if (text.Length % 4 == 0
            && Convert.TryFromBase64Chars(text, buffer, out var written)
            && text.SequenceEqual(Convert.ToBase64String(buffer, 0, written)))
        {
            bytes = buffer[..written];
            return true;
        }

        bytes = [];
        return false;
    }
}
