namespace Watchhouse.Telemetry;

/// <summary>
/// A run of whole records of one input, so that any thread can parse it. Blocks are filled one after the other by a
/// <see cref="BlockSource"/>, reused, and never larger than its limit: memory does not depend on the input's size.
/// </summary>
public sealed class EventBlock
{
    /// <summary>The bytes; grows to the largest block that the source gives.</summary>
    public byte[] Bytes { get; set; } = new byte[256 * 1024];

    /// <summary>How many of the bytes are filled.</summary>
    public int Length { get; set; }

    /// <summary>Number of the first line or item in the block, from 1 for the input's first.</summary>
    public long FirstPosition { get; set; } = 1;

    /// <summary>Number of the block in its input, from 0: lets results of several threads be put in order.</summary>
    public long Sequence { get; set; }

    /// <summary>What the parser must know of the input before the block, such as the header line in force; set by the source.</summary>
    public object? Context { get; set; }

    /// <summary>Makes room for at least this many bytes, and keeps what is there.</summary>
    public void EnsureCapacity(int length)
    {
        if (Bytes.Length >= length) return;
        var larger = new byte[Math.Max(length, Bytes.Length * 2)];
        Bytes.AsSpan(0, Length).CopyTo(larger);
        Bytes = larger;
    }
}

/// <summary>What <see cref="EventParser.Next"/> found.</summary>
public enum ParseOutcome
{
    /// <summary>The block holds no more records.</summary>
    End,

    /// <summary>An event is in the record.</summary>
    Event,

    /// <summary>A record could not be read; the reason says why, and the next call goes on after it.</summary>
    Rejected,
}

/// <summary>Parses the blocks of one input; each thread has its own.</summary>
public abstract class EventParser
{
    /// <summary>Turns to a block, from its beginning.</summary>
    public abstract void Start(EventBlock block);

    /// <summary>
    /// Reads the next event into <paramref name="record"/>. On <see cref="ParseOutcome.Rejected"/> the record's Position
    /// names the line, item or EVTX record and <paramref name="reason"/> is a sentence.
    /// </summary>
    public abstract ParseOutcome Next(EventRecord record, out string? reason);
}

/// <summary>One input that gives blocks in order. Not thread-safe: one thread reads, others parse.</summary>
public abstract class BlockSource : IDisposable
{
    /// <summary>Name of the format for people, such as "JSON lines" or "EVTX".</summary>
    public abstract string Format { get; }

    /// <summary>Parts of the input that had to be passed over, each with a reason; EVTX: damaged chunks.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    private readonly List<string> _skipped = [];

    /// <summary>Fills the block with the next records; false at the end of the input.</summary>
    public abstract bool Read(EventBlock block);

    /// <summary>A parser for this input's blocks.</summary>
    public abstract EventParser CreateParser();

    /// <summary>Notes a part that was passed over. Only the first thousand are kept.</summary>
    protected void Skip(string reason)
    {
        if (_skipped.Count < 1000) _skipped.Add(reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the input.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>Bounds of what is read; each is a defence against rubbish.</summary>
public sealed record ReadLimits
{
    /// <summary>The limits that suit logs of every kind known.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>Greatest length of one record in bytes; a longer one is rejected and passed over.</summary>
    public int RecordBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Greatest nesting of objects and arrays.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Greatest number of values in one event.</summary>
    public int Nodes { get; init; } = 100_000;

    /// <summary>Size that blocks aim at, in bytes.</summary>
    public int BlockBytes { get; init; } = 256 * 1024;
}
