using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Demonstration;

/// <summary>The made-up people whom a visitor can be, to see the house with other rights.</summary>
internal sealed class DemonstrationPersonas : IPersonaList
{
    private static readonly (ForceId Home, Role Role)[] Chosen =
    [
        (ForceId.Centre, Role.DutyManager),
        (ForceId.Centre, Role.NmcAnalyst),
        (ForceId.Centre, Role.CentreAdministrator),
        (ForceId.Centre, Role.Auditor),
        (ForceId.Of("KNT"), Role.SecurityOfficer),
        (ForceId.Of("KNT"), Role.ForceAdministrator),
        (ForceId.Of("KNT"), Role.Auditor),
        (ForceId.Of("DVC"), Role.Siro),
        (ForceId.Of("ESX"), Role.SecurityOfficer),
        (ForceId.Of("ESX"), Role.ForceAdministrator),
    ];

    public IReadOnlyList<Persona> All { get; } = [.. Chosen.Select(c =>
        new Persona(KeyOf(c.Home, c.Role), $"{c.Role.Describe().Title} {c.Home} 1 (demonstration)", c.Role.Describe().Title, c.Home))];

    public static string KeyOf(ForceId home, Role role) =>
        $"{role.Describe().Title.ToLowerInvariant().Replace(' ', '-')}.1@{home.Value.ToLowerInvariant()}.demonstration.invalid";

    public static bool IsPersona(PlannedPerson person) =>
        Chosen.Any(c => c.Home == person.Force && c.Role == person.Role) && person.Email == KeyOf(person.Force, person.Role);
}
