using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Correlation;

/// <summary>What can be found again in another force.</summary>
internal static class SightingKinds
{
    public const string Address = "address";
    public const string Domain = "domain";
    public const string App = "app";
    public const string Sequence = "sequence";
    public const string Actor = "actor";
}

/// <summary>
/// That an alert of a force names something that may be met elsewhere. The row is the force's: whoever may not see its alerts does not
/// see it, and learns at most that there is one more force.
/// </summary>
internal sealed class AlertTrace : IOwnedByForce
{
    public const int LongestValue = 400;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid AlertId { get; init; }

    /// <summary>One of <see cref="SightingKinds"/>, mail or hash.</summary>
    public required string Kind { get; init; }

    public required string Value { get; init; }

    /// <summary>Time of the alert's first event.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Level { get; init; }

    /// <summary>The candidate that rests on it; null while there is none.</summary>
    public Guid? CandidateId { get; set; }
}

/// <summary>The Centre's: the same in several forces, which may be a national incident. A person decides.</summary>
internal sealed class Candidate : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required CandidateStatus Status { get; set; }

    public required Severity Severity { get; set; }

    /// <summary>Forces in which it was seen, those too that the Centre may not look into: only the number.</summary>
    public required int Forces { get; set; }

    public required int Alerts { get; set; }

    public required DateTimeOffset FirstAt { get; set; }

    public required DateTimeOffset LastAt { get; set; }

    public required DateTimeOffset RaisedAt { get; init; }

    public Guid? IncidentId { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? Decision { get; set; }

    public uint Version { get; set; }
}

internal enum CandidateStatus
{
    Open,
    Raised,
    Dismissed,
}

/// <summary>One thing that is the same in several forces.</summary>
internal sealed class CandidateReason : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid CandidateId { get; init; }

    public required string Kind { get; init; }

    public required string Value { get; init; }

    public required int Forces { get; set; }

    public required int Alerts { get; set; }

    public required DateTimeOffset FirstAt { get; set; }

    public required DateTimeOffset LastAt { get; set; }
}

/// <summary>What the Centre said is the same everywhere for a good reason, and is no longer compared.</summary>
internal sealed class IgnoredTrace : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Kind { get; init; }

    public required string Value { get; init; }

    public required string Reason { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Up to where alerts have been compared.</summary>
internal sealed class CorrelationPlace
{
    public required string Id { get; init; }

    public required DateTimeOffset RaisedAt { get; set; }
}

internal static class CorrelationModel
{
    public static void ConfigureCorrelation(this ModelBuilder model)
    {
        model.Entity<AlertTrace>(trace =>
        {
            trace.ToTable("AlertTraces").OwnedByForce(DelegationScope.Response);
            trace.Property(t => t.Kind).HasMaxLength(20);
            trace.Property(t => t.Value).HasMaxLength(AlertTrace.LongestValue);
            trace.Property(t => t.Level).HasMaxLength(20);
            trace.HasIndex(t => new { t.AlertId, t.Kind, t.Value }).IsUnique();
            trace.HasIndex(t => new { t.Kind, t.Value, t.At });
            trace.HasIndex(t => t.CandidateId);
            trace.HasIndex(t => t.At);
        });
        model.Entity<Candidate>(candidate =>
        {
            candidate.ToTable("Candidates").OwnedByForce(DelegationScope.Response);
            candidate.Property(c => c.DecidedBy).HasMaxLength(200);
            candidate.Property(c => c.Decision).HasMaxLength(2_000);
            candidate.HasIndex(c => new { c.Status, c.RaisedAt });
        });
        model.Entity<CandidateReason>(reason =>
        {
            reason.ToTable("CandidateReasons").OwnedByForce(DelegationScope.Response);
            reason.Property(r => r.Kind).HasMaxLength(20);
            reason.Property(r => r.Value).HasMaxLength(AlertTrace.LongestValue);
            reason.HasIndex(r => new { r.CandidateId, r.Kind, r.Value }).IsUnique();
        });
        model.Entity<IgnoredTrace>(ignored =>
        {
            ignored.ToTable("IgnoredTraces").OwnedByForce(DelegationScope.Response);
            ignored.Property(i => i.Kind).HasMaxLength(20);
            ignored.Property(i => i.Value).HasMaxLength(AlertTrace.LongestValue);
            ignored.Property(i => i.Reason).HasMaxLength(2_000);
            ignored.Property(i => i.By).HasMaxLength(200);
            ignored.HasIndex(i => new { i.Kind, i.Value }).IsUnique();
        });
        model.Entity<CorrelationPlace>(place =>
        {
            place.ToTable("CorrelationPlaces").NationalFact("It is read and written by the job that compares alerts; no endpoint or page gives it out.");
            place.Property(p => p.Id).HasMaxLength(20);
        });
    }
}
