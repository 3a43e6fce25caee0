using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Collect.Coverage;

/// <summary>
/// Keeps the ledger small: windows that are reconciled and follow each other within a day become one, and what Microsoft can list no
/// more is forgotten. Gaps stay as they are.
/// </summary>
internal static class CoverageKeeper
{
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(2);
    private static readonly TimeSpan KeepBlobs = TimeSpan.FromDays(1);

    public static async Task KeepAsync(
        IHouse house, ActingPrincipal principal, Guid collector, TimeSpan keep, DateTimeOffset now, CancellationToken stop)
    {
        await using var session = await house.EnterAsync(principal, new Access(Permissions.TelemetryWrite) { Logged = false }, stop);
        var settled = now - Fresh;
        var windows = await session.Db.Set<CoverageWindow>()
            .Where(w => w.CollectorId == collector && w.State == WindowState.Reconciled && w.To < settled && w.To > settled - Fresh)
            .OrderBy(w => w.Stream).ThenBy(w => w.From).ToListAsync(stop);
        CoverageWindow? first = null;
        foreach (var window in windows)
        {
            if (first is not null && first.Stream == window.Stream && first.To == window.From && Day(first.From) == Day(window.To))
            {
                Merge(first, window);
                session.Db.Remove(window);
            }
            else
            {
                first = window;
            }
        }

        // Blobs are gone from the listing a day after they expire, whatever clock it goes by.
        await session.Db.Set<ListedBlob>().Where(b => b.CollectorId == collector && b.ExpiresAt < now - KeepBlobs && (b.FetchedAt != null || b.Lost != null)).ExecuteDeleteAsync(stop);
        var old = now - keep;
        await session.Db.Set<CoverageWindow>().Where(w => w.CollectorId == collector && w.To < old && w.NextAt == null).ExecuteDeleteAsync(stop);
        await session.CommitAsync(stop);
    }

    private static void Merge(CoverageWindow into, CoverageWindow next)
    {
        into.To = next.To;
        into.Listed += next.Listed;
        into.Fetched += next.Fetched;
        into.Late += next.Late;
        into.Events += next.Events;
        into.Pass = Math.Max(into.Pass, next.Pass);
        into.FetchedAt = next.FetchedAt > into.FetchedAt ? next.FetchedAt : into.FetchedAt;
        into.ReconciledAt = next.ReconciledAt > into.ReconciledAt ? next.ReconciledAt : into.ReconciledAt;
    }

    private static DateTime Day(DateTimeOffset moment) => moment.UtcDateTime.Date;
}
