using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Alerts.Products;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>An alert in a list.</summary>
internal sealed record AlertRow(
    Guid Id, ForceId Force, string Level, string Title, string Rule, string EntityKind, string Entity,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset RaisedAt, long Events, IReadOnlyList<string> Techniques,
    string Status = TriageStates.New, string Verdict = "", string Owner = "", string OwnerName = "", int Version = 0)
{
    public static AlertRow Of(Alert alert) => new(
        alert.Id, alert.ForceId, alert.Level, alert.Title, alert.Rule, alert.EntityKind, alert.Entity, alert.FirstAt, alert.LastAt,
        alert.RaisedAt, alert.Events, AlertTechnique.Named(alert.Tags),
        alert.Status, alert.Verdict, alert.Owner, alert.OwnerName, alert.Steps);

    /// <summary>Its place in every list: newer ones are greater. Ids compare as both databases compare them.</summary>
    public static int ByAge((DateTimeOffset At, Guid Id) one, (DateTimeOffset At, Guid Id) other) =>
        one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Id.ToString("N"), other.Id.ToString("N"));
}

/// <summary>A stretch of a list.</summary>
/// <param name="Next">The id to go on after; null where the list has ended.</param>
/// <param name="LookedBackTo">How far was looked back, where what is asked for may stand further back; else null.</param>
/// <param name="Withheld">Forces that are left out because they demand a reason.</param>
internal sealed record AlertPage(IReadOnlyList<AlertRow> Rows, Guid? Next, DateTimeOffset? LookedBackTo, ImmutableArray<ForceId> Withheld);

/// <summary>An event that an alert rests on. Raw is text; bytes that are no UTF-8 show as replacement characters.</summary>
/// <param name="EventId">Its identity in the archive.</param>
/// <param name="At">When it happened, by its own clock.</param>
/// <param name="Source">Name of its source.</param>
/// <param name="Raw">As received, whole and with the envelope that it came in where it is archived.</param>
/// <param name="RawCut">Whether that is only the beginning.</param>
/// <param name="Table">Its table in the archive.</param>
/// <param name="ReceivedAt">When it was received; null until it is archived.</param>
/// <param name="Columns">Its row: columns of the table, and under their own names what has no column. Null until it is archived.</param>
internal sealed record AlertEvidence(
    Guid EventId, DateTimeOffset At, string Source, string Raw, bool RawCut, string Table, DateTimeOffset? ReceivedAt, JsonElement? Columns)
{
    /// <summary>As it was looked at, without an envelope; cut where the alert's own copy is.</summary>
    [JsonIgnore]
    public string Seen { get; init; } = Raw;
}

/// <summary>An alert whole.</summary>
/// <param name="OfEntity">Other alerts about the same entity, within the reader's sight, newest first.</param>
/// <param name="OfRule">Alerts of the same rule about others, within the reader's sight, newest first.</param>
/// <param name="Product">What the product says that raised it; null for what a rule of this house raised.</param>
/// <param name="OtherForces">In how many other forces the rule raised an alert about the same entity; null where the entity means nothing elsewhere.</param>
internal sealed record AlertDetail(
    AlertRow Alert, IReadOnlyList<string> Tags, string Recommendation, IReadOnlyList<string> FalsePositives, string Author,
    IReadOnlyList<AlertEvidence> Evidence, IReadOnlyList<AlertRow> OfEntity, IReadOnlyList<AlertRow> OfRule, int? OtherForces,
    ProductAnswer? Product = null);

/// <summary>An alert as the product that raised it says, as it said last.</summary>
/// <param name="Product">Its name: Microsoft Defender for Endpoint.</param>
/// <param name="Link">Its page in the product; empty where there is none.</param>
internal sealed record ProductAnswer(
    string Product, string ProductId, string Incident, string Status, string Classification, string Determination, string Description, string Link,
    DateTimeOffset UpdatedAt, IReadOnlyList<ProductEvidence> Evidence)
{
    public static ProductAnswer Of(ProductAlert said) => new(
        said.Product, said.ProductId, said.Incident, said.Status, said.Classification, said.Determination, said.Description, said.Link, said.UpdatedAt,
        JsonSerializer.Deserialize<List<ProductEvidence>>(said.Evidence, JsonSerializerOptions.Web) ?? []);
}
