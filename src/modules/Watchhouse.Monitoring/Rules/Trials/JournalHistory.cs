using System.Runtime.CompilerServices;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Trials;

/// <summary>The past as far as the journal still holds it. One reader at a time.</summary>
internal sealed class JournalHistory(JournalHost journal) : IEventHistory
{
    private const string Consumer = "history";

    /// <summary>A reader that a crash left behind would keep the journal from ever letting go of anything.</summary>
    public void Forget() => journal.Journal.RemoveConsumer(Consumer);

    public async IAsyncEnumerable<HistoryBatch> ReadAsync(HistoryRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Forget();
        var until = journal.Journal.Status.Tail;
        try
        {
            await using var reader = journal.Journal.OpenReader(Consumer);
            while (Next(reader) is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var batch = entry.Batch;
                if (batch.ReceivedAt >= range.From && batch.ReceivedAt < range.To && ForceId.TryParse(batch.Owner, null, out var owner)
                    && range.Forces?.Contains(owner) != false)
                    yield return new(owner, batch.Source, batch.Format, batch.ReceivedAt, batch.Payload);
                if (entry.Position >= until) break;
            }
        }
        finally
        {
            Forget();
        }
    }

    // What the disk has lost is told of by detection, which reads it too.
    private static JournalEntry? Next(IJournalReader reader)
    {
        while (true)
        {
            try
            {
                return reader.TryRead();
            }
            catch (JournalDamageException)
            {
            }
        }
    }
}
