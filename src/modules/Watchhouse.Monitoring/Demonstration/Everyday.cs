using System.Text.Json.Nodes;
using Watchhouse.Monitoring.Demonstration.Lines;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>What a source tells on an ordinary day. None of it is meant to raise an alert. Pure.</summary>
internal static class Everyday
{
    private static readonly string[] Sites = ["Neighbourhoods", "Training", "Fleet", "Rostering", "Estates"];
    private static readonly string[] Files = ["Briefing.docx", "Rota.xlsx", "Minutes.docx", "Leave plan.xlsx", "Vehicle checks.pdf", "Community meeting.pptx"];
    private static readonly string[] Subjects = ["Shift handover", "Leave request", "Court warning", "Vehicle service", "Training day", "Community meeting"];

    private static readonly (string Image, string Line, string Parent)[] Programs =
    [
        (@"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE", "OUTLOOK.EXE", @"C:\Windows\explorer.exe"),
        (@"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE", "WINWORD.EXE /n", @"C:\Windows\explorer.exe"),
        (@"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe", "msedge.exe --single-argument https://intranet.demo.example/", @"C:\Windows\explorer.exe"),
        (@"C:\Windows\System32\svchost.exe", "svchost.exe -k netsvcs -p -s Schedule", @"C:\Windows\System32\services.exe"),
        (@"C:\Windows\System32\gpupdate.exe", "gpupdate.exe /target:computer", @"C:\Windows\System32\svchost.exe"),
        (@"C:\Program Files\Demonstration\Records\records.exe", "records.exe", @"C:\Windows\explorer.exe"),
        (@"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", @"powershell.exe -NoProfile -File C:\ProgramData\Demonstration\inventory.ps1", @"C:\Windows\System32\svchost.exe"),
    ];

    public static DemoEvent Event(DemoForce force, DemoSource source, DateTimeOffset at, DemoDice dice)
    {
        var person = dice.Below(DemoForce.Officers);
        if (source == DemoSource.Office) return Office(force, at, dice, person);
        if (source == DemoSource.SignIns) return SignIn(force, at, dice, person);
        if (source == DemoSource.DirectoryAudits) return Directory(force, at, dice, person);
        if (source == DemoSource.Windows) return Windows(force, at, dice, person);
        if (source == DemoSource.Defender) return Defender(force, at, dice, person);
        if (source == DemoSource.Firewall) return Firewall(force, at, dice, person);
        return source == DemoSource.Records ? Records(force, at, dice, person) : Linux(force, at, dice, person);
    }

    private static DemoEvent Office(DemoForce force, DateTimeOffset at, DemoDice dice, int person)
    {
        var (user, address) = (force.Mail(person), force.Egress);
        switch (dice.Below(10))
        {
            case < 3: return OfficeLines.MailboxItems(force, at, dice, user, address, "Client=OutlookService;Outlook");
            case < 5:
                return OfficeLines.Record(force, at, dice, "Exchange", 2, "Send", user, address, new()
                {
                    ["MailboxOwnerUPN"] = user,
                    ["Item"] = new JsonObject { ["Subject"] = dice.Of(Subjects), ["SizeInBytes"] = 4000 + dice.Below(90_000) },
                });
            case < 7: return OfficeLines.File(force, at, dice, dice.OneIn(3) ? "FileModified" : "FileAccessed", user, address, dice.Of(Sites), dice.Of(Files));
            case 7: return OfficeLines.File(force, at, dice, "FileUploaded", user, address, dice.Of(Sites), dice.Of(Files));
            case 8: return OfficeLines.Record(force, at, dice, "MicrosoftTeams", 25, "TeamsSessionStarted", user, address, new() { ["ObjectId"] = "Windows" });
            default:
                return OfficeLines.Record(force, at, dice, "MicrosoftTeams", 25, "MessageSent", user, address, new() { ["CommunicationType"] = "Channel", ["TeamName"] = dice.Of(Sites) });
        }
    }

    private static DemoEvent SignIn(DemoForce force, DateTimeOffset at, DemoDice dice, int person) => dice.Below(40) switch
    {
        0 => EntraLines.SignIn(force, at, dice, person, force.Egress, 50126),
        1 => EntraLines.SignIn(force, at, dice, person, force.Egress, 50140),
        _ => EntraLines.SignIn(force, at, dice, person, force.Egress),
    };

    private static DemoEvent Directory(DemoForce force, DateTimeOffset at, DemoDice dice, int person)
    {
        var desk = force.Administrator;
        return dice.Below(4) switch
        {
            0 => EntraLines.Audit(force, at, dice, "GroupManagement", "Add member to group", "Assign", desk, force.Egress,
                EntraLines.User(force, person, ("Group.DisplayName", null, $"\"{dice.Of(Sites)}\""))),
            1 => EntraLines.Audit(force, at, dice, "UserManagement", "Reset password (by admin)", "Update", desk, force.Egress, EntraLines.User(force, person)),
            2 => EntraLines.Audit(force, at, dice, "Device", "Update device", "Update", desk, force.Egress,
                EntraLines.Target("Device", DemoDice.Of($"device/{force}/{person}").Id(), force.Workstation(person), null)),
            _ => EntraLines.Audit(force, at, dice, "UserManagement", "Update user", "Update", desk, force.Egress,
                EntraLines.User(force, person, ("Department", "[\"Response\"]", "[\"Neighbourhoods\"]"))),
        };
    }

    private static DemoEvent Windows(DemoForce force, DateTimeOffset at, DemoDice dice, int person)
    {
        var (host, account) = (force.Workstation(person), force.Account(person));
        switch (dice.Below(10))
        {
            case < 2: return WindowsLines.Logon(force, at, dice, force.Server(dice.OneIn(2) ? "DC01" : "FS01"), account, 3, force.Inside(person));
            case 2: return WindowsLines.Logon(force, at, dice, host, account, 2, "127.0.0.1");
            case < 5: return WindowsLines.Logoff(force, at, dice, force.Server("FS01"), account);
            case < 7:
                return WindowsLines.Connection(
                    force, at, dice, person, @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe", "203.0.113." + DemoJson.Number(100 + dice.Below(100)), 443);
            case 7: return WindowsLines.Process(force, at, dice, Program(dice, host, account));
            default: return WindowsLines.Sysmon(force, at, dice, Program(dice, host, account));
        }
    }

    private static DemoEvent Defender(DemoForce force, DateTimeOffset at, DemoDice dice, int person) => dice.Below(6) switch
    {
        0 => DefenderLines.Mail(force, at, dice, "newsletter@supplier.example", force.Mail(person), dice.Of(Subjects), "Inbound"),
        1 => DefenderLines.Mail(force, at, dice, force.Mail(dice.Below(DemoForce.Officers)), force.Mail(person), dice.Of(Subjects), "Intra-org"),
        2 => DefenderLines.Logon(force, at, dice, person),
        3 => DefenderLines.Network(force, at, dice, person, "msedge.exe", "203.0.113." + DemoJson.Number(100 + dice.Below(100)), 443),
        _ => DefenderLines.Process(force, at, dice, Program(dice, force.Workstation(person), force.Account(person))),
    };

    private static DemoEvent Firewall(DemoForce force, DateTimeOffset at, DemoDice dice, int person) => dice.OneIn(4)
        ? SyslogLines.Firewall(force, at, dice, false, "203.0.113." + DemoJson.Number(1 + dice.Below(250)), force.Egress, dice.Of([22, 23, 445, 3389]), "stop-the-internet")
        : SyslogLines.Firewall(force, at, dice, true, force.Inside(person), "203.0.113." + DemoJson.Number(100 + dice.Below(100)), dice.Of([53, 443, 443, 443]), "people-to-web");

    private static DemoEvent Records(DemoForce force, DateTimeOffset at, DemoDice dice, int person)
    {
        var number = $"{force.Id}-26-{DemoJson.Number(10_000 + dice.Below(40_000))}";
        return dice.Below(5) switch
        {
            0 => SyslogLines.Records(force, at, dice, new("search", person, null, number, true, 1 + dice.Below(12))),
            1 => SyslogLines.Records(force, at, dice, new("export", person, null, number, true, 1 + dice.Below(6))),
            _ => SyslogLines.Records(force, at, dice, new("view", person, $"N{DemoJson.Number(100_000 + dice.Below(800_000))}", number, true, 1)),
        };
    }

    private static DemoEvent Linux(DemoForce force, DateTimeOffset at, DemoDice dice, int person)
    {
        var host = force.Server("APP01").ToLowerInvariant();
        var process = 1000 + dice.Below(30_000);
        return dice.Below(4) switch
        {
            0 => SyslogLines.Linux(force, at, 86, host, "sshd", process, $"Accepted publickey for deploy from {force.Inside(person)} port {DemoJson.Number(40_000 + dice.Below(20_000))} ssh2"),
            1 => SyslogLines.Linux(force, at, 78, host, "CRON", process, "(backup) CMD (/usr/local/bin/demonstration-backup --daily)"),
            2 => SyslogLines.Linux(force, at, 30, host, "systemd", 1, "Started demonstration-sync.service - Synchronise rosters."),
            _ => SyslogLines.Linux(force, at, 86, host, "sudo", process, "deploy : TTY=pts/0 ; PWD=/srv/app ; USER=root ; COMMAND=/usr/bin/systemctl status app"),
        };
    }

    private static DemoProcess Program(DemoDice dice, string host, string account)
    {
        var (image, line, parent) = dice.Of(Programs);
        return new(host, account, image, line, parent);
    }
}
