using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Demonstration;

/// <summary>
/// Gives the telemetry of the demonstration to the intake, as a collector of each force: first what is left of the last day, then what
/// happens, every few seconds. A collector that somebody revokes delivers no more.
/// </summary>
internal sealed partial class DemoFeed(
    IEventIntake intake, IDemonstrationCollectors collectors, IHouse house, DemoTimelineFile file, IHostApplicationLifetime life,
    TimeProvider clock, ILogger<DemoFeed> log) : BackgroundService
{
    /// <summary>Time between deliveries, on which they begin and end: a repeat has the same events.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <summary>How far a first start looks back.</summary>
    public static readonly TimeSpan History = TimeSpan.FromHours(24);

    private static readonly TimeSpan HistoryAtOnce = TimeSpan.FromHours(6);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CollectorsEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("demonstration");

    private Dictionary<DemoForce, ActingPrincipal> _collectors = [];
    private long? _collectorsAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            var now = clock.GetUtcNow();
            var telemetry = new DemoTelemetry(file.Continue(now));
            var done = await DoneAsync(now, stoppingToken);
            while (true)
            {
                try
                {
                    done = await GiveAsync(telemetry, done, Floor(clock.GetUtcNow()), stoppingToken);
                    await Task.Delay(Every, clock, stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
                {
                    Failed(log, e);
                    await Task.Delay(AfterFailure, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The house closes.
        }
    }

    /// <summary>The last moment on which a delivery may end.</summary>
    internal static DateTimeOffset Floor(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % Every.Ticks), TimeSpan.Zero);

    private async Task<DateTimeOffset> GiveAsync(DemoTelemetry telemetry, DateTimeOffset from, DateTimeOffset to, CancellationToken stop)
    {
        await OpenCollectorsAsync(stop);
        // A machine that slept, or a first start: of what was long ago a thin part is enough.
        for (var end = to - LongestGap; from < end;)
        {
            var next = from + HistoryAtOnce < end ? from + HistoryAtOnce : end;
            await DeliverAsync(telemetry.Past(from, next), stop);
            from = next;
        }

        if (from < to) await DeliverAsync(telemetry.Between(from, to), stop);
        return from < to ? to : from;
    }

    private async Task DeliverAsync(IReadOnlyList<DemoEvent> events, CancellationToken stop)
    {
        // Together, so that the journal makes them durable with one wait for the disk.
        await Task.WhenAll(DemoDelivery.Of(events).Where(each => _collectors.ContainsKey(each.Force))
            .Select(each => DeliverAsync(_collectors[each.Force], each.Delivery, stop)));
    }

    private async Task DeliverAsync(ActingPrincipal collector, Delivery delivery, CancellationToken stop)
    {
        while (await intake.AcceptAsync(collector, delivery, stop) is { Refusal: { } refusal })
        {
            if (refusal.Kind is not (RefusalKind.Busy or RefusalKind.Unavailable)) throw new InvalidOperationException(refusal.Message);
            await Task.Delay(refusal.RetryAfter ?? TimeSpan.FromSeconds(1), clock, stop);
        }
    }

    // As a request does, the feed asks who the collector is now, only less often.
    private async Task OpenCollectorsAsync(CancellationToken stop)
    {
        if (_collectorsAt is { } at && clock.GetElapsedTime(at) < CollectorsEvery) return;
        var open = new Dictionary<DemoForce, ActingPrincipal>();
        foreach (var force in DemoForce.All)
        {
            if (await collectors.OfAsync(force.Id, stop) is { } collector) open.Add(force, collector);
        }

        (_collectors, _collectorsAt) = (open, clock.GetTimestamp());
    }

    // What was delivered before the last stop: the book of sources lags behind by seconds, and repeats are known by their key.
    private async Task<DateTimeOffset> DoneAsync(DateTimeOffset now, CancellationToken stop)
    {
        var names = DemoSource.All.Select(source => source.Name).ToList();
        await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite) { Logged = false }, stop);
        var last = (await session.Db.Set<IngestSource>().AsNoTracking().Where(source => names.Contains(source.Name) && source.LastReceivedAt != null)
            .Select(source => source.LastReceivedAt!.Value).ToListAsync(stop)).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var oldest = now - History;
        return Floor(last > oldest && last <= now ? last - Every : oldest);
    }

    // The first page comes first.
    private async Task StartedAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = life.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stop);
        await Task.Delay(AfterStart, clock, stop);
    }

    [LoggerMessage(4170, LogLevel.Error, "Events of the demonstration could not be delivered; it is tried again in seconds.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
