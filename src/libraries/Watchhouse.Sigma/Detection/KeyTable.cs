using System.Runtime.CompilerServices;

namespace Watchhouse.Sigma;

/// <summary>An open-addressing table from a 64-bit key to a chain of entries; built once, then only read.</summary>
internal sealed class KeyTable
{
    private readonly ulong[] _keys;
    private readonly int[] _heads;
    private readonly int _shift;

    /// <summary>Builds the table. <paramref name="next"/> receives the chain: the entry after an entry, or -1.</summary>
    public KeyTable(ReadOnlySpan<ulong> keys, ReadOnlySpan<int> entries, Span<int> next)
    {
        var bits = 3;
        while (1 << bits < keys.Length * 2) bits++;
        _shift = 64 - bits;
        _keys = new ulong[1 << bits];
        _heads = new int[1 << bits];
        Array.Fill(_heads, -1);
        for (var index = 0; index < keys.Length; index++)
        {
            var at = SlotOf(keys[index]);
            while (_heads[at] >= 0 && _keys[at] != keys[index]) at = (at + 1) & (_keys.Length - 1);
            _keys[at] = keys[index];
            next[entries[index]] = _heads[at];
            _heads[at] = entries[index];
        }
    }

    /// <summary>The first entry of a key, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(ulong key)
    {
        for (var at = SlotOf(key); ; at = (at + 1) & (_keys.Length - 1))
        {
            if (_heads[at] < 0) return -1;
            if (_keys[at] == key) return _heads[at];
        }
    }

    private int SlotOf(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> _shift);
}
