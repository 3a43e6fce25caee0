using Microsoft.EntityFrameworkCore;
using Watchhouse.Monitoring.Collect.Pulling;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Collect.Coverage;

/// <summary>
/// Writes the coverage ledger of one collector, as that collector: a session sees the collector's own force and nothing else. Each
/// method is one transaction, and what says that events are there is only called when the journal has them.
/// </summary>
internal sealed class CoverageLedger(IHouse house, ActingPrincipal principal, Collector collector, TimeProvider clock)
{
    private const int MostPlanned = 400;

    /// <summary>The streams of the collector; new ones are written down.</summary>
    public async Task<IReadOnlyDictionary<string, CollectorStream>> StreamsAsync(CancellationToken stop)
    {
        await using var session = await EnterAsync(stop);
        var known = await session.Db.Set<CollectorStream>().Where(s => s.CollectorId == collector.Id).ToDictionaryAsync(s => s.Name, StringComparer.Ordinal, stop);
        foreach (var name in collector.Streams.Where(name => !known.ContainsKey(name)))
        {
            known[name] = new CollectorStream { Id = NewId(), ForceId = collector.ForceId, CollectorId = collector.Id, Name = name };
            session.Db.Add(known[name]);
        }

        await SaveAsync(session, stop);
        return known;
    }

    /// <summary>
    /// Writes down what is known of subscriptions. One that was on and is off now has lost what was made meanwhile: Microsoft gives that
    /// out no more once it is on again. The windows since it was last seen on end as gaps, though all that can be listed is fetched.
    /// </summary>
    public async Task SubscriptionsAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken stop)
    {
        if (subscriptions.Count == 0) return;
        await using var session = await EnterAsync(stop);
        var now = clock.GetUtcNow();
        foreach (var each in subscriptions)
        {
            var stream = await session.Db.Set<CollectorStream>().SingleAsync(s => s.CollectorId == collector.Id && s.Name == each.Stream, stop);
            if (each.Started) stream.StartedAt = now;
            if (each.IsOn)
            {
                stream.OnAt = now;
                continue;
            }

            if (stream.OnAt is not { } lastOn) continue;
            var reason = CollectModel.Cut($"The subscription to {each.Stream} was switched off at some time between {lastOn:u} and {now:u}. Microsoft does not give out what was made while it was off. Ask the force who switched it off; its own audit search may still have the events.");
            // Up to this moment, not only as far as windows are planned.
            if (stream.PlannedTo is { } end && WindowPlan.Second(now) is var to && to > end)
            {
                session.Db.Add(Window(stream.Name, end, to, WindowState.Gap, reason, now));
                stream.PlannedTo = to;
            }

            foreach (var window in await session.Db.Set<CoverageWindow>()
                .Where(w => w.CollectorId == collector.Id && w.Stream == each.Stream && w.To > lastOn && w.Reason == null).ToListAsync(stop))
                (window.Reason, window.State) = (reason, WindowState.Gap);
        }

        await SaveAsync(session, stop);
    }

    /// <summary>Writes the windows that come next of each stream.</summary>
    public async Task PlanAsync(StreamRules rules, TimeSpan backfill, CancellationToken stop)
    {
        await using var session = await EnterAsync(stop);
        var now = clock.GetUtcNow();
        foreach (var stream in await session.Db.Set<CollectorStream>().Where(s => s.CollectorId == collector.Id).ToListAsync(stop))
        {
            if (!collector.Streams.Contains(stream.Name)) continue;
            foreach (var planned in WindowPlan.Plan(stream.PlannedTo, now, rules, backfill, MostPlanned))
            {
                session.Db.Add(Window(stream.Name, planned.From, planned.To, planned.Gap is null ? WindowState.Planned : WindowState.Gap,
                    planned.Gap, planned.Gap is null ? planned.To + rules.Settle : null));
                stream.PlannedTo = planned.To;
            }
        }

        await SaveAsync(session, stop);
    }

    /// <summary>Windows that are due, the oldest first: they are the first that Microsoft lets go.</summary>
    public async Task<IReadOnlyList<CoverageWindow>> DueAsync(int most, CancellationToken stop)
    {
        await using var session = await EnterAsync(stop);
        var now = clock.GetUtcNow();
        return await session.Db.Set<CoverageWindow>().AsNoTracking().Where(w => w.CollectorId == collector.Id && w.NextAt <= now)
            .OrderBy(w => w.From).ThenBy(w => w.Stream).Take(most).ToListAsync(stop);
    }

    /// <summary>Keys of the events of a window that are in the journal.</summary>
    public async Task<HashSet<Guid>> SeenAsync(Guid window, CancellationToken stop)
    {
        await using var session = await EnterAsync(stop);
        var seen = new HashSet<Guid>();
        await foreach (var keys in session.Db.Set<SeenEvents>().AsNoTracking().Where(s => s.WindowId == window).Select(s => s.Keys).AsAsyncEnumerable().WithCancellation(stop))
            for (var at = 0; at + 16 <= keys.Length; at += 16)
                seen.Add(new Guid(keys.AsSpan(at, 16)));
        return seen;
    }

    /// <summary>A page whose events are in the journal.</summary>
    /// <param name="id">The window.</param>
    /// <param name="added">Events that were new.</param>
    /// <param name="written">Events that went into the journal; fewer when some were no events.</param>
    /// <param name="cursor">Where the next page lies; null at the end.</param>
    /// <param name="stop">Stops it.</param>
    public Task PageAsync(Guid id, IReadOnlyCollection<Guid> added, int written, string? cursor, CancellationToken stop) =>
        ChangeAsync(id, (session, window) =>
        {
            window.Cursor = cursor;
            window.Listed += added.Count;
            window.Fetched += added.Count;
            window.Events += written;
            if (window.Pass > 0) window.Late += added.Count;
            if (added.Count == 0) return Task.CompletedTask;
            var keys = new byte[added.Count * 16];
            var at = 0;
            foreach (var key in added)
            {
                key.TryWriteBytes(keys.AsSpan(at));
                at += 16;
            }

            session.Db.Add(new SeenEvents { Id = NewId(), ForceId = collector.ForceId, CollectorId = collector.Id, WindowId = id, Keys = keys });
            return Task.CompletedTask;
        }, stop);

    /// <summary>A page of blobs: those that are new are written down, whichever window they were listed in before.</summary>
    public Task BlobsAsync(Guid id, IReadOnlyList<BlobLine> blobs, string? cursor, CancellationToken stop) =>
        ChangeAsync(id, async (session, window) =>
        {
            window.Cursor = cursor;
            foreach (var chunk in blobs.DistinctBy(b => b.Key).Chunk(500))
            {
                var keys = chunk.Select(b => b.Key).ToList();
                var known = await session.Db.Set<ListedBlob>().Where(b => b.CollectorId == collector.Id && keys.Contains(b.Key)).Select(b => b.Key).ToListAsync(stop);
                foreach (var blob in chunk.Where(b => !known.Contains(b.Key)))
                {
                    session.Db.Add(new ListedBlob
                    {
                        Id = NewId(),
                        ForceId = collector.ForceId,
                        CollectorId = collector.Id,
                        WindowId = id,
                        Key = blob.Key,
                        Address = blob.Address,
                        CreatedAt = blob.CreatedAt,
                        ExpiresAt = blob.ExpiresAt,
                    });
                    window.Listed++;
                    if (window.Pass > 0) window.Late++;
                }
            }
        }, stop);

    /// <summary>Blobs of a window that are neither fetched nor lost.</summary>
    public async Task<IReadOnlyList<ListedBlob>> OpenBlobsAsync(Guid window, CancellationToken stop)
    {
        await using var session = await EnterAsync(stop);
        return await session.Db.Set<ListedBlob>().AsNoTracking().Where(b => b.WindowId == window && b.FetchedAt == null && b.Lost == null)
            .OrderBy(b => b.ExpiresAt).Take(5_000).ToListAsync(stop);
    }

    /// <summary>A blob whose events are in the journal.</summary>
    public Task BlobFetchedAsync(ListedBlob blob, int written, CancellationToken stop) =>
        ChangeAsync(blob.WindowId, async (session, window) =>
        {
            var row = await session.Db.Set<ListedBlob>().SingleAsync(b => b.Id == blob.Id, stop);
            if (row.FetchedAt is not null) return;
            row.FetchedAt = clock.GetUtcNow();
            window.Fetched++;
            window.Events += written;
        }, stop);

    public Task BlobLostAsync(ListedBlob blob, string why, CancellationToken stop) =>
        ChangeAsync(blob.WindowId, async (session, window) =>
        {
            var row = await session.Db.Set<ListedBlob>().SingleAsync(b => b.Id == blob.Id, stop);
            row.Lost = CollectModel.Cut(why);
            window.Reason ??= CollectModel.Cut($"A blob of {blob.CreatedAt:u} was listed and could not be fetched: {why} Its events are lost to the centre; the force's own audit search may still have them.");
        }, stop);

    /// <summary>Everything is listed and in the journal.</summary>
    public Task ListedAsync(Guid id, StreamRules rules, string? note, CancellationToken stop) =>
        ChangeAsync(id, async (session, window) =>
        {
            var now = clock.GetUtcNow();
            window.Cursor = null;
            window.Pass++;
            window.Attempts = 0;
            window.Problem = null;
            window.Reason ??= note;
            window.FetchedAt ??= now;
            window.NextAt = WindowPlan.Next(window.To, rules, now);
            window.State = window.Reason is not null ? WindowState.Gap : window.NextAt is not null ? WindowState.Fetched : WindowState.Reconciled;
            if (window.NextAt is not null) return;
            window.ReconciledAt = now;
            await session.Db.Set<SeenEvents>().Where(s => s.WindowId == id).ExecuteDeleteAsync(stop);
        }, stop);

    /// <summary>All of it is listed, but not all that was listed is fetched.</summary>
    public Task AllListedAsync(Guid id, CancellationToken stop) =>
        ChangeAsync(id, (_, window) =>
        {
            if (window.State == WindowState.Planned) window.State = WindowState.Listed;
            return Task.CompletedTask;
        }, stop);

    /// <summary>It did not come to its end, and is tried again.</summary>
    public Task FailedAsync(Guid id, string problem, bool fromTheBeginning, double jitter, CancellationToken stop) =>
        ChangeAsync(id, (_, window) =>
        {
            if (fromTheBeginning) window.Cursor = null;
            window.Attempts++;
            window.Problem = CollectModel.Cut(problem);
            window.NextAt = clock.GetUtcNow() + WindowPlan.Backoff(window.Attempts, jitter);
            return Task.CompletedTask;
        }, stop);

    /// <summary>A stream is refused: its windows wait, so that they do not stand before those of others.</summary>
    public async Task PutOffAsync(string stream, string problem, TimeSpan wait, CancellationToken stop)
    {
        await using var session = await EnterAsync(stop);
        var now = clock.GetUtcNow();
        var (until, text) = ((DateTimeOffset?)(now + wait), CollectModel.Cut(problem));
        await session.Db.Set<CoverageWindow>().Where(w => w.CollectorId == collector.Id && w.Stream == stream && w.NextAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.NextAt, until).SetProperty(w => w.Problem, text), stop);
    }

    /// <summary>It can be listed no more.</summary>
    public Task TooOldAsync(Guid id, CancellationToken stop) =>
        ChangeAsync(id, async (session, window) =>
        {
            window.NextAt = null;
            window.Cursor = null;
            if (window.Pass > 0 && window.Reason is null)
            {
                // It was whole when it was listed last; that nothing came later was not seen.
                window.Reason = "It was listed in full, but not once more for what comes late: Microsoft keeps it no longer.";
                window.State = WindowState.Fetched;
            }
            else
            {
                window.State = WindowState.Gap;
                window.Reason ??= CollectModel.Cut($"It could not be listed while Microsoft kept it. The last failure: {window.Problem ?? "none is known"}");
            }

            await session.Db.Set<SeenEvents>().Where(s => s.WindowId == id).ExecuteDeleteAsync(stop);
        }, stop);

    private CoverageWindow Window(string stream, DateTimeOffset from, DateTimeOffset to, WindowState state, string? reason, DateTimeOffset? next) => new()
    {
        Id = NewId(),
        ForceId = collector.ForceId,
        CollectorId = collector.Id,
        Stream = stream,
        From = from,
        To = to,
        State = state,
        Reason = reason,
        NextAt = next,
    };

    private async Task ChangeAsync(Guid id, Func<HouseSession, CoverageWindow, Task> change, CancellationToken stop)
    {
        await using var session = await EnterAsync(stop);
        // Deleted with its collector, most likely: there is nothing to be said of it any more.
        if (await session.Db.Set<CoverageWindow>().SingleOrDefaultAsync(w => w.Id == id && w.CollectorId == collector.Id, stop) is not { } window)
            throw new CollectorGoneException();
        await change(session, window);
        await SaveAsync(session, stop);
    }

    private Task<HouseSession> EnterAsync(CancellationToken stop) =>
        house.EnterAsync(principal, new Access(Permissions.TelemetryWrite) { Logged = false }, stop);

    private static async Task SaveAsync(HouseSession session, CancellationToken stop)
    {
        var done = await session.CommitAsync(stop);
        if (!done.Succeeded) throw new InvalidOperationException(done.Failure.Message);
    }

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());
}

/// <summary>The collector was removed while it ran.</summary>
internal sealed class CollectorGoneException() : Exception("The collector was removed while it ran.");
