using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Wall;

/// <summary>The first few of something, and how many there are.</summary>
/// <param name="Items">Those that matter most.</param>
/// <param name="Count">How many there are, up to a bound.</param>
/// <param name="IsMore">Whether there are more than <paramref name="Count"/>.</param>
internal sealed record FirstOf<T>(IReadOnlyList<T> Items, int Count, bool IsMore = false);

/// <summary>An incident that is not closed, and what hinders it.</summary>
/// <param name="Hindrances">What stands in its way, the gravest first; empty where nothing does.</param>
internal sealed record OpenIncident(Guid Id, ForceId Force, string Reference, string Title, string Severity, string Status, string? Owner, bool IsNational, DateTimeOffset OpenedAt, IReadOnlyList<string> Hindrances);

/// <summary>An action that waits for a force's decision.</summary>
internal sealed record WaitingApproval(Guid Id, ForceId Force, string Kind, string Target, string Severity, int Decided, int Needed, DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt);

/// <summary>A bulletin that some forces have not answered.</summary>
internal sealed record UnansweredBulletin(Guid Id, string Number, string Title, string Severity, DateTimeOffset AnswerBy, int Answered, int Of, bool IsOverdue);

/// <summary>Open alerts of a force.</summary>
/// <param name="Pressing">Of high and critical level.</param>
/// <param name="Critical">Of critical level.</param>
/// <param name="All">Of any level.</param>
internal sealed record ForceAlerts(ForceId Force, int Pressing, int Critical, int All);

/// <summary>The wall at one moment. A part is null where the reader's role does not include it, or where it could not be read.</summary>
/// <param name="Unread">Parts that could not be read this time; the rest is complete.</param>
/// <param name="Withheld">Forces that are left out because they demand a reason.</param>
internal sealed record WallModel(DateTimeOffset At, IReadOnlyList<ForceAlerts>? Nation, FirstOf<OpenIncident>? Incidents, FirstOf<AlertBrief>? Alerts, FirstOf<WaitingApproval>? Approvals, FirstOf<SilentSource>? Sources,
    FirstOf<UnansweredBulletin>? Bulletins, IReadOnlyList<string> Unread, IReadOnlyList<ForceId> Withheld)
{
    /// <summary>Who has the Centre's watch; null where nobody has, or where it could not be read.</summary>
    public CentreWatch? Watch { get; init; }
}

/// <summary>Who has the watch of the Centre.</summary>
/// <param name="OnCall">Who can be called now, the first to call first.</param>
internal sealed record CentreWatch(string? Person, DateTimeOffset? Since, IReadOnlyList<string> OnCall);

/// <summary>Standing authority of a force that ends soon.</summary>
internal sealed record LapsingAuthority(Guid Id, string Purpose, DateTimeOffset Until);

/// <summary>A bulletin that one's own force has not answered.</summary>
internal sealed record OwnBulletin(Guid Id, string Title, string Severity, DateTimeOffset AnswerBy, bool IsOverdue);

/// <summary>Open alerts of one level.</summary>
internal sealed record LevelCount(string Level, int Count);

/// <summary>A force at one moment. A part is null where the reader's role does not include it, or where it could not be read.</summary>
internal sealed record ForceViewModel(DateTimeOffset At, ForceId Force, FirstOf<WaitingApproval>? Approvals, FirstOf<OwnBulletin>? Bulletins, FirstOf<OpenIncident>? Incidents, IReadOnlyList<LevelCount>? Alerts,
    FirstOf<AlertBrief>? Oldest, FirstOf<SilentSource>? Sources, FirstOf<LapsingAuthority>? Lapsing, IReadOnlyList<MeasureBrief>? Measures, IReadOnlyList<string> Unread);
