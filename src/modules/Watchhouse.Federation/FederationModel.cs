using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Delegations;
using Watchhouse.Federation.Organisations;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation;

/// <summary>The entities of organisations, people and delegations.</summary>
internal static class FederationModel
{
    private const string Register = "Which organisations exist, their names and areas are public facts.";

    public static void Configure(ModelBuilder model)
    {
        model.Entity<Organisation>(organisation =>
        {
            organisation.ToTable("Organisations").NationalFact(Register);
            organisation.HasKey(o => o.Id);
            organisation.Property(o => o.OfficialName).HasMaxLength(200);
            organisation.Property(o => o.ShortName).HasMaxLength(100);
        });
        model.Entity<OrganisationName>(name =>
        {
            name.ToTable("OrganisationNames").NationalFact(Register);
            name.HasIndex(n => n.Organisation);
        });
        model.Entity<Area>(area =>
        {
            area.ToTable("Areas").NationalFact(Register);
            area.HasIndex(a => new { a.Code, a.From }).IsUnique();
            area.HasIndex(a => a.Force);
        });
        model.Entity<Succession>(succession => succession.ToTable("Successions").NationalFact(Register));
        model.Entity<CustodyTransfer>(transfer =>
            transfer.ToTable("CustodyTransfers").OwnedByForce(DelegationScope.Administration));

        model.Entity<Person>(person =>
        {
            person.ToTable("People").OwnedByForce(DelegationScope.Administration);
            person.Property(p => p.Name).HasMaxLength(200);
            person.Property(p => p.GivenName).HasMaxLength(200);
            person.Property(p => p.FamilyName).HasMaxLength(200);
            person.Property(p => p.Email).HasMaxLength(254);
            person.Property(p => p.WorkEmail).HasMaxLength(254);
            person.Property(p => p.JobTitle).HasMaxLength(200);
            person.Property(p => p.ExternalId).HasMaxLength(200);
            // One address, one person, across all forces: sign-in and transfers rest on it. Leavers free theirs.
            person.HasIndex(p => p.Email).IsUnique().HasFilter("\"Status\" <> 'Left'");
            person.HasIndex(p => new { p.ForceId, p.ExternalId });
        });
        model.Entity<RoleAssignment>(role =>
        {
            role.ToTable("RoleAssignments").OwnedByForce(DelegationScope.Administration);
            role.Property(r => r.GivenBy).HasMaxLength(200);
            role.Property(r => r.EndedBy).HasMaxLength(200);
            role.HasIndex(r => r.PersonId);
        });
        model.Entity<Session>(session =>
        {
            session.ToTable("Sessions").OwnedByForce(DelegationScope.Administration);
            session.Property(s => s.Method).HasMaxLength(40);
            session.Property(s => s.EndedBecause).HasMaxLength(200);
            session.HasIndex(s => s.PersonId);
            session.HasIndex(s => s.ExpiresAt);
        });

        model.Entity<Delegation>(delegation =>
        {
            delegation.ToTable("Delegations").OwnedByForce(DelegationScope.Administration);
            delegation.Property(d => d.Purpose).HasMaxLength(500);
            delegation.Property(d => d.GrantedBy).HasMaxLength(200);
            delegation.Property(d => d.RevokedBy).HasMaxLength(200);
            delegation.Property(d => d.RevokedBecause).HasMaxLength(500);
            delegation.HasIndex(d => d.To);
        });
    }
}
