using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Collect.Running;

/// <summary>
/// Runs collectors when they are due: several at a time, each once at a time, and a force with many never before all others.
/// </summary>
internal sealed partial class CollectorScheduler(
    IHouse house, CollectorRunner runner, IOptions<CollectOptions> options, TimeProvider clock, ILogger<CollectorScheduler> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(5);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("collect");

    private readonly ConcurrentDictionary<Guid, byte> _running = new();
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Looks for what is due now, and not only when its time comes.</summary>
    public void Wake()
    {
        lock (_wake)
            if (_wake.CurrentCount == 0)
                _wake.Release();
    }

    public bool IsRunning(Guid collector) => _running.ContainsKey(collector);

    /// <summary>Runs everything that is due once, and ends when all of it has.</summary>
    public async Task<IReadOnlyList<(Collector Collector, RunEnd End)>> RunDueAsync(bool all, CancellationToken stop)
    {
        var ends = new ConcurrentQueue<(Collector, RunEnd)>();
        await Parallel.ForEachAsync(await DueAsync(all, stop), new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Value.Parallel), CancellationToken = stop },
            async (collector, cancel) =>
            {
                if (await RunAsync(collector, cancel) is { } end) ends.Enqueue((collector, end));
            });
        return [.. ends];
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Scheduled) return;
        await Task.Yield();
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(static task => task.IsCompleted);
                // One that takes long keeps no other from its time.
                foreach (var collector in await DueAsync(all: false, stoppingToken))
                    if (running.Count < options.Value.Parallel && !_running.ContainsKey(collector.Id))
                        running.Add(RunAsync(collector, stoppingToken));
                await WaitAsync(running, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed(log, e);
                await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WaitAsync(List<Task> running, CancellationToken stop)
    {
        var pause = Task.Delay(Every, clock, stop);
        using var waking = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var wake = _wake.WaitAsync(waking.Token);
        await Task.WhenAny([pause, wake, .. running]);
        await waking.CancelAsync();
        await wake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
    }

    private async Task<RunEnd?> RunAsync(Collector collector, CancellationToken stop)
    {
        if (!_running.TryAdd(collector.Id, 0)) return null;
        try
        {
            var end = await runner.RunAsync(collector, stop);
            if (end.Problem is not null) Met(log, collector.Kind, collector.Id, collector.ForceId.Value, end.Problem);
            return end;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A fault of the program or of its storage: the others go on, and this one does not come back at once.
            RunFailed(log, e, collector.Kind, collector.Id, collector.ForceId.Value);
            await PutOffAsync(collector, stop);
            return new RunEnd("The run ended with a fault of the centre itself. The operator finds it in the log.", null, false);
        }
        finally
        {
            _running.TryRemove(collector.Id, out _);
        }
    }

    private async Task PutOffAsync(Collector collector, CancellationToken stop)
    {
        try
        {
            await using var session = await house.EnterAsync(CollectorPrincipal.Of(collector), new Access(Permissions.TelemetryWrite) { Logged = false }, stop);
            if (await session.Db.Set<CollectorStatus>().SingleOrDefaultAsync(s => s.Id == collector.Id, stop) is not { } status) return;
            var now = clock.GetUtcNow();
            status.LastRunAt = now;
            status.NextRunAt = now + AfterFault;
            status.Failures++;
            status.Problem = "The last run ended with a fault of the centre itself. It is run again in minutes; what is missed is fetched then. The operator finds the fault in the log.";
            status.ProblemSince ??= now;
            await session.CommitAsync(stop);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(log, e);
        }
    }

    // The force that waits longest comes first, and each force's first before any force's second.
    private async Task<IReadOnlyList<Collector>> DueAsync(bool all, CancellationToken stop)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.TelemetryWrite) { Logged = false }, stop);
        var now = clock.GetUtcNow();
        var due = await (
            from collector in session.Db.Set<Collector>().AsNoTracking()
            join status in session.Db.Set<CollectorStatus>().AsNoTracking() on collector.Id equals status.Id
            where collector.Enabled && (all || status.NextRunAt <= now)
            orderby status.NextRunAt
            select collector).Take(1_000).ToListAsync(stop);
        return [.. due.GroupBy(c => c.ForceId).SelectMany(force => force.Select((collector, turn) => (collector, turn)))
            .OrderBy(each => each.turn).Select(each => each.collector)];
    }

    [LoggerMessage(4151, LogLevel.Error, "What is to be collected could not be looked up; it is tried again.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4152, LogLevel.Error, "The collector {Kind} {Id} of {Force} ended with a fault; it is run again in minutes.")]
    private static partial void RunFailed(ILogger logger, Exception exception, CollectorKind kind, Guid id, string force);

    [LoggerMessage(4153, LogLevel.Warning, "The collector {Kind} {Id} of {Force} met a problem: {Problem}")]
    private static partial void Met(ILogger logger, CollectorKind kind, Guid id, string force, string problem);
}
