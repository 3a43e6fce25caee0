using System.Text;
using Watchhouse.Monitoring.Demonstration.Lines;

namespace Watchhouse.Monitoring.Demonstration.Stories;

/// <summary>
/// What comes before ransomware: an encoded command, passwords out of memory, other computers one after the other, backups made
/// useless, shadow copies deleted, and then silence; a neighbour is next. Nothing is ever encrypted. Pure.
/// </summary>
internal static class RansomwareStory
{
    private const string Shell = @"C:\Windows\System32\cmd.exe";
    private const string PowerShell = @"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
    private const string Services = @"C:\Windows\System32\services.exe";

    public static IEnumerable<DemoEvent> Tell(Episode episode)
    {
        var dice = episode.Dice("ransomware");
        var cast = episode.Cast();
        var (force, form) = (cast.Encrypted, episode.Form);
        var person = dice.Below(DemoForce.Officers);
        var (first, account, admin) = (force.Workstation(person), force.Account(person), $"adm.{force.Account(person)}");

        yield return Start(episode, dice, force, 38, new(first, account, PowerShell, Encoded(form), @"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE"));
        yield return Start(episode, dice, force, 150, new(first, account, @"C:\Windows\System32\whoami.exe", "whoami.exe /groups", PowerShell));
        yield return Start(episode, dice, force, 172, Dump(form, first, account));

        // With an administrator's password, over the network, to one computer after the other.
        string[] servers = [force.Server("DC01"), force.Server("FS01"), force.Server("BACKUP01"), force.Server("APP01")];
        string[] reached = [.. servers, .. Enumerable.Range(1, 4).Select(step => force.Workstation(person + (step * 5)))];
        for (var at = 0; at < reached.Length; at++)
            yield return WindowsLines.Logon(force, At(episode, dice, 232 + (at * 12)), dice, reached[at], admin, 3, force.Inside(person));
        yield return Start(episode, dice, force, 345, Remote(form, servers[2], admin));
        yield return Start(episode, dice, force, 395, Backup(form, servers[2], admin));
        yield return Start(episode, dice, force, 425, Shadow(form, servers[1], admin));

        // The logs of the force stop here. The neighbour's begin to speak.
        var next = cast.Neighbour;
        var other = dice.Below(DemoForce.Officers);
        yield return Start(episode, dice, next, 488, new(next.Workstation(other), next.Account(other), PowerShell, Encoded(form + 1), Shell));
        yield return Start(episode, dice, next, 560, Dump(form + 1, next.Workstation(other), next.Account(other)));
    }

    private static string Encoded(int form)
    {
        var text = $"Write-Output 'Demonstration {form}: this command does nothing and harms nobody'";
        var code = Convert.ToBase64String(Encoding.Unicode.GetBytes(text));
        return (form % 3) switch
        {
            0 => $"powershell.exe -NoProfile -WindowStyle Hidden -EncodedCommand {code}",
            1 => $"powershell.exe -nop -w hidden -enc {code}",
            _ => $"powershell -w 1 -nop -e {code}",
        };
    }

    private static DemoProcess Dump(int form, string host, string account) => (form % 2) switch
    {
        0 => new(host, account, @"C:\Windows\System32\rundll32.exe", @"rundll32.exe C:\Windows\System32\comsvcs.dll, MiniDump 712 C:\ProgramData\d.bin full", Shell),
        _ => new(host, account, @"C:\ProgramData\procdump64.exe", @"procdump64.exe -accepteula -ma lsass.exe C:\ProgramData\d.dmp", Shell),
    };

    private static DemoProcess Remote(int form, string host, string account) => (form % 2) switch
    {
        0 => new(host, account, Shell, "cmd.exe /c whoami", @"C:\Windows\PSEXESVC.exe"),
        _ => new(host, account, Shell, @"cmd.exe /Q /c hostname 1> \\127.0.0.1\ADMIN$\__1700000000 2>&1", @"C:\Windows\System32\wbem\WmiPrvSE.exe"),
    };

    private static DemoProcess Backup(int form, string host, string account) => (form % 3) switch
    {
        0 => new(host, account, @"C:\Windows\System32\wbadmin.exe", "wbadmin.exe delete catalog -quiet", Shell),
        1 => new(host, account, @"C:\Windows\System32\net.exe", "net.exe stop \"Veeam Backup Service\" /y", Shell),
        _ => new(host, account, @"C:\Windows\System32\bcdedit.exe", "bcdedit.exe /set {default} recoveryenabled no", Shell),
    };

    private static DemoProcess Shadow(int form, string host, string account) => (form % 3) switch
    {
        0 => new(host, account, @"C:\Windows\System32\vssadmin.exe", "vssadmin.exe delete shadows /all /quiet", Shell),
        1 => new(host, account, @"C:\Windows\System32\wbem\WMIC.exe", "wmic.exe shadowcopy delete /nointeractive", Shell),
        _ => new(host, account, @"C:\Windows\System32\vssadmin.exe", "vssadmin.exe resize shadowstorage /for=C: /on=C: /maxsize=401MB", Services),
    };

    // Servers are watched by Sysmon, workstations by whatever the force has; the form decides where it has both.
    private static DemoEvent Start(Episode episode, DemoDice dice, DemoForce force, int second, DemoProcess process)
    {
        var at = At(episode, dice, second);
        if (force.Has(DemoSource.Defender) && process.Host.Contains("-WS", StringComparison.Ordinal)) return DefenderLines.Process(force, at, dice, process);
        return episode.Form == 1 ? WindowsLines.Process(force, at, dice, process) : WindowsLines.Sysmon(force, at, dice, process);
    }

    private static DateTimeOffset At(Episode episode, DemoDice dice, int second) => episode.Start.AddSeconds(second).AddMilliseconds(dice.Below(900));
}
