using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Estate;

/// <summary>The entities of the estate. They belong to the force that made them and pass to no successor: it has a tenant of its own.</summary>
internal static class EstateModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<EstateRegistration>(registration =>
        {
            registration.ToTable("EstateRegistrations").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            registration.Property(r => r.Name).HasMaxLength(EstateRegistration.LongestName);
            registration.Property(r => r.SealedCredential).HasMaxLength(32_000);
            registration.Property(r => r.CredentialFile).HasMaxLength(100);
            registration.Property(r => r.CreatedBy).HasMaxLength(200);
            registration.Property(r => r.CheckProblem).HasMaxLength(EstateRegistration.LongestWords);
        });
        model.Entity<EstateLimits>(limits =>
        {
            limits.ToTable("EstateLimits").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            limits.HasIndex(l => l.ForceId).IsUnique();
        });
    }
}
