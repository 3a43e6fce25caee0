using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Collect;

/// <summary>A collector in the list.</summary>
/// <param name="Collector">It and how it fares.</param>
/// <param name="CoveredTo">Everything before this was fetched, or is named as a gap, of all its streams; null while nothing was.</param>
/// <param name="Gaps">Gaps of the last 30 days.</param>
internal sealed record CollectorLine(CollectorAnswer Collector, DateTimeOffset? CoveredTo, int Gaps);

/// <summary>The coverage of one stream as it is drawn.</summary>
/// <param name="IsFetched">Whether the collector still fetches it.</param>
internal sealed record StreamCoverage(string Stream, bool IsFetched, DateTimeOffset? CoveredTo, IReadOnlyList<CoverageStretch> Stretches);

/// <summary>The coverage of a collector over some days, its newest lines of the ledger, and its gaps.</summary>
/// <param name="Since">Where the drawings begin.</param>
/// <param name="Now">Where they end.</param>
/// <param name="AllGaps">Gaps that the ledger knows of, of which the newest are here.</param>
internal sealed record CollectorCoverage(
    DateTimeOffset Since, DateTimeOffset Now, IReadOnlyList<StreamCoverage> Streams, IReadOnlyList<WindowAnswer> Windows, IReadOnlyList<WindowAnswer> Gaps, int AllGaps);

/// <summary>What the screens of collectors show, within the reader's sight.</summary>
internal sealed class CollectorViews(IHouse house, CollectorQueries queries, TimeProvider clock)
{
    public const int MostWindows = 200;
    public const int MostGaps = 200;

    // Windows become stretches while they are read; this bounds the time that a look can take.
    private const int MostLines = 60_000;
    private const string NothingSince = "Nothing was fetched since. It is fetched when the collector runs again, as far back as Microsoft keeps it.";
    private const string SwitchedOff = "Nothing is fetched while the collector is switched off. It is fetched when it is on again, as far back as Microsoft keeps it.";
    private static readonly TimeSpan GapsLookedAt = TimeSpan.FromDays(30);

    /// <summary>Every collector in sight, and the forces that are left out because they demand a reason.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="force">One force, or null for all.</param>
    /// <param name="again">Whether the same screen looks once more by the clock; the look was written down when it was opened.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(IReadOnlyList<CollectorLine> Lines, IReadOnlyList<ForceId> Withheld)> ListAsync(
        ActingPrincipal actor, ForceId? force, bool again, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(
            actor, new Access(Permissions.SourcesRead) { Force = force, Subject = "collectors", Logged = !again }, cancellationToken);
        var collectors = await queries.AnswersAsync(session, cancellationToken);
        var open = await OpenAsync(session, null, cancellationToken);
        var streams = (await session.Db.Set<CollectorStream>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(s => s.CollectorId);
        var recent = clock.GetUtcNow() - GapsLookedAt;
        var gaps = await session.Db.Set<CoverageWindow>().Where(w => w.State == WindowState.Gap && w.To >= recent)
            .GroupBy(w => w.CollectorId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return ([.. collectors.Select(c => new CollectorLine(c, CoveredTo(c, streams[c.Id], open), gaps.GetValueOrDefault(c.Id)))], session.Withheld);
    }

    /// <summary>How far a collector has come.</summary>
    public async Task<Outcome<CollectorCoverage>> CoverageAsync(
        ActingPrincipal actor, CollectorAnswer collector, int days, bool again, CancellationToken cancellationToken)
    {
        var access = new Access(Permissions.SourcesRead) { Force = collector.Force, Subject = $"collector/{collector.Id}", Logged = !again };
        await using var session = await house.EnterAsync(actor, access, cancellationToken);
        if (!await session.Db.Set<Collector>().AnyAsync(c => c.Id == collector.Id, cancellationToken)) return Failure.NotFound;
        var (now, id) = (clock.GetUtcNow(), collector.Id);
        var since = now - TimeSpan.FromDays(days);
        var known = await session.Db.Set<CollectorStream>().AsNoTracking().Where(s => s.CollectorId == id).OrderBy(s => s.Name).ToListAsync(cancellationToken);
        var open = await OpenAsync(session, id, cancellationToken);
        var streams = new List<StreamCoverage>();
        foreach (var stream in known)
        {
            var isFetched = IsFetched(collector, stream.Name);
            var lines = await session.Db.Set<CoverageWindow>().AsNoTracking()
                .Where(w => w.CollectorId == id && w.Stream == stream.Name && w.To >= since).OrderBy(w => w.From).Take(MostLines)
                .Select(w => new CoverageLine(w.From, w.To, w.State, w.Reason, w.Problem)).ToListAsync(cancellationToken);
            // The hub itself is no stream of its ledger; its partitions are.
            if (lines.Count == 0 && stream.PlannedTo is null && known.Count > collector.Streams.Count) continue;
            if (lines.Count == 0 && stream.PlannedTo is { } end) lines.Add(new(end, end, WindowState.Reconciled, null, null));
            streams.Add(new(stream.Name, isFetched, End(collector, stream, open),
                CoverageStretches.Draw(lines, since, now, HubEnd(collector), !isFetched ? null : collector.Enabled ? NothingSince : SwitchedOff)));
        }

        var windows = session.Db.Set<CoverageWindow>().AsNoTracking().Where(w => w.CollectorId == id);
        var newest = await windows.OrderByDescending(w => w.From).ThenBy(w => w.Stream).Take(MostWindows).ToListAsync(cancellationToken);
        var gaps = windows.Where(w => w.State == WindowState.Gap);
        var newestGaps = await gaps.OrderByDescending(w => w.From).Take(MostGaps).ToListAsync(cancellationToken);
        return new CollectorCoverage(since, now, streams, [.. newest.Select(CollectorQueries.Answer)], [.. newestGaps.Select(CollectorQueries.Answer)],
            newestGaps.Count < MostGaps ? newestGaps.Count : await gaps.CountAsync(cancellationToken));
    }

    private static async Task<Dictionary<(Guid, string), DateTimeOffset>> OpenAsync(HouseSession session, Guid? collector, CancellationToken cancellationToken) =>
        await session.Db.Set<CoverageWindow>()
            .Where(w => (collector == null || w.CollectorId == collector) && (w.State == WindowState.Planned || w.State == WindowState.Listed))
            .GroupBy(w => new { w.CollectorId, w.Stream }).Select(g => new { g.Key.CollectorId, g.Key.Stream, First = g.Min(w => w.From) })
            .ToDictionaryAsync(g => (g.CollectorId, g.Stream), g => g.First, cancellationToken);

    private static DateTimeOffset? CoveredTo(CollectorAnswer collector, IEnumerable<CollectorStream> streams, Dictionary<(Guid, string), DateTimeOffset> open) =>
        streams.Where(s => IsFetched(collector, s.Name)).Select(s => End(collector, s, open)).Where(end => end is not null).Min();

    // The lines of a stream follow each other without holes: it is covered to its first open line, or to the end of its last.
    private static DateTimeOffset? End(CollectorAnswer collector, CollectorStream stream, Dictionary<(Guid, string), DateTimeOffset> open)
    {
        var end = open.TryGetValue((collector.Id, stream.Name), out var first) ? first : stream.PlannedTo;
        return end is not null && HubEnd(collector) is { } read && read > end ? read : end;
    }

    // A hub is read to its end in each run, whether messages came or not.
    private static DateTimeOffset? HubEnd(CollectorAnswer collector) => collector.Kind == CollectorKind.EventHub ? collector.LastSuccessAt : null;

    private static bool IsFetched(CollectorAnswer collector, string stream) =>
        collector.Streams.Contains(stream)
        || (collector.Kind == CollectorKind.EventHub && collector.Streams.Any(hub => stream.StartsWith(hub + "/", StringComparison.Ordinal)));
}
