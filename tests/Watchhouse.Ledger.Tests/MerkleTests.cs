using CsCheck;
using Watchhouse.Ledger.Merkle;

namespace Watchhouse.Ledger.Tests;

public sealed class MerkleTests
{
    /// <summary>The leaves of the certificate-transparency test vectors (merkletree/testing in its repositories).</summary>
    private static readonly byte[][] _leaves =
    [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];

    private static readonly string[] _roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void Root_CertificateTransparencyVectors_AreReproduced()
    {
        var frontier = new MerkleFrontier();
        for (var size = 0; size <= _leaves.Length; size++)
        {
            Assert.Equal(_roots[size], frontier.Root().ToString());
            if (size < _leaves.Length)
                frontier.Append(MerkleTree.HashLeaf(_leaves[size]), new LedgerHash[64]);
        }
    }

    [Fact]
    public void Inclusion_CertificateTransparencyVectors_AreReproduced()
    {
        var nodes = new MemoryNodes(_leaves);
        Assert.Equal(
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
            MerkleProofs.Inclusion(nodes, 0, 8).Hashes.Select(hash => hash.ToString()));
        Assert.Equal(
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
            MerkleProofs.Inclusion(nodes, 5, 8).Hashes.Select(hash => hash.ToString()));
    }

    [Fact]
    public void Consistency_CertificateTransparencyVectors_AreReproduced()
    {
        var nodes = new MemoryNodes(_leaves);
        Assert.Equal(
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
            MerkleProofs.Consistency(nodes, 6, 8).Hashes.Select(hash => hash.ToString()));
    }

    [Fact]
    public void Proofs_EverySizeAndIndex_EqualTheReferenceAndVerify()
    {
        var entries = Enumerable.Range(0, 70).Select(i => new byte[] { (byte)i, (byte)(i * 3) }).ToArray();
        var nodes = new MemoryNodes(entries);
        for (var size = 0; size <= entries.Length; size++)
        {
            var root = MerkleProofs.Root(nodes, size);
            Assert.Equal(ReferenceTree.Hash(entries, 0, size), root.ToArray());
            for (var index = 0; index < size; index++)
            {
                var proof = MerkleProofs.Inclusion(nodes, index, size);
                Assert.Equal(ReferenceTree.Path(index, entries, 0, size), proof.Hashes.Select(h => h.ToArray()));
                Assert.True(proof.Verify(nodes.Node(0, index), root));
            }

            for (var first = 1; first <= size; first++)
            {
                var proof = MerkleProofs.Consistency(nodes, first, size);
                Assert.Equal(ReferenceTree.Subproof(first, entries, 0, size, true), proof.Hashes.Select(h => h.ToArray()));
                Assert.True(proof.Verify(MerkleProofs.Root(nodes, first), root));
            }

            Assert.True(MerkleProofs.Consistency(nodes, 0, size).Verify(MerkleTree.EmptyRoot, root));
        }
    }

    [Fact]
    public void InclusionVerify_AnythingChanged_Refuses() => Gen.Select(Gen.Int[1, 300], Gen.Int[0, 299], Gen.Int[0, 1000])
        .Where((size, index, _) => index < size)
        .Sample((size, index, pick) =>
        {
            var nodes = new MemoryNodes(Entries(size));
            var root = MerkleProofs.Root(nodes, size);
            var leaf = nodes.Node(0, index);
            var proof = MerkleProofs.Inclusion(nodes, index, size);
            var other = Flip(root, pick);
            return proof.Verify(leaf, root)
                && !proof.Verify(leaf, other)
                && !proof.Verify(Flip(leaf, pick), root)
                && Tampered(proof.Hashes, pick).All(hashes => !(proof with { Hashes = hashes }).Verify(leaf, root))
                && (size == 1 || !(proof with { Index = (index + 1) % size }).Verify(leaf, root))
                && !(proof with { Index = -1 }).Verify(leaf, root)
                && !(proof with { TreeSize = index }).Verify(leaf, root);
        }, iter: 400);

    [Fact]
    public void ConsistencyVerify_AnythingChanged_Refuses() => Gen.Select(Gen.Int[1, 300], Gen.Int[1, 300], Gen.Int[0, 1000])
        .Where((first, second, _) => first <= second)
        .Sample((first, second, pick) =>
        {
            var nodes = new MemoryNodes(Entries(second));
            var (old, present) = (MerkleProofs.Root(nodes, first), MerkleProofs.Root(nodes, second));
            var proof = MerkleProofs.Consistency(nodes, first, second);
            return proof.Verify(old, present)
                && !proof.Verify(Flip(old, pick), present)
                && !proof.Verify(old, Flip(present, pick))
                && Tampered(proof.Hashes, pick).All(hashes => !(proof with { Hashes = hashes }).Verify(old, present))
                && !(proof with { FirstSize = second + 1 }).Verify(old, present);
        }, iter: 400);

    private static byte[][] Entries(int count) =>
        Enumerable.Range(0, count).Select(i => BitConverter.GetBytes(i)).ToArray();

    private static LedgerHash Flip(LedgerHash hash, int pick)
    {
        var bytes = hash.ToArray();
        bytes[pick % bytes.Length] ^= (byte)(1 << (pick % 8));
        return new LedgerHash(bytes);
    }

    /// <summary>One hash changed, one left out, one too many.</summary>
    private static IEnumerable<List<LedgerHash>> Tampered(IReadOnlyList<LedgerHash> hashes, int pick)
    {
        yield return [.. hashes, Flip(default, pick)];
        if (hashes.Count == 0)
            yield break;
        var at = pick % hashes.Count;
        yield return hashes.Select((hash, i) => i == at ? Flip(hash, pick) : hash).ToList();
        yield return hashes.Where((_, i) => i != at).ToList();
    }

    private sealed class MemoryNodes : IMerkleNodes
    {
        private readonly List<List<LedgerHash>> _levels = [];

        public MemoryNodes(IEnumerable<byte[]> entries)
        {
            var frontier = new MerkleFrontier();
            var completed = new LedgerHash[64];
            foreach (var entry in entries)
            {
                var count = frontier.Append(MerkleTree.HashLeaf(entry), completed);
                for (var level = 0; level < count; level++)
                {
                    if (level == _levels.Count)
                        _levels.Add([]);
                    _levels[level].Add(completed[level]);
                }
            }
        }

        public LedgerHash Node(int level, long index) => _levels[level][(int)index];
    }
}
