using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Playbooks;

internal static class PlaybooksModel
{
    public static void ConfigurePlaybooks(this ModelBuilder model)
    {
        model.Entity<PlaybookRun>(run =>
        {
            run.ToTable("PlaybookRuns").OwnedByForce(DelegationScope.Response);
            run.Property(r => r.Name).HasMaxLength(200);
            run.Property(r => r.StartedBy).HasMaxLength(200);
            run.Property(r => r.Severity).HasConversion<string>().HasMaxLength(20);
            run.HasIndex(r => new { r.ForceId, r.StartedAt });
            run.HasIndex(r => r.StartedAt);
            run.HasIndex(r => r.AlertId);
            run.HasIndex(r => r.IncidentId);
        });
        model.Entity<RunEntry>(entry =>
        {
            entry.ToTable("PlaybookRunEntries").OwnedByForce(DelegationScope.Response);
            entry.Property(e => e.By).HasMaxLength(200);
            entry.Property(e => e.Step).HasMaxLength(100);
            entry.Property(e => e.Kind).HasMaxLength(20);
            entry.Property(e => e.Words).HasMaxLength(RunEntry.LongestWords);
            entry.HasIndex(e => new { e.RunId, e.At });
        });
        model.Entity<EstateRequest>(request =>
        {
            request.ToTable("EstateRequests").OwnedByForce(DelegationScope.Response);
            request.Ignore(r => r.Action);
            request.Property(r => r.Severity).HasConversion<string>().HasMaxLength(20);
            request.Property(r => r.Step).HasMaxLength(100);
            request.Property(r => r.StepName).HasMaxLength(200);
            request.Property(r => r.Target).HasMaxLength(2_000);
            request.Property(r => r.Detail).HasMaxLength(2_000);
            request.Property(r => r.RequestedBy).HasMaxLength(200);
            request.Property(r => r.RequestedById).HasMaxLength(100);
            request.HasIndex(r => r.RunId);
            request.HasIndex(r => r.NextAt);
            request.HasIndex(r => new { r.ForceId, r.State });
            request.HasIndex(r => new { r.AuthorityId, r.RequestedAt });
        });
        model.Entity<EstateDecision>(decision =>
        {
            decision.ToTable("EstateDecisions").OwnedByForce(DelegationScope.Response);
            decision.Property(d => d.PersonId).HasMaxLength(100);
            decision.Property(d => d.Person).HasMaxLength(200);
            decision.Property(d => d.Reason).HasMaxLength(1_000);
            decision.HasIndex(d => new { d.RequestId, d.PersonId }).IsUnique();
        });
        model.Entity<StandingAuthority>(authority =>
        {
            authority.ToTable("StandingAuthorities").OwnedByForce(DelegationScope.Response);
            authority.Property(a => a.LeastSeverity).HasConversion<string>().HasMaxLength(20);
            authority.Property(a => a.Purpose).HasMaxLength(500);
            authority.Property(a => a.Target).HasMaxLength(300);
            authority.Property(a => a.GrantedBy).HasMaxLength(200);
            authority.Property(a => a.GrantedById).HasMaxLength(100);
            authority.Property(a => a.ConfirmedBy).HasMaxLength(200);
            authority.Property(a => a.RevokedBy).HasMaxLength(200);
            authority.Property(a => a.RevokedBecause).HasMaxLength(500);
        });
    }
}
