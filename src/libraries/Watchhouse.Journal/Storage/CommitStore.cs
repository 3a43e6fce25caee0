using FASTER.core;

namespace Watchhouse.Journal.Storage;

/// <summary>
/// Makes a commit of the log engine durable: first the segments, then the record that says how far they are good.
/// The engine asks on a thread of its own, for one commit at a time.
/// </summary>
internal sealed class CommitStore(SegmentFiles files, SlotFile slots, CommitRecord recovered) : ILogCommitManager
{
    private readonly byte[] _buffer = new byte[CommitRecord.Length];

    /// <summary>What the next commit covers beside the addresses; set before the engine is told to commit.</summary>
    public CommitRecord Next { get; set; } = recovered;

    /// <summary>The newest durable commit.</summary>
    public CommitRecord Durable { get; private set; } = recovered;

    /// <summary>Why a commit is not durable. Its fate is open then, and no other may follow.</summary>
    public Exception? Fault { get; private set; }

    public void Commit(
        long beginAddress, long untilAddress, byte[] commitMetadata, long commitNum, bool forceWriteMetadata)
    {
        if (Fault is not null)
            return;
        // An exception would be lost in the engine, and whoever waits for the commit with it.
        try
        {
            if (Next.Begin.Address != beginAddress || Next.Tail.Address != untilAddress)
                throw new InvalidOperationException(
                    $"The log committed {beginAddress} to {untilAddress} instead of "
                    + $"{Next.Begin.Address} to {Next.Tail.Address}.");
            files.Flush();
            Store(Next with { Number = commitNum });
        }
        catch (Exception e)
        {
            Fault = e;
        }
    }

    public void Store(CommitRecord record)
    {
        record.Write(_buffer);
        slots.Write(_buffer);
        Durable = record;
    }

    public byte[] GetCommitMetadata(long commitNum) => new FasterLogRecoveryInfo
    {
        BeginAddress = Durable.Begin.Address,
        UntilAddress = Durable.Tail.Address,
        CommitNum = Durable.Number,
    }.ToByteArray();

    public IEnumerable<long> ListCommits() => [Durable.Number];

    public void RemoveCommit(long commitNum)
    {
    }

    public void RemoveAllCommits()
    {
    }

    public void OnRecovery(long commitNum)
    {
    }

    public void Dispose() => slots.Dispose();
}
