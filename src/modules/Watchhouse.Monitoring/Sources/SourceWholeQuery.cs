using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>A collector that fetches for a source.</summary>
/// <param name="Gaps">Its gaps of the last 30 days.</param>
/// <param name="Newest">The newest of them.</param>
internal sealed record SourceFeeder(Guid Id, string Name, bool Enabled, string? Problem, DateTimeOffset? LastSuccessAt, int Gaps, IReadOnlyList<WindowAnswer> Newest);

/// <summary>What the archive and the collectors know of a source.</summary>
/// <param name="Hours">What it delivered hour by hour, hours without anything left out.</param>
/// <param name="Archived">What the archive noted; null while it has seen nothing of it.</param>
/// <param name="Feeders">Collectors that fetch for it.</param>
internal sealed record SourceWhole(IReadOnlyList<HourCount> Hours, ArchivedSourceAnswer? Archived, IReadOnlyList<SourceFeeder> Feeders);

/// <summary>Reads one source whole, as its detail shows it: one look, and one line of the audit trail.</summary>
internal sealed class SourceWholeQuery(IHouse house)
{
    private const int MostFeeders = 10;
    private const int NewestGaps = 3;
    private static readonly TimeSpan GapsLookedAt = TimeSpan.FromDays(30);

    /// <param name="actor">Who looks.</param>
    /// <param name="force">The force of the source.</param>
    /// <param name="source">The source.</param>
    /// <param name="since">Hours from here on.</param>
    /// <param name="again">Whether the same screen looks once more by the clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Outcome<SourceWhole>> FindAsync(
        ActingPrincipal actor, ForceId force, string source, DateTimeOffset since, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesRead) { Force = force, Subject = $"source/{source}", Logged = !again }, cancellationToken);
        var db = session.Db;
        if (!await db.Set<IngestSource>().AnyAsync(s => s.ForceId == force && s.Name == source, cancellationToken)) return Failure.NotFound;
        var hours = await db.Set<SourceHour>().AsNoTracking().Where(h => h.ForceId == force && h.Source == source && h.Hour >= since)
            .OrderBy(h => h.Hour).Select(h => new HourCount(h.Hour, h.Events, h.Bytes, h.Rejects)).ToListAsync(cancellationToken);
        var archived = await db.Set<ArchivedSource>().AsNoTracking().Where(s => s.ForceId == force && s.Source == source)
            .Select(s => new ArchivedSourceAnswer(
                s.ForceId, s.Source, s.Events, s.Repeats, s.Unreadable, s.Late, s.ClockAhead, s.WithoutTime, s.LongestDelay, s.FarthestAhead, s.LastEventAt))
            .SingleOrDefaultAsync(cancellationToken);
        var collectors = await (
            from collector in db.Set<Collector>().AsNoTracking()
            join status in db.Set<CollectorStatus>().AsNoTracking() on collector.Id equals status.Id
            where collector.ForceId == force && collector.Source == source
            orderby collector.Name
            select new { collector.Id, collector.Name, collector.Enabled, status.Problem, status.LastSuccessAt }).Take(MostFeeders).ToListAsync(cancellationToken);
        var feeders = new List<SourceFeeder>();
        var recent = session.Now - GapsLookedAt;
        foreach (var each in collectors)
        {
            var gaps = db.Set<CoverageWindow>().AsNoTracking().Where(w => w.CollectorId == each.Id && w.State == WindowState.Gap && w.To >= recent);
            var newest = await gaps.OrderByDescending(w => w.From).Take(NewestGaps).ToListAsync(cancellationToken);
            feeders.Add(new(each.Id, each.Name, each.Enabled, each.Problem, each.LastSuccessAt,
                newest.Count < NewestGaps ? newest.Count : await gaps.CountAsync(cancellationToken), [.. newest.Select(CollectorQueries.Answer)]));
        }

        return new SourceWhole(hours, archived, feeders);
    }
}
