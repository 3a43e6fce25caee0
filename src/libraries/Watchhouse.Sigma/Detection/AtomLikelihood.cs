using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// A guess of how often an atom is seen in an estate's events. Only the order of guesses matters, and only for speed: it
/// decides which part of a rule is watched for. Long and odd texts are rare, system paths and shells are not.
/// </summary>
internal static class AtomLikelihood
{
    private static readonly string[] CommonTexts =
    [
        @"c:\windows\system32\", @"c:\program files (x86)\", @"c:\programdata\microsoft\", @"\users\public\appdata\local\temp\appdata\roaming\",
        @"c:\windows\syswow64\windowspowershell\v1.0\", @"hklm\software\microsoft\windows nt\currentversion\run", "hkcu\\software\\classes\\",
        @"\system\currentcontrolset\services\parameters", "https://www.http://", "microsoft corporation windows operating system",
        "administrator nt authority\\system", "true false null none default success failure medium high", "s-1-5-18",
    ];

    // Programs that run all day, named as endings of Image, ParentImage and OriginalFileName.
    private static readonly string[] CommonPrograms =
    [
        @"\powershell.exe", @"\cmd.exe", @"\svchost.exe", @"\rundll32.exe", @"\explorer.exe", @"\services.exe", @"\lsass.exe",
        @"\wmiprvse.exe", @"\msiexec.exe", @"\regsvr32.exe", @"\reg.exe", @"\net.exe", @"\net1.exe", @"\schtasks.exe", @"\conhost.exe",
        @"\mshta.exe", @"\wscript.exe", @"\cscript.exe", @"\pwsh.exe", @"\winword.exe", @"\excel.exe", @"\outlook.exe", @"\chrome.exe",
        @"\msedge.exe", @"\python.exe", @"\taskhostw.exe", @"\dllhost.exe", @"\searchindexer.exe", @"\msmpeng.exe", "powershell.exe", "cmd.exe",
    ];

    private static readonly HashSet<string> Programs = [.. CommonPrograms];

    public static double Of(in Atom atom)
    {
        if (atom.Shape == PatternShape.Everything) return 0.6;
        var length = atom.Literal.Length;
        var text = Encoding.UTF8.GetString(atom.Literal);
        if (atom.Field is "EventID" or "Channel" or "Provider_Name" or "type") return 0.08;
        var likelihood = length switch
        {
            0 => 0.05,
            1 => 0.7,
            2 => 0.45,
            3 => 0.25,
            4 => 0.12,
            5 => 0.06,
            6 => 0.03,
            7 => 0.015,
            8 or 9 => 0.008,
            10 or 11 => 0.004,
            _ => 0.02 / length,
        };
        if (atom.Shape == PatternShape.Exact) likelihood = length > 8 ? 0.002 : 0.02;
        else if (atom.Shape is PatternShape.Prefix or PatternShape.Suffix) likelihood /= 2;
        if (Programs.Contains(text)) return 0.06;
        foreach (var common in CommonTexts)
        {
            if (common.Contains(text, StringComparison.Ordinal)) return Math.Max(likelihood, 0.2);
        }

        return likelihood;
    }
}
