using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>The rules of approvals and standing authorities, pure.</summary>
internal static class RequestRules
{
    /// <summary>How long the force has to decide where the step says nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(8);

    /// <summary>What was approved is begun within this time, or asked for anew: a decision is for the moment it was taken in.</summary>
    public static readonly TimeSpan BeginsWithin = TimeSpan.FromHours(1);

    /// <summary>How often an action is sent at most, each time only after a look that did not see it done.</summary>
    public const int MostSent = 4;

    /// <summary>So long it is looked for; then nobody waits for its proof any more.</summary>
    public static readonly TimeSpan LooksFor = TimeSpan.FromDays(7);

    public static int Needed(EstateActionKind kind) => EstateCommand.IsDestructive(kind) ? 2 : 1;

    public static bool IsOver(RequestState state) => state >= RequestState.Proven;

    /// <summary>Why this person cannot decide on the request now; null where they can.</summary>
    public static string? Hindrance(EstateRequest request, IEnumerable<EstateDecision> decisions, string person, ForceId home, DateTimeOffset now)
    {
        if (home != request.ForceId) return "Only people of the force in whose estate it is done decide on it.";
        if (decisions.Any(decision => decision.PersonId == person)) return "You have decided on this already. A decision stands; another person decides next.";
        if (request.State == RequestState.Waiting && request.ExpiresAt <= now || request.State == RequestState.Expired)
            return "The time to decide has passed, so nothing is done. If it is still needed, it is asked for anew from the run.";
        if (request.State == RequestState.Refused) return "The force has refused this already, so nothing is done.";
        if (request.State == RequestState.Withdrawn) return "It was withdrawn by whoever asked, so there is nothing to decide.";
        if (request.State != RequestState.Waiting) return "This was decided already, and is under way or done.";
        return request.RequestedById == person ? "You asked for this yourself, so somebody else of the force decides on it." : null;
    }

    /// <summary>Why a standing authority does not cover an action; null where it does.</summary>
    /// <param name="usedInDay">Actions that were done under it within the last 24 hours.</param>
    public static string? Uncovered(StandingAuthority authority, ForceId force, EstateAction action, Severity severity, int usedInDay, DateTimeOffset now)
    {
        if (authority.ForceId != force) return "It is another force's.";
        if (authority.RevokedAt is not null) return "It was revoked.";
        if (authority.Until <= now) return "It has expired.";
        if (authority.NeedsTwo && authority.ConfirmedAt is null) return "A second person has not confirmed it.";
        if (!authority.Kinds.Contains(action.Kind.ToString())) return "It does not cover this kind of action.";
        if (!Fits(authority.Target, action.Target)) return "It does not cover this target.";
        if (severity < authority.LeastSeverity) return "It covers graver cases only.";
        return usedInDay >= authority.MostPerDay ? "It was used as often as it may be within 24 hours." : null;
    }

    /// <summary>Whether a text fits a pattern, whatever the case of its letters; * stands for any characters, also none.</summary>
    public static bool Fits(string pattern, string text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return string.Equals(pattern, text, StringComparison.OrdinalIgnoreCase);
        if (!text.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase)) return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = text.IndexOf(part, at, StringComparison.OrdinalIgnoreCase);
            if (found < 0) return false;
            at = found + part.Length;
        }

        return text.Length - at >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether an action that was not seen to be done is asked for again: at once after the first look, as the program may have stopped before
    /// it was sent; then when a call that is still on its way would have arrived; and never after the time within which it is to be begun.
    /// </summary>
    public static bool MayAgain(EstateRequest request, DateTimeOffset now) => request.FirstSentAt is { } first && now < first + BeginsWithin && now >= first + request.Sent switch
    {
        1 => TimeSpan.Zero,
        2 => TimeSpan.FromMinutes(16),
        3 => TimeSpan.FromMinutes(35),
        _ => BeginsWithin,
    };

    /// <summary>How long until proof is looked for again: seconds first, an hour at most.</summary>
    public static TimeSpan Wait(int looks) => looks switch
    {
        0 => TimeSpan.FromSeconds(5),
        < 4 => TimeSpan.FromSeconds(15),
        < 10 => TimeSpan.FromMinutes(1),
        < 30 => TimeSpan.FromMinutes(5),
        _ => TimeSpan.FromHours(1),
    };
}
