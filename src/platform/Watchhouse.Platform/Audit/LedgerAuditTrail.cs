using Microsoft.EntityFrameworkCore;
using Watchhouse.Ledger;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Audit;

/// <summary>
/// The audit trail over the Merkle ledger. One process writes it; entries of many requests share one commit to disk.
/// </summary>
internal sealed class LedgerAuditTrail(AuditLedgerOptions options, HouseDbFactory databases, AuditSignal signal)
    : IAuditTrail, IAsyncDisposable
{
    private const int Batch = 4096;
    private LedgerWriter? _writer;

    private LedgerWriter Writer => _writer ?? throw new InvalidOperationException("The audit ledger is not open yet.");

    public SignedCheckpoint Latest => Writer.Latest;

    public VerifierKey Key => Writer.Key;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        long indexed;
        await using (var db = databases.Open(Sight.All))
            indexed = await db.Set<AuditRow>().MaxAsync(r => (long?)r.LedgerIndex, cancellationToken) ?? -1;

        try
        {
            _writer = await LedgerWriter.OpenAsync(new LedgerOptions
            {
                Directory = options.Directory,
                KeyPath = options.KeyPath,
                Origin = options.Origin,
                MaxBatch = Batch,
                // A ledger that the database knows entries of has existed: an empty one would be a new history.
                CreateIfMissing = indexed < 0,
            }, cancellationToken);
        }
        catch (LedgerCorruptException e)
        {
            throw new StorageUnusableException(
                $"The audit ledger in '{options.Directory}' is damaged: {e.Fault} Nothing was changed and the centre does not start. "
                + "Keep a copy of the directory as evidence, run 'watchhouse audit verify' on it to see all damage, and restore the "
                + "ledger from its last good copy.", e);
        }
        catch (LedgerLockedException e)
        {
            throw new StorageUnusableException(
                $"Another Watchhouse writes the audit ledger in '{options.Directory}'. Stop it first, or use another data directory.", e);
        }
        catch (IOException e)
        {
            throw new StorageUnusableException($"The audit ledger in '{options.Directory}' cannot be opened: {e.Message}", e);
        }

        var size = _writer.Latest.Checkpoint.TreeSize;
        if (indexed >= size)
        {
            await _writer.DisposeAsync();
            _writer = null;
            throw new StorageUnusableException(
                $"The audit ledger in '{options.Directory}' has {size} entries, but the database has seen entry {indexed}: the ledger "
                + "was replaced by an older copy, or cut. Restore the newest copy of both before you start.");
        }

        await PublishKeyAsync(cancellationToken);
    }

    public async Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        for (var from = 0; from < entries.Count; from += Batch)
            await Writer.AppendBatchAsync(
                [.. entries.Skip(from).Take(Batch).Select(e => (ReadOnlyMemory<byte>)e.ToUtf8())], cancellationToken);
        signal.Raise();
    }

    /// <summary>
    /// The public key lies beside the private one for the offline commands, and is meant to be copied elsewhere: who
    /// checks a ledger needs it from a place that the ledger's keeper cannot change.
    /// </summary>
    private async Task PublishKeyAsync(CancellationToken cancellationToken)
    {
        var path = options.KeyPath + ".pub";
        var line = Writer.Key + "\n";
        var known = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "";
        if (!known.Contains(line, StringComparison.Ordinal))
            await File.AppendAllTextAsync(path, line, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync();
    }
}
