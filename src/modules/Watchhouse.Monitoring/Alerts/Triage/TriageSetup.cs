using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Triage;

/// <summary>What triage adds to the house.</summary>
internal static class TriageSetup
{
    private const string Unclosed = "\"Status\" <> 'closed'";

    public static void AddTriage(this IServiceCollection services)
    {
        services.AddSingleton<TriageOperations>();
        services.AddSingleton<TriageQueries>();
    }

    public static void Configure(ModelBuilder model)
    {
        model.Entity<Alert>(alert =>
        {
            alert.Property(a => a.Status).HasMaxLength(10).HasDefaultValue(TriageStates.New);
            alert.Property(a => a.Owner).HasMaxLength(80).HasDefaultValue("");
            alert.Property(a => a.OwnerName).HasMaxLength(200).HasDefaultValue("");
            alert.Property(a => a.Verdict).HasMaxLength(24).HasDefaultValue("");
            // The queue reads what is not closed, which is little of the whole; the rest is read by what it was or whose it is.
            alert.HasIndex(a => new { a.RaisedAt, a.Id }, "IX_Alerts_Unclosed").HasFilter(Unclosed);
            alert.HasIndex(a => new { a.Level, a.RaisedAt, a.Id }, "IX_Alerts_Unclosed_Level").HasFilter(Unclosed);
            alert.HasIndex(a => new { a.Owner, a.RaisedAt, a.Id }, "IX_Alerts_Unclosed_Owner").HasFilter(Unclosed);
            alert.HasIndex(a => new { a.ForceId, a.RaisedAt, a.Id }, "IX_Alerts_Unclosed_Force").HasFilter(Unclosed);
            alert.HasIndex(a => new { a.ForceId, a.Level, a.RaisedAt, a.Id }, "IX_Alerts_Unclosed_Force_Level").HasFilter(Unclosed);
            alert.HasIndex(a => new { a.ForceId, a.Owner, a.RaisedAt, a.Id }, "IX_Alerts_Unclosed_Force_Owner").HasFilter(Unclosed);
            alert.HasIndex(a => new { a.Owner, a.RaisedAt, a.Id }, "IX_Alerts_Owner").HasFilter("\"Owner\" <> ''");
            alert.HasIndex(a => new { a.Verdict, a.RaisedAt, a.Id }, "IX_Alerts_Verdict").HasFilter("\"Verdict\" <> ''");
            alert.HasIndex(a => new { a.ForceId, a.Verdict, a.RaisedAt, a.Id }, "IX_Alerts_Force_Verdict").HasFilter("\"Verdict\" <> ''");
            alert.HasIndex(a => new { a.Status, a.RaisedAt, a.Id });
            alert.HasIndex(a => new { a.ForceId, a.Status, a.RaisedAt, a.Id });
        });
        model.Entity<AlertStep>(step =>
        {
            step.ToTable("AlertSteps").OwnedByForce(DelegationScope.Monitoring);
            step.HasKey(s => new { s.AlertId, s.Number });
            step.Property(s => s.By).HasMaxLength(80);
            step.Property(s => s.ByName).HasMaxLength(200);
            step.Property(s => s.Act).HasMaxLength(10);
            step.Property(s => s.OldStatus).HasMaxLength(10);
            step.Property(s => s.NewStatus).HasMaxLength(10);
            step.Property(s => s.OldOwner).HasMaxLength(80);
            step.Property(s => s.NewOwner).HasMaxLength(80);
            step.Property(s => s.OldOwnerName).HasMaxLength(200);
            step.Property(s => s.NewOwnerName).HasMaxLength(200);
            step.Property(s => s.OldVerdict).HasMaxLength(24);
            step.Property(s => s.NewVerdict).HasMaxLength(24);
            step.Property(s => s.Reason).HasMaxLength(TriageOrder.LongestReason);
            step.HasOne<Alert>().WithMany().HasForeignKey(s => s.AlertId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
