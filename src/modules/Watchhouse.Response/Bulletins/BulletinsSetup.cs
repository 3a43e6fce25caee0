using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Bulletins;

internal static class BulletinsSetup
{
    public static void AddBulletins(this IServiceCollection services)
    {
        services.AddSingleton<BulletinOperations>();
        services.AddSingleton<BulletinQueries>();
        services.AddSingleton<BulletinChaser>();
        services.AddHostedService<BulletinWorker>();
        services.AddHostedService<BulletinDemonstration>();
        services.AddSingleton<INotificationSource, BulletinBell>();
    }

    public static void ConfigureBulletins(this ModelBuilder model)
    {
        model.Entity<Bulletin>(bulletin =>
        {
            bulletin.ToTable("Bulletins").OwnedByForce(DelegationScope.Response);
            Content(bulletin);
            bulletin.Property(b => b.CreatedBy).HasMaxLength(200);
            bulletin.HasIndex(b => new { b.ForceId, b.CreatedAt });
            bulletin.HasIndex(b => b.NextChaseAt);
        });
        model.Entity<BulletinEntry>(entry =>
        {
            entry.ToTable("BulletinEntries").OwnedByForce(DelegationScope.Response);
            entry.Property(e => e.Kind).HasMaxLength(20);
            entry.Property(e => e.Words).HasMaxLength(BulletinEntry.LongestWords);
            entry.Property(e => e.By).HasMaxLength(200);
            entry.HasIndex(e => new { e.BulletinId, e.At });
        });
        model.Entity<BulletinCopy>(copy =>
        {
            copy.ToTable("BulletinCopies").OwnedByForce(DelegationScope.Response);
            Content(copy);
            copy.Property(c => c.SeenBy).HasMaxLength(200);
            copy.Property(c => c.AcknowledgedBy).HasMaxLength(200);
            copy.Property(c => c.AnsweredBy).HasMaxLength(200);
            copy.Property(c => c.Words).HasMaxLength(BulletinCopy.LongestWords);
            copy.HasIndex(c => new { c.BulletinId, c.To }).IsUnique();
            copy.HasIndex(c => new { c.ForceId, c.PublishedAt });
        });
        model.Entity<BulletinStep>(step =>
        {
            step.ToTable("BulletinSteps").OwnedByForce(DelegationScope.Response);
            step.Property(s => s.Words).HasMaxLength(BulletinCopy.LongestWords);
            step.Property(s => s.By).HasMaxLength(200);
            step.HasIndex(s => new { s.BulletinId, s.At });
        });
        model.Entity<BulletinReceipt>(receipt =>
        {
            receipt.ToTable("BulletinReceipts").OwnedByForce(DelegationScope.Response);
            receipt.Property(r => r.By).HasMaxLength(200);
            receipt.Property(r => r.Words).HasMaxLength(BulletinCopy.LongestWords);
            receipt.HasIndex(r => new { r.BulletinId, r.From }).IsUnique();
        });
    }

    private static void Content<T>(EntityTypeBuilder<T> entity)
        where T : BulletinContent
    {
        entity.Property(b => b.Number).HasMaxLength(20);
        entity.Property(b => b.Title).HasMaxLength(BulletinContent.LongestTitle);
        entity.Property(b => b.Text).HasMaxLength(BulletinContent.LongestText);
        entity.Property(b => b.Instructions).HasMaxLength(500);
        entity.Property(b => b.Correction).HasMaxLength(1_000);
        entity.Property(b => b.WithdrawnBecause).HasMaxLength(1_000);
    }
}
