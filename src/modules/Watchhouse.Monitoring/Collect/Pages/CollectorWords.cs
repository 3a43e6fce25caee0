using System.Globalization;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Silence;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Collect.Pages;

/// <summary>What a kind of collector is on screen.</summary>
/// <param name="Title">Its name in words.</param>
/// <param name="Source">The source that is proposed for its events.</param>
/// <param name="Consent">The permission that the force consents to, and where.</param>
/// <param name="Kept">How long Microsoft keeps what it reads: so long may it stand still.</param>
/// <param name="Reads">What it reads.</param>
internal sealed record CollectorKindWords(CollectorKind Kind, string Title, string Source, string Consent, string Kept, string Reads);

/// <summary>The words of collectors on screen. Pure.</summary>
internal static class CollectorWords
{
    public static readonly IReadOnlyList<CollectorKindWords> Kinds =
    [
        new(CollectorKind.Office365, "Office 365 audit", "office-365",
            "Office 365 Management APIs: ActivityFeed.Read, and ActivityFeed.ReadDlp for DLP.All", "7 days",
            "What people and administrators did in Exchange, SharePoint, Teams and Entra ID."),
        new(CollectorKind.SignIns, "Entra sign-ins", "entra-sign-ins",
            "Microsoft Graph: AuditLog.Read.All. The tenant needs Entra ID P1 or P2", "30 days", "Every sign-in of people, applications and managed identities."),
        new(CollectorKind.DirectoryAudits, "Entra directory audits", "entra-audits",
            "Microsoft Graph: AuditLog.Read.All", "30 days", "Changes of accounts, groups, roles, applications and consents."),
        new(CollectorKind.DefenderAlerts, "Microsoft security alerts", "defender-alerts",
            "Microsoft Graph: SecurityAlert.Read.All", "30 days", "Alerts of Defender, Entra ID Protection, Purview and Sentinel."),
        new(CollectorKind.AzureActivity, "Azure activity", "azure-activity",
            "The role Monitoring Reader on each subscription", "90 days", "What was created, changed and deleted in subscriptions."),
        new(CollectorKind.EventHub, "Event hub", "event-hub",
            "The role Azure Event Hubs Data Receiver on the hub, or a connection string with the right to listen", "as long as the hub is set to keep messages",
            "Whatever diagnostic settings or other programs send to the hub."),
    ];

    public static CollectorKindWords Of(CollectorKind kind) => Kinds.First(k => k.Kind == kind);

    /// <summary>How a collector does, in a word or two.</summary>
    public static (string Word, Tone Tone) State(CollectorAnswer collector, DateTimeOffset now) => collector switch
    {
        { Enabled: false } => ("Switched off", Tone.Neutral),
        { Problem: not null, ProblemSince: { } since } when now - since >= CollectorRules.Patience => ("Fails", Tone.Danger),
        { Problem: not null } => ("Met a problem", Tone.Warning),
        { LastRunAt: null } => ("Starting", Tone.Accent),
        _ => ("Fetching", Tone.Good),
    };

    /// <summary>When its credential ends, in words that become louder from thirty days before.</summary>
    public static (string Word, Tone Tone) Credential(CollectorAnswer collector, DateTimeOffset now) => collector.CredentialExpiresAt switch
    {
        null => ("No end known", Tone.Neutral),
        { } ends when ends <= now => ($"Lapsed on {HouseTime.Date(ends)}", Tone.Danger),
        { } ends when ends - now <= CollectorRules.Urgent => ($"Lapses {HouseTime.Relative(ends, now)}", Tone.Danger),
        { } ends when ends - now <= CollectorRules.Early => ($"Lapses {HouseTime.Relative(ends, now)}", Tone.Warning),
        { } ends => (HouseTime.Date(ends), Tone.Neutral),
    };

    public static string Word(CredentialKind kind) => kind switch
    {
        CredentialKind.Certificate => "Certificate",
        CredentialKind.Secret => "Client secret",
        _ => "Connection string",
    };

    /// <summary>Whether somebody should look at it.</summary>
    public static bool Wants(CollectorLine line, DateTimeOffset now) =>
        line.Gaps > 0 || State(line.Collector, now).Tone is Tone.Warning or Tone.Danger || Credential(line.Collector, now).Tone is Tone.Warning or Tone.Danger;

    public static string Word(StretchKind kind) => kind switch
    {
        StretchKind.Covered => "Covered",
        StretchKind.Open => "Open",
        StretchKind.Late => "Late",
        _ => "Gap",
    };

    public static string Meaning(StretchKind kind) => kind switch
    {
        StretchKind.Covered => "All that Microsoft listed is here.",
        StretchKind.Open => "Not fetched yet, and in good time.",
        StretchKind.Late => "Not fetched yet, for an hour or more. It can still be fetched.",
        _ => "Something is lost, or could be.",
    };

    /// <summary>The state of a line of the ledger.</summary>
    public static (string Word, Tone Tone) State(WindowAnswer window) => window.State switch
    {
        WindowState.Planned => ("Not fetched yet", window.Problem is null ? Tone.Neutral : Tone.Warning),
        WindowState.Listed => ("Listed", window.Problem is null ? Tone.Neutral : Tone.Warning),
        WindowState.Fetched => (window.NextAt is null ? "Fetched" : "Fetched, looked at again", Tone.Good),
        WindowState.Reconciled => ("Reconciled", Tone.Good),
        _ => ("Gap", Tone.Danger),
    };

    /// <summary>'24 Nov 09:00 to 12:30', in London.</summary>
    public static string Span(DateTimeOffset from, DateTimeOffset to)
    {
        var english = CultureInfo.GetCultureInfo("en-GB");
        var (first, last) = (HouseTime.Local(from), HouseTime.Local(to));
        return first.Date == last.Date
            ? $"{first.ToString("d MMM HH:mm", english)} to {last.ToString("HH:mm", english)}"
            : $"{first.ToString("d MMM HH:mm", english)} to {last.ToString("d MMM HH:mm", english)}";
    }

    /// <summary>'5 min', '3 h 20 min', '2 d 4 h'.</summary>
    public static string Length(TimeSpan length) => length < TimeSpan.FromMinutes(1) ? "under a min"
        : length < TimeSpan.FromHours(1) ? $"{(int)length.TotalMinutes} min"
        : length < TimeSpan.FromDays(1) ? $"{(int)length.TotalHours} h{(length.Minutes > 0 ? $" {length.Minutes} min" : "")}"
        : $"{(int)length.TotalDays} d{(length.Hours > 0 ? $" {length.Hours} h" : "")}";

    public static string Every(int seconds) => seconds switch
    {
        < 120 => $"{seconds} seconds",
        < 7200 => $"{seconds / 60} minutes",
        _ => $"{seconds / 3600} hours",
    };
}
