using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts.Triage;

/// <summary>
/// One decision about an alert, kept for ever. Its number is the alert's version before it: of two people who decide at once,
/// one finds the number taken.
/// </summary>
internal sealed class AlertStep : IOwnedByForce
{
    public required Guid AlertId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required ForceId ForceId { get; set; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Id of who decided.</summary>
    public required string By { get; init; }

    public required string ByName { get; init; }

    public required ForceId ByForce { get; init; }

    /// <summary>assign, open, wait, close or undo.</summary>
    public required string Act { get; init; }

    public required string OldStatus { get; init; }

    public required string NewStatus { get; init; }

    public required string OldOwner { get; init; }

    public required string OldOwnerName { get; init; }

    public required string NewOwner { get; init; }

    public required string NewOwnerName { get; init; }

    public required string OldVerdict { get; init; }

    public required string NewVerdict { get; init; }

    public required string Reason { get; init; }

    /// <summary>The alert's times before it, so that it can be undone; seconds from raising.</summary>
    public long? OldAcknowledgedAfter { get; init; }

    public long? OldTriagedAfter { get; init; }
}
