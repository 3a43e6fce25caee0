using System.Runtime.CompilerServices;
using Watchhouse.Journal.Framing;

namespace Watchhouse.Journal.Reading;

/// <summary>The reader of one consumer.</summary>
internal sealed class JournalReader(EventJournal journal, Consumer consumer, LogCursor cursor) : IJournalReader
{
    private readonly CancellationTokenSource _closed = new();
    private bool _disposed;

    public string Consumer => consumer.Name;

    public JournalPosition Committed => consumer.Committed;

    public async ValueTask<JournalEntry> ReadAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var tail = journal.Durable.Tail;
            if (TryRead(tail) is { } entry)
                return entry;
            await journal.WaitBeyondAsync(tail, _closed.Token, cancellation);
        }
    }

    public JournalEntry? TryRead() => TryRead(journal.Durable.Tail);

    public async IAsyncEnumerable<JournalEntry> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
            yield return await ReadAsync(cancellation);
    }

    public async ValueTask CommitAsync(JournalPosition position, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (position > cursor.Position)
            throw new ArgumentOutOfRangeException(
                nameof(position), position, $"The reader of '{Consumer}' has not read further than {cursor.Position}.");
        cancellation.ThrowIfCancellationRequested();
        // A flush takes milliseconds; the caller's thread may have better things to do.
        await Task.Run(() => journal.Commit(consumer, position), CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed)
            return default;
        _disposed = true;
        _closed.Cancel();
        _closed.Dispose();
        cursor.Dispose();
        journal.Close(this, consumer);
        return default;
    }

    private JournalEntry? TryRead(JournalPosition tail)
    {
        ObjectDisposedException.ThrowIf(_disposed || journal.IsClosed, this);
        var before = cursor.Position;
        if (!cursor.TryNext(tail, out var frame, out var damage))
        {
            if (damage is null)
                return null;
            journal.CountDamage(damage.Batches);
            throw new JournalDamageException(damage);
        }

        try
        {
            return new JournalEntry(cursor.Position, BatchFrame.Read(frame));
        }
        catch (JournalFormatException)
        {
            cursor.Return(before);
            throw;
        }
    }
}
