using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Shifts;

internal static class ShiftsModelSetup
{
    public static void ConfigureShifts(this ModelBuilder model)
    {
        model.Entity<Shift>(shift =>
        {
            shift.ToTable("Shifts").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            shift.Property(s => s.Name).HasMaxLength(Shift.LongestName);
            shift.Property(s => s.Team).HasMaxLength(Shift.LongestName);
            shift.Property(s => s.Lead).HasMaxLength(200);
            shift.HasIndex(s => new { s.ForceId, s.StartsAt });
        });
        model.Entity<Watch>(watch =>
        {
            watch.ToTable("Watches").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            watch.Property(w => w.PersonId).HasMaxLength(100);
            watch.Property(w => w.Person).HasMaxLength(200);
            watch.HasIndex(w => w.ForceId).IsUnique();
        });
        model.Entity<WatchTurn>(turn =>
        {
            turn.ToTable("WatchTurns").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            turn.Property(t => t.Person).HasMaxLength(200);
            turn.Property(t => t.From).HasMaxLength(200);
            turn.Property(t => t.Reason).HasMaxLength(500);
            turn.HasIndex(t => new { t.ForceId, t.TakenAt });
        });
        model.Entity<HandOverNote>(note =>
        {
            note.ToTable("HandOverNotes").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            note.Property(n => n.WrittenById).HasMaxLength(100);
            note.Property(n => n.WrittenBy).HasMaxLength(200);
            note.Property(n => n.Generated).HasMaxLength(HandOverNote.LongestWords);
            note.Property(n => n.Words).HasMaxLength(HandOverNote.LongestWords);
            note.Property(n => n.SeenBy).HasMaxLength(200);
            note.HasIndex(n => new { n.ForceId, n.WrittenAt });
        });
        model.Entity<OnCallSpan>(span =>
        {
            span.ToTable("OnCallSpans").OwnedByForce(DelegationScope.Response, OnSuccession.Stays);
            span.Property(s => s.Name).HasMaxLength(200);
            span.Property(s => s.Reach).HasMaxLength(OnCallSpan.LongestReach);
            span.HasIndex(s => new { s.ForceId, s.EndsAt });
        });
    }
}
