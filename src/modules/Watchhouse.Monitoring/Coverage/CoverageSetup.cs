using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>What coverage adds to the module.</summary>
internal static class CoverageSetup
{
    public static void AddCoverage(this IServiceCollection services)
    {
        services.AddSingleton<AttackBook>();
        services.AddSingleton<ArrivalBook>();
        services.AddHostedService<ArrivalWriter>();
        services.AddSingleton<CoverageQueries>();
    }

    public static void Configure(ModelBuilder model) => model.Entity<SourceContent>(content =>
    {
        // It is what an ended force's collectors delivered, as the rows of its sources are.
        content.ToTable("SourceContents").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
        content.Property(c => c.Source).HasMaxLength(SourceName.Longest);
        content.Property(c => c.Entry).HasMaxLength(SourceContent.LongestEntry);
        content.HasIndex(c => new { c.ForceId, c.Source, c.Entry }).IsUnique();
    });
}
