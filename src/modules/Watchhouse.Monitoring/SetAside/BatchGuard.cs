using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Journal;

namespace Watchhouse.Monitoring.SetAside;

/// <summary>
/// Decides for one consumer of the journal when a batch whose own events make it fail is set aside, so that the batches behind it
/// are not held up for ever. A disk or database that does not answer is no fault of the events and never counts. Not thread-safe.
/// </summary>
internal sealed class BatchGuard(TimeProvider clock)
{
    /// <summary>Attempts before a batch is set aside.</summary>
    public const int MostAttempts = 4;

    private const int MostSources = 10_000;

    // What breaks once will most likely break again: one whose batch was set aside lately has one attempt, or a sender could hold up
    // everybody by sending nothing else.
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<(string Owner, string Source), DateTimeOffset> _lately = [];
    private long _failing;
    private int _failures;

    /// <summary>The failure of the batch that fails now.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether a batch is failing: then what lies before it should be stored before it is tried again.</summary>
    public bool IsFailing(JournalPosition position) => _failing > 0 && position.Sequence <= _failing;

    /// <summary>Whether the failure comes of the events themselves.</summary>
    public static bool IsOfEvents(Exception failure) => failure
        is not (OutOfMemoryException or OperationCanceledException or IOException or UnauthorizedAccessException or DbException or DbUpdateException
            or TimeoutException or ObjectDisposedException or BatchFailedException);

    /// <summary>Notes a failure.</summary>
    /// <returns>How long to wait before the next attempt; null if there is none and the batch is to be set aside.</returns>
    public TimeSpan? Failed(JournalEntry entry, Exception failure)
    {
        if (_failing != entry.Position.Sequence) (_failing, _failures) = (entry.Position.Sequence, 0);
        Failure = failure;
        _failures++;
        return IsSetAside(entry) ? null : FirstWait * Math.Pow(4, _failures - 1);
    }

    /// <summary>Whether all attempts at a batch have failed.</summary>
    public bool IsSetAside(JournalEntry entry) => entry.Position.Sequence == _failing && _failures >= AttemptsOf(entry.Batch);

    /// <summary>Notes that a batch was set aside, and that it is stored.</summary>
    public void Done(string owner, string source)
    {
        if (_lately.Count >= MostSources) _lately.Clear();
        _lately[(owner, source)] = clock.GetUtcNow();
    }

    private int AttemptsOf(JournalBatch batch) =>
        _lately.TryGetValue((batch.Owner, batch.Source), out var at) && clock.GetUtcNow() - at < Lately ? 1 : MostAttempts;
}

/// <summary>A batch's own events made its consumer fail.</summary>
internal sealed class BatchFailedException(TimeSpan wait, Exception inner) : Exception(inner.Message, inner)
{
    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan Wait => wait;
}

/// <summary>Called before each batch is looked at; tests throw from it to be an event that breaks the program.</summary>
internal sealed class BatchProbe
{
    public Action<string, JournalBatch>? Before { get; init; }
}
