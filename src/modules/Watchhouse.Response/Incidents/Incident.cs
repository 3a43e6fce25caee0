using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Incidents;

/// <summary>
/// What happened to one force, or, owned by the Centre, to the nation. A national incident has one child for each force that it touches:
/// the child is the force's own record, and what the Centre shares is written into it. Nobody reads another force's.
/// </summary>
internal sealed class Incident : IOwnedByForce, IVersioned
{
    public const int LongestTitle = 200;
    public const int LongestText = 8_000;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>The national incident that it is a part of.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>What people call it by: <c>I-260314-7KQ2</c>.</summary>
    public required string Reference { get; init; }

    public required string Title { get; set; }

    public required string Summary { get; set; }

    public required IncidentImpact Impact { get; set; }

    public required IncidentUrgency Urgency { get; set; }

    /// <summary>Follows from impact and urgency (<see cref="IncidentRules.Severity"/>).</summary>
    public required Severity Severity { get; set; }

    public required IncidentStatus Status { get; set; }

    public required IncidentHandling Handling { get; set; }

    /// <summary>Handling instructions, such as who may be told.</summary>
    public required string Instructions { get; set; }

    /// <summary>The NCSC's category as the Centre proposes it; 1 is the gravest of six.</summary>
    public int? ProposedCategory { get; set; }

    /// <summary>The category that the NCSC or law enforcement confirmed.</summary>
    public int? ConfirmedCategory { get; set; }

    /// <summary>Which body confirmed it.</summary>
    public string? ConfirmedBy { get; set; }

    /// <summary>Under what reference of that body.</summary>
    public string? ConfirmedUnder { get; set; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    public string? OwnerId { get; set; }

    public string? Owner { get; set; }

    /// <summary>What was learnt, written after it.</summary>
    public required string Review { get; set; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required string OpenedBy { get; init; }

    public DateTimeOffset? ContainedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public uint Version { get; set; }
}

internal enum IncidentStatus
{
    New,
    Open,
    Contained,
    Eradicated,
    Recovered,
    Closed,
}

/// <summary>What it does to the work of the force and to the people it serves.</summary>
internal enum IncidentImpact
{
    Limited = 1,
    Serious,
    Major,
    Severe,
}

/// <summary>How soon something has to be done.</summary>
internal enum IncidentUrgency
{
    CanWait = 1,
    Today,
    Now,
}

/// <summary>Markings of the Government Security Classifications that this house may hold. SECRET and above are not for it.</summary>
internal enum IncidentHandling
{
    Official = 1,
    OfficialSensitive,
}
