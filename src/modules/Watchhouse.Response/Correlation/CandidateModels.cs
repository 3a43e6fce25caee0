using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Correlation;

/// <summary>A candidate in a list.</summary>
/// <param name="Title">What is the same, in a few words.</param>
/// <param name="Forces">In how many forces, those out of sight among them.</param>
internal sealed record CandidateRow(
    Guid Id, string Title, string Severity, string Status, int Forces, int Alerts, DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset RaisedAt, Guid? Incident, uint Version);

/// <summary>One thing that is the same in several forces.</summary>
/// <param name="Words">Why, in a sentence.</param>
internal sealed record CandidateReasonModel(string Kind, string Value, int Forces, int Alerts, DateTimeOffset FirstAt, DateTimeOffset LastAt, string Words);

/// <summary>An alert that a candidate rests on, of a force in the reader's sight.</summary>
/// <param name="Shares">What it has in common with others: kind and value.</param>
internal sealed record CandidateAlert(Guid Id, ForceId Force, string Title, string Level, string EntityKind, string Entity, DateTimeOffset FirstAt, IReadOnlyList<string> Shares);

/// <summary>A candidate whole.</summary>
/// <param name="UnseenForces">Forces that are counted, and whose alerts are not the reader's to see.</param>
internal sealed record CandidateModel(
    CandidateRow Candidate, IReadOnlyList<CandidateReasonModel> Reasons, IReadOnlyList<CandidateAlert> Alerts, int UnseenForces, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision);

/// <summary>Something that is no longer compared.</summary>
internal sealed record IgnoredModel(Guid Id, string Kind, string Value, string Reason, string By, DateTimeOffset At);
