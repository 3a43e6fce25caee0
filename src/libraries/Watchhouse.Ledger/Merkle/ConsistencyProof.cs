namespace Watchhouse.Ledger;

/// <summary>
/// Shows that a later tree begins with every entry of an earlier one, unchanged and in order
/// (RFC 9162 section 2.1.4).
/// </summary>
/// <param name="FirstSize">Number of entries of the earlier tree.</param>
/// <param name="SecondSize">Number of entries of the later tree.</param>
/// <param name="Hashes">The hashes, lowest first; empty if the sizes are equal or the first is zero.</param>
public sealed record ConsistencyProof(long FirstSize, long SecondSize, IReadOnlyList<LedgerHash> Hashes)
{
    /// <summary>
    /// Whether the tree with <paramref name="secondRoot"/> continues the tree with <paramref name="firstRoot"/>
    /// (the algorithm of RFC 9162 section 2.1.4.2). Never throws on a forged proof.
    /// </summary>
    public bool Verify(LedgerHash firstRoot, LedgerHash secondRoot)
    {
        if (FirstSize < 0 || FirstSize > SecondSize)
            return false;
        if (FirstSize == SecondSize)
            return Hashes.Count == 0 && firstRoot == secondRoot && (FirstSize > 0 || firstRoot == MerkleTree.EmptyRoot);
        if (FirstSize == 0)
            return Hashes.Count == 0 && firstRoot == MerkleTree.EmptyRoot;
        if (Hashes.Count == 0)
            return false;

        // A tree that is one complete subtree is its own first node, and the proof leaves it out.
        var ownNode = long.IsPow2(FirstSize);
        var node = FirstSize - 1;
        var last = SecondSize - 1;
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        var first = ownNode ? firstRoot : Hashes[0];
        var second = first;
        for (var i = ownNode ? 0 : 1; i < Hashes.Count; i++)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                first = MerkleTree.HashNode(Hashes[i], first);
                second = MerkleTree.HashNode(Hashes[i], second);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                second = MerkleTree.HashNode(second, Hashes[i]);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && first == firstRoot && second == secondRoot;
    }
}
