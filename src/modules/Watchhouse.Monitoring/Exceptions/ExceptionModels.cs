using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>An exception that somebody wants.</summary>
internal sealed record ExceptionOptions
{
    /// <summary>The rule as alerts name it.</summary>
    public required string Rule { get; init; }

    public required IReadOnlyList<ExceptionPart> Condition { get; init; }

    /// <summary>Turns the whole rule off; needed where there is no condition.</summary>
    public bool WholeRule { get; init; }

    public required string Reason { get; init; }

    /// <summary>Who answers for it; the actor where nobody is named.</summary>
    public string? Owner { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>For which forces; the Centre's exceptions name them, a force's own are for itself.</summary>
    public IReadOnlyList<ForceId> Forces { get; init; } = [];
}

/// <summary>An exception in the list.</summary>
/// <param name="Controller">Whose it is: a force's own, or the Centre's.</param>
/// <param name="Forces">Forces in sight that it is for.</param>
/// <param name="State">inForce, expiring (30 days or less are left), expired or removed.</param>
/// <param name="Suppressed">Matches that it has suppressed, of forces in sight.</param>
/// <param name="Version">To be given with a change; it refuses a change of what somebody else has changed.</param>
/// <param name="Extended">How its end was last moved; null where it never was.</param>
/// <param name="Removed">How it was withdrawn; null where it was not.</param>
internal sealed record ExceptionRow(
    Guid Id, ForceId Controller, IReadOnlyList<ForceId> Forces, string Rule, string RuleTitle, IReadOnlyList<ExceptionPart> Condition, bool WholeRule,
    string Reason, string Owner, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, string State, long Suppressed,
    DateTimeOffset? LastSuppressedAt, uint Version, ExceptionChange? Extended, ExceptionChange? Removed);

/// <summary>What somebody did to an exception later.</summary>
internal sealed record ExceptionChange(DateTimeOffset At, string By, string Why);

/// <summary>What an exception suppressed for one force.</summary>
internal sealed record ExceptionForce(ForceId Force, long Suppressed, DateTimeOffset? LastAt);

/// <summary>An exception whole.</summary>
/// <param name="ByForce">What it suppressed, by force in sight.</param>
/// <param name="MayChange">Whether the reader's organisation made it and the reader may extend or withdraw it.</param>
/// <param name="Rule">Id of the rule's record; null where the rule is gone or out of sight.</param>
internal sealed record ExceptionDetail(ExceptionRow Exception, IReadOnlyList<ExceptionForce> ByForce, bool MayChange, Guid? Rule);

/// <summary>What an exception would have done.</summary>
/// <param name="Days">Days that were looked at.</param>
/// <param name="Alerts">Alerts of the rule that were looked at.</param>
/// <param name="Suppressed">Of those, alerts all of whose kept events it would have suppressed.</param>
/// <param name="Partly">Alerts some of whose events it would have suppressed.</param>
/// <param name="Unknown">Alerts whose events are not kept well enough to say.</param>
/// <param name="Cut">Whether there were more alerts than were looked at.</param>
internal sealed record ExceptionPreviewAnswer(int Days, int Alerts, int Suppressed, int Partly, int Unknown, bool Cut);
