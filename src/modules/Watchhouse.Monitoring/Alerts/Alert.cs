using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>
/// What a rule says of one user, host or address within an hour, or what a security product says by itself
/// (<see cref="Products.ProductAlert"/>), which may say it anew.
/// </summary>
internal sealed class Alert : IOwnedByForce
{
    /// <summary>Follows from force, rule, entity and first event: a replay makes the same alert, and never a second one.</summary>
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>The rule's id, or its name where it has none; of a product, its name and the detector's.</summary>
    public required string Rule { get; init; }

    public required string Title { get; set; }

    /// <summary>informational, low, medium, high or critical.</summary>
    public required string Level { get; set; }

    /// <summary>user, host, address, app, group or source.</summary>
    public required string EntityKind { get; set; }

    public required string Entity { get; set; }

    /// <summary>Tags of the rule, such as attack.t1114.003.</summary>
    public required List<string> Tags { get; set; }

    /// <summary>What the rule recommends to the force; empty where it says nothing.</summary>
    public required string Recommendation { get; set; }

    public required List<string> FalsePositives { get; init; }

    /// <summary>Who wrote the rule: named where a match is shown (Detection Rule License 1.1).</summary>
    public required string Author { get; init; }

    /// <summary>Time of the first event.</summary>
    public required DateTimeOffset FirstAt { get; set; }

    /// <summary>Time of the last event.</summary>
    public required DateTimeOffset LastAt { get; set; }

    /// <summary>When the alert was raised.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>Matching events, of which the first are kept as evidence.</summary>
    public long Events { get; set; }

    /// <summary>One of <see cref="TriageStates"/>. The detection job never writes it.</summary>
    public string Status { get; set; } = TriageStates.New;

    /// <summary>Id of the person who has it; empty while nobody has.</summary>
    public string Owner { get; set; } = "";

    public string OwnerName { get; set; } = "";

    /// <summary>One of <see cref="Verdicts"/> while it is closed; else empty.</summary>
    public string Verdict { get; set; } = "";

    /// <summary>How often it was decided on: the version that a stale edit is known by.</summary>
    public int Steps { get; set; }

    /// <summary>Seconds from raising to the first step of a person; null before it.</summary>
    public long? AcknowledgedAfter { get; set; }

    /// <summary>Seconds from raising to the verdict that holds; null without one.</summary>
    public long? TriagedAfter { get; set; }

    /// <summary>Seconds from raising to the containment of the incident that it stands in; null where it stands in none that was contained.</summary>
    public long? ContainedAfter { get; set; }
}

/// <summary>An event that an alert rests on.</summary>
internal sealed class AlertEvent : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid AlertId { get; init; }

    /// <summary>The event's identity in the archive.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Its table in the archive; empty where that is not known.</summary>
    public required string Table { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Source { get; init; }

    /// <summary>As it was looked at; at most 16 KiB. The whole of it is in the archive, and is read there as soon as it has arrived.</summary>
    public required byte[] Raw { get; init; }

    public bool RawCut { get; init; }
}

/// <summary>Up to where the journal has been looked at, with the state of correlations at that place.</summary>
internal sealed class DetectionPlace
{
    public required string Id { get; init; }

    public long Sequence { get; set; }

    public byte[] Correlations { get; set; } = [];
}
