using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Silence;

/// <summary>Raises an alert where a source does not do what it used to, or something will stop it from coming.</summary>
internal sealed partial class SilenceWatch(IHouse house, CollectorWatch collectors, AlertSignal signal, TimeProvider clock, ILogger<SilenceWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("silence");
    private static readonly Access Writing = new(Permissions.TelemetryWrite) { Logged = false };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Every, clock, stoppingToken);
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed(log, e);
            }
        }
    }

    /// <summary>One round over all sources.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        List<ForceId> forces;
        await using (var session = await house.EnterAsync(Job, Writing, cancellationToken))
            forces = await session.Db.Set<IngestSource>().Select(source => source.ForceId).Distinct().ToListAsync(cancellationToken);
        // A force after the other: its hours of a week are in memory at once, and no other's.
        foreach (var force in forces) await LookAsync(force, cancellationToken);
        var found = await collectors.LookAsync(clock.GetUtcNow(), cancellationToken);
        if (found.Count > 0) signal.Raise(found.Select(force => force.Value));
    }

    private async Task LookAsync(ForceId force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, Writing, cancellationToken);
        var now = clock.GetUtcNow();
        var running = SourceHour.Of(now);
        var from = running.AddHours(1 - SilenceRules.HoursLookedAt);
        var sources = await session.Db.Set<IngestSource>().AsNoTracking().Where(source => source.ForceId == force).ToListAsync(cancellationToken);
        var hours = (await session.Db.Set<SourceHour>().AsNoTracking().Where(hour => hour.ForceId == force && hour.Hour >= from)
            .Select(hour => new { hour.Source, hour.Hour, hour.Events, hour.Rejects }).ToListAsync(cancellationToken)).ToLookup(hour => hour.Source);
        var raised = 0;
        foreach (var source in sources)
        {
            var events = new long[SilenceRules.HoursLookedAt];
            var rejects = 0L;
            foreach (var hour in hours[source.Name])
            {
                var at = (int)(hour.Hour - from).TotalHours;
                if (at < 0 || at >= events.Length) continue;
                events[at] += hour.Events;
                if (at == events.Length - 2) rejects += hour.Rejects;
            }

            var history = new SourceHistory(source.Name, source.FirstReceivedAt, source.LastReceivedAt, events, rejects);
            foreach (var finding in SilenceRules.Judge(history, now))
            {
                if (await SilenceAlerts.RaiseAsync(session, force, source.Name, "", finding, cancellationToken)) raised++;
            }
        }

        if (raised == 0) return;
        var done = await session.CommitAsync(cancellationToken);
        if (!done.Succeeded) throw new InvalidOperationException(done.Failure.Message);
        Raised(log, raised, force.Value);
        signal.Raise([force.Value]);
    }

    [LoggerMessage(4151, LogLevel.Information, "{Alerts} alerts were raised over sources of {Force}.")]
    private static partial void Raised(ILogger logger, int alerts, string force);

    [LoggerMessage(4152, LogLevel.Error, "Sources could not be judged; it is tried again in minutes.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
