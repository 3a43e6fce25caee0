using System.Security.Cryptography;

namespace Watchhouse.Ledger;

/// <summary>
/// The hash functions of the Merkle tree of RFC 9162 section 2.1.1 (the same as RFC 6962 section 2.1) with SHA-256.
/// The prefixes 0x00 and 0x01 keep a leaf from ever being taken for an inner node.
/// </summary>
public static class MerkleTree
{
    /// <summary>First byte of what is hashed for a leaf.</summary>
    public const byte LeafPrefix = 0x00;

    /// <summary>First byte of what is hashed for an inner node.</summary>
    public const byte NodePrefix = 0x01;

    /// <summary>The root of the tree without entries: SHA-256 of nothing.</summary>
    public static LedgerHash EmptyRoot { get; } = new(SHA256.HashData([]));

    /// <summary>The hash of an entry: SHA-256(0x00 || entry).</summary>
    public static LedgerHash HashLeaf(ReadOnlySpan<byte> entry)
    {
        const int onStack = 1024;
        var prefixed = entry.Length < onStack ? stackalloc byte[entry.Length + 1] : new byte[entry.Length + 1];
        prefixed[0] = LeafPrefix;
        entry.CopyTo(prefixed[1..]);
        return HashPrefixedLeaf(prefixed);
    }

    /// <summary>The hash of an inner node: SHA-256(0x01 || left || right).</summary>
    public static LedgerHash HashNode(in LedgerHash left, in LedgerHash right)
    {
        Span<byte> input = stackalloc byte[1 + 2 * LedgerHash.Size];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + LedgerHash.Size)..]);
        Span<byte> output = stackalloc byte[LedgerHash.Size];
        SHA256.HashData(input, output);
        return new LedgerHash(output);
    }

    /// <summary>Hashes an entry whose prefix byte is already in front of it, as the entry file stores it.</summary>
    internal static LedgerHash HashPrefixedLeaf(ReadOnlySpan<byte> prefixed)
    {
        Span<byte> output = stackalloc byte[LedgerHash.Size];
        SHA256.HashData(prefixed, output);
        return new LedgerHash(output);
    }
}
