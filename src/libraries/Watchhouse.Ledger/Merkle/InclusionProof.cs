namespace Watchhouse.Ledger;

/// <summary>
/// Shows that one entry is in a tree: the hashes beside the path from its leaf to the root
/// (RFC 9162 section 2.1.3).
/// </summary>
/// <param name="Index">Place of the entry, from 0.</param>
/// <param name="TreeSize">Number of entries of the tree the proof leads to.</param>
/// <param name="Hashes">The hashes, lowest first.</param>
public sealed record InclusionProof(long Index, long TreeSize, IReadOnlyList<LedgerHash> Hashes)
{
    /// <summary>
    /// Whether the entry with this leaf hash stands at <see cref="Index"/> of the tree with this root
    /// (the algorithm of RFC 9162 section 2.1.3.2). Never throws on a forged proof.
    /// </summary>
    public bool Verify(LedgerHash leafHash, LedgerHash root)
    {
        if (Index < 0 || Index >= TreeSize)
            return false;
        var node = Index;
        var last = TreeSize - 1;
        var hash = leafHash;
        foreach (var sibling in Hashes)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleTree.HashNode(sibling, hash);
                // On the right edge: skip the levels where the node has no sibling.
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = MerkleTree.HashNode(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }
}
