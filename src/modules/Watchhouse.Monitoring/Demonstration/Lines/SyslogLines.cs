using System.Text;

namespace Watchhouse.Monitoring.Demonstration.Lines;

/// <summary>Lines of syslog (RFC 5424), some with an event in the Common Event Format. 32473 is the number kept for examples (RFC 5612). Pure.</summary>
internal static class SyslogLines
{
    private const string Label = "[demonstration@32473 note=\"made up\"]";

    /// <summary>A daemon's message.</summary>
    public static DemoEvent Linux(DemoForce force, DateTimeOffset at, int priority, string host, string program, int process, string message) => new(
        force, DemoSource.Linux, at, "Syslog", $"<{priority}>1 {DemoJson.Millis(at)} {host} {program} {process} - {Label} {message}");

    /// <summary>A connection that the firewall let through or stopped.</summary>
    public static DemoEvent Firewall(
        DemoForce force, DateTimeOffset at, DemoDice dice, bool allowed, string from, string to, int port, string rule) => Cef(
        force, DemoSource.Firewall, at, force.Server("FW01"), $"Perimeter firewall|1|{(allowed ? "traffic-allow" : "traffic-deny")}|Traffic {(allowed ? "allowed" : "denied")}|{(allowed ? 2 : 5)}",
        ("act", allowed ? "allow" : "deny"),
        ("src", from),
        ("spt", DemoJson.Number(1024 + dice.Below(60_000))),
        ("dst", to),
        ("dpt", DemoJson.Number(port)),
        ("proto", port == 53 ? "UDP" : "TCP"),
        ("in", DemoJson.Number(allowed ? 200 + dice.Below(90_000) : 0)),
        ("out", DemoJson.Number(60 + dice.Below(9000))),
        ("externalId", DemoJson.Number(1 + dice.Below(2_000_000_000))),
        ("cs1Label", "Rule"),
        ("cs1", rule));

    /// <summary>A look into the records of people, as the records system notes it; without a case number where none was given.</summary>
    public static DemoEvent Records(DemoForce force, DateTimeOffset at, DemoDice dice, RecordsUse use) => Cef(
        force, DemoSource.Records, at, force.Server("RMS01"), $"Police records|1|{use.Operation}|{use.Words}|3",
        [
            ("cat", "records-audit"),
            ("act", use.Operation),
            ("outcome", "success"),
            ("suser", force.Mail(use.Person)),
            ("shost", force.Workstation(use.Person)),
            ("src", force.Inside(use.Person)),
            ("externalId", dice.Hex(16)),
            .. use.Case is { } number ? new[] { ("cs1Label", "CaseNumber"), ("cs1", number) } : [],
            .. use.Subject is { } subject ? new[] { ("cs2Label", "SubjectId"), ("cs2", subject) } : [],
            ("cs3Label", "Duty"),
            ("cs3", use.OnDuty ? "on" : "off"),
            ("cn1Label", "Records"),
            ("cn1", DemoJson.Number(use.Count)),
        ]);

    private static DemoEvent Cef(DemoForce force, DemoSource source, DateTimeOffset at, string host, string header, params (string Key, string Value)[] extension)
    {
        var line = new StringBuilder($"<134>1 {DemoJson.Millis(at)} {host} cef - - {Label} CEF:0|Demonstration|{header}|rt={at.ToUnixTimeMilliseconds()}");
        foreach (var (key, value) in extension) line.Append(' ').Append(key).Append('=').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal));
        return new(force, source, at, "CommonSecurityLog", line.Append(" msg=Demonstration").ToString());
    }
}

/// <summary>What somebody did in the records system.</summary>
/// <param name="Operation">search, view or export.</param>
/// <param name="Person">Who.</param>
/// <param name="Subject">Number of the person who was looked up; null for a search or an export.</param>
/// <param name="Case">Number of the case for which it was done; null where none was given.</param>
/// <param name="OnDuty">Whether the roster had them on duty.</param>
/// <param name="Count">Records that were shown or given out.</param>
internal sealed record RecordsUse(string Operation, int Person, string? Subject, string? Case, bool OnDuty, int Count)
{
    public string Words => Operation switch
    {
        "view" => "Person record viewed",
        "export" => "Records exported",
        _ => "Person search",
    };
}
