using System.Runtime.CompilerServices;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// A Bloom filter of ids that grows: it says of an id that it was never added, or that it may have been. Each part sets one bit
/// in each of the eight words of one block of 64 bytes, so that an id costs one miss of the processor's cache a part
/// (F. Putze, P. Sanders, J. Singler, "Cache-, hash- and space-efficient Bloom filters", 2007). At 16 bits an id about one in
/// a thousand that was not added passes.
/// </summary>
internal sealed class IdFilter
{
    /// <summary>Bytes that an id takes in a full part.</summary>
    public const int BytesOfId = 2;

    private const int WordsOfBlock = 8;
    private const int BitsOfWord = 6;
    private const int LeastIds = 1024;

    private readonly List<ulong[]> _parts = [];
    private long _capacity;

    /// <param name="ids">Ids that will be added at once; more make it grow.</param>
    public IdFilter(long ids) => AddPart(Math.Max(LeastIds, ids + (ids / 4)));

    /// <summary>Ids that were added, repeats included.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of memory.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that a filter of so many ids would take.</summary>
    public static long BytesFor(long ids) => Math.Max(LeastIds, ids + (ids / 4)) * BytesOfId;

    public void Add(UInt128 id)
    {
        // As many again: few parts, and the last is never far from empty.
        if (Count == _capacity) AddPart(_capacity);
        var (place, bits) = Spread(id);
        ref var word = ref _parts[^1][Block(_parts[^1], place)];
        for (var i = 0; i < WordsOfBlock; i++, bits >>= BitsOfWord)
            Unsafe.Add(ref word, i) |= 1UL << (int)(bits & 63);
        Count++;
    }

    /// <summary>False only for an id that was never added.</summary>
    public bool MayHave(UInt128 id)
    {
        var (place, bits) = Spread(id);
        foreach (var part in _parts)
        {
            if (Has(part, place, bits)) return true;
        }

        return false;
    }

    private static bool Has(ulong[] part, ulong place, ulong bits)
    {
        ref var word = ref part[Block(part, place)];
        for (var i = 0; i < WordsOfBlock; i++, bits >>= BitsOfWord)
        {
            if ((Unsafe.Add(ref word, i) & (1UL << (int)(bits & 63))) == 0) return false;
        }

        return true;
    }

    private static int Block(ulong[] part, ulong place) =>
        (int)Math.BigMul(place, (ulong)(part.Length / WordsOfBlock), out _) * WordsOfBlock;

    // Ids are digests with a few fixed bits: both halves are mixed into place and bits (finaliser of SplitMix64).
    private static (ulong Place, ulong Bits) Spread(UInt128 id)
    {
        var place = Mix((ulong)id ^ ((ulong)(id >> 64) * 0x9E3779B97F4A7C15));
        return (place, Mix(place + 0x9E3779B97F4A7C15));
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private void AddPart(long ids)
    {
        var blocks = (ids * BytesOfId / (WordsOfBlock * sizeof(ulong))) + 1;
        _parts.Add(new ulong[checked((int)(blocks * WordsOfBlock))]);
        _capacity += ids;
        Bytes += blocks * WordsOfBlock * sizeof(ulong);
    }
}
