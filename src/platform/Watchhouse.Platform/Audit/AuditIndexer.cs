using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Ledger;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Audit;

/// <summary>
/// Follows the ledger and keeps the search index level with it. The index is derived: emptied, it is built again from
/// the first entry.
/// </summary>
internal sealed partial class AuditIndexer(
    AuditLedgerOptions options, HouseDbFactory databases, AuditSignal signal, ILogger<AuditIndexer> logger) : BackgroundService
{
    private const int Batch = 500;
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done once the index has reached the end of the ledger as it was at the start.</summary>
    public Task CaughtUpOnce => _caughtUp.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CatchUpAsync(stoppingToken);
                _caughtUp.TrySetResult();
                await signal.WaitAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                IndexingFailed(logger, e);
                await Task.Delay(TimeSpan.FromSeconds(5), stoppingToken);
            }
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        long next;
        await using (var db = databases.Open(Sight.All))
            next = 1 + (await db.Set<AuditRow>().MaxAsync(r => (long?)r.LedgerIndex, cancellationToken) ?? -1);

        using var reader = LedgerReader.Open(options.Directory);
        if (next >= reader.ReadLatest().Checkpoint.TreeSize) return;
        var rows = new List<AuditRow>();
        var entries = 0;
        await foreach (var entry in reader.ReadAllAsync(next, cancellation: cancellationToken))
        {
            if (AuditEntry.FromUtf8(entry.Data.Span) is { } known) rows.AddRange(Rows(known, entry.Index));
            if (++entries % Batch == 0) await SaveAsync(rows, cancellationToken);
        }

        await SaveAsync(rows, cancellationToken);
    }

    private async Task SaveAsync(List<AuditRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        await using var db = databases.Open(Sight.All);
        db.AddRange(rows);
        await db.SaveChangesAsync(cancellationToken);
        rows.Clear();
    }

    private static IEnumerable<AuditRow> Rows(AuditEntry entry, long index) => entry.Forces.Select(force => new AuditRow
    {
        ForceId = force,
        LedgerIndex = index,
        EntryId = entry.Id,
        At = entry.At,
        Operation = entry.Operation,
        Action = entry.Action,
        ActorId = entry.Actor.Id,
        ActorName = entry.Actor.Name,
        ActorHome = entry.Actor.Home.Value,
        Subject = entry.Subject,
        Summary = entry.Summary,
        Reason = entry.Reason,
        SearchText = $"{entry.Actor.Name} {entry.Actor.Home} {entry.Action} {entry.Subject} {entry.Summary}".ToLowerInvariant(),
        Recipients = entry.Recipients is { } recipients ? string.Join("; ", recipients) : null,
    });

    [LoggerMessage(1201, LogLevel.Error, "The audit index could not follow the ledger; it is tried again. The ledger itself is not affected.")]
    private static partial void IndexingFailed(ILogger logger, Exception exception);
}
