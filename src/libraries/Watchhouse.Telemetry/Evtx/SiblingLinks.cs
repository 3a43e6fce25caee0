using System.Numerics;

namespace Watchhouse.Telemetry;

/// <summary>Gives the key of a node.</summary>
internal interface ISiblingKeys
{
    ReadOnlySpan<byte> KeyOf(int node);
}

/// <summary>
/// Chains siblings that have one key, in linear time and without making anything: the first of a key leads to the next, and
/// those after it are known as later ones. Chains of different parents live side by side.
/// </summary>
internal sealed class SiblingLinks
{
    private const int Later = -1;

    private int[] _next = [];
    private int[] _last = [];
    private int[] _buckets = [];

    /// <summary>Makes room for nodes up to a number.</summary>
    public void Begin(int nodes)
    {
        if (_next.Length >= nodes) return;
        _next = new int[nodes * 2];
        _last = new int[nodes * 2];
    }

    /// <summary>True where a sibling before this one has its key.</summary>
    public bool IsLater(int node) => _last[node] == Later;

    /// <summary>The next sibling of the same key, or 0.</summary>
    public int Next(int node) => _next[node];

    /// <summary>Chains the siblings.</summary>
    public void Link<TKeys>(TKeys keys, ReadOnlySpan<int> siblings)
        where TKeys : ISiblingKeys
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, siblings.Length * 2));
        if (_buckets.Length < size) _buckets = new int[size];
        var buckets = _buckets.AsSpan(0, size);
        buckets.Fill(-1);
        foreach (var node in siblings)
        {
            _next[node] = 0;
            _last[node] = node;
            var key = keys.KeyOf(node);
            var bucket = Hash(key) & (size - 1);
            while (buckets[bucket] >= 0 && !keys.KeyOf(buckets[bucket]).SequenceEqual(key)) bucket = (bucket + 1) & (size - 1);
            if (buckets[bucket] < 0)
            {
                buckets[bucket] = node;
                continue;
            }

            ref var last = ref _last[buckets[bucket]];
            _next[last] = node;
            last = node;
            _last[node] = Later;
        }
    }

    private static int Hash(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }
}
