using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Clients;

/// <summary>The entities of machine clients.</summary>
internal static class ClientModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<MachineClient>(client =>
        {
            client.ToTable("MachineClients").OwnedByForce(DelegationScope.Administration, OnSuccession.Stays);
            client.Property(c => c.Name).HasMaxLength(100);
            client.Property(c => c.CreatedBy).HasMaxLength(200);
            client.Property(c => c.RevokedBy).HasMaxLength(200);
        });
        model.Entity<ClientSecret>(secret =>
        {
            secret.ToTable("ClientSecrets").OwnedByForce(DelegationScope.Administration, OnSuccession.Stays);
            secret.Property(s => s.LookupId).HasMaxLength(16);
            secret.Property(s => s.Hash).HasMaxLength(32);
            secret.HasIndex(s => s.LookupId).IsUnique();
            secret.HasIndex(s => s.ClientId);
        });
    }

    /// <summary>Registrations and issued tokens of the token endpoint.</summary>
    public static void ConfigureCredentials(ModelBuilder model) => model.UseOpenIddict();
}
