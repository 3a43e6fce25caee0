using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules.Programs;

namespace Watchhouse.Monitoring.Rules;

/// <summary>
/// Compiles what runs, in the background: at the start and after each change. What cannot be compiled leaves the rules of
/// before in place, and the status says so.
/// </summary>
internal sealed partial class RuleCompiler(
    RuleStore store, RuleBook book, RuleChanges changes, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<RuleCompiler> log) : BackgroundService
{
    /// <summary>How often it is looked whether another program, such as the command line, has changed rules.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private const int Many = 1_000;

    private string _stamp = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Thousands of rules are seconds of one processor: the first page goes before them, and events wait in the journal.
        await StartedAsync(stoppingToken);
        await GiveWayAsync(stoppingToken);
        var isDue = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (isDue) await CompileAsync(stoppingToken);
                isDue = await changes.WaitAsync(Look, stoppingToken) || await store.StampAsync(stoppingToken) != _stamp;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Failed(log, e);
                book.Refuse($"The latest change could not be compiled, so the rules of before are in use: {e.Message}");
                // The same rules fail again: only a change, or a database that answers again, helps.
                await changes.WaitAsync(AfterFailure, stoppingToken);
                isDue = true;
            }
        }
    }

    private async Task StartedAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whoever opened the house asks for its first page at once.
    private async Task GiveWayAsync(CancellationToken stop)
    {
        try
        {
            if (await store.CountRunningAsync(stop) > Many) await Task.Delay(Grace, stop);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A database that does not answer is told of by what comes next.
        }
    }

    private async Task CompileAsync(CancellationToken stop)
    {
        var change = book.Status.Asked;
        _stamp = await store.StampAsync(stop);
        var started = Stopwatch.GetTimestamp();
        var (units, lists) = await store.RunningAsync(stop);
        var exceptions = await store.ExceptionsAsync(stop);
        var program = RuleProgramBuilder.Build(units, lists, exceptions.Fields);
        // The program that follows another is as quick for its first event as the old one was for its last.
        program.Detector.Prepare();
        book.Exceptions = exceptions;
        book.Take(program, change, clock.GetUtcNow(), Stopwatch.GetElapsedTime(started).TotalSeconds);
        InUse(log, program.Rules, program.Correlations, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        var unused = program.Health.Values.Count(health => health.State is not ("live" or "testing"));
        if (unused > 0) NotInUse(log, unused);
    }

    [LoggerMessage(1, LogLevel.Information, "{Rules} rules and {Correlations} correlations are in use, read and compiled in {Milliseconds} ms.")]
    private static partial void InUse(ILogger log, int rules, int correlations, long milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "{Rules} rules that should run can match nothing; the list of rules says of each why.")]
    private static partial void NotInUse(ILogger log, int rules);

    [LoggerMessage(3, LogLevel.Error, "Rules could not be compiled; those of before stay in use.")]
    private static partial void Failed(ILogger log, Exception e);
}
