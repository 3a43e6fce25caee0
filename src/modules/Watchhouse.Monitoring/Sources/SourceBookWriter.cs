using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Sources;

/// <summary>Writes the book of sources and rejects down, and removes rejects and hourly counts that are old.</summary>
internal sealed partial class SourceBookWriter(
    IHouse house, SourceBook book, TimeProvider clock, ILogger<SourceBookWriter> log) : BackgroundService
{
    /// <summary>Kinds of rejects that are kept apart for one force and day; more are put together.</summary>
    public const int MostRejectsADay = 200;

    /// <summary>Sources that are kept apart for one force; more are put together.</summary>
    public const int MostSources = 500;

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepRejects = TimeSpan.FromDays(30);
    private const string TooMany = "More kinds of rejects than are kept apart in a day.";

    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("ingest");
    private DateOnly _pruned;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await book.WaitAsync(Every, stoppingToken);
                await WriteAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        var page = book.Turn();
        try
        {
            if (!page.IsEmpty) await WriteAsync(page);
            await PruneAsync();
        }
        catch (Exception e)
        {
            Failed(log, e);
            book.TakeBack(page);
        }
        finally
        {
            page.Written.TrySetResult();
        }
    }

    private async Task WriteAsync(BookPage page)
    {
        foreach (var ((force, collector, kind), count) in page.Refusals) Refused(log, count, force.Value, collector, kind);
        page.Refusals.Clear();
        await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite), CancellationToken.None);
        foreach (var force in page.Arrivals.GroupBy(a => a.Key.Force))
            await WriteArrivalsAsync(session, force.Key, [.. force.Select(a => (a.Key.Source, a.Value))]);
        foreach (var force in page.Rejects.GroupBy(r => r.Key.Force))
            await WriteRejectsAsync(session.Db, force.Key, [.. force.Select(r => (r.Key.Source, r.Key.Reason, r.Value))]);
        var done = await session.CommitAsync(CancellationToken.None);
        if (!done.Succeeded) throw new InvalidOperationException(done.Failure.Message);
    }

    private async Task WriteArrivalsAsync(HouseSession session, ForceId force, List<(string Source, ArrivalCount Count)> arrivals)
    {
        var known = await session.Db.Set<IngestSource>().Where(s => s.ForceId == force).ToDictionaryAsync(s => s.Name, StringComparer.Ordinal);
        var hours = await HoursAsync(session.Db, force, arrivals.Select(a => SourceHour.Of(a.Count.Last)).Distinct().ToList());
        foreach (var (source, count) in arrivals)
        {
            var name = known.ContainsKey(source) || known.Count < MostSources ? source : BookPage.Other;
            if (!known.TryGetValue(name, out var row))
            {
                known[name] = row = new IngestSource
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    ForceId = force,
                    Name = name,
                    Format = count.Format,
                    FirstReceivedAt = count.First,
                };
                session.Db.Add(row);
            }

            if (count.Events > 0)
            {
                // Collection is logged once a day for each source; each batch with its collector stands in the journal.
                if (row.LastReceivedAt is not { } before || before.UtcDateTime.Date < count.Last.UtcDateTime.Date)
                    session.Record(force, $"source/{name}", "Events of a source were collected.");
                row.LastReceivedAt = count.Last;
                row.Format = count.Format.Length > 0 ? count.Format : row.Format;
            }

            row.Events += count.Events;
            row.Bytes += count.Bytes;
            row.Rejects += count.Rejects;
            row.LastCollector = count.Collector;
            Add(session.Db, hours, force, name, count);
        }
    }

    private static async Task<Dictionary<(string, DateTimeOffset), SourceHour>> HoursAsync(HouseDb db, ForceId force, List<DateTimeOffset> hours) =>
        await db.Set<SourceHour>().Where(h => h.ForceId == force && hours.Contains(h.Hour)).ToDictionaryAsync(h => (h.Source, h.Hour));

    private void Add(HouseDb db, Dictionary<(string, DateTimeOffset), SourceHour> hours, ForceId force, string name, ArrivalCount count)
    {
        var start = SourceHour.Of(count.Last);
        if (!hours.TryGetValue((name, start), out var hour))
        {
            hours[(name, start)] = hour = new SourceHour { Id = Guid.CreateVersion7(clock.GetUtcNow()), ForceId = force, Source = name, Hour = start };
            db.Add(hour);
        }

        hour.Events += count.Events;
        hour.Bytes += count.Bytes;
        hour.Rejects += count.Rejects;
    }

    private async Task WriteRejectsAsync(HouseDb db, ForceId force, List<(string Source, string Reason, RejectCount Count)> rejects)
    {
        var days = rejects.Select(r => Day(r.Count.First)).Distinct().ToList();
        var known = (await db.Set<IngestReject>().Where(r => r.ForceId == force && days.Contains(r.Day)).ToListAsync())
            .GroupBy(r => (r.Day, r.Source, r.Reason)).ToDictionary(g => g.Key, g => g.First());
        foreach (var (source, reason, count) in rejects)
        {
            var key = (Day: Day(count.First), Source: source, Reason: reason);
            if (!known.ContainsKey(key) && known.Keys.Count(k => k.Day == key.Day) >= MostRejectsADay)
                key = (key.Day, BookPage.Other, TooMany);
            if (!known.TryGetValue(key, out var row))
            {
                known[key] = row = new IngestReject
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    ForceId = force,
                    Day = key.Day,
                    Source = key.Source,
                    Reason = key.Reason,
                    FirstAt = count.First,
                    Collector = count.Collector,
                    Line = count.Line,
                    Sample = count.Sample,
                    SampleCut = count.Cut,
                };
                db.Add(row);
            }

            row.Count += count.Count;
            row.LastAt = count.Last;
        }
    }

    // Samples are content: they are there to mend a sender, which is done or not within a month.
    private async Task PruneAsync()
    {
        var today = Day(clock.GetUtcNow());
        if (_pruned == today) return;
        await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite), CancellationToken.None);
        var before = Day(clock.GetUtcNow() - KeepRejects);
        await session.Db.Set<IngestReject>().Where(r => r.Day < before).ExecuteDeleteAsync();
        var oldest = clock.GetUtcNow() - SourceHour.Kept;
        await session.Db.Set<SourceHour>().Where(h => h.Hour < oldest).ExecuteDeleteAsync();
        _pruned = today;
    }

    private static DateOnly Day(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    [LoggerMessage(4111, LogLevel.Warning, "{Count} deliveries of {Force} by collector {Collector} were refused: {Kind}.")]
    private static partial void Refused(ILogger logger, long count, string force, string collector, Ingest.Intake.RefusalKind kind);

    [LoggerMessage(4112, LogLevel.Error, "What arrived of which source could not be written down; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
