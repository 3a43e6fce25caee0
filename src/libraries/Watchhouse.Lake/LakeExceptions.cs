namespace Watchhouse.Lake;

/// <summary>
/// Rows could not be made durable: the disk is full or failed. Nothing is lost: the rows are still gathered and the next
/// call tries again, unless <see cref="WriterStopped"/> is set; then open the writer anew and replay.
/// </summary>
public sealed class LakeWriteException : IOException
{
    internal LakeWriteException(string message, bool writerStopped, Exception inner)
        : base(message, inner) => WriterStopped = writerStopped;

    /// <summary>Whether the writer takes no more rows.</summary>
    public bool WriterStopped { get; }
}

/// <summary>A file of the lake is not what was written. The message says which and what to do.</summary>
public sealed class LakeCorruptException : IOException
{
    internal LakeCorruptException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Another process writes or keeps this lake.</summary>
public sealed class LakeLockedException : IOException
{
    internal LakeLockedException(string directory, string role, Exception inner)
        : base($"The lake {directory} has a {role} already; there is one at a time. Stop the other one first.", inner)
    {
    }
}

/// <summary>The manifest no longer holds what a change was planned on: a file was held, expired or replaced meanwhile.</summary>
public sealed class LakeConflictException : InvalidOperationException
{
    internal LakeConflictException(string message)
        : base(message)
    {
    }
}

/// <summary>A query was refused or failed: not a single SELECT, not permitted, or too large for its memory.</summary>
public sealed class LakeQueryException : InvalidOperationException
{
    internal LakeQueryException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
