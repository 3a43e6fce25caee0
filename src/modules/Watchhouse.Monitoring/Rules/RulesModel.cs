using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>The entities of rules and exceptions.</summary>
internal static class RulesModel
{
    private const int LongestName = 80;

    public static void Configure(ModelBuilder model)
    {
        model.Entity<DetectionRule>(rule =>
        {
            rule.ToTable("DetectionRules").OwnedByForce(DelegationScope.Monitoring);
            rule.Property(r => r.Key).HasMaxLength(200);
            rule.Property(r => r.Title).HasMaxLength(300);
            rule.Property(r => r.Level).HasMaxLength(20);
            rule.Property(r => r.LogSource).HasMaxLength(200);
            rule.Property(r => r.OriginName).HasMaxLength(LongestName);
            rule.Property(r => r.Path).HasMaxLength(400);
            rule.Property(r => r.ShippedHash).HasMaxLength(64);
            rule.Property(r => r.ChangedBy).HasMaxLength(LongestName);
            rule.HasIndex(r => new { r.ForceId, r.Key });
            rule.HasIndex(r => r.Stage);
        });
        model.Entity<RuleRevision>(revision =>
        {
            revision.ToTable("RuleRevisions").OwnedByForce(DelegationScope.Monitoring);
            revision.Property(r => r.By).HasMaxLength(LongestName);
            revision.Property(r => r.Why).HasMaxLength(500);
            revision.HasIndex(r => new { r.RuleId, r.Number }).IsUnique();
            revision.HasOne<DetectionRule>().WithMany().HasForeignKey(r => r.RuleId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<RuleTrialRecord>(trial =>
        {
            trial.ToTable("RuleTrials").OwnedByForce(DelegationScope.Monitoring);
            trial.Property(t => t.By).HasMaxLength(LongestName);
            trial.HasIndex(t => new { t.RuleId, t.At });
            trial.HasOne<DetectionRule>().WithMany().HasForeignKey(t => t.RuleId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<TestingHit>(hit =>
        {
            hit.ToTable("TestingHits").OwnedByForce(DelegationScope.Monitoring);
            hit.Property(h => h.Rule).HasMaxLength(200);
            hit.Property(h => h.EntityKind).HasMaxLength(20);
            hit.Property(h => h.Entity).HasMaxLength(AlertEntity.Longest);
            hit.HasIndex(h => new { h.ForceId, h.Rule, h.Day });
        });
        model.Entity<ValueList>(list =>
        {
            list.ToTable("ValueLists").OwnedByForce(DelegationScope.Monitoring);
            list.Property(l => l.Name).HasMaxLength(100);
            list.Property(l => l.ChangedBy).HasMaxLength(LongestName);
            list.HasIndex(l => new { l.ForceId, l.Name });
        });
        // A condition is a value, stored as a text.
        model.Ignore<ExceptionPart>();
        model.Entity<RuleException>(exception =>
        {
            exception.ToTable("RuleExceptions").OwnedByForce(DelegationScope.Monitoring);
            exception.Property(e => e.Rule).HasMaxLength(200);
            exception.Property(e => e.RuleTitle).HasMaxLength(300);
            exception.Property(e => e.Reason).HasMaxLength(500);
            exception.Property(e => e.Owner).HasMaxLength(LongestName);
            exception.Property(e => e.CreatedBy).HasMaxLength(LongestName);
            exception.Property(e => e.RemovedBy).HasMaxLength(LongestName);
            exception.Property(e => e.RemovedWhy).HasMaxLength(500);
            exception.Property(e => e.ExtendedBy).HasMaxLength(LongestName);
            exception.Property(e => e.ExtendedWhy).HasMaxLength(500);
            exception.Property(e => e.Condition).HasConversion(StoredCondition.Converter, StoredCondition.Comparer).HasMaxLength(16_000);
            exception.HasIndex(e => new { e.ForceId, e.ExpiresAt });
        });
        model.Entity<ExceptionCount>(count =>
        {
            count.ToTable("ExceptionCounts").OwnedByForce(DelegationScope.Monitoring);
            count.HasIndex(c => new { c.ExceptionId, c.ForceId });
            count.HasOne<RuleException>().WithMany().HasForeignKey(c => c.ExceptionId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
