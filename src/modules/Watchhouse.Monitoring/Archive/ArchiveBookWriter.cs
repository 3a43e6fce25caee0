using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Archive;

/// <summary>Writes down every few seconds what the archive noted of each source.</summary>
internal sealed partial class ArchiveBookWriter(IHouse house, ArchiveBook book, TimeProvider clock, ILogger<ArchiveBookWriter> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("archive");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        var page = book.Turn();
        if (page.Count == 0) return;
        try
        {
            await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite) { Logged = false }, CancellationToken.None);
            foreach (var force in page.GroupBy(each => each.Key.Force)) await WriteAsync(session.Db, force.Key, force);
            var done = await session.CommitAsync(CancellationToken.None);
            if (!done.Succeeded) throw new InvalidOperationException(done.Failure.Message);
        }
        catch (Exception e)
        {
            Failed(log, e);
            book.TakeBack(page);
        }
    }

    private async Task WriteAsync(DbContext db, ForceId force, IEnumerable<KeyValuePair<(ForceId Force, string Source), ArchiveTally>> tallies)
    {
        var known = await db.Set<ArchivedSource>().Where(each => each.ForceId == force).ToDictionaryAsync(each => each.Source, StringComparer.Ordinal);
        foreach (var ((_, source), tally) in tallies)
        {
            var name = known.ContainsKey(source) || known.Count < Sources.SourceBookWriter.MostSources ? source : Sources.BookPage.Other;
            if (!known.TryGetValue(name, out var row))
            {
                known[name] = row = new ArchivedSource { Id = Guid.CreateVersion7(clock.GetUtcNow()), ForceId = force, Source = name };
                db.Add(row);
            }

            row.Events += tally.Events;
            row.Repeats += tally.Repeats;
            row.Unreadable += tally.Unreadable;
            row.Late += tally.Late;
            row.ClockAhead += tally.ClockAhead;
            row.WithoutTime += tally.WithoutTime;
            row.LongestDelay = Math.Max(row.LongestDelay, (long)tally.LongestDelay.TotalSeconds);
            row.FarthestAhead = Math.Max(row.FarthestAhead, (long)tally.FarthestAhead.TotalSeconds);
            if (tally.LastEventAt is { } at && (row.LastEventAt is not { } last || at > last)) row.LastEventAt = at;
        }
    }

    [LoggerMessage(4134, LogLevel.Error, "What the archive noted of sources could not be written down; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
