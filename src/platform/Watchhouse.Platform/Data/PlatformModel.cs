using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Outbox;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Data;

/// <summary>The platform's own entities.</summary>
internal static class PlatformModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("Outbox").NationalFact("Read by the relay alone; no page or endpoint shows it.");
            outbox.Property(m => m.Type).HasMaxLength(200);
            outbox.Property(m => m.LastError).HasMaxLength(200);
            outbox.HasIndex(m => m.NextAttemptAt);
        });

        model.Entity<AuditRow>(row =>
        {
            row.ToTable("AuditIndex").OwnedByForce(DelegationScope.Audit);
            row.HasIndex(r => r.LedgerIndex);
            row.HasIndex(r => new { r.ForceId, r.At });
            row.HasIndex(r => r.EntryId);
            row.Property(r => r.Action).HasMaxLength(80);
            row.Property(r => r.ActorId).HasMaxLength(80);
            row.Property(r => r.ActorName).HasMaxLength(200);
            row.Property(r => r.ActorHome).HasMaxLength(8);
            row.Property(r => r.Subject).HasMaxLength(200);
        });

        model.Entity<AuditSetting>(setting =>
        {
            setting.ToTable("AuditSettings").OwnedByForce(DelegationScope.Audit, OnSuccession.Stays);
            setting.HasKey(s => new { s.ForceId, s.Operation });
        });
    }
}
