using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>Open alerts of one level at one force.</summary>
/// <param name="Force">Whose they are.</param>
/// <param name="Level">informational, low, medium, high or critical.</param>
/// <param name="Count">Alerts that are not closed.</param>
public sealed record OpenAlertCount(ForceId Force, string Level, int Count);

/// <summary>Numbers of open alerts.</summary>
/// <param name="Counts">By force and level; what has none is not there.</param>
/// <param name="Withheld">Forces that are left out because they demand a reason and none was given.</param>
public sealed record OpenAlertCounts(IReadOnlyList<OpenAlertCount> Counts, IReadOnlyList<ForceId> Withheld);

/// <summary>Alerts at a glance, for walls and front pages. Each answer is one query.</summary>
public interface IAlertsInBrief
{
    /// <summary>How many are not closed, within the actor's sight.</summary>
    /// <exception cref="Platform.Operations.AccessRefusedException">The actor may see no alerts at all, or has to give a reason.</exception>
    Task<OpenAlertCounts> CountAsync(ActingPrincipal actor, ForceId? force, string? reason, bool again, CancellationToken cancellationToken);

    /// <summary>Those of high and critical level that nobody has taken on, the longest waiting first.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="force">Of one force; null for all in sight.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="reason">Where the controller demands it.</param>
    /// <param name="again">Whether the same screen looks once more by the clock; the look was written down when it was opened.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<AlertBrief>> OldestNewAsync(ActingPrincipal actor, ForceId? force, int most, string? reason, bool again, CancellationToken cancellationToken);
}
