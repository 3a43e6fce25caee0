using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Wall;

/// <summary>
/// Reads the parts of the wall and of a force's view, each within the reader's rights. One that fails is named and left out, so that the
/// lamp never goes dark for one bulb.
/// </summary>
internal sealed partial class WallReader(
    WallQueries queries, IAlertsInBrief alerts, ISilentSources sources, IMeasuresInBrief measures, TimeProvider clock, ILogger<WallReader> logger)
{
    private static readonly string[] Levels = ["critical", "high", "medium", "low", "informational"];

    /// <param name="actor">Who hangs it up.</param>
    /// <param name="first">How many of each are shown.</param>
    /// <param name="again">Whether it shows anew what was opened before, which is not written to the audit trail twice.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<WallModel> WallAsync(ActingPrincipal actor, int first, bool again, CancellationToken cancellationToken)
    {
        var unread = new List<string>();
        var counts = await PartAsync(actor, Permissions.AlertsRead, "Alerts by force", unread, true, () => alerts.CountAsync(actor, null, null, again, cancellationToken));
        return new WallModel(
            clock.GetUtcNow(),
            counts?.Counts.GroupBy(each => each.Force).Select(each => new ForceAlerts(each.Key, Of(each, "critical") + Of(each, "high"), Of(each, "critical"), each.Sum(one => one.Count))).OrderBy(each => each.Force).ToList(),
            await PartAsync(actor, Permissions.IncidentsRead, "Incidents", unread, true, () => queries.IncidentsAsync(actor, null, first, null, again, cancellationToken)),
            await PartAsync(actor, Permissions.AlertsRead, "Alerts", unread, true, async () => Few(await alerts.OldestNewAsync(actor, null, WallQueries.Most + 1, null, again, cancellationToken), first)),
            await PartAsync(actor, Permissions.RunsRead, "Approvals", unread, true, () => queries.ApprovalsAsync(actor, null, first, null, again, cancellationToken)),
            await PartAsync(actor, Permissions.SourcesRead, "Sources", unread, true, async () => Few(await sources.ListAsync(actor, null, WallQueries.Most + 1, null, again, cancellationToken), first)),
            await PartAsync(actor, Permissions.BulletinsRead, "Bulletins", unread, true, () => queries.BulletinsAsync(actor, first, null, again, cancellationToken)),
            unread, counts?.Withheld ?? [])
        {
            Watch = await PartAsync(actor, Permissions.ShiftsRead, "The watch", unread, true, () => queries.WatchAsync(actor, again, cancellationToken)),
        };

        static int Of(IEnumerable<OpenAlertCount> counts, string level) => counts.Where(each => each.Level == level).Sum(each => each.Count);
    }

    /// <param name="actor">Who looks.</param>
    /// <param name="force">The force, which the actor may see.</param>
    /// <param name="first">How many of each are shown.</param>
    /// <param name="reason">Where the controller demands it.</param>
    /// <param name="again">Whether it shows anew what was opened before, which is not written to the audit trail twice.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="known">Measures that were read some minutes ago: thirty days do not change in seconds.</param>
    /// <exception cref="AccessRefusedException">The force asks why, and no reason was given.</exception>
    public async Task<ForceViewModel> ForceAsync(
        ActingPrincipal actor, ForceId force, int first, string? reason, bool again, CancellationToken cancellationToken, IReadOnlyList<MeasureBrief>? known = null)
    {
        var unread = new List<string>();
        // Bulletins are answered by the force alone: no delegation shows them to another.
        var isHome = force == actor.Home && !actor.IsCentre;
        return new ForceViewModel(
            clock.GetUtcNow(), force,
            await Part(Permissions.RunsRead, "Approvals", () => queries.ApprovalsAsync(actor, force, first, reason, again, cancellationToken)),
            isHome ? await Part(Permissions.BulletinsRead, "Bulletins", () => queries.OwnBulletinsAsync(actor, first, reason, again, cancellationToken)) : null,
            await Part(Permissions.IncidentsRead, "Incidents", () => queries.IncidentsAsync(actor, force, first, reason, again, cancellationToken)),
            await Part(Permissions.AlertsRead, "Alerts by severity", async () => ByLevel(await alerts.CountAsync(actor, force, reason, again, cancellationToken))),
            await Part(Permissions.AlertsRead, "Alerts", async () => Few(await alerts.OldestNewAsync(actor, force, WallQueries.Most + 1, reason, again, cancellationToken), first)),
            await Part(Permissions.SourcesRead, "Sources", async () => Few(await sources.ListAsync(actor, force, WallQueries.Most + 1, reason, again, cancellationToken), first)),
            await Part(Permissions.AuthoritiesRead, "Authorities", () => queries.LapsingAsync(actor, force, first, reason, again, cancellationToken)),
            known ?? await Part(Permissions.AlertsRead, "Measures", () => measures.OfAsync(actor, force, reason, cancellationToken)), unread);

        Task<T?> Part<T>(Permission permission, string name, Func<Task<T>> read)
            where T : class => actor.May(permission, force) ? PartAsync(actor, permission, name, unread, false, read) : Task.FromResult<T?>(null);
    }

    private static List<LevelCount> ByLevel(OpenAlertCounts counts) => [.. Levels.Select(level => new LevelCount(level, counts.Counts.Where(each => each.Level == level).Sum(each => each.Count)))];

    private static FirstOf<T> Few<T>(IReadOnlyList<T> found, int first) => WallQueries.Cut(found, first, each => each);

    private async Task<T?> PartAsync<T>(ActingPrincipal actor, Permission permission, string name, List<string> unread, bool goesOn, Func<Task<T>> read)
        where T : class
    {
        if (!actor.Holds(permission)) return null;
        try
        {
            return await read();
        }
#pragma warning disable CA1031 // Whatever fails in one part, the others are shown, the failure is named, and the log has the cause.
        catch (Exception e) when (e is not OperationCanceledException && (goesOn || e is not AccessRefusedException))
#pragma warning restore CA1031
        {
            Failed(logger, name, e);
            unread.Add(name);
            return null;
        }
    }

    [LoggerMessage(4581, LogLevel.Error, "A part of the wall or of a force's view could not be read: {Part}.")]
    private static partial void Failed(ILogger logger, string part, Exception exception);
}
