using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Watchhouse.Lake;

namespace Watchhouse.Bench;

/// <summary>Made-up process and logon events, the same for the same number.</summary>
internal sealed class LakeEvents(int owners)
{
    public static readonly string[] Tables = ["DeviceProcessEvents", "SecurityEvent", "SigninLogs", "Syslog", "CommonSecurityLog"];

    public static readonly DateTimeOffset Start = new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateOnly Day = new(2026, 3, 14);

    private static readonly string[] Texts =
    [
        "ActionType", "DeviceName", "AccountName", "AccountDomain", "AccountSid", "FileName", "FolderPath", "SHA256", "MD5",
        "ProcessCommandLine", "InitiatingProcessFileName", "InitiatingProcessCommandLine", "InitiatingProcessParentFileName",
        "LogonType", "IpAddress", "DestinationIp", "Protocol", "ReportId", "TenantId", "Vendor", "Product",
    ];

    // As wide as the real tables, of which a source fills a part.
    public static readonly LakeSchema Schema = new(Tables.Select(table => new LakeTable(table,
    [
        .. Texts.Select(name => new LakeColumn(name, LakeType.Text)), new LakeColumn("EventID", LakeType.Whole32),
        new LakeColumn("ProcessId", LakeType.Whole64), new LakeColumn("InitiatingProcessId", LakeType.Whole64),
        new LakeColumn("LogonId", LakeType.Whole64), new LakeColumn("DestinationPort", LakeType.Whole32),
        new LakeColumn("Timestamp", LakeType.Time), new LakeColumn("ProcessCreationTime", LakeType.Time),
        new LakeColumn("IsElevated", LakeType.Bool), new LakeColumn("AdditionalFields", LakeType.Json),
        .. Enumerable.Range(0, 60).Select(i => new LakeColumn($"Rare{i}", LakeType.Text)),
    ])));

    private static readonly string[] Programs =
        ["svchost.exe", "powershell.exe", "cmd.exe", "chrome.exe", "msedge.exe", "teams.exe", "outlook.exe", "backgroundTaskHost.exe", "wmiprvse.exe", "conhost.exe"];

    public LakeRow Make(int number)
    {
        var random = new Random(number);
        var owner = number % owners;
        var table = owners == 1 ? Tables[0] : Tables[random.Next(Tables.Length)];
        var time = Start.AddMilliseconds(number * 86_000_000.0 / 1_000_000).AddTicks(random.Next(9999));
        var host = string.Create(CultureInfo.InvariantCulture, $"WS-{owner:d2}-{(int)(Math.Pow(random.NextDouble(), 2) * 3000):d5}");
        var user = string.Create(CultureInfo.InvariantCulture, $"user{random.Next(5000):d4}");
        var program = Programs[random.Next(Programs.Length)];
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(program + random.Next(20))));
        var (ip, target) = ($"10.{owner}.{random.Next(40)}.{random.Next(250)}", $"203.0.113.{random.Next(250)}");
        var columns = string.Create(CultureInfo.InvariantCulture, $$$"""
            {"ActionType":"ProcessCreated","DeviceName":"{{{host}}}","AccountName":"{{{user}}}","AccountDomain":"FORCE","AccountSid":"S-1-5-21-1004336348-1177238915-682003330-{{{random.Next(9000)}}}","FileName":"{{{program}}}","FolderPath":"C:\\Windows\\System32\\{{{program}}}","SHA256":"{{{hash}}}","MD5":"{{{hash[..32]}}}","ProcessCommandLine":"{{{program}}} -k netsvcs -p -s task{{{random.Next(300)}}} /id:{{{random.NextInt64():x}}}","InitiatingProcessFileName":"services.exe","InitiatingProcessCommandLine":"services.exe -x {{{random.Next(900)}}}","InitiatingProcessParentFileName":"wininit.exe","LogonType":"{{{random.Next(11)}}}","IpAddress":"{{{ip}}}","DestinationIp":"{{{target}}}","Protocol":"tcp","ReportId":"{{{number}}}","TenantId":"6f1d1c1e-0000-4000-8000-{{{owner:d12}}}","Vendor":"Microsoft","Product":"Sysmon","EventID":{{{4600 + random.Next(40)}}},"ProcessId":{{{random.Next(30000)}}},"InitiatingProcessId":{{{random.Next(9000)}}},"LogonId":{{{random.NextInt64(1L << 40)}}},"DestinationPort":{{{random.Next(1024)}}},"Timestamp":"{{{time:yyyy-MM-ddTHH:mm:ss.fffffffZ}}}","ProcessCreationTime":"{{{time.AddSeconds(-random.Next(100)):yyyy-MM-ddTHH:mm:ss.fffffffZ}}}","IsElevated":{{{(random.Next(2) == 0 ? "true" : "false")}}},"AdditionalFields":{"integrity":"Medium","signed":true,"age":{{{random.Next(400)}}}}}
            """);
        var raw = columns[..^1] + $$$""","_received":"{{{time.AddSeconds(2):O}}}","_collector":"wec-{{{owner}}}","_opaque":"{{{random.NextInt64():x}}}"}""";
        return new LakeRow
        {
            Owner = $"force-{owner}",
            Table = table,
            Time = time,
            Source = "sysmon",
            EventId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(raw)).AsSpan(0, 16), bigEndian: true),
            ReceivedAt = time.AddSeconds(2),
            Computer = Encoding.UTF8.GetBytes(host),
            Account = Encoding.UTF8.GetBytes(user),
            SourceIp = Encoding.UTF8.GetBytes(ip),
            TargetIp = Encoding.UTF8.GetBytes(target),
            Activity = "ProcessCreated"u8.ToArray(),
            Columns = Encoding.UTF8.GetBytes(columns),
            Raw = Encoding.UTF8.GetBytes(raw),
        };
    }
}
