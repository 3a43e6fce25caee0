using System.Runtime.InteropServices;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// How common four bytes are: among the literals of all rules, and in the paths and words that most events of a Windows
/// or cloud estate hold, where a literal's mark would stop the scan at nearly every event. Counts are kept by a hash of
/// sixteen bits: a slip makes a mark look more common than it is, which costs nothing but time.
/// </summary>
internal sealed class GramRarity
{
    private const string CommonTexts =
        @"c:\windows\system32\ c:\program files (x86)\microsoft\ c:\programdata\ \users\administrator\appdata\local\temp\ \appdata\roaming\ "
        + @"c:\windows\syswow64\windowspowershell\v1.0\powershell.exe -noprofile -executionpolicy bypass -command -encodedcommand cmd.exe /c "
        + @"hklm\software\microsoft\windows nt\currentversion\ hkcu\software\ \system\currentcontrolset\services\ microsoft.com .windows. "
        + @"https://www. http:// .dll .exe .ps1 .sys .tmp .log .xml .json svchost.exe -k netsvcs rundll32.exe explorer.exe conhost.exe "
        + @"true false null none default server user admin account group policy security service network process object system ";

    private readonly int[] _counts = new int[1 << 16];

    private GramRarity(GramRarity? before)
    {
        if (before is null) Count(Encoding.UTF8.GetBytes(CommonTexts), 1000);
        else before._counts.CopyTo(_counts, 0);
    }

    /// <summary>What is common in events, whatever the rules.</summary>
    public static GramRarity Common { get; } = new(before: null);

    /// <summary>What is common in events and in these literals.</summary>
    public static GramRarity Of(IEnumerable<byte[]> literals)
    {
        var rarity = new GramRarity(Common);
        foreach (var literal in literals) rarity.Count(literal, 1);
        return rarity;
    }

    /// <summary>Where a literal's rarest four bytes begin; 0 for one that has not even four.</summary>
    public int RarestOffset(ReadOnlySpan<byte> literal)
    {
        var (best, least) = (0, int.MaxValue);
        for (var at = 0; at + 4 <= literal.Length; at++)
        {
            var count = _counts[Slot(literal[at..])];
            if (count < least) (best, least) = (at, count);
        }

        return best;
    }

    private void Count(ReadOnlySpan<byte> text, int weight)
    {
        for (var at = 0; at + 4 <= text.Length; at++) _counts[Slot(text[at..])] += weight;
    }

    private static uint Slot(ReadOnlySpan<byte> text) => MemoryMarshal.Read<uint>(text) * 0x9E3779B1 >> 16;
}
