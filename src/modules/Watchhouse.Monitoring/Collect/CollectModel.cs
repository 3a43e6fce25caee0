using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Collect;

/// <summary>
/// The entities of collection. None passes to a successor: a registration and its credential belong to the force that made them, and
/// the ledger says what was fetched with them.
/// </summary>
internal static class CollectModel
{
    public const int LongestText = 1000;
    public const int LongestAddress = 2000;
    private const int LongestStream = 200;

    public static void Configure(ModelBuilder model)
    {
        model.Entity<Collector>(collector =>
        {
            collector.ToTable("Collectors").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            collector.Property(c => c.Name).HasMaxLength(100);
            collector.Property(c => c.Source).HasMaxLength(SourceName.Longest);
            collector.Property(c => c.SealedCredential).HasMaxLength(32_000);
            collector.Property(c => c.CredentialFile).HasMaxLength(100);
            collector.Property(c => c.Address).HasMaxLength(200);
            collector.Property(c => c.Group).HasMaxLength(100);
            collector.Property(c => c.CreatedBy).HasMaxLength(200);
        });
        model.Entity<CollectorStatus>(status =>
        {
            status.ToTable("CollectorStatuses").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            status.Property(s => s.Problem).HasMaxLength(LongestText);
            status.HasIndex(s => s.NextRunAt);
            status.HasOne<Collector>().WithOne().HasForeignKey<CollectorStatus>(s => s.Id).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<CollectorStream>(stream =>
        {
            stream.ToTable("CollectorStreams").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            stream.Property(s => s.Name).HasMaxLength(LongestStream);
            stream.HasIndex(s => new { s.CollectorId, s.Name }).IsUnique();
            stream.HasOne<Collector>().WithMany().HasForeignKey(s => s.CollectorId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<CoverageWindow>(window =>
        {
            window.ToTable("CoverageWindows").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            window.Property(w => w.Stream).HasMaxLength(LongestStream);
            window.Property(w => w.Reason).HasMaxLength(LongestText);
            window.Property(w => w.Problem).HasMaxLength(LongestText);
            window.Property(w => w.Cursor).HasMaxLength(8000);
            window.HasIndex(w => new { w.CollectorId, w.Stream, w.From });
            window.HasIndex(w => new { w.CollectorId, w.NextAt });
            window.HasIndex(w => new { w.ForceId, w.State });
            window.HasOne<Collector>().WithMany().HasForeignKey(w => w.CollectorId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<SeenEvents>(seen =>
        {
            seen.ToTable("CollectedEvents").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            seen.HasIndex(s => s.WindowId);
            seen.HasOne<CoverageWindow>().WithMany().HasForeignKey(s => s.WindowId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ListedBlob>(blob =>
        {
            blob.ToTable("CollectedBlobs").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            blob.Property(b => b.Address).HasMaxLength(LongestAddress);
            blob.Property(b => b.Lost).HasMaxLength(LongestText);
            blob.HasIndex(b => new { b.CollectorId, b.Key }).IsUnique();
            blob.HasIndex(b => b.WindowId);
            // Windows are merged when they are done; their blobs are remembered until Microsoft can list them no more.
            blob.HasOne<Collector>().WithMany().HasForeignKey(b => b.CollectorId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    /// <summary>A text as it fits into its column.</summary>
    public static string Cut(string text, int longest = LongestText) => text.Length <= longest ? text : text[..longest];
}
