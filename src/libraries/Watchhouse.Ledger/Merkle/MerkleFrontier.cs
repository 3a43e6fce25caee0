namespace Watchhouse.Ledger.Merkle;

/// <summary>
/// The right edge of a growing tree: one hash for each complete subtree, one per bit set in the size. All that an
/// append needs, in 2 KiB for any size, so a tree is built and a root is had without keeping the tree in memory.
/// </summary>
internal sealed class MerkleFrontier
{
    /// <summary>Nodes one append can complete: the leaf and a node on each level above it.</summary>
    public const int MaxCompleted = 64;

    private readonly LedgerHash[] _peaks = new LedgerHash[MaxCompleted];

    public long Size { get; private set; }

    /// <summary>
    /// Adds a leaf. <paramref name="completed"/> receives the leaf and then each node that it completed, lowest
    /// level first; returns how many those are.
    /// </summary>
    public int Append(in LedgerHash leaf, Span<LedgerHash> completed)
    {
        var hash = leaf;
        var level = 0;
        completed[0] = hash;
        // Adding one to the size carries through its low one bits; each carry merges two equal subtrees.
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            hash = MerkleTree.HashNode(_peaks[level], hash);
            completed[++level] = hash;
        }

        _peaks[level] = hash;
        Size++;
        return level + 1;
    }

    /// <summary>The root of the tree of <see cref="Size"/> leaves: the subtrees folded from the smallest up.</summary>
    public LedgerHash Root()
    {
        if (Size == 0)
            return MerkleTree.EmptyRoot;
        var level = System.Numerics.BitOperations.TrailingZeroCount(Size);
        var root = _peaks[level];
        for (var rest = Size >> (level + 1); rest != 0; rest >>= 1)
        {
            level++;
            if ((rest & 1) == 1)
                root = MerkleTree.HashNode(_peaks[level], root);
        }

        return root;
    }

    public void CopyFrom(MerkleFrontier other)
    {
        Size = other.Size;
        other._peaks.CopyTo(_peaks, 0);
    }

    /// <summary>Rebuilds the right edge of a stored tree.</summary>
    public static MerkleFrontier Load(IMerkleNodes nodes, long size)
    {
        var frontier = new MerkleFrontier { Size = size };
        for (var level = 0; level < MaxCompleted - 1; level++)
        {
            if (((size >> level) & 1) == 1)
                frontier._peaks[level] = nodes.Node(level, (size >> level) - 1);
        }

        return frontier;
    }
}
