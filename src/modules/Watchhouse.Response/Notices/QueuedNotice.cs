using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Notices;

/// <summary>A notice as it waits to be sent out, and after that.</summary>
internal sealed class QueuedNotice : IOwnedByForce, IVersioned
{
    public const int LongestKey = 200;
    public const int LongestWords = 300;
    public const int LongestLink = 300;
    public const int LongestName = 200;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Key { get; init; }

    public required string Kind { get; init; }

    public required string Severity { get; init; }

    /// <summary>The NCSC category of what it tells of; null where there is none.</summary>
    public int? Category { get; init; }

    public required string Words { get; init; }

    public required string Link { get; init; }

    /// <summary>Names of roles, as <see cref="Platform.Acting.Role"/> has them.</summary>
    public required List<string> Roles { get; init; }

    public required List<Guid> People { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its messages were made for each person and channel; null while it waits.</summary>
    public DateTimeOffset? SentOutAt { get; set; }

    /// <summary>When somebody of the force said that it was read; null while nobody did.</summary>
    public DateTimeOffset? AcknowledgedAt { get; set; }

    public string? AcknowledgedBy { get; set; }

    public uint Version { get; set; }
}
