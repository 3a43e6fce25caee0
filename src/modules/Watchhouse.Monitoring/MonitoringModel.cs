using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Products;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Syslog;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring;

/// <summary>The entities of protective monitoring.</summary>
internal static class MonitoringModel
{
    public static void Configure(ModelBuilder model)
    {
        CollectModel.Configure(model);
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
        model.Entity<SourceHour>(hour =>
        {
            hour.ToTable("SourceHours").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            hour.Property(h => h.Source).HasMaxLength(SourceName.Longest);
            hour.HasIndex(h => new { h.ForceId, h.Source, h.Hour }).IsUnique();
            hour.HasIndex(h => h.Hour);
        });
        model.Entity<Alert>(alert =>
        {
            alert.ToTable("Alerts").OwnedByForce(DelegationScope.Monitoring);
            alert.Property(a => a.Rule).HasMaxLength(200);
            alert.Property(a => a.Title).HasMaxLength(300);
            alert.Property(a => a.Level).HasMaxLength(20);
            alert.Property(a => a.EntityKind).HasMaxLength(20);
            alert.Property(a => a.Entity).HasMaxLength(AlertEntity.Longest);
            alert.Property(a => a.Recommendation).HasMaxLength(8000);
            alert.Property(a => a.Author).HasMaxLength(300);
            alert.HasIndex(a => new { a.ForceId, a.Rule, a.EntityKind, a.Entity, a.LastAt });
            // A list reads one of these from its newest end, for the nation or for one force.
            alert.HasIndex(a => new { a.RaisedAt, a.Id });
            alert.HasIndex(a => new { a.Level, a.RaisedAt, a.Id });
            alert.HasIndex(a => new { a.Rule, a.RaisedAt, a.Id });
            alert.HasIndex(a => new { a.Entity, a.RaisedAt, a.Id });
            alert.HasIndex(a => new { a.ForceId, a.RaisedAt, a.Id });
            alert.HasIndex(a => new { a.ForceId, a.Level, a.RaisedAt, a.Id });
            alert.HasIndex(a => new { a.ForceId, a.Rule, a.RaisedAt, a.Id });
        });
        Alerts.Triage.TriageSetup.Configure(model);
        model.Entity<AlertTechnique>(technique =>
        {
            technique.ToTable("AlertTechniques").OwnedByForce(DelegationScope.Monitoring);
            technique.HasKey(t => new { t.AlertId, t.Technique });
            technique.Property(t => t.Technique).HasMaxLength(24);
            technique.HasIndex(t => new { t.Technique, t.RaisedAt, t.AlertId });
            technique.HasIndex(t => new { t.ForceId, t.Technique, t.RaisedAt, t.AlertId });
            technique.HasOne<Alert>().WithMany().HasForeignKey(t => t.AlertId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ProductAlert>(product =>
        {
            product.ToTable("ProductAlerts").OwnedByForce(DelegationScope.Monitoring);
            product.Property(p => p.Product).HasMaxLength(ProductAlert.LongestName);
            product.Property(p => p.ProductId).HasMaxLength(ProductAlert.LongestName);
            product.Property(p => p.Incident).HasMaxLength(ProductAlert.LongestName);
            product.Property(p => p.Status).HasMaxLength(40);
            product.Property(p => p.Classification).HasMaxLength(60);
            product.Property(p => p.Determination).HasMaxLength(60);
            product.Property(p => p.Description).HasMaxLength(ProductAlert.LongestDescription);
            product.Property(p => p.Link).HasMaxLength(ProductAlert.LongestLink);
            product.HasOne<Alert>().WithOne().HasForeignKey<ProductAlert>(p => p.Id).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<AlertView>(view =>
        {
            view.ToTable("AlertViews").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            view.Property(v => v.Person).HasMaxLength(80);
            view.Property(v => v.Name).HasMaxLength(AlertView.LongestName);
            view.Property(v => v.Query).HasMaxLength(AlertView.LongestQuery);
            view.HasIndex(v => new { v.ForceId, v.Person, v.Name }).IsUnique();
        });
        model.Entity<AlertEvent>(evidence =>
        {
            evidence.ToTable("AlertEvents").OwnedByForce(DelegationScope.Monitoring);
            evidence.Property(e => e.Source).HasMaxLength(SourceName.Longest);
            evidence.Property(e => e.Table).HasMaxLength(128);
            evidence.HasIndex(e => new { e.AlertId, e.At });
            evidence.HasOne<Alert>().WithMany().HasForeignKey(e => e.AlertId).OnDelete(DeleteBehavior.Cascade);
        });
        RulesModel.Configure(model);
        Coverage.CoverageSetup.Configure(model);
        model.Entity<ArchivedSource>(source =>
        {
            source.ToTable("ArchivedSources").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            source.Property(s => s.Source).HasMaxLength(SourceName.Longest);
            source.HasIndex(s => new { s.ForceId, s.Source }).IsUnique();
        });
        model.Entity<RetentionRule>(rule =>
        {
            // Files of an ended force stay under its name, and so does how long it wanted them kept.
            rule.ToTable("RetentionRules").OwnedByForce(DelegationScope.Monitoring, OnSuccession.Stays);
            rule.Property(r => r.Table).HasMaxLength(128);
            rule.HasIndex(r => new { r.ForceId, r.Table }).IsUnique();
        });
        model.Entity<SyslogListener>(listener =>
        {
            listener.ToTable("SyslogListeners").OwnedByForce(DelegationScope.Monitoring);
            listener.Property(l => l.Source).HasMaxLength(SourceName.Longest);
            listener.Property(l => l.Transport).HasMaxLength(3);
            listener.Property(l => l.Address).HasMaxLength(60);
            listener.Property(l => l.Networks).HasMaxLength(SyslogRules.MostNetworks * 50);
            listener.Property(l => l.Thumbprints).HasMaxLength(SyslogRules.MostThumbprints * 65);
        });
        model.Entity<DetectionPlace>(place =>
        {
            place.ToTable("DetectionPlaces").NationalFact(
                "It is read and written by the detection job alone; no endpoint or page gives it out.");
            place.Property(p => p.Id).HasMaxLength(40);
        });
    }
}
