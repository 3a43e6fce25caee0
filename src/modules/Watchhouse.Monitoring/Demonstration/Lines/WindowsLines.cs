using System.Globalization;
using System.Text.Json.Nodes;

namespace Watchhouse.Monitoring.Demonstration.Lines;

/// <summary>A process that starts.</summary>
/// <param name="Host">On which computer; full name.</param>
/// <param name="Account">As whom.</param>
/// <param name="Image">Full path of the program.</param>
/// <param name="CommandLine">How it was called.</param>
/// <param name="Parent">Full path of the program that started it.</param>
internal sealed record DemoProcess(string Host, string Account, string Image, string CommandLine, string Parent)
{
    public string FileName => Image[(Image.LastIndexOf('\\') + 1)..];

    public string ParentFileName => Parent[(Parent.LastIndexOf('\\') + 1)..];
}

/// <summary>Windows events as documents of Winlogbeat 8. Pure.</summary>
internal static class WindowsLines
{
    private const string SysmonChannel = "Microsoft-Windows-Sysmon/Operational";

    /// <summary>Sysmon event 1.</summary>
    public static DemoEvent Sysmon(DemoForce force, DateTimeOffset at, DemoDice dice, DemoProcess process) => Document(
        force, at, dice, SysmonChannel, "Microsoft-Windows-Sysmon", 1, "Process Create (rule: ProcessCreate)", process.Host, new()
        {
            ["RuleName"] = "-",
            ["UtcTime"] = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            ["ProcessGuid"] = $"{{{dice.Id()}}}",
            ["ProcessId"] = DemoJson.Number(1000 + dice.Below(20_000)),
            ["Image"] = process.Image,
            ["FileVersion"] = "-",
            ["Description"] = "-",
            ["Product"] = "-",
            ["Company"] = "-",
            ["OriginalFileName"] = process.FileName,
            ["CommandLine"] = process.CommandLine,
            ["CurrentDirectory"] = "C:\\Windows\\system32\\",
            ["User"] = $"{force.Netbios}\\{process.Account}",
            ["LogonGuid"] = $"{{{dice.Id()}}}",
            ["LogonId"] = "0x" + dice.Hex(6),
            ["TerminalSessionId"] = "1",
            ["IntegrityLevel"] = "Medium",
            ["Hashes"] = $"SHA256={dice.Hex(64).ToUpperInvariant()}",
            ["ParentProcessGuid"] = $"{{{dice.Id()}}}",
            ["ParentProcessId"] = DemoJson.Number(500 + dice.Below(9000)),
            ["ParentImage"] = process.Parent,
            ["ParentCommandLine"] = process.ParentFileName,
            ["ParentUser"] = $"{force.Netbios}\\{process.Account}",
        });

    /// <summary>Sysmon event 3.</summary>
    public static DemoEvent Connection(DemoForce force, DateTimeOffset at, DemoDice dice, int person, string image, string destination, int port) => Document(
        force, at, dice, SysmonChannel, "Microsoft-Windows-Sysmon", 3, "Network connection detected (rule: NetworkConnect)", force.Workstation(person), new()
        {
            ["RuleName"] = "-",
            ["UtcTime"] = at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            ["ProcessGuid"] = $"{{{dice.Id()}}}",
            ["ProcessId"] = DemoJson.Number(1000 + dice.Below(20_000)),
            ["Image"] = image,
            ["User"] = $"{force.Netbios}\\{force.Account(person)}",
            ["Protocol"] = "tcp",
            ["Initiated"] = "true",
            ["SourceIp"] = force.Inside(person),
            ["SourcePort"] = DemoJson.Number(49152 + dice.Below(16_000)),
            ["DestinationIp"] = destination,
            ["DestinationPort"] = DemoJson.Number(port),
        });

    /// <summary>Security event 4688, with the command line.</summary>
    public static DemoEvent Process(DemoForce force, DateTimeOffset at, DemoDice dice, DemoProcess process) => Document(
        force, at, dice, "Security", Auditing, 4688, "Process Creation", process.Host, new()
        {
            ["SubjectUserSid"] = Sid(process.Account),
            ["SubjectUserName"] = process.Account,
            ["SubjectDomainName"] = force.Netbios,
            ["SubjectLogonId"] = "0x" + dice.Hex(6),
            ["NewProcessId"] = "0x" + dice.Hex(4),
            ["NewProcessName"] = process.Image,
            ["TokenElevationType"] = "%%1938",
            ["ProcessId"] = "0x" + dice.Hex(4),
            ["CommandLine"] = process.CommandLine,
            ["TargetUserSid"] = "S-1-0-0",
            ["TargetUserName"] = "-",
            ["TargetDomainName"] = "-",
            ["TargetLogonId"] = "0x0",
            ["ParentProcessName"] = process.Parent,
            ["MandatoryLabel"] = "S-1-16-8192",
        });

    /// <summary>Security event 4624: somebody signs in. Type 2 is at the keyboard, 3 over the network.</summary>
    public static DemoEvent Logon(DemoForce force, DateTimeOffset at, DemoDice dice, string host, string account, int type, string address) => Document(
        force, at, dice, "Security", Auditing, 4624, "Logon", host, new()
        {
            ["SubjectUserSid"] = "S-1-0-0",
            ["SubjectUserName"] = "-",
            ["SubjectDomainName"] = "-",
            ["SubjectLogonId"] = "0x0",
            ["TargetUserSid"] = Sid(account),
            ["TargetUserName"] = account,
            ["TargetDomainName"] = force.Netbios,
            ["TargetLogonId"] = "0x" + dice.Hex(6),
            ["LogonType"] = DemoJson.Number(type),
            ["LogonProcessName"] = type == 3 ? "Kerberos" : "User32 ",
            ["AuthenticationPackageName"] = type == 3 ? "Kerberos" : "Negotiate",
            ["WorkstationName"] = "-",
            ["IpAddress"] = address,
            ["IpPort"] = DemoJson.Number(49152 + dice.Below(16_000)),
        });

    /// <summary>Security event 4634: a session ends.</summary>
    public static DemoEvent Logoff(DemoForce force, DateTimeOffset at, DemoDice dice, string host, string account) => Document(
        force, at, dice, "Security", Auditing, 4634, "Logoff", host, new()
        {
            ["TargetUserSid"] = Sid(account),
            ["TargetUserName"] = account,
            ["TargetDomainName"] = force.Netbios,
            ["TargetLogonId"] = "0x" + dice.Hex(6),
            ["LogonType"] = "3",
        });

    private const string Auditing = "Microsoft-Windows-Security-Auditing";

    private static string Sid(string account) =>
        $"S-1-5-21-1000000001-1000000002-1000000003-{DemoJson.Number(1100 + DemoDice.Of(account).Below(8000))}";

    private static DemoEvent Document(
        DemoForce force, DateTimeOffset at, DemoDice dice, string channel, string provider, int id, string task, string host, JsonObject data)
    {
        var document = new JsonObject
        {
            ["@timestamp"] = DemoJson.Millis(at),
            ["winlog"] = new JsonObject
            {
                ["api"] = "wineventlog",
                ["channel"] = channel,
                ["provider_name"] = provider,
                ["event_id"] = DemoJson.Number(id),
                ["record_id"] = 1_000_000 + dice.Below(900_000_000),
                ["computer_name"] = host,
                ["task"] = task,
                ["opcode"] = "Info",
                ["event_data"] = data,
            },
            ["event"] = new JsonObject { ["code"] = DemoJson.Number(id), ["kind"] = "event", ["provider"] = provider },
            ["host"] = new JsonObject { ["name"] = host },
            ["log"] = new JsonObject { ["level"] = "information" },
            ["agent"] = new JsonObject { ["type"] = "winlogbeat", ["name"] = host },
            ["ecs"] = new JsonObject { ["version"] = "8.0.0" },
            ["tags"] = new JsonArray("demonstration"),
        };
        return new(force, DemoSource.Windows, at, channel == "Security" ? "SecurityEvent" : "Event", DemoJson.Text(document));
    }
}
