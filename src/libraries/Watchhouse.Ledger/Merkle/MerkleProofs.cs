using System.Numerics;

namespace Watchhouse.Ledger.Merkle;

/// <summary>
/// Stored hashes of complete subtrees: node <c>index</c> of <c>level</c> covers the leaves from
/// <c>index * 2^level</c> up to, not including, <c>(index + 1) * 2^level</c>.
/// </summary>
internal interface IMerkleNodes
{
    LedgerHash Node(int level, long index);
}

/// <summary>
/// Roots and proofs of RFC 9162 section 2.1 made from stored nodes, at any size the store has reached.
/// </summary>
internal static class MerkleProofs
{
    public static LedgerHash Root(IMerkleNodes nodes, long size) =>
        size == 0 ? MerkleTree.EmptyRoot : Range(nodes, 0, size);

    /// <summary>PATH(m, D[n]) of RFC 9162 section 2.1.3.1.</summary>
    public static InclusionProof Inclusion(IMerkleNodes nodes, long index, long size)
    {
        var path = new List<LedgerHash>();
        Path(nodes, index, 0, size, path);
        return new InclusionProof(index, size, path);
    }

    /// <summary>
    /// PROOF(m, D[n]) of RFC 9162 section 2.1.4.1; empty if the sizes are equal or the first is zero.
    /// </summary>
    public static ConsistencyProof Consistency(IMerkleNodes nodes, long first, long second)
    {
        var path = new List<LedgerHash>();
        if (first > 0 && first < second)
            Subproof(nodes, first, 0, second, whole: true, path);
        return new ConsistencyProof(first, second, path);
    }

    private static void Path(IMerkleNodes nodes, long index, long from, long to, List<LedgerHash> path)
    {
        if (to - from == 1)
            return;
        var middle = from + Split(to - from);
        if (index < middle)
        {
            Path(nodes, index, from, middle, path);
            path.Add(Range(nodes, middle, to));
        }
        else
        {
            Path(nodes, index, middle, to, path);
            path.Add(Range(nodes, from, middle));
        }
    }

    private static void Subproof(
        IMerkleNodes nodes, long first, long from, long to, bool whole, List<LedgerHash> path)
    {
        if (first == to)
        {
            // The old tree itself: whoever verifies holds its root already.
            if (!whole)
                path.Add(Range(nodes, from, to));
            return;
        }

        var middle = from + Split(to - from);
        if (first <= middle)
        {
            Subproof(nodes, first, from, middle, whole, path);
            path.Add(Range(nodes, middle, to));
        }
        else
        {
            Subproof(nodes, first, middle, to, whole: false, path);
            path.Add(Range(nodes, from, middle));
        }
    }

    /// <summary>
    /// The hash of the leaves from..to, where <paramref name="from"/> starts a subtree: the stored complete
    /// subtrees of the range, folded from the right.
    /// </summary>
    private static LedgerHash Range(IMerkleNodes nodes, long from, long to)
    {
        var length = to - from;
        var level = BitOperations.TrailingZeroCount(length);
        var end = to - (1L << level);
        var hash = nodes.Node(level, end >> level);
        while (end > from)
        {
            level = BitOperations.TrailingZeroCount(end - from);
            end -= 1L << level;
            hash = MerkleTree.HashNode(nodes.Node(level, end >> level), hash);
        }

        return hash;
    }

    /// <summary>The largest power of two smaller than <paramref name="length"/> (at least two).</summary>
    private static long Split(long length) => 1L << (63 - BitOperations.LeadingZeroCount((ulong)(length - 1)));
}
