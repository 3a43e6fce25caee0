using System.Security.Cryptography;

namespace Watchhouse.Ledger.Tests;

/// <summary>The definitions of RFC 9162 section 2.1 word for word: recursive, slow and independent of the library.</summary>
internal static class ReferenceTree
{
    public static byte[] Root(IReadOnlyList<byte[]> entries) => Hash(entries, 0, entries.Count);

    public static List<byte[]> Path(int m, IReadOnlyList<byte[]> entries, int from, int to)
    {
        if (to - from == 1)
            return [];
        var k = Split(to - from);
        return m < k
            ? [.. Path(m, entries, from, from + k), Hash(entries, from + k, to)]
            : [.. Path(m - k, entries, from + k, to), Hash(entries, from, from + k)];
    }

    public static List<byte[]> Subproof(int m, IReadOnlyList<byte[]> entries, int from, int to, bool b)
    {
        var n = to - from;
        if (m == n)
            return b ? [] : [Hash(entries, from, to)];
        var k = Split(n);
        return m <= k
            ? [.. Subproof(m, entries, from, from + k, b), Hash(entries, from + k, to)]
            : [.. Subproof(m - k, entries, from + k, to, false), Hash(entries, from, from + k)];
    }

    public static byte[] Hash(IReadOnlyList<byte[]> entries, int from, int to)
    {
        if (from == to)
            return SHA256.HashData([]);
        if (to - from == 1)
            return SHA256.HashData([0, .. entries[from]]);
        var k = Split(to - from);
        return SHA256.HashData([1, .. Hash(entries, from, from + k), .. Hash(entries, from + k, to)]);
    }

    private static int Split(int n)
    {
        var k = 1;
        while (k * 2 < n)
            k *= 2;
        return k;
    }
}
