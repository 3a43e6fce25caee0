using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Watchhouse.Sigma;

/// <summary>Told of every literal that a text holds, with the payload it was added with; true ends the search.</summary>
internal interface ILiteralSink
{
    bool Hit(int payload);
}

/// <summary>A literal to be found.</summary>
/// <param name="Shape">Where it must stand.</param>
/// <param name="Text">Its bytes, folded.</param>
/// <param name="Payload">What is told where it was found.</param>
/// <param name="Mark">Where its rarest four bytes begin; of literals to be contained.</param>
internal readonly record struct Literal(PatternShape Shape, byte[] Text, int Payload, int Mark)
{
    /// <summary>A literal whose mark is what events seldom hold.</summary>
    public static Literal Of(PatternShape shape, byte[] text, int payload) =>
        new(shape, text, payload, shape == PatternShape.Contains ? GramRarity.Common.RarestOffset(text) : 0);
}

/// <summary>
/// Finds which of many literals a text equals, starts with, ends with or contains, in one pass whose cost hardly depends
/// on how many there are. Exact texts, beginnings and ends are looked up by hash. For "contains" each literal is
/// represented by its rarest four bytes: a text's every position asks one bit of a small map, and only where that is set
/// a table and then the literal itself. A full Aho-Corasick automaton of the same literals was measured slower once its
/// states outgrow the cache; this map does not grow with the length of literals.
/// </summary>
internal sealed class LiteralIndex
{
    private readonly Literal[] _entries;
    private readonly int[] _next;
    private readonly KeyTable? _exact;
    private readonly KeyTable? _prefix8;
    private readonly KeyTable? _prefix4;
    private readonly KeyTable? _suffix8;
    private readonly KeyTable? _suffix4;
    private readonly KeyTable? _grams;
    private readonly ulong[] _map = [];
    private readonly int _mapShift;
    private readonly int[] _short;
    // Bit n: some exact literal has n bytes (63: or more).
    private readonly ulong _exactLengths;

    /// <summary>Which of its tables a literal belongs to.</summary>
    private enum Kind : byte
    {
        Exact,
        Prefix8,
        Prefix4,
        Suffix8,
        Suffix4,
        Gram,
        Short,
        Count,
    }

    public LiteralIndex(Literal[] literals)
    {
        _entries = literals;
        _next = new int[literals.Length];
        var counts = (stackalloc int[(int)Kind.Count]);
        foreach (var literal in literals) 
        {
            counts[(int)KindOf(literal)]++;
            if (literal.Shape == PatternShape.Exact) _exactLengths |= 1UL << Math.Min(literal.Text.Length, 63);
        }

        _exact = Table(Kind.Exact, counts);
        _prefix8 = Table(Kind.Prefix8, counts);
        _prefix4 = Table(Kind.Prefix4, counts);
        _suffix8 = Table(Kind.Suffix8, counts);
        _suffix4 = Table(Kind.Suffix4, counts);
        _grams = Table(Kind.Gram, counts);
        _short = new int[counts[(int)Kind.Short]];
        for (var (at, filled) = (0, 0); at < literals.Length; at++)
        {
            if (KindOf(literals[at]) == Kind.Short) _short[filled++] = at;
        }

        if (_grams is null) return;
        // Sixteen bits a literal, from 512 bytes up: one position in sixteen or fewer asks the table for nothing.
        var bits = 12;
        while (1 << bits < counts[(int)Kind.Gram] * 16) bits++;
        _mapShift = 32 - bits;
        _map = new ulong[1 << (bits - 6)];
        foreach (var literal in literals)
        {
            if (KindOf(literal) != Kind.Gram) continue;
            var bit = (uint)KeyOf(Kind.Gram, literal) * GramMultiplier >> _mapShift;
            _map[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    private const uint GramMultiplier = 0x9E3779B1;

    /// <summary>Tells the sink of every literal in the text; true as soon as the sink ends it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Scan<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, ILiteralSink, allows ref struct
    {
        if ((_exactLengths >> Math.Min(text.Length, 63) & 1) != 0 && Chain(_exact!.Find(Hash(text)), text, 0, ref sink)) return true;
        if (text.Length >= 8)
        {
            if (_prefix8 is not null && Chain(_prefix8.Find(MemoryMarshal.Read<ulong>(text)), text, 0, ref sink)) return true;
            if (_suffix8 is not null && Chain(_suffix8.Find(MemoryMarshal.Read<ulong>(text[^8..])), text, 0, ref sink)) return true;
        }

        if (text.Length >= 4)
        {
            if (_prefix4 is not null && Chain(_prefix4.Find(MemoryMarshal.Read<uint>(text)), text, 0, ref sink)) return true;
            if (_suffix4 is not null && Chain(_suffix4.Find(MemoryMarshal.Read<uint>(text[^4..])), text, 0, ref sink)) return true;
            if (_grams is not null && ScanGrams(text, ref sink)) return true;
        }

        foreach (var at in _short)
        {
            ref readonly var entry = ref _entries[at];
            var hit = entry.Shape switch
            {
                PatternShape.Prefix => text.StartsWith(entry.Text),
                PatternShape.Suffix => text.EndsWith(entry.Text),
                _ => text.IndexOf(entry.Text) >= 0,
            };
            if (hit && sink.Hit(entry.Payload)) return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ScanGrams<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, ILiteralSink, allows ref struct
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        ref var map = ref MemoryMarshal.GetArrayDataReference(_map);
        var shift = _mapShift;
        var last = text.Length - 4;
        for (var at = 0; at <= last; at++)
        {
            var gram = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at));
            var bit = gram * GramMultiplier >> shift;
            if ((Unsafe.Add(ref map, bit >> 6) >> (int)(bit & 63) & 1) != 0 && Chain(_grams!.Find(gram), text, at, ref sink)) return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Chain<TSink>(int at, ReadOnlySpan<byte> text, int position, ref TSink sink)
        where TSink : struct, ILiteralSink, allows ref struct
    {
        for (; at >= 0; at = _next[at])
        {
            ref readonly var entry = ref _entries[at];
            var literal = entry.Text;
            var hit = entry.Shape switch
            {
                PatternShape.Exact => text.SequenceEqual(literal),
                PatternShape.Prefix => text.StartsWith(literal),
                PatternShape.Suffix => text.EndsWith(literal),
                _ => position >= entry.Mark && text[(position - entry.Mark)..].StartsWith(literal),
            };
            if (hit && sink.Hit(entry.Payload)) return true;
        }

        return false;
    }

    private KeyTable? Table(Kind kind, ReadOnlySpan<int> counts)
    {
        if (counts[(int)kind] == 0) return null;
        var (keys, members, filled) = (new ulong[counts[(int)kind]], new int[counts[(int)kind]], 0);
        for (var at = 0; at < _entries.Length; at++)
        {
            if (KindOf(_entries[at]) != kind) continue;
            keys[filled] = KeyOf(kind, _entries[at]);
            members[filled++] = at;
        }

        return new(keys, members, _next);
    }

    private static Kind KindOf(in Literal literal) => literal.Shape switch
    {
        PatternShape.Exact => Kind.Exact,
        _ when literal.Text.Length < 4 => Kind.Short,
        PatternShape.Prefix => literal.Text.Length >= 8 ? Kind.Prefix8 : Kind.Prefix4,
        PatternShape.Suffix => literal.Text.Length >= 8 ? Kind.Suffix8 : Kind.Suffix4,
        _ => Kind.Gram,
    };

    private static ulong KeyOf(Kind kind, in Literal literal) => kind switch
    {
        Kind.Exact => Hash(literal.Text),
        Kind.Prefix8 => MemoryMarshal.Read<ulong>(literal.Text),
        Kind.Prefix4 => MemoryMarshal.Read<uint>(literal.Text),
        Kind.Suffix8 => MemoryMarshal.Read<ulong>(literal.Text.AsSpan(literal.Text.Length - 8)),
        Kind.Suffix4 => MemoryMarshal.Read<uint>(literal.Text.AsSpan(literal.Text.Length - 4)),
        _ => MemoryMarshal.Read<uint>(literal.Text.AsSpan(literal.Mark)),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length * 0xD6E8FEB86659FD93;
        var rest = text;
        for (; rest.Length >= 8; rest = rest[8..])
            hash = System.Numerics.BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(rest)) * 0x9E3779B97F4A7C15, 29);
        ulong tail = 0;
        foreach (var each in rest) tail = (tail << 8) | each;
        hash = (hash ^ tail) * 0xD6E8FEB86659FD93;
        return hash ^ (hash >> 32);
    }
}
