using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring;

/// <summary>The entities of protective monitoring.</summary>
internal static class MonitoringModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<IngestSource>(source =>
        {
            // It is what an ended force's collectors delivered, and those do not pass either.
            source.ToTable("IngestSources").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            source.Property(s => s.Name).HasMaxLength(SourceName.Longest);
            source.Property(s => s.Format).HasMaxLength(40);
            source.Property(s => s.LastCollector).HasMaxLength(80);
            source.HasIndex(s => new { s.ForceId, s.Name }).IsUnique();
        });
        model.Entity<IngestReject>(reject =>
        {
            reject.ToTable("IngestRejects").OwnedByForce(DelegationScope.Monitoring);
            reject.Property(r => r.Source).HasMaxLength(SourceName.Longest);
            reject.Property(r => r.Reason).HasMaxLength(200);
            reject.Property(r => r.Collector).HasMaxLength(80);
            reject.Property(r => r.Sample).HasMaxLength(RejectTally.MostSampleBytes);
            reject.HasIndex(r => new { r.ForceId, r.Day });
        });
    }
}
