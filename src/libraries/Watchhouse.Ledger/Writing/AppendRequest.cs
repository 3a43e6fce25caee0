namespace Watchhouse.Ledger.Writing;

/// <summary>
/// An append that waits for the writer. It is its own completion source, to spare an allocation each.
/// </summary>
internal interface IAppendRequest
{
    int Count { get; }

    /// <summary>Hands the entries to the committer.</summary>
    void AddTo(Committer committer);

    /// <summary>The entries are durable under a checkpoint of this size.</summary>
    void Complete(long treeSize);

    void Fail(Exception exception);
}

internal sealed class SingleAppend(ReadOnlyMemory<byte> entry)
    : TaskCompletionSource<LedgerReceipt>(TaskCreationOptions.RunContinuationsAsynchronously), IAppendRequest
{
    private long _index;
    private LedgerHash _leaf;

    public int Count => 1;

    public void AddTo(Committer committer)
    {
        _index = committer.PendingSize;
        _leaf = committer.Add(entry.Span);
    }

    public void Complete(long treeSize) => TrySetResult(new LedgerReceipt(_index, _leaf, treeSize));

    public void Fail(Exception exception) => TrySetException(exception);
}

internal sealed class BatchAppend(ReadOnlyMemory<byte>[] entries)
    : TaskCompletionSource<IReadOnlyList<LedgerReceipt>>(TaskCreationOptions.RunContinuationsAsynchronously),
        IAppendRequest
{
    private readonly LedgerHash[] _leaves = new LedgerHash[entries.Length];
    private long _index;

    public int Count => _leaves.Length;

    public void AddTo(Committer committer)
    {
        _index = committer.PendingSize;
        for (var i = 0; i < _leaves.Length; i++)
            _leaves[i] = committer.Add(entries[i].Span);
    }

    public void Complete(long treeSize)
    {
        var receipts = new LedgerReceipt[_leaves.Length];
        for (var i = 0; i < receipts.Length; i++)
            receipts[i] = new LedgerReceipt(_index + i, _leaves[i], treeSize);
        TrySetResult(receipts);
    }

    public void Fail(Exception exception) => TrySetException(exception);
}
