namespace Watchhouse.Ledger;

/// <summary>
/// The ledger's files are not what was written. Nothing may go on that relies on the ledger until a person has
/// looked; the message says what, where and what to do.
/// </summary>
public sealed class LedgerCorruptException : IOException
{
    internal LedgerCorruptException(string path, LedgerFault fault)
        : base($"The ledger is damaged. {fault} Keep {Path.GetDirectoryName(Path.GetFullPath(path))} as it is, " +
               "run the verification for the full list of faults, and restore the directory from a verified copy.")
    {
        Fault = fault;
    }

    /// <summary>The first fault found.</summary>
    public LedgerFault Fault { get; }
}

/// <summary>Another writer owns the ledger directory.</summary>
public sealed class LedgerLockedException(string directory, Exception inner) : IOException(
    $"The ledger {directory} has a writer already; a ledger has one at a time. Stop the other one first.", inner);

/// <summary>
/// An append could not be made durable: the disk is full or failed. The ledger holds what it held before. If
/// <see cref="WriterStopped"/> is set, this writer takes no more; open the ledger anew once the cause is removed, and
/// entries whose fate is open (written, but not known to be on disk) may then be found in it.
/// </summary>
public sealed class LedgerWriteException : IOException
{
    internal LedgerWriteException(string message, bool writerStopped, Exception inner)
        : base(message, inner) => WriterStopped = writerStopped;

    /// <summary>Whether the writer refuses further appends.</summary>
    public bool WriterStopped { get; }
}
