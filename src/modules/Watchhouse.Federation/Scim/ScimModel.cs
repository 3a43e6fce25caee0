using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Scim.Groups;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Scim;

/// <summary>The entities of provisioning.</summary>
internal static class ScimModel
{
    public const int LongestExternalId = 200;

    public static void Configure(ModelBuilder model) => model.Entity<ScimGroup>(group =>
    {
        // The link is to the ended force's own directory, so it stays with that force.
        group.ToTable("ScimGroups").OwnedByForce(DelegationScope.Administration, OnSuccession.Stays);
        group.HasKey(g => new { g.ForceId, g.Role });
        group.HasIndex(g => new { g.ForceId, g.ExternalId }).IsUnique();
        group.Property(g => g.ExternalId).HasMaxLength(LongestExternalId);
    });
}
