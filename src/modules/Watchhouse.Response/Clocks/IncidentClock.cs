using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Clocks;

/// <summary>
/// The clock of an incident that a force holds. What happened to it stands in its entries; how it stands is written here again, so that
/// those that are due are found without reading them all.
/// </summary>
internal sealed class IncidentClock : IOwnedByForce, IVersioned
{
    /// <summary>The incident's.</summary>
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Severity Severity { get; set; }

    public required ClockState State { get; set; }

    /// <summary>What is next to be done; null when nothing is.</summary>
    public ClockStage? Stage { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the time is broken; null while it is paused, and after its end.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>When the job looks at it next; null when there is nobody to be told.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>
    /// The hours by which it was measured when it ended, as JSON of <see cref="KeptHours"/>; empty where the force had set none. Null while it has not
    /// ended: then the hours of today count. What was late stays late when the force works otherwise later.
    /// </summary>
    public string? HoursAtEnd { get; set; }

    public uint Version { get; set; }
}

/// <summary>Hours of a force as they were once, in the words of <see cref="ClockSettings"/>.</summary>
internal sealed record KeptHours(bool IsAlways, List<string> Days, int FromMinute, int UntilMinute, string Holidays);

/// <summary>Something that happened to a clock. Never changed.</summary>
internal sealed class ClockEntry : IOwnedByForce
{
    public const int LongestReason = 500;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid ClockId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ClockEventKind Kind { get; init; }

    public required string Reason { get; init; }

    public required string By { get; init; }
}

/// <summary>When a force works, in its own words. Where there is none, what it agreed with the nation holds, or round the clock.</summary>
internal sealed class ClockSettings : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>Round the clock; days and times then mean nothing.</summary>
    public required bool IsAlways { get; set; }

    /// <summary>Names of the working days, as <see cref="DayOfWeek"/> has them.</summary>
    public required List<string> Days { get; set; }

    /// <summary>Minutes since midnight on the wall clock in London.</summary>
    public required int FromMinute { get; set; }

    public required int UntilMinute { get; set; }

    /// <summary>Whose bank holidays are kept: england-and-wales, scotland or northern-ireland.</summary>
    public required string Holidays { get; set; }

    public required string ChangedBy { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public uint Version { get; set; }
}

/// <summary>A rung of an organisation's ladder: whom a clock calls that runs out.</summary>
internal sealed class ClockContact : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>From 1.</summary>
    public required int Order { get; init; }

    public required Guid PersonId { get; init; }

    public required string Name { get; init; }

    /// <summary>Minutes after the warning.</summary>
    public required int AfterMinutes { get; init; }
}

/// <summary>Up to which moment alerts that stand alone were looked at.</summary>
internal sealed class AlertClockPlace
{
    public required string Id { get; init; }

    public required DateTimeOffset LookedAt { get; set; }
}
