using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Incidents;

internal sealed record IncidentRow(Guid Id, ForceId Force, string Reference, string Title, string Severity, string Status, string? Owner, bool IsNational, Guid? Parent,
    DateTimeOffset OpenedAt, DateTimeOffset ChangedAt, DateTimeOffset? ClosedAt)
{
    /// <summary>Its clocks; null for a national incident, whose parts have them.</summary>
    public ClockModel? Clock { get; init; }
}

internal sealed record CategoryModel(int? Proposed, int? Confirmed, string? ConfirmedBy, string? ConfirmedUnder, DateTimeOffset? ConfirmedAt);

internal sealed record IncidentEntryModel(Guid Id, string Kind, string Words, string By, DateTimeOffset HappenedAt, DateTimeOffset WrittenAt);

internal sealed record IncidentAlertModel(Guid Alert, string Title, string Level, string EntityKind, string Entity, IReadOnlyList<string> Techniques, DateTimeOffset FirstAt);

internal sealed record IncidentEntityModel(string Kind, string Value, string Note);

internal sealed record IncidentTaskModel(Guid Id, string Title, string Owner, DateOnly? Due, DateTimeOffset? DoneAt, string? DoneBy);

/// <summary>A file of an incident; its content is fetched by its id.</summary>
internal sealed record IncidentFileModel(Guid Id, string Name, string Note, long Bytes, string Sha256, string AddedBy, DateTimeOffset AddedAt, DateTimeOffset? RemovedAt, string? RemovedBy);

internal sealed record IncidentLinkModel(Guid Incident, string Reference, string Title, string Status, string Why);

/// <summary>An incident whole.</summary>
internal sealed record IncidentModel(IncidentRow Incident, uint Version, string Summary, string Impact, string Urgency, string Handling, string Instructions, CategoryModel Category,
    string OpenedBy, DateTimeOffset? ContainedAt, string Review, IReadOnlyList<string> Next, IReadOnlyList<IncidentEntryModel> Entries, IReadOnlyList<IncidentAlertModel> Alerts,
    IReadOnlyList<IncidentEntityModel> Entities, IReadOnlyList<IncidentTaskModel> Tasks, IReadOnlyList<IncidentRow> Parts, IReadOnlyList<RunRow> Runs)
{
    /// <summary>More was written than is shown: the oldest of it is left out.</summary>
    public bool IsCut { get; init; }

    public IReadOnlyList<IncidentFileModel> Files { get; init; } = [];

    /// <summary>Incidents of the same force that have to do with it.</summary>
    public IReadOnlyList<IncidentLinkModel> Links { get; init; } = [];
}
