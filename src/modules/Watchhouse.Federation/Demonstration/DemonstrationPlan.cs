using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Demonstration;

/// <summary>A made-up person. The name is a post and says that it is a demonstration: nobody real is meant.</summary>
internal sealed record PlannedPerson(ForceId Force, Role Role, string Name, string Email, string JobTitle);

/// <summary>A made-up delegation.</summary>
internal sealed record PlannedDelegation(ForceId Force, ForceId To, DelegationScope Scope, int Days, string Purpose, bool Revoked);

/// <summary>
/// The demonstration federation, the same at every start: all forces, with people in the posts that matter and
/// delegations in every state that a screen must show. Pure.
/// </summary>
internal static class DemonstrationPlan
{
    private static readonly (Role Role, int Count)[] CentrePosts =
    [
        (Role.DutyManager, 2), (Role.NmcAnalyst, 6), (Role.ThreatIntelligenceAnalyst, 2), (Role.ProgrammeManager, 1),
        (Role.CentreAdministrator, 2), (Role.Auditor, 1), (Role.Siro, 1),
    ];

    private static readonly (Role Role, int Count)[] ForcePosts =
    [
        (Role.ForceAdministrator, 1), (Role.SecurityOfficer, 1), (Role.Siro, 1), (Role.Auditor, 1), (Role.ItLead, 1),
        (Role.EvidenceOfficer, 1), (Role.Investigator, 2), (Role.CaseFileOfficer, 1), (Role.ContactOperator, 1),
    ];

    private static readonly (DelegationScope Scope, string Purpose)[] ToCentre =
    [
        (DelegationScope.Monitoring, "24/7 protective monitoring by the national centre"),
        (DelegationScope.Response, "Triage and advice during incidents"),
        (DelegationScope.Intelligence, "Exchange of indicators and sightings"),
        (DelegationScope.Exposure, "National advisories matched with our inventory"),
        (DelegationScope.Blueprint, "Distance from the national design"),
        (DelegationScope.Catalogue, "Demand aggregation and national prices"),
        (DelegationScope.Administration, "Cover while the post of administrator is vacant"),
    ];

    public static IEnumerable<PlannedPerson> People(IEnumerable<OrganisationSummary> organisations) =>
        organisations.Where(o => o.IsForce || o.Id == ForceId.Centre).SelectMany(o =>
            (o.Id == ForceId.Centre ? CentrePosts : ForcePosts).SelectMany(post =>
                Enumerable.Range(1, post.Count).Select(number => Person(o, post.Role, number))));

    public static IEnumerable<PlannedDelegation> Delegations(IEnumerable<OrganisationSummary> organisations)
    {
        foreach (var force in organisations.Where(o => o.IsForce))
        {
            var dice = new Dice(force.Id.Value);
            // Most forces let the Centre see what it needs, some only the alerts, and two have not joined yet.
            var breadth = dice.Next(22) switch { 0 => 0, 1 or 2 => 1, 3 or 4 => 3, 5 => 7, _ => 5 + dice.Next(2) };
            for (var i = 0; i < breadth; i++)
                yield return new PlannedDelegation(force.Id, ForceId.Centre, ToCentre[i].Scope,
                    dice.Next(9) == 0 ? 5 + dice.Next(24) : 120 + dice.Next(600), ToCentre[i].Purpose, dice.Next(40) == 0);
        }

        foreach (var (from, to, scope, purpose) in new[]
        {
            ("KNT", "ESX", DelegationScope.Evidence, "Shared serious crime directorate"),
            ("ESX", "KNT", DelegationScope.Evidence, "Shared serious crime directorate"),
            ("BED", "HRT", DelegationScope.Exposure, "Shared information technology department"),
            ("CAM", "HRT", DelegationScope.Exposure, "Shared information technology department"),
            ("NFK", "SFK", DelegationScope.Monitoring, "Shared security officer"),
        })
            yield return new PlannedDelegation(ForceId.Of(from), ForceId.Of(to), scope, 300, purpose, false);
    }

    private static PlannedPerson Person(OrganisationSummary organisation, Role role, int number)
    {
        var title = role.Describe().Title;
        var post = title.ToLowerInvariant().Replace(' ', '-');
        return new PlannedPerson(organisation.Id, role, $"{title} {organisation.Id} {number} (demonstration)",
            $"{post}.{number}@{organisation.Id.Value.ToLowerInvariant()}.demonstration.invalid", title);
    }

    /// <summary>
    /// Numbers that depend on the force alone, on every machine and version: a hash of the text (FNV-1a), stepped by an
    /// LCG. <see cref="Random"/> promises no sequence across versions.
    /// </summary>
    private struct Dice(string seed)
    {
        private uint _state = seed.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);

        public int Next(int below)
        {
            _state = (_state * 1664525u) + 1013904223u;
            return (int)((ulong)_state * (uint)below >> 32);
        }
    }
}
