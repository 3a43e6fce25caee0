namespace Watchhouse.Journal;

/// <summary>What is short when an append is refused.</summary>
public enum JournalShortage
{
    /// <summary>Too many bytes wait to become durable.</summary>
    Memory,

    /// <summary>The journal is at its size limit, or the disk is full or fails.</summary>
    Disk,
}

/// <summary>An append was refused so that memory and disk stay safe. Nothing was acknowledged; send it again later.</summary>
public sealed class JournalBusyException : IOException
{
    internal JournalBusyException(JournalShortage shortage, string message, TimeSpan retryAfter, Exception? inner = null)
        : base(message, inner) => (Shortage, RetryAfter) = (shortage, retryAfter);

    /// <summary>What is short.</summary>
    public JournalShortage Shortage { get; }

    /// <summary>How long to wait before trying again.</summary>
    public TimeSpan RetryAfter { get; }
}

/// <summary>A batch is over the size limit; trying again does not help.</summary>
public sealed class JournalBatchTooLargeException : ArgumentException
{
    internal JournalBatchTooLargeException(long bytes, long limit) : base(
        $"The batch has {bytes} bytes and a batch may have at most {limit}. Send it in smaller parts.") =>
        (Bytes, Limit) = (bytes, limit);

    /// <summary>Bytes of the payload.</summary>
    public long Bytes { get; }

    /// <summary>Most bytes of a payload.</summary>
    public long Limit { get; }
}

/// <summary>
/// The storage failed while a commit was flushed, so what is on disk is not known. This journal takes no more; open
/// it anew once the cause is removed. What was acknowledged is safe; appends that failed with this may be found in it.
/// </summary>
public sealed class JournalStoppedException : IOException
{
    internal JournalStoppedException(Exception inner) : base(
        $"The journal has stopped because its storage failed: {inner.Message} Open it anew once that is mended.", inner)
    {
    }
}

/// <summary>Another process has the journal open.</summary>
public sealed class JournalLockedException : IOException
{
    internal JournalLockedException(string directory, Exception inner) : base(
        $"The journal {directory} is open in another process; one at a time may use it. Stop the other one first.", inner)
    {
    }
}

/// <summary>The files do not make a journal; opening stops. The message says what, where and what to do.</summary>
public sealed class JournalCorruptException : IOException
{
    internal JournalCorruptException(string message) : base(message)
    {
    }
}

/// <summary>A batch or file was written in a format that this program does not know.</summary>
public sealed class JournalFormatException : IOException
{
    internal JournalFormatException(string what, int version, int known) : base(
        $"{what} has format version {version} and this program reads version {known}. "
        + "Use the program that wrote it, or a newer one.")
    {
    }
}

/// <summary>Batches cannot be read because bytes of the log changed. Reading can go on behind them.</summary>
public sealed class JournalDamageException : IOException
{
    internal JournalDamageException(JournalDamage damage) : base(
        (damage.Batches == 1
            ? $"Batch {damage.FirstSequence} of the journal is"
            : $"Batches {damage.FirstSequence} to {damage.LastSequence} of the journal are")
        + $" damaged ({damage.File}, byte {damage.Offset}: {damage.Reason}). Reading goes on behind; "
        + "keep a copy of that file, check the disk, and ask the senders for the events of that time.")
        => Damage = damage;

    /// <summary>What is lost and where.</summary>
    public JournalDamage Damage { get; }
}
