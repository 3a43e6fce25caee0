using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Watchhouse.Sigma;

/// <summary>
/// Remembers which literals a value of a field holds. Events repeat themselves: the same programs, users and hosts stand
/// in thousands of them, and a value that was searched need not be searched again. A value is known only by all its
/// bytes, never by its hash alone. A fixed table in which the newer takes the place of the older: memory is bounded.
/// </summary>
internal sealed class ValueMemo
{
    private const int SlotBits = 14;
    private const int Slots = 1 << SlotBits;
    private const int LongestValue = 128;
    private const int MostHits = 4;

    private readonly Slot[] _slots = new Slot[Slots];
    private readonly byte[] _values = new byte[Slots * LongestValue];

    private struct Slot
    {
        public RoutePlan? Plan;
        public int Key;
        public int Length;
        public int Count;
        public Payloads Hits;
    }

    [InlineArray(MostHits)]
    private struct Payloads
    {
        private int _first;
    }

    /// <summary>Where a value belongs, or -1 for one that is too long to be kept.</summary>
    public static int SlotOf(int key, ReadOnlySpan<byte> value)
    {
        if ((uint)(value.Length - 1) >= LongestValue) return -1;
        ref var start = ref MemoryMarshal.GetReference(value);
        ulong hash;
        if (value.Length >= 8)
        {
            hash = Unsafe.ReadUnaligned<ulong>(ref start) ^ ((ulong)(uint)value.Length << 32);
            for (var at = 8; at + 8 <= value.Length; at += 8)
                hash = ((hash << 7) | (hash >> 57)) * 0x9E3779B97F4A7C15 ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
            hash = hash * 0x9E3779B97F4A7C15 ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, value.Length - 8));
        }
        else
        {
            hash = (ulong)value.Length;
            foreach (var each in value) hash = (hash << 8) | each;
        }

        hash = (hash ^ ((ulong)(uint)key * 0xD6E8FEB86659FD93)) * 0x9E3779B97F4A7C15;
        return (int)(hash >> (64 - SlotBits));
    }

    /// <summary>True where the slot holds this very value; its hits then.</summary>
    public bool TryGet(int slot, RoutePlan plan, int key, ReadOnlySpan<byte> value, out ReadOnlySpan<int> hits)
    {
        ref var known = ref _slots[slot];
        if (known.Key == key && known.Length == value.Length && ReferenceEquals(known.Plan, plan)
            && value.SequenceEqual(_values.AsSpan(slot * LongestValue, value.Length)))
        {
            hits = ((ReadOnlySpan<int>)known.Hits)[..known.Count];
            return true;
        }

        hits = default;
        return false;
    }

    /// <summary>Keeps a value's hits, unless they are too many.</summary>
    public void Set(int slot, RoutePlan plan, int key, ReadOnlySpan<byte> value, ReadOnlySpan<int> hits)
    {
        if (hits.Length > MostHits) return;
        ref var known = ref _slots[slot];
        (known.Plan, known.Key, known.Length, known.Count) = (plan, key, value.Length, hits.Length);
        hits.CopyTo(known.Hits);
        value.CopyTo(_values.AsSpan(slot * LongestValue));
    }
}
