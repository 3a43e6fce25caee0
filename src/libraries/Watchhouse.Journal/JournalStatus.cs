namespace Watchhouse.Journal;

/// <summary>The state of a journal at one moment.</summary>
public sealed record JournalStatus
{
    /// <summary>Space that the segments take on disk.</summary>
    public required long BytesOnDisk { get; init; }

    /// <summary>Payload bytes that wait to become durable.</summary>
    public required long PendingBytes { get; init; }

    /// <summary>The place before the oldest batch that is kept.</summary>
    public required JournalPosition Begin { get; init; }

    /// <summary>The place after the newest durable batch.</summary>
    public required JournalPosition Tail { get; init; }

    /// <summary>When the newest batch was made durable; null in a journal that never had one.</summary>
    public required DateTimeOffset? LastAppendAt { get; init; }

    /// <summary>Batches that readers found damaged since the journal was opened.</summary>
    public required long DamagedBatches { get; init; }

    /// <summary>Why appends are refused at present (full or failing disk, stopped journal); null if they are not.</summary>
    public required string? Trouble { get; init; }

    /// <summary>The registered consumers, by name.</summary>
    public required IReadOnlyList<JournalConsumerStatus> Consumers { get; init; }
}

/// <summary>How far a consumer is.</summary>
/// <param name="Name">Name of the consumer.</param>
/// <param name="Committed">Up to where it has committed.</param>
/// <param name="LagBatches">Durable batches that it has not committed.</param>
/// <param name="LagBytes">Bytes of the log that it has not committed.</param>
/// <param name="CommittedAt">When it last committed; null if never.</param>
public sealed record JournalConsumerStatus(
    string Name, JournalPosition Committed, long LagBatches, long LagBytes, DateTimeOffset? CommittedAt);

/// <summary>What opening a journal found.</summary>
/// <param name="Created">Whether the journal was made.</param>
/// <param name="Batches">Batches it holds.</param>
/// <param name="KeptBatches">
/// Whole batches after the last commit, which a crash had left and nobody had been told of; they are kept.
/// </param>
/// <param name="TornBytes">Bytes of an unfinished batch that a crash had left and that were cut off.</param>
public sealed record JournalRecovery(bool Created, long Batches, long KeptBatches, long TornBytes)
{
    /// <summary>A sentence for the log of the program.</summary>
    public override string ToString() =>
        Created
            ? "A new journal was made."
            : $"The journal holds {Batches} batches"
              + (KeptBatches > 0 ? $"; {KeptBatches} of them were written but not yet answered when it was last ended" : "")
              + (TornBytes > 0 ? $"; {TornBytes} bytes of an unfinished batch were cut off" : "") + ".";
}

/// <summary>Batches that are in the journal but cannot be read.</summary>
/// <param name="FirstSequence">Number of the first batch that is lost.</param>
/// <param name="LastSequence">Number of the last one.</param>
/// <param name="File">The segment file.</param>
/// <param name="Offset">Byte of the file where the damage was met.</param>
/// <param name="Reason">What was found.</param>
/// <param name="ResumeAt">The place behind the damage.</param>
public sealed record JournalDamage(
    long FirstSequence, long LastSequence, string File, long Offset, string Reason, JournalPosition ResumeAt)
{
    /// <summary>How many batches are lost.</summary>
    public long Batches => LastSequence - FirstSequence + 1;
}
