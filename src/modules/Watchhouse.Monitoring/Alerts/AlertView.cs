using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>A choice of filters that a person has kept under a name. It belongs to the person's own organisation.</summary>
internal sealed class AlertView : IOwnedByForce
{
    public const int LongestName = 60;
    public const int LongestQuery = 600;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>Id of the person.</summary>
    public required string Person { get; init; }

    public required string Name { get; set; }

    /// <summary>The filters as they stand in the address: level=high&amp;since=24h.</summary>
    public required string Query { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
