using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Products;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.SetAside;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// Looks at every batch of the journal once. Alerts, the place in the journal and the state of correlations are stored in
/// one transaction, so a crash repeats a stretch of the journal as if it had never been looked at: no alert is lost, and
/// none comes twice.
/// </summary>
internal sealed partial class DetectionWorker(
    IHouse house, JournalHost journal, RuleBook rules, AlertSignal signal, SetAsideNotes notes, BatchProbe probe, TimeProvider clock,
    ILogger<DetectionWorker> log) : BackgroundService
{
    private const string Consumer = "detect";
    private const int MostBatches = 64;
    private static readonly TimeSpan LongestStretch = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("detection");
    private static readonly Access Writing = new(Permissions.TelemetryWrite) { Logged = false };

    private readonly BatchGuard _guard = new(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (BatchFailedException e)
            {
                // What correlations know of the part that was looked at is thrown away with it: it is begun again from what is stored.
                Stuck(log, e.InnerException!);
                await Task.Delay(e.Wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The database or the journal did not answer: what was not stored is looked at again.
                Failed(log, e);
                await Task.Delay(AfterFailure, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        await rules.FirstAsync(stop);
        var detective = new Detective(rules.Program);
        var stored = await StoredAsync(stop);
        if (stored.Correlations.Length > 0) detective.Restore(stored.Correlations);
        var done = stored.Sequence;
        if (journal.Journal.Status.Tail.Sequence < done)
        {
            // Another journal lies there than the one that was looked at: its batches count from 1 again.
            Replaced(log, done);
            done = 0;
        }

        var recent = new RecentBatches();
        await using var reader = journal.Journal.OpenReader(Consumer);
        var alerts = new OpenAlerts();
        var harvest = new Harvest();
        var aside = new List<BatchSetAside>();
        while (true)
        {
            var entry = await NextAsync(reader, stop);
            if (rules.Program is var program && !ReferenceEquals(program, detective.Program))
            {
                var swapping = Stopwatch.GetTimestamp();
                detective = detective.With(program);
                Swapped(log, program.Rules, Stopwatch.GetElapsedTime(swapping).TotalMilliseconds);
                if (detective.GroupsNotRestored > 0) Regrouped(log, detective.GroupsNotRestored);
            }

            var (exceptions, now) = (rules.Exceptions, clock.GetUtcNow());
            var started = Stopwatch.GetTimestamp();
            var position = entry.Position;
            for (var batches = 0; ; batches++)
            {
                position = entry.Position;
                if (position.Sequence > done && recent.IsNew(entry.Batch.Id))
                {
                    if (_guard.IsSetAside(entry)) aside.Add(BatchSetAside.Of(BatchSetAside.Detection, entry.Batch, _guard.Failure!));
                    else Look(detective, entry, exceptions, now, harvest);
                }

                if (batches == MostBatches || _guard.IsFailing(position) || Stopwatch.GetElapsedTime(started) > LongestStretch || reader.TryRead() is not { } more) break;
                entry = more;
            }

            if (position.Sequence > done) await StoreAsync(alerts, harvest, aside, position.Sequence, detective.HasChanged ? detective.Save() : null, stop);
            foreach (var batch in aside) _guard.Done(batch.Owner, batch.Source);
            aside.Clear();
            done = Math.Max(done, position.Sequence);
            harvest.Clear();
            await reader.CommitAsync(position, stop);
        }
    }

    private void Look(Detective detective, JournalEntry entry, ExceptionBook exceptions, DateTimeOffset now, Harvest harvest)
    {
        try
        {
            probe.Before?.Invoke(BatchSetAside.Detection, entry.Batch);
            detective.Look(entry.Batch, exceptions, now, harvest);
        }
        catch (Exception e) when (BatchGuard.IsOfEvents(e))
        {
            throw new BatchFailedException(_guard.Failed(entry, e) ?? TimeSpan.Zero, e);
        }
    }

    // What the disk has lost cannot be looked at: it is told, and watching goes on behind it.
    private async Task<JournalEntry> NextAsync(IJournalReader reader, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await reader.ReadAsync(stop);
            }
            catch (JournalDamageException e)
            {
                Damaged(log, e);
            }
        }
    }

    private async Task<DetectionPlace> StoredAsync(CancellationToken stop)
    {
        await using var session = await house.EnterAsync(Job, Writing, stop);
        return await session.Db.Set<DetectionPlace>().AsNoTracking().FirstOrDefaultAsync(place => place.Id == Consumer, stop)
            ?? new DetectionPlace { Id = Consumer };
    }

    private async Task StoreAsync(
        OpenAlerts alerts, Harvest harvest, List<BatchSetAside> aside, long sequence, byte[]? correlations, CancellationToken stop)
    {
        await using var session = await house.EnterAsync(Job, Writing, stop);
        var raised = harvest.Findings.Count == 0 ? 0 : await AlertWriter.WriteAsync(session, alerts, harvest.Findings, stop);
        if (harvest.Products.Count > 0) raised += await ProductAlertWriter.WriteAsync(session, harvest.Products, stop);
        await CountWriter.WriteAsync(session, harvest, stop);
        foreach (var batch in aside) await SetAsideNotes.WriteAsync(session, batch, stop);
        var place = await session.Db.Set<DetectionPlace>().FirstOrDefaultAsync(each => each.Id == Consumer, stop);
        if (place is null) session.Db.Add(place = new DetectionPlace { Id = Consumer });
        place.Sequence = sequence;
        if (correlations is not null) place.Correlations = correlations;
        var committed = await session.CommitAsync(stop);
        if (!committed.Succeeded) throw new InvalidOperationException(committed.Failure.Message);
        aside.ForEach(notes.Told);
        if (raised == 0) return;
        Raised(log, raised);
        signal.Raise(harvest.Findings.Select(finding => finding.Force).Concat(harvest.Products.Select(finding => finding.Force)).Distinct());
    }

    [LoggerMessage(1, LogLevel.Information, "{Alerts} alerts were raised.")]
    private static partial void Raised(ILogger log, int alerts);

    [LoggerMessage(2, LogLevel.Error, "Detection stopped and tries again. Events are kept until they have been looked at.")]
    private static partial void Failed(ILogger log, Exception e);

    [LoggerMessage(4, LogLevel.Warning, "The journal is not the one that was looked at before (it ends before batch {Sequence}); it is looked at from its beginning.")]
    private static partial void Replaced(ILogger log, long sequence);

    [LoggerMessage(5, LogLevel.Information, "{Groups} open windows of correlations that were changed or retired were left behind.")]
    private static partial void Regrouped(ILogger log, long groups);

    [LoggerMessage(6, LogLevel.Information, "Detection goes on with {Rules} rules; the change took {Milliseconds:0.0} ms.")]
    private static partial void Swapped(ILogger log, int rules, double milliseconds);

    [LoggerMessage(7, LogLevel.Error, "Detection could not look at a batch; it is tried again and then set aside.")]
    private static partial void Stuck(ILogger log, Exception e);

    [LoggerMessage(3, LogLevel.Error, "A part of the journal cannot be read and was not looked at.")]
    private static partial void Damaged(ILogger log, Exception e);
}
