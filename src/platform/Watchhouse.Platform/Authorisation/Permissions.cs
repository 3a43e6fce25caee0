using System.Collections.Immutable;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Tenancy;
using static Watchhouse.Platform.Acting.Role;

namespace Watchhouse.Platform.Authorisation;

/// <summary>
/// The permission table: role x resource x action, all of it, in one place. It is drawn as a page, served by the
/// API and walked by the isolation tests. A new endpoint or page names a row of it, or the program does not start.
/// </summary>
public static class Permissions
{
    private static readonly ImmutableArray<Role> Staff =
        [.. Acting.Roles.All.Where(r => r.Home != RoleHome.Machine).Select(r => r.Role)];

    private static readonly ImmutableArray<Role> CentreStaff =
        [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, ProgrammeManager, CentreAdministrator];

    // National facts: no force owns them.
    public static readonly Permission OrganisationsRead = National("organisations", "read", Staff,
        "See the register of organisations, their areas and their history.");

    public static readonly Permission OrganisationsManage = National("organisations", "manage", [CentreAdministrator],
        "Register, rename, merge and split organisations.", AuditOperation.Alteration);

    public static readonly Permission PermissionsRead = National("permissions", "read", Staff,
        "See who may do what: this table.");

    public static readonly Permission OverviewRead = National("overview", "read", Staff,
        "See the national picture in figures.");

    // Administration of a force.
    public static readonly Permission PeopleRead = Owned("people", "read", DelegationScope.Administration,
        Reach.OwnAndDelegated, [CentreAdministrator, ForceAdministrator, SecurityOfficer, Siro, Auditor, DutyManager],
        "See the people of an organisation, their roles and sessions.");

    public static readonly Permission PeopleManage = Owned("people", "manage", DelegationScope.Administration,
        Reach.OwnOnly, [CentreAdministrator, ForceAdministrator],
        "Take people in, move them, give and take roles, sign them out, record that they left.",
        AuditOperation.Alteration);

    public static readonly Permission PeopleAppoint = Owned("people", "appoint", DelegationScope.Administration,
        Reach.OwnOnly, [CentreAdministrator],
        "Appoint the first administrator of a force that has none.", AuditOperation.Alteration);

    public static readonly Permission DelegationsRead = Owned("delegations", "read", DelegationScope.Administration,
        Reach.OwnAndDelegated, [.. CentreStaff, SecurityOfficer, ItLead, ForceAdministrator, Siro, Auditor],
        "See the delegations that an organisation gave or holds.");

    public static readonly Permission DelegationsGrant = Owned("delegations", "grant", DelegationScope.Administration,
        Reach.OwnOnly, [SecurityOfficer, Siro],
        "Grant, change and revoke a delegation of one's own force.", AuditOperation.Alteration);

    public static readonly Permission ClientsRead = Owned("clients", "read", DelegationScope.Administration,
        Reach.OwnAndDelegated, [CentreAdministrator, ForceAdministrator, SecurityOfficer, ItLead, Auditor],
        "See an organisation's machine clients; never their secrets.");

    public static readonly Permission ClientsManage = Owned("clients", "manage", DelegationScope.Administration,
        Reach.OwnOnly, [CentreAdministrator, ForceAdministrator, SecurityOfficer],
        "Create, rotate and revoke machine clients.", AuditOperation.Alteration);

    public static readonly Permission SignInRead = Owned("sign-in", "read", DelegationScope.Administration,
        Reach.OwnAndDelegated, [CentreAdministrator, ForceAdministrator, SecurityOfficer, Auditor],
        "See how an organisation's people sign in: its registered tenants.");

    public static readonly Permission SignInManage = Owned("sign-in", "manage", DelegationScope.Administration,
        Reach.OwnOnly, [CentreAdministrator, ForceAdministrator],
        "Register and remove the Entra ID tenants of one's own organisation.", AuditOperation.Alteration);

    public static readonly Permission Provision = Owned("people", "provision", DelegationScope.Administration,
        Reach.OwnOnly, [ProvisioningClient],
        "Create, change and deactivate people by SCIM.", AuditOperation.Alteration);

    // Protective monitoring.
    public static readonly Permission TelemetryWrite = Owned("telemetry", "write", DelegationScope.Monitoring,
        Reach.OwnOnly, [Collector],
        "Deliver events of one's own force.", AuditOperation.Collection);

    public static readonly Permission SourcesRead = Owned("sources", "read", DelegationScope.Monitoring,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead, Siro],
        "See which sources deliver events, when they last did, and what was rejected.");

    public static readonly Permission SourcesManage = Owned("sources", "manage", DelegationScope.Monitoring,
        Reach.OwnOnly, [CentreAdministrator, ForceAdministrator, SecurityOfficer, ItLead],
        "Say where one's own force's events come in from.", AuditOperation.Alteration);

    public static readonly Permission AlertsRead = Owned("alerts", "read", DelegationScope.Monitoring,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer, Siro],
        "See alerts and the events that they rest on.");

    public static readonly Permission AlertsTriage = Owned("alerts", "triage", DelegationScope.Monitoring,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, SecurityOfficer],
        "Take alerts on, say what they were, and close them.", AuditOperation.Alteration);

    public static readonly Permission RulesRead = Owned("rules", "read", DelegationScope.Monitoring,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer, ItLead, Siro, Auditor],
        "See the nation's detection rules, a force's own, their exceptions and how noisy they are.");

    public static readonly Permission RulesManage = Owned("rules", "manage", DelegationScope.Monitoring,
        Reach.OwnOnly, [DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer],
        "Write, test, put to use and retire detection rules: the Centre the nation's, a force its own.", AuditOperation.Alteration);

    public static readonly Permission CoverageRead = Owned("coverage", "read", DelegationScope.Monitoring,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer, ItLead, Siro, Auditor],
        "See which ATT&CK techniques the rules cover with the events that really arrive, and which sources are missing.");

    public static readonly Permission ExceptionsManage = Owned("exceptions", "manage", DelegationScope.Monitoring,
        Reach.OwnOnly, [DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer],
        "Make and remove exceptions from detection rules: a force for itself, the Centre for the forces that it names.", AuditOperation.Alteration);

    public static readonly Permission ArchiveManage = Owned("archive", "manage", DelegationScope.Monitoring,
        Reach.OwnOnly, [SecurityOfficer, Siro],
        "Say how long one's own force's events are kept, and hold them for a case.", AuditOperation.Alteration);

    public static readonly Permission CollectorsManage = Owned("collectors", "manage", DelegationScope.Monitoring,
        Reach.OwnOnly, [SecurityOfficer, ItLead],
        "Set up, change and remove the collectors of one's own force.", AuditOperation.Alteration);

    // Incidents.
    public static readonly Permission IncidentsRead = Owned("incidents", "read", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer, ItLead, Siro],
        "See incidents: what happened, what is done about it, and their reports.");

    public static readonly Permission IncidentsWork = Owned("incidents", "work", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead],
        "Open incidents, write into them, and move them from state to state.", AuditOperation.Alteration);

    public static readonly Permission CandidatesRead = Owned("candidates", "read", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst],
        "See what is the same in alerts of several forces; of forces out of sight only how many they are.");

    public static readonly Permission CandidatesWork = Owned("candidates", "work", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager],
        "Dismiss what is the same in several forces, or make it a national incident.", AuditOperation.Alteration);

    // Playbooks and what they do in a force's estate.
    public static readonly Permission PlaybooksRead = National("playbooks", "read",
        [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer, ItLead, Siro, Auditor],
        "See the nation's playbooks.");

    public static readonly Permission RunsRead = Owned("runs", "read", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead, Siro],
        "See playbooks that are carried out for a force, and what waits for its approval.");

    public static readonly Permission RunsWork = Owned("runs", "work", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead],
        "Carry a playbook out for a force, and ask for actions in its estate.", AuditOperation.Alteration);

    public static readonly Permission ActionsApprove = Owned("actions", "approve", DelegationScope.Response,
        Reach.OwnOnly, [SecurityOfficer, Siro],
        "Approve or refuse an action in one's own force's estate.", AuditOperation.Alteration);

    public static readonly Permission AuthoritiesRead = Owned("authorities", "read", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead, Siro, Auditor],
        "See the standing authorities that a force gave.");

    public static readonly Permission AuthoritiesGrant = Owned("authorities", "grant", DelegationScope.Response,
        Reach.OwnOnly, [SecurityOfficer, Siro],
        "Give, confirm and revoke standing authorities of one's own force.", AuditOperation.Alteration);

    public static readonly Permission EstateRead = Owned("estate", "read", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead, Siro],
        "See which actions a force allows in its estate through this house; never the credentials.");

    public static readonly Permission EstateManage = Owned("estate", "manage", DelegationScope.Response,
        Reach.OwnOnly, [SecurityOfficer, Siro],
        "Register, change and test the application through which actions are done in one's own force's estate, and say what is never touched.", AuditOperation.Alteration);

    public static readonly Permission NoticesRead = Owned("notices", "read", DelegationScope.Response,
        Reach.OwnOnly, [NmcAnalyst, DutyManager, CentreAdministrator, SecurityOfficer, ItLead, ForceAdministrator, Siro],
        "See what people of one's own organisation are told, and who acknowledged it.");

    public static readonly Permission NoticesAcknowledge = Owned("notices", "acknowledge", DelegationScope.Response,
        Reach.OwnOnly, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead, Siro],
        "Acknowledge a notice for one's own organisation.", AuditOperation.Alteration);

    public static readonly Permission BulletinsRead = Owned("bulletins", "read", DelegationScope.Response,
        Reach.OwnOnly, [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, SecurityOfficer, ItLead, ForceAdministrator, Siro, Auditor],
        "See the Centre's bulletins: a force with its own answer, the Centre with the answers that were given to it.");

    public static readonly Permission BulletinsWrite = Owned("bulletins", "write", DelegationScope.Response,
        Reach.OwnOnly, [DutyManager, ThreatIntelligenceAnalyst],
        "Write, publish, correct and withdraw the Centre's bulletins, and chase the forces that have not answered.", AuditOperation.Alteration);

    public static readonly Permission BulletinsAnswer = Owned("bulletins", "answer", DelegationScope.Response,
        Reach.OwnOnly, [SecurityOfficer, ItLead, Siro],
        "Answer a bulletin for one's own force.", AuditOperation.Alteration);

    public static readonly Permission WallRead = National("wall", "read", [NmcAnalyst, DutyManager],
        "Hang up the duty manager's wall: the nation at a glance, each part of it within the rights of who hangs it up.");

    public static readonly Permission NoticesReceive = Owned("notices", "receive", DelegationScope.Response, Reach.OwnOnly, Staff,
        "Say how one is told oneself: by mail or text, from which severity on, and at which hours not.", AuditOperation.Alteration);

    public static readonly Permission NoticesManage = Owned("notices", "manage", DelegationScope.Response,
        Reach.OwnOnly, [CentreAdministrator, ForceAdministrator, SecurityOfficer],
        "Say where one's own organisation's notices are posted to, and send again what could not be sent.", AuditOperation.Alteration);

    // Clocks.
    public static readonly Permission ClocksManage = Owned("clocks", "manage", DelegationScope.Response,
        Reach.OwnOnly, [DutyManager, SecurityOfficer, Siro],
        "Say when one's own organisation works, and whom a clock that runs out calls.", AuditOperation.Alteration);

    // Shifts.
    public static readonly Permission ShiftsRead = Owned("shifts", "read", DelegationScope.Response,
        Reach.OwnAndDelegated, [NmcAnalyst, DutyManager, ThreatIntelligenceAnalyst, CentreAdministrator, SecurityOfficer, ItLead, ForceAdministrator, Siro],
        "See the rota, who has the watch, and who is on call; hand-over notes of one's own organisation.");

    public static readonly Permission ShiftsTake = Owned("shifts", "take", DelegationScope.Response,
        Reach.OwnOnly, [NmcAnalyst, DutyManager, SecurityOfficer, ItLead],
        "Take the watch of one's own organisation and hand it over.", AuditOperation.Alteration);

    public static readonly Permission ShiftsLead = Owned("shifts", "lead", DelegationScope.Response,
        Reach.OwnOnly, [DutyManager, SecurityOfficer],
        "Plan the rota of one's own organisation, say who is on call, and take the watch from somebody who is not there.", AuditOperation.Alteration);

    // The audit trail.
    public static readonly Permission AuditRead = Owned("audit", "read", DelegationScope.Audit,
        Reach.OwnAndDelegated, [Auditor, Siro, SecurityOfficer],
        "Search the audit trail and fetch proofs from it.");

    public static readonly Permission AuditExport = Owned("audit", "export", DelegationScope.Audit,
        Reach.OwnOnly, [Auditor, Siro],
        "Take entries of the audit trail away, with their proofs.", AuditOperation.Disclosure);

    public static readonly Permission AuditSettings = Owned("audit", "settings", DelegationScope.Audit,
        Reach.OwnOnly, [Siro],
        "Say for which operations a reason is demanded.", AuditOperation.Alteration);

    /// <summary>Every row, in the order of the page.</summary>
    public static IReadOnlyList<Permission> All { get; } =
    [
        OverviewRead, OrganisationsRead, OrganisationsManage, PermissionsRead,
        PeopleRead, PeopleManage, PeopleAppoint, Provision,
        DelegationsRead, DelegationsGrant, ClientsRead, ClientsManage, SignInRead, SignInManage,
        TelemetryWrite, SourcesRead, SourcesManage, AlertsRead, AlertsTriage, ArchiveManage,
        CollectorsManage, RulesRead, RulesManage, ExceptionsManage, CoverageRead,
        IncidentsRead, IncidentsWork, CandidatesRead, CandidatesWork,
        PlaybooksRead, RunsRead, RunsWork, ActionsApprove, AuthoritiesRead, AuthoritiesGrant,
        EstateRead, EstateManage, NoticesRead, NoticesAcknowledge, NoticesReceive, NoticesManage,
        BulletinsRead, BulletinsWrite, BulletinsAnswer, WallRead,
        ClocksManage, ShiftsRead, ShiftsTake, ShiftsLead,
        AuditRead, AuditExport, AuditSettings,
    ];

    private static readonly Dictionary<string, Permission> ByKey = All.ToDictionary(p => p.Key, StringComparer.Ordinal);

    public static Permission Get(string key) => ByKey.TryGetValue(key, out var permission)
        ? permission
        : throw new ArgumentException($"The permission table has no row '{key}'.", nameof(key));

    private static Permission National(string resource, string action, ImmutableArray<Role> roles, string meaning,
        AuditOperation operation = AuditOperation.Consultation) => new()
        {
            Resource = resource,
            Action = action,
            Meaning = meaning,
            Roles = roles,
            Operation = operation,
        };

    private static Permission Owned(string resource, string action, DelegationScope scope, Reach reach,
        ImmutableArray<Role> roles, string meaning, AuditOperation operation = AuditOperation.Consultation) => new()
        {
            Resource = resource,
            Action = action,
            Meaning = meaning,
            Scope = scope,
            Reach = reach,
            Roles = roles,
            Operation = operation,
        };
}
