using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Incidents.Files;

/// <summary>A file that belongs to an incident. Its content may be hostile: it is only kept and given back, never opened.</summary>
internal sealed class IncidentFile : IOwnedByForce
{
    public const int LongestName = 200;
    public const int LongestNote = 500;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid IncidentId { get; init; }

    public required string Name { get; init; }

    /// <summary>What it is and where it is from.</summary>
    public required string Note { get; init; }

    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the content, as it arrived; lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required string AddedBy { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>When its content was removed; that it was there stays.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    public string? RemovedBy { get; set; }
}

/// <summary>A piece of a file's content. Pieces without a file are of an upload that never ended.</summary>
internal sealed class IncidentFilePart : IOwnedByForce
{
    public const int Size = 256 * 1024;

    public required Guid FileId { get; init; }

    public required int Number { get; init; }

    public required ForceId ForceId { get; set; }

    public required byte[] Content { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>That two incidents of a force have to do with each other: a row on either side.</summary>
internal sealed class IncidentLink : IOwnedByForce
{
    public required Guid IncidentId { get; init; }

    public required Guid OtherId { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Why { get; init; }
}

internal static class IncidentFilesModel
{
    public static void ConfigureIncidentFiles(this ModelBuilder model)
    {
        model.Entity<IncidentFile>(file =>
        {
            file.ToTable("IncidentFiles").OwnedByForce(DelegationScope.Response);
            file.Property(f => f.Name).HasMaxLength(IncidentFile.LongestName);
            file.Property(f => f.Note).HasMaxLength(IncidentFile.LongestNote);
            file.Property(f => f.Sha256).HasMaxLength(64);
            file.Property(f => f.AddedBy).HasMaxLength(200);
            file.Property(f => f.RemovedBy).HasMaxLength(200);
            file.HasIndex(f => f.IncidentId);
        });
        model.Entity<IncidentFilePart>(part =>
        {
            part.ToTable("IncidentFileParts").OwnedByForce(DelegationScope.Response);
            part.HasKey(p => new { p.FileId, p.Number });
            part.HasIndex(p => p.At);
        });
        model.Entity<IncidentLink>(link =>
        {
            link.ToTable("IncidentLinks").OwnedByForce(DelegationScope.Response);
            link.HasKey(l => new { l.IncidentId, l.OtherId });
            link.Property(l => l.Why).HasMaxLength(500);
        });
    }
}
