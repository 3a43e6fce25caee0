using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Journal;
using Watchhouse.Lake;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.SetAside;
using Watchhouse.Normalisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Archive;

/// <summary>
/// Carries every batch of the journal into the lake, once. The lake stores its files and the place in the journal in one
/// transaction and knows its events by their identity; the journal lets a batch go when the lake has it.
/// </summary>
internal sealed partial class ArchiveWorker(
    LakeHost lake, JournalHost journal, ArchiveBook book, ArchiveProgress progress, SetAsideNotes notes, BatchProbe probe, TimeProvider clock,
    ILogger<ArchiveWorker> log) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WhenSilent = TimeSpan.FromSeconds(2);

    // Places that the lake has taken and not yet made durable. Only the newest that it has is committed.
    private readonly Queue<JournalPosition> _open = new();

    private readonly BatchGuard _guard = new(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CarryAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A full disk, most often. The journal keeps what was not stored and refuses more before it is full itself.
                Failed(log, e);
                await Task.Delay(AfterFailure, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task CarryAsync(CancellationToken stop)
    {
        await using var writer = await lake.OpenWriterAsync(stop);
        var place = new JournalPlace(lake.Directory);
        if (place.Open(writer.DurablePosition, journal.Journal.Status.Tail.Sequence)) Replaced(log, writer.DurablePosition);
        var recent = new RecentBatches();
        _open.Clear();
        await using var reader = journal.Journal.OpenReader(JournalHost.ArchiveConsumer);
        progress.Reached(reader.Committed.Sequence);
        try
        {
            await CarryAsync(reader, writer, place, recent, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was gathered is stored before the end, so that the next start need not do it again.
            await CommitAsync(reader, await writer.FlushAsync(CancellationToken.None) - place.Offset);
            throw;
        }
    }

    private async Task CarryAsync(
        IJournalReader reader, LakeWriter writer, JournalPlace place, RecentBatches recent, CancellationToken stop)
    {
        var maker = new RowMaker(TableMappings.Default);
        while (true)
        {
            if (await NextAsync(reader, writer, place, stop) is not { } entry) continue;
            var position = place.Offset + entry.Position.Sequence;
            // A sender that got no answer sends again, and the journal may hold the batch twice. What has no time of its own would
            // be another event the second time.
            var isNew = position > writer.DurablePosition && recent.IsNew(entry.Batch.Id);
            var durable = writer.DurablePosition;
            for (var isStored = false; !isStored;)
            {
                try
                {
                    if (isNew) probe.Before?.Invoke(BatchSetAside.Archive, entry.Batch);
                    durable = await writer.AppendAsync(position, isNew ? maker.Make(entry.Batch, book) : default, CancellationToken.None);
                    isStored = true;
                }
                catch (Exception e) when (isNew && BatchGuard.IsOfEvents(e))
                {
                    maker = new RowMaker(TableMappings.Default);
                    if (_guard.Failed(entry, e) is not { } wait) break;
                    Stuck(log, e, entry.Batch.Id);
                    await Task.Delay(wait, clock, stop);
                    continue;
                }
            }

            if (_guard.IsSetAside(entry)) durable = await SetAsideAsync(entry.Batch, position, writer, stop);
            _open.Enqueue(entry.Position);
            if (progress.IsWanted(entry.Position.Sequence)) durable = await writer.FlushAsync(CancellationToken.None);
            await CommitAsync(reader, durable - place.Offset);
        }
    }

    // Told before it is stored: a crash between them tells the same again, and nothing is stored that nobody is told of.
    private async Task<long> SetAsideAsync(JournalBatch batch, long position, LakeWriter writer, CancellationToken stop)
    {
        var rows = BatchSetAside.RowsOf(batch);
        await notes.WriteAsync(BatchSetAside.Of(BatchSetAside.Archive, batch, _guard.Failure!), stop);
        book.Archived(ForceId.Of(batch.Owner), batch.Source, new ArchiveTally { ReceivedAt = batch.ReceivedAt, Unreadable = rows.Length });
        var durable = await writer.AppendAsync(position, rows, CancellationToken.None);
        _guard.Done(batch.Owner, batch.Source);
        return durable;
    }

    // While nothing comes, what waits is written when its time is up.
    private async Task<JournalEntry?> NextAsync(IJournalReader reader, LakeWriter writer, JournalPlace place, CancellationToken stop)
    {
        try
        {
            if (reader.TryRead() is { } ready) return ready;
            if (_open.Count == 0) return await reader.ReadAsync(stop);
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop, progress.Asked);
            silence.CancelAfter(WhenSilent);
            try
            {
                return await reader.ReadAsync(silence.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                var durable = progress.IsWanted(_open.Last().Sequence) ? await writer.FlushAsync(stop) : await writer.WriteDueAsync(stop);
                await CommitAsync(reader, durable - place.Offset);
                return null;
            }
        }
        catch (JournalDamageException e)
        {
            Damaged(log, e);
            return null;
        }
    }

    private async Task CommitAsync(IJournalReader reader, long durable)
    {
        JournalPosition? done = null;
        while (_open.TryPeek(out var next) && next.Sequence <= durable) done = _open.Dequeue();
        if (done is not { } position) return;
        await reader.CommitAsync(position, CancellationToken.None);
        progress.Reached(position.Sequence);
    }

    [LoggerMessage(4131, LogLevel.Error, "Events could not be archived. They stay in the journal, and it is tried again in seconds.")]
    private static partial void Failed(ILogger log, Exception exception);

    [LoggerMessage(4137, LogLevel.Error, "The batch {Batch} could not be read for the archive; it is tried again and then set aside.")]
    private static partial void Stuck(ILogger log, Exception exception, Guid batch);

    [LoggerMessage(4132, LogLevel.Error, "A part of the journal cannot be read, and its events could not be archived.")]
    private static partial void Damaged(ILogger log, Exception exception);

    [LoggerMessage(4133, LogLevel.Warning, "The journal is another than the one that was archived up to place {Place}. It is archived from its beginning.")]
    private static partial void Replaced(ILogger log, long place);
}
