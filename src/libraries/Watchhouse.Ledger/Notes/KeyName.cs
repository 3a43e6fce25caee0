using System.Text;

namespace Watchhouse.Ledger.Notes;

/// <summary>
/// Names of logs and keys: not empty, without Unicode spaces, control characters or '+' (c2sp.org/signed-note).
/// </summary>
internal static class KeyName
{
    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > 255)
            return false;
        foreach (var rune in name.EnumerateRunes())
        {
            // A lone surrogate enumerates as the replacement character; it has no UTF-8 form of its own.
            if (rune.Value == '+' || rune == Rune.ReplacementChar || Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
                return false;
        }

        return true;
    }
}
