using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Delegations;

/// <summary>How screens say what is stored of a delegation.</summary>
internal static class DelegationWords
{
    /// <summary>From then on somebody should ask for the next one.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static string Title(DelegationScope scope) => Title(scope.Word());

    public static string Title(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    public static string Meaning(DelegationScope scope) => scope switch
    {
        DelegationScope.Administration => "People, roles, machine clients and delegations of the force.",
        DelegationScope.Audit => "The audit trail of the force.",
        DelegationScope.Monitoring => "Telemetry, sources, detections and alerts.",
        DelegationScope.Response => "Incidents, approvals and playbook runs.",
        DelegationScope.Intelligence => "Indicators, sightings and intelligence alerts.",
        DelegationScope.Exposure => "Inventory, vulnerabilities and fixes.",
        DelegationScope.Blueprint => "Configuration, drift and deviations.",
        DelegationScope.Catalogue => "Orders, licences and deployments.",
        DelegationScope.Evidence => "Digital evidence.",
        DelegationScope.Justice => "Case files.",
        DelegationScope.Contact => "Reports from the public.",
        _ => "",
    };

    public static bool IsSoon(DelegationModel one, DateTimeOffset now) =>
        one.State == nameof(DelegationState.InForce) && one.Until - now <= Soon;

    public static string State(DelegationModel one, DateTimeOffset now) => one.State switch
    {
        nameof(DelegationState.InForce) => IsSoon(one, now) ? "Lapses soon" : "In force",
        _ => one.State,
    };

    public static Tone Tone(DelegationModel one, DateTimeOffset now) => one.State switch
    {
        nameof(DelegationState.InForce) => IsSoon(one, now) ? Platform.Ui.Tone.Warning : Platform.Ui.Tone.Good,
        nameof(DelegationState.Planned) => Platform.Ui.Tone.Accent,
        _ => Platform.Ui.Tone.Neutral,
    };

    /// <summary>The last day on which it holds: a delegation until midnight ends on the day before.</summary>
    public static string LastDay(DateTimeOffset until) => HouseTime.Date(until.AddTicks(-1));
}
