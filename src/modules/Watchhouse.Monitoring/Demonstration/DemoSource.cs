using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Running;
using Watchhouse.Monitoring.Ingest.Intake;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>A kind of source of the demonstration: what it is called, how its lines reach the house, and how many come in a busy hour.</summary>
/// <param name="Name">Name of the source; says that it is a demonstration.</param>
/// <param name="Format">Format of the journal, as the collector or shipper of such a source has it.</param>
/// <param name="Hourly">Events of one force in an hour of the day shift.</param>
internal sealed record DemoSource(string Name, string Format, int Hourly)
{
    /// <summary>Records of the Office 365 Management Activity API, as the collector pulls them.</summary>
    public static readonly DemoSource Office = new("demo-office-365", Pulled(CollectorKind.Office365), 420);

    /// <summary>Sign-ins of Microsoft Graph, as the collector pulls them.</summary>
    public static readonly DemoSource SignIns = new("demo-entra-sign-ins", Pulled(CollectorKind.SignIns), 240);

    /// <summary>Directory audits of Microsoft Graph, as the collector pulls them.</summary>
    public static readonly DemoSource DirectoryAudits = new("demo-entra-audit", Pulled(CollectorKind.DirectoryAudits), 24);

    /// <summary>Windows Security and Sysmon, as documents of Winlogbeat in bulk requests.</summary>
    public static readonly DemoSource Windows = new("demo-windows", new PayloadFormat(PayloadFormat.ElasticDocument, []).ToString(), 300);

    /// <summary>Advanced hunting of Microsoft Defender XDR, streamed through an event hub.</summary>
    public static readonly DemoSource Defender = new("demo-defender", Pulled(CollectorKind.EventHub), 240);

    /// <summary>CEF of a perimeter firewall over syslog.</summary>
    public static readonly DemoSource Firewall = new("demo-firewall", Sent("198.51.100.1"), 240);

    /// <summary>CEF of a police records system's audit over syslog.</summary>
    public static readonly DemoSource Records = new("demo-records", Sent("198.51.100.60"), 120);

    /// <summary>Syslog of Linux servers.</summary>
    public static readonly DemoSource Linux = new("demo-linux", Sent("198.51.100.70"), 120);

    public static IReadOnlyList<DemoSource> All { get; } = [Office, SignIns, DirectoryAudits, Windows, Defender, Firewall, Records, Linux];

    private static string Pulled(CollectorKind kind) =>
        new PayloadFormat(PayloadFormat.Ndjson, [new(EventSink.CollectedParameter, kind.ToString())]).ToString();

    private static string Sent(string peer) => new PayloadFormat(PayloadFormat.Syslog, [new(PayloadFormat.Peer, peer)]).ToString();
}
