using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>Told of every literal that a text holds, with the payload it was added with; true ends the search.</summary>
internal interface ILiteralSink
{
    bool Hit(int payload);
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
    private readonly Entry[] _entries;
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

    private readonly record struct Entry(PatternShape Shape, byte[] Literal, int Payload, int Offset);

    public LiteralIndex(IReadOnlyCollection<(PatternShape Shape, byte[] Literal, int Payload)> literals)
    {
        var rarity = new GramRarity(literals.Where(each => each.Shape == PatternShape.Contains).Select(each => each.Literal));
        _entries = [.. literals.Select(each => new Entry(
            each.Shape, each.Literal, each.Payload, each.Shape == PatternShape.Contains ? rarity.RarestOffset(each.Literal) : 0))];
        _next = new int[_entries.Length];
        _exact = Table(PatternShape.Exact, 0, int.MaxValue, literal => Hash(literal));
        _prefix8 = Table(PatternShape.Prefix, 8, int.MaxValue, literal => MemoryMarshal.Read<ulong>(literal));
        _prefix4 = Table(PatternShape.Prefix, 4, 8, literal => MemoryMarshal.Read<uint>(literal));
        _suffix8 = Table(PatternShape.Suffix, 8, int.MaxValue, literal => MemoryMarshal.Read<ulong>(literal.AsSpan()[^8..]));
        _suffix4 = Table(PatternShape.Suffix, 4, 8, literal => MemoryMarshal.Read<uint>(literal.AsSpan()[^4..]));
        _short = [.. Enumerable.Range(0, _entries.Length).Where(at =>
            _entries[at].Shape != PatternShape.Exact && _entries[at].Literal.Length < 4)];

        var grams = Members(PatternShape.Contains, 4, int.MaxValue);
        if (grams.Length == 0) return;
        var keys = Array.ConvertAll(grams, at => (ulong)Gram(_entries[at].Literal, _entries[at].Offset));
        _grams = new KeyTable(keys, grams, _next);
        // Sixteen bits a literal, from 512 bytes up: one position in sixteen or fewer asks the table for nothing.
        var bits = 12;
        while (1 << bits < grams.Length * 16) bits++;
        _mapShift = 32 - bits;
        _map = new ulong[1 << (bits - 6)];
        foreach (var key in keys)
        {
            var bit = (uint)key * GramMultiplier >> _mapShift;
            _map[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    private const uint GramMultiplier = 0x9E3779B1;

    /// <summary>Tells the sink of every literal in the text; true as soon as the sink ends it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Scan<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, ILiteralSink, allows ref struct
    {
        if (_exact is not null && Chain(_exact.Find(Hash(text)), text, 0, ref sink)) return true;
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
                PatternShape.Prefix => text.StartsWith(entry.Literal),
                PatternShape.Suffix => text.EndsWith(entry.Literal),
                _ => text.IndexOf(entry.Literal) >= 0,
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
            var literal = entry.Literal;
            var hit = entry.Shape switch
            {
                PatternShape.Exact => text.SequenceEqual(literal),
                PatternShape.Prefix => text.StartsWith(literal),
                PatternShape.Suffix => text.EndsWith(literal),
                _ => position >= entry.Offset && text[(position - entry.Offset)..].StartsWith(literal),
            };
            if (hit && sink.Hit(entry.Payload)) return true;
        }

        return false;
    }

    private int[] Members(PatternShape shape, int least, int below) => [.. Enumerable.Range(0, _entries.Length).Where(at =>
        _entries[at].Shape == shape && _entries[at].Literal.Length >= least && _entries[at].Literal.Length < below)];

    private KeyTable? Table(PatternShape shape, int least, int below, Func<byte[], ulong> key)
    {
        var members = Members(shape, least, below);
        return members.Length == 0 ? null : new KeyTable(Array.ConvertAll(members, at => key(_entries[at].Literal)), members, _next);
    }

    private static uint Gram(byte[] literal, int offset) => MemoryMarshal.Read<uint>(literal.AsSpan(offset));

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

    /// <summary>
    /// How common four bytes are: among the literals themselves, and in the paths and words that most events of a Windows
    /// or cloud estate hold, where a literal's mark would stop the scan at nearly every event.
    /// </summary>
    private sealed class GramRarity
    {
        private const string Common =
            @"c:\windows\system32\ c:\program files (x86)\microsoft\ c:\programdata\ \users\administrator\appdata\local\temp\ \appdata\roaming\ "
            + @"c:\windows\syswow64\windowspowershell\v1.0\powershell.exe -noprofile -executionpolicy bypass -command -encodedcommand cmd.exe /c "
            + @"hklm\software\microsoft\windows nt\currentversion\ hkcu\software\ \system\currentcontrolset\services\ microsoft.com .windows. "
            + @"https://www. http:// .dll .exe .ps1 .sys .tmp .log .xml .json svchost.exe -k netsvcs rundll32.exe explorer.exe conhost.exe "
            + @"true false null none default server user admin account group policy security service network process object system ";

        private readonly Dictionary<uint, int> _counts = [];

        public GramRarity(IEnumerable<byte[]> literals)
        {
            Count(Encoding.UTF8.GetBytes(Common), 1000);
            foreach (var literal in literals) Count(literal, 1);
        }

        public int RarestOffset(byte[] literal)
        {
            var (best, least) = (0, int.MaxValue);
            for (var at = 0; at + 4 <= literal.Length; at++)
            {
                var count = _counts[Gram(literal, at)];
                if (count < least) (best, least) = (at, count);
            }

            return best;
        }

        private void Count(byte[] text, int weight)
        {
            for (var at = 0; at + 4 <= text.Length; at++)
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, Gram(text, at), out _) += weight;
        }
    }
}
