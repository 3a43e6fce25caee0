using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>How a request for an action in a force's estate stands. The state before a call is stored before it is made.</summary>
internal enum RequestState
{
    /// <summary>It waits for the force.</summary>
    Waiting = 1,

    /// <summary>The force agreed, or a standing authority covers it; it was not sent yet.</summary>
    Approved = 2,

    /// <summary>It is being sent, or was when the program stopped.</summary>
    Sending = 3,

    /// <summary>It may have been done. It is looked at before anything is sent again.</summary>
    Unknown = 4,

    /// <summary>The other side says that it is done; that was not seen yet.</summary>
    PendingProof = 5,

    /// <summary>It was seen to be done.</summary>
    Proven = 6,

    /// <summary>The other side refused it: nothing was changed.</summary>
    Rejected = 7,

    /// <summary>The force refused it.</summary>
    Refused = 8,

    /// <summary>Nobody decided in time, or it was not begun in time.</summary>
    Expired = 9,

    /// <summary>Whoever asked took it back.</summary>
    Withdrawn = 10,

    /// <summary>It was sent and never seen to be done, and is no longer looked at.</summary>
    Unproven = 11,
}

/// <summary>An action in a force's estate that a run asks for: plan, decision, call and proof. Its id is the operation's.</summary>
internal sealed class EstateRequest : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid RunId { get; init; }

    public required string Step { get; init; }

    public required string StepName { get; init; }

    public required EstateActionKind Kind { get; init; }

    public required string Target { get; init; }

    public required string Detail { get; init; }

    /// <summary>The request that this one undoes; null for an action.</summary>
    public Guid? Undoes { get; init; }

    public required Severity Severity { get; init; }

    public required RequestState State { get; set; }

    /// <summary>What the dry run said would change.</summary>
    public required string Changes { get; init; }

    /// <summary>What people would notice.</summary>
    public required string Effects { get; init; }

    public required bool CanBeUndone { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required string RequestedBy { get; init; }

    /// <summary>Subject of who asked: that person never approves.</summary>
    public required string RequestedById { get; init; }

    public required string Why { get; init; }

    /// <summary>How many different people of the force agree: one or two.</summary>
    public required int Needed { get; init; }

    /// <summary>Until then the force may decide.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>It is begun before this, or not at all; set when it is approved.</summary>
    public DateTimeOffset? BeginBy { get; set; }

    /// <summary>The standing authority that covers it; null where people decided.</summary>
    public Guid? AuthorityId { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Sent { get; set; }

    /// <summary>How often proof was looked for since.</summary>
    public int Looks { get; set; }

    /// <summary>When it is dealt with next; null when it is over.</summary>
    public DateTimeOffset? NextAt { get; set; }

    public DateTimeOffset? FirstSentAt { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>What its state means, for a person.</summary>
    public required string Words { get; set; }

    public string Request { get; set; } = "";

    public string Answer { get; set; } = "";

    /// <summary>What puts things back; null where nothing does.</summary>
    public string? Undo { get; set; }

    public uint Version { get; set; }

    public EstateAction Action => new(Kind, Target, Detail);

    public bool IsOver => RequestRules.IsOver(State);
}

/// <summary>What one person of the force decided about a request. Never changed.</summary>
internal sealed class EstateDecision : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid RequestId { get; init; }

    public required string PersonId { get; init; }

    public required string Person { get; init; }

    public required bool Agrees { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A force's agreement given beforehand, within limits. Never deleted: what was allowed when is part of the audit.</summary>
internal sealed class StandingAuthority : IOwnedByForce, IVersioned
{
    public const int MostDays = 366;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Purpose { get; init; }

    /// <summary>Words of <see cref="EstateActionKind"/>.</summary>
    public required List<string> Kinds { get; init; }

    /// <summary>Targets that it covers; * stands for any characters.</summary>
    public required string Target { get; init; }

    /// <summary>Actions within any 24 hours.</summary>
    public required int MostPerDay { get; init; }

    /// <summary>It covers runs of at least this severity.</summary>
    public required Severity LeastSeverity { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    public required string GrantedBy { get; init; }

    public required string GrantedById { get; init; }

    /// <summary>Who confirmed it; only one that covers destructive actions needs that.</summary>
    public string? ConfirmedBy { get; set; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    public required DateTimeOffset Until { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public string? RevokedBy { get; set; }

    public string? RevokedBecause { get; set; }

    /// <summary>Raised at each use, so that two at once cannot both be the last that is allowed.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    public uint Version { get; set; }

    public bool NeedsTwo => Kinds.Any(kind => Enum.TryParse<EstateActionKind>(kind, out var one) && EstateCommand.IsDestructive(one));
}
