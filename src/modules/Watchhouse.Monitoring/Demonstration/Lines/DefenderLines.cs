using System.Text.Json.Nodes;

namespace Watchhouse.Monitoring.Demonstration.Lines;

/// <summary>Records of advanced hunting as Microsoft Defender XDR streams them to an event hub. Pure.</summary>
internal static class DefenderLines
{
    public static DemoEvent Process(DemoForce force, DateTimeOffset at, DemoDice dice, DemoProcess process)
    {
        var properties = Device(force, at, dice, process.Host, "ProcessCreated");
        properties["FileName"] = process.FileName;
        properties["FolderPath"] = process.Image;
        properties["SHA256"] = dice.Hex(64);
        properties["ProcessId"] = 1000 + dice.Below(20_000);
        properties["ProcessCommandLine"] = process.CommandLine;
        properties["ProcessIntegrityLevel"] = "Medium";
        properties["ProcessVersionInfoOriginalFileName"] = process.FileName;
        properties["AccountDomain"] = force.Netbios.ToLowerInvariant();
        properties["AccountName"] = process.Account;
        properties["AccountUpn"] = $"{process.Account}@{force.Domain}";
        properties["InitiatingProcessFileName"] = process.ParentFileName;
        properties["InitiatingProcessFolderPath"] = process.Parent;
        properties["InitiatingProcessCommandLine"] = process.ParentFileName;
        properties["InitiatingProcessAccountName"] = process.Account;
        properties["InitiatingProcessAccountDomain"] = force.Netbios.ToLowerInvariant();
        return Streamed(force, at, "DeviceProcessEvents", properties);
    }

    public static DemoEvent Network(DemoForce force, DateTimeOffset at, DemoDice dice, int person, string program, string remote, int port)
    {
        var properties = Device(force, at, dice, force.Workstation(person), "ConnectionSuccess");
        properties["RemoteIP"] = remote;
        properties["RemotePort"] = port;
        properties["LocalIP"] = force.Inside(person);
        properties["LocalPort"] = 49152 + dice.Below(16_000);
        properties["Protocol"] = "Tcp";
        properties["InitiatingProcessFileName"] = program;
        properties["InitiatingProcessFolderPath"] = $"c:\\program files\\demonstration\\{program}";
        properties["InitiatingProcessAccountName"] = force.Account(person);
        properties["InitiatingProcessAccountDomain"] = force.Netbios.ToLowerInvariant();
        return Streamed(force, at, "DeviceNetworkEvents", properties);
    }

    public static DemoEvent Logon(DemoForce force, DateTimeOffset at, DemoDice dice, int person)
    {
        var properties = Device(force, at, dice, force.Workstation(person), "LogonSuccess");
        properties["AccountName"] = force.Account(person);
        properties["AccountDomain"] = force.Netbios.ToLowerInvariant();
        properties["LogonType"] = "Interactive";
        properties["LogonId"] = dice.Below(900_000);
        properties["IsLocalAdmin"] = false;
        return Streamed(force, at, "DeviceLogonEvents", properties);
    }

    public static DemoEvent Mail(DemoForce force, DateTimeOffset at, DemoDice dice, string sender, string recipient, string subject, string direction, string? link = null)
    {
        var properties = new JsonObject
        {
            ["Timestamp"] = DemoJson.Exact(at),
            ["NetworkMessageId"] = dice.Id().ToString(),
            ["InternetMessageId"] = $"<{dice.Hex(24)}@mail.demo.example>",
            ["SenderFromAddress"] = sender,
            ["SenderMailFromAddress"] = sender,
            ["SenderFromDomain"] = sender[(sender.IndexOf('@', StringComparison.Ordinal) + 1)..],
            ["SenderIPv4"] = "203.0.113." + DemoJson.Number(20 + dice.Below(40)),
            ["RecipientEmailAddress"] = recipient,
            ["Subject"] = subject,
            ["EmailDirection"] = direction,
            ["DeliveryAction"] = "Delivered",
            ["DeliveryLocation"] = "Inbox/folder",
            ["AttachmentCount"] = 0,
            ["UrlCount"] = link is null ? 0 : 1,
            ["ReportId"] = dice.Id().ToString(),
            ["AdditionalFields"] = $"{{\"{DemoJson.Label}\":\"{DemoJson.Made}\"}}",
        };
        return Streamed(force, at, "EmailEvents", properties);
    }

    public static DemoEvent Click(DemoForce force, DateTimeOffset at, DemoDice dice, string user, string url) => Streamed(force, at, "UrlClickEvents", new()
    {
        ["Timestamp"] = DemoJson.Exact(at),
        ["Url"] = url,
        ["ActionType"] = "ClickAllowed",
        ["AccountUpn"] = user,
        ["Workload"] = "Email",
        ["NetworkMessageId"] = dice.Id().ToString(),
        ["IPAddress"] = force.Egress,
        ["IsClickedThrough"] = true,
        ["UrlChain"] = $"[\"{url}\"]",
        ["ReportId"] = dice.Id().ToString(),
    });

    private static JsonObject Device(DemoForce force, DateTimeOffset at, DemoDice dice, string host, string action) => new()
    {
        ["Timestamp"] = DemoJson.Exact(at),
        ["DeviceId"] = DemoDice.Of($"device/{host}").Hex(40),
        ["DeviceName"] = host.ToLowerInvariant(),
        ["ActionType"] = action,
        ["ReportId"] = 1 + dice.Below(900_000_000),
        ["MachineGroup"] = $"Demonstration {force.Id}",
    };

    private static DemoEvent Streamed(DemoForce force, DateTimeOffset at, string table, JsonObject properties)
    {
        var record = new JsonObject
        {
            ["time"] = DemoJson.Exact(at.AddSeconds(2)),
            ["tenantId"] = force.Tenant.ToString(),
            ["operationName"] = "Publish",
            ["category"] = $"AdvancedHunting-{table}",
            ["_TimeReceivedBySvc"] = DemoJson.Exact(at.AddSeconds(1)),
            ["properties"] = properties,
            ["Tenant"] = "Demonstration",
        };
        return new(force, DemoSource.Defender, at, table, DemoJson.Text(record));
    }
}
