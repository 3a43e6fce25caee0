namespace Watchhouse.Journal;

/// <summary>
/// A durable queue of accepted batches with several consumers, each at its own place. Delivery is at least once: an
/// acknowledged batch is there exactly once, one whose append failed or was never answered may be there or not, and a
/// consumer sees again what it had not committed before a crash.
/// </summary>
public interface IEventJournal : IAsyncDisposable
{
    /// <summary>Appends a batch. Completes when the batch is on disk and will survive loss of power.</summary>
    /// <param name="batch">The batch; its payload must not change until the task ends.</param>
    /// <param name="cancellation">
    /// Looked at before the batch is queued. A queued batch is written whatever happens to the caller.
    /// </param>
    /// <returns>The place after the batch.</returns>
    /// <exception cref="JournalBusyException">Memory or disk would be at risk; nothing is acknowledged.</exception>
    /// <exception cref="JournalBatchTooLargeException">The payload is over the limit and never will be taken.</exception>
    /// <exception cref="ArgumentException">A name is empty or too long, or the count is negative.</exception>
    /// <exception cref="JournalStoppedException">The storage failed in a way that only opening anew can mend.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed, or was closed before the batch was safe.</exception>
    ValueTask<JournalPosition> AppendAsync(JournalBatch batch, CancellationToken cancellation = default);

    /// <summary>
    /// Opens the one reader of a consumer at its committed place; a consumer that was not known is registered at the
    /// beginning of what the journal holds. What a registered consumer has not committed is never truncated.
    /// </summary>
    /// <param name="consumer">1 to 40 lower-case letters, digits and hyphens.</param>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    /// <exception cref="InvalidOperationException">The consumer has an open reader.</exception>
    /// <exception cref="JournalCorruptException">The consumer's place is not one of this journal.</exception>
    IJournalReader OpenReader(string consumer);

    /// <summary>Forgets a consumer, so that the journal no longer keeps anything for it.</summary>
    /// <returns>Whether it was known.</returns>
    /// <exception cref="InvalidOperationException">The consumer has an open reader.</exception>
    bool RemoveConsumer(string consumer);

    /// <summary>The state at this moment.</summary>
    JournalStatus Status { get; }
}

/// <summary>Reads a journal in order for one consumer. Not for use by several callers at once.</summary>
public interface IJournalReader : IAsyncDisposable
{
    /// <summary>Name of the consumer.</summary>
    string Consumer { get; }

    /// <summary>Up to where the consumer has committed; durable.</summary>
    JournalPosition Committed { get; }

    /// <summary>The next batch, as soon as there is one.</summary>
    /// <exception cref="JournalDamageException">
    /// Batches cannot be read. The next call goes on behind them; committing <see cref="JournalDamage.ResumeAt"/>
    /// gives them up.
    /// </exception>
    /// <exception cref="JournalFormatException">A newer program wrote the batch. The reader stays before it.</exception>
    /// <exception cref="IOException">The disk cannot be read. The reader stays where it is.</exception>
    /// <exception cref="ObjectDisposedException">The reader or the journal is closed.</exception>
    ValueTask<JournalEntry> ReadAsync(CancellationToken cancellation = default);

    /// <summary>The next batch if there is one now, else null. Errors as for <see cref="ReadAsync"/>.</summary>
    JournalEntry? TryRead();

    /// <summary>
    /// All batches from here on, without end: it waits for new ones. Errors as for <see cref="ReadAsync"/>; an
    /// enumeration that ended with one can be begun again and goes on behind it.
    /// </summary>
    IAsyncEnumerable<JournalEntry> ReadAllAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Says that everything up to a place is done. Durable and atomic: a crash leaves the old place or the new one.
    /// A place before the committed one changes nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">This reader has not read so far.</exception>
    /// <exception cref="IOException">The place could not be stored; the old one holds.</exception>
    ValueTask CommitAsync(JournalPosition position, CancellationToken cancellation = default);
}
