using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>Writes down what has arrived: a kind that is new within seconds, what is known already once a minute.</summary>
internal sealed partial class ArrivalWriter(IHouse house, ArrivalBook book, TimeProvider clock, ILogger<ArrivalWriter> log) : BackgroundService
{
    private const int TurnsAMinute = 20;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("coverage");
    private static readonly Access Writing = new(Permissions.TelemetryWrite) { Logged = false };

    // Bounded by what is stored: sources of forces times entries of the table.
    private readonly HashSet<ArrivalKey> _written = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            for (var turn = 1; await timer.WaitForNextTickAsync(stoppingToken); turn++)
                await WriteAsync(turn % TurnsAMinute == 0 ? static _ => true : key => !_written.Contains(key));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync(static _ => true);
        }
    }

    private async Task WriteAsync(Func<ArrivalKey, bool> chosen)
    {
        var page = book.Take(chosen);
        if (page.Count == 0) return;
        try
        {
            await using var session = await house.EnterAsync(Job, Writing, CancellationToken.None);
            foreach (var force in page.GroupBy(each => each.Key.Force)) await WriteAsync(session.Db, ForceId.Of(force.Key), [.. force]);
            var done = await session.CommitAsync(CancellationToken.None);
            if (!done.Succeeded) throw new InvalidOperationException(done.Failure.Message);
            _written.UnionWith(page.Keys);
        }
        catch (Exception e)
        {
            Failed(log, e);
            book.Add(page);
        }
    }

    private async Task WriteAsync(DbContext db, ForceId force, List<KeyValuePair<ArrivalKey, Arrival>> arrivals)
    {
        var known = await db.Set<SourceContent>().Where(row => row.ForceId == force).ToDictionaryAsync(row => (row.Source, row.Entry));
        var sources = known.Keys.Select(key => key.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, arrival) in arrivals)
        {
            var source = sources.Contains(key.Source) || sources.Count < SourceBookWriter.MostSources ? key.Source : BookPage.Other;
            sources.Add(source);
            if (!known.TryGetValue((source, key.Entry), out var row))
            {
                known[(source, key.Entry)] = row = new SourceContent
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    ForceId = force,
                    Source = source,
                    Entry = key.Entry,
                    FirstAt = arrival.First,
                };
                db.Add(row);
            }

            row.Events += arrival.Events;
            if (arrival.Last > row.LastAt) row.LastAt = arrival.Last;
        }
    }

    [LoggerMessage(4161, LogLevel.Error, "Which kinds of events have arrived could not be written down; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
