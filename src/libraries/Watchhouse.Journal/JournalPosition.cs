namespace Watchhouse.Journal;

/// <summary>
/// A place between two batches: after the batch of that sequence number. The default is the place before the first.
/// Positions of one journal are ordered by <see cref="Sequence"/>.
/// </summary>
/// <param name="Sequence">Number of the batch before this place; batches count from 1 and no number is left out.</param>
/// <param name="Address">Where the engine goes on reading; of no meaning to others.</param>
public readonly record struct JournalPosition(long Sequence, long Address) : IComparable<JournalPosition>
{
    /// <inheritdoc />
    public int CompareTo(JournalPosition other) => Sequence.CompareTo(other.Sequence);

    /// <summary>Whether the left lies before the right.</summary>
    public static bool operator <(JournalPosition left, JournalPosition right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left lies behind the right.</summary>
    public static bool operator >(JournalPosition left, JournalPosition right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left lies before the right or is the same.</summary>
    public static bool operator <=(JournalPosition left, JournalPosition right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left lies behind the right or is the same.</summary>
    public static bool operator >=(JournalPosition left, JournalPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>A batch and its place.</summary>
/// <param name="Position">
/// The place after the batch: committing it says that this batch and all before are done.
/// </param>
/// <param name="Batch">The batch. Its payload is valid until the reader is asked for the next.</param>
public readonly record struct JournalEntry(JournalPosition Position, JournalBatch Batch);
