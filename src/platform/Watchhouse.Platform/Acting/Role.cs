namespace Watchhouse.Platform.Acting;

/// <summary>What a person or a machine client does. Stored: append, never renumber.</summary>
public enum Role
{
    // The Centre
    NmcAnalyst = 1,
    DutyManager = 2,
    ThreatIntelligenceAnalyst = 3,
    ProgrammeManager = 4,
    CentreAdministrator = 5,

    // A force
    SecurityOfficer = 20,
    ItLead = 21,
    EvidenceOfficer = 22,
    Investigator = 23,
    CaseFileOfficer = 24,
    ContactOperator = 25,
    ForceAdministrator = 26,

    // Either
    Auditor = 40,
    Siro = 41,

    // Machine clients
    Collector = 60,
    TaxiiClient = 61,
    ProvisioningClient = 62,
    ReportingClient = 63,
}

/// <summary>Where a role can be held.</summary>
public enum RoleHome
{
    Centre,
    Force,
    Either,
    Machine,
}

/// <summary>The title, place and purpose of each role: the table of users in the product description.</summary>
public sealed record RoleDescription(Role Role, string Title, RoleHome Home, string Purpose);

/// <summary>The roles as data.</summary>
public static class Roles
{
    public static IReadOnlyList<RoleDescription> All { get; } =
    [
        new(Role.NmcAnalyst, "NMC analyst", RoleHome.Centre, "Watches one queue over all forces, answers and recommends."),
        new(Role.DutyManager, "NMC duty manager", RoleHome.Centre, "Runs the shift, its clocks and the national incidents."),
        new(Role.ThreatIntelligenceAnalyst, "Threat intelligence analyst", RoleHome.Centre, "Takes intelligence in and sends it to every force."),
        new(Role.ProgrammeManager, "Programme manager", RoleHome.Centre, "Knows which force is on which version and stage."),
        new(Role.CentreAdministrator, "Centre administrator", RoleHome.Centre, "Keeps the register of organisations and the Centre's people."),
        new(Role.SecurityOfficer, "Information security officer", RoleHome.Force, "Decides what happens in the force's estate and who may see it."),
        new(Role.ItLead, "IT lead", RoleHome.Force, "Chooses, deploys and patches the force's services."),
        new(Role.EvidenceOfficer, "Evidence officer", RoleHome.Force, "Takes in, keeps, shares and discloses digital evidence."),
        new(Role.Investigator, "Investigator", RoleHome.Force, "Works on the evidence and intelligence of a case."),
        new(Role.CaseFileOfficer, "Case file officer", RoleHome.Force, "Builds case files that the court's intake accepts."),
        new(Role.ContactOperator, "Contact operator", RoleHome.Force, "Receives and routes reports from the public."),
        new(Role.ForceAdministrator, "Force administrator", RoleHome.Force, "Keeps the force's people, sign-in and machine clients."),
        new(Role.Auditor, "Auditor", RoleHome.Either, "Sees who saw what, when and why."),
        new(Role.Siro, "Senior information risk owner", RoleHome.Either, "Owns the risk; grants and revokes delegations."),
        new(Role.Collector, "Collector", RoleHome.Machine, "Delivers telemetry of one force."),
        new(Role.TaxiiClient, "TAXII client", RoleHome.Machine, "Exchanges intelligence for one organisation."),
        new(Role.ProvisioningClient, "Provisioning client", RoleHome.Machine, "Creates and removes the people of one force (SCIM)."),
        new(Role.ReportingClient, "Reporting client", RoleHome.Machine, "Reads figures of one organisation for another system."),
    ];

    private static readonly Dictionary<Role, RoleDescription> ByRole = All.ToDictionary(r => r.Role);

    public static RoleDescription Describe(this Role role) => ByRole[role];

    /// <summary>Whether a person whose home is this organisation can hold the role.</summary>
    public static bool CanBeHeldAt(this Role role, bool centre) => role.Describe().Home switch
    {
        RoleHome.Centre => centre,
        RoleHome.Force => !centre,
        RoleHome.Either => true,
        _ => false,
    };
}
