namespace Watchhouse.Platform.Tenancy;

/// <summary>
/// The purpose for which records of a force may be seen. A delegation names one of these; each owned record type
/// belongs to exactly one. The values are stored: append, never renumber.
/// </summary>
public enum DelegationScope
{
    /// <summary>People, roles, machine clients and delegations of a force.</summary>
    Administration = 1,

    /// <summary>The audit trail of a force.</summary>
    Audit = 2,

    /// <summary>Telemetry, sources, detections and alerts.</summary>
    Monitoring = 3,

    /// <summary>Incidents, approvals and playbook runs.</summary>
    Response = 4,

    /// <summary>Indicators, sightings and intelligence alerts.</summary>
    Intelligence = 5,

    /// <summary>Inventory, vulnerabilities and fixes.</summary>
    Exposure = 6,

    /// <summary>Configuration snapshots, drift and deviations.</summary>
    Blueprint = 7,

    /// <summary>Orders, licences and deployments.</summary>
    Catalogue = 8,

    /// <summary>Digital evidence. Never to the Centre (law 3).</summary>
    Evidence = 9,

    /// <summary>Case files. Never to the Centre (law 3).</summary>
    Justice = 10,

    /// <summary>Reports from the public. Never to the Centre (law 3).</summary>
    Contact = 11,
}

/// <summary>What follows from a scope.</summary>
public static class DelegationScopes
{
    /// <summary>Every scope, in the order of the screens.</summary>
    public static IReadOnlyList<DelegationScope> All { get; } = Enum.GetValues<DelegationScope>();

    /// <summary>
    /// Law 3: the Centre sees the security of everything and the content of nothing, so content cannot be
    /// delegated to it, by anybody, however much they want to.
    /// </summary>
    public static bool MayGoToCentre(this DelegationScope scope) => scope is
        not (DelegationScope.Evidence or DelegationScope.Justice or DelegationScope.Contact);

    /// <summary>The word used on screens, in the API and in the database settings of row-level security.</summary>
    public static string Word(this DelegationScope scope) => scope switch
    {
        DelegationScope.Administration => "administration",
        DelegationScope.Audit => "audit",
        DelegationScope.Monitoring => "monitoring",
        DelegationScope.Response => "response",
        DelegationScope.Intelligence => "intelligence",
        DelegationScope.Exposure => "exposure",
        DelegationScope.Blueprint => "blueprint",
        DelegationScope.Catalogue => "catalogue",
        DelegationScope.Evidence => "evidence",
        DelegationScope.Justice => "justice",
        DelegationScope.Contact => "contact",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "No such scope."),
    };
}
