using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Incidents.Files;

namespace Watchhouse.Response.Incidents;

internal static class IncidentsModel
{
    public static void ConfigureIncidents(this ModelBuilder model)
    {
        model.Entity<Incident>(incident =>
        {
            incident.ToTable("Incidents").OwnedByForce(DelegationScope.Response);
            incident.Property(i => i.Reference).HasMaxLength(20);
            incident.Property(i => i.Title).HasMaxLength(Incident.LongestTitle);
            incident.Property(i => i.Summary).HasMaxLength(Incident.LongestText);
            incident.Property(i => i.Review).HasMaxLength(Incident.LongestText);
            incident.Property(i => i.Instructions).HasMaxLength(500);
            incident.Property(i => i.Impact).HasConversion<string>().HasMaxLength(20);
            incident.Property(i => i.Urgency).HasConversion<string>().HasMaxLength(20);
            incident.Property(i => i.Status).HasConversion<string>().HasMaxLength(20);
            incident.Property(i => i.Handling).HasConversion<string>().HasMaxLength(20);
            incident.Property(i => i.ConfirmedBy).HasMaxLength(200);
            incident.Property(i => i.ConfirmedUnder).HasMaxLength(100);
            incident.Property(i => i.OwnerId).HasMaxLength(100);
            incident.Property(i => i.Owner).HasMaxLength(200);
            incident.Property(i => i.OpenedBy).HasMaxLength(200);
            incident.HasIndex(i => new { i.OpenedAt, i.Id });
            incident.HasIndex(i => new { i.ForceId, i.OpenedAt });
            incident.HasIndex(i => new { i.Status, i.OpenedAt });
            incident.HasIndex(i => i.ParentId);
        });
        model.ConfigureIncidentFiles();
        model.Entity<IncidentEntry>(entry =>
        {
            entry.ToTable("IncidentEntries").OwnedByForce(DelegationScope.Response);
            entry.Property(e => e.Kind).HasMaxLength(20);
            entry.Property(e => e.Words).HasMaxLength(IncidentEntry.LongestWords);
            entry.Property(e => e.By).HasMaxLength(200);
            entry.HasIndex(e => new { e.IncidentId, e.HappenedAt });
        });
        model.Entity<IncidentAlert>(alert =>
        {
            alert.ToTable("IncidentAlerts").OwnedByForce(DelegationScope.Response);
            alert.Property(a => a.Title).HasMaxLength(500);
            alert.Property(a => a.Level).HasMaxLength(20);
            alert.Property(a => a.EntityKind).HasMaxLength(40);
            alert.Property(a => a.Entity).HasMaxLength(1_000);
            alert.HasIndex(a => new { a.IncidentId, a.AlertId }).IsUnique();
            alert.HasIndex(a => a.AlertId);
        });
        model.Entity<IncidentEntity>(entity =>
        {
            entity.ToTable("IncidentEntities").OwnedByForce(DelegationScope.Response);
            entity.Property(e => e.Kind).HasMaxLength(40);
            entity.Property(e => e.Value).HasMaxLength(1_000);
            entity.Property(e => e.Note).HasMaxLength(500);
            entity.HasIndex(e => e.IncidentId);
        });
        model.Entity<IncidentTask>(task =>
        {
            task.ToTable("IncidentTasks").OwnedByForce(DelegationScope.Response);
            task.Property(t => t.Title).HasMaxLength(300);
            task.Property(t => t.Owner).HasMaxLength(200);
            task.Property(t => t.DoneBy).HasMaxLength(200);
            task.HasIndex(t => t.IncidentId);
        });
    }
}
