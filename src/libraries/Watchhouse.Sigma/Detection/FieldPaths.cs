using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// Every path under which some rule, alias or log-source condition looks for a value, as a trie of interned member names:
/// one probe of a hash table tells of a member whether anybody wants it or something inside it.
/// </summary>
/// <remarks>
/// A name with dots is two paths: the member that bears the whole name, and the walk from object to object. The exact
/// member comes first (Sigma semantics: "exact name first, else dotted path").
/// </remarks>
internal sealed class FieldPaths
{
    private readonly Dictionary<(int Parent, string Name), int> _building = [];
    private readonly List<int> _pathOf = [-1];
    private readonly List<bool> _hasChildren = [false];
    private readonly List<string> _paths = [];
    private Slot[] _slots = [];
    private int _mask;
    private byte[] _names = [];
    private int[] _pathOfNode = [];
    private bool[] _hasChildrenOfNode = [];

    private struct Slot
    {
        public uint Hash;
        public int Parent;
        public int NameStart;
        public int NameLength;
        public int Node;
    }

    /// <summary>Number of distinct paths.</summary>
    public int Count => _paths.Count;

    /// <summary>The text of a path; a literal dot in a member's name is shown as it stands.</summary>
    public string this[int path] => _paths[path];

    /// <summary>Adds the paths of a field name, the exact member first, and returns their numbers.</summary>
    public int[] Add(string field)
    {
        var exact = AddPath(field, [field]);
        return field.Contains('.', StringComparison.Ordinal) ? [exact, AddPath(field, field.Split('.'))] : [exact];
    }

    /// <summary>Lays the table out for <see cref="Find"/>; nothing can be added afterwards.</summary>
    public void Freeze()
    {
        _pathOfNode = [.. _pathOf];
        _hasChildrenOfNode = [.. _hasChildren];
        var size = 16;
        while (size < _building.Count * 4) size *= 2;
        _mask = size - 1;
        _slots = new Slot[size];
        var names = new List<byte>();
        foreach (var ((parent, name), node) in _building)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            var hash = Hash(parent, bytes);
            var at = (int)(hash & (uint)_mask);
            while (_slots[at].Node != 0) at = (at + 1) & _mask;
            _slots[at] = new Slot { Hash = hash, Parent = parent, NameStart = names.Count, NameLength = bytes.Length, Node = node };
            names.AddRange(bytes);
        }

        _names = [.. names];
    }

    /// <summary>The trie node of a member, or 0 where nobody wants it. The root's node is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(int parent, ReadOnlySpan<byte> name)
    {
        var hash = Hash(parent, name);
        var slots = _slots;
        for (var at = (int)(hash & (uint)_mask); ; at = (at + 1) & _mask)
        {
            ref readonly var slot = ref slots[at];
            if (slot.Node == 0) return 0;
            if (slot.Hash == hash && slot.Parent == parent && name.SequenceEqual(_names.AsSpan(slot.NameStart, slot.NameLength)))
                return slot.Node;
        }
    }

    /// <summary>The path that ends at a trie node, or -1.</summary>
    public int PathOf(int node) => _pathOfNode[node];

    /// <summary>True where a path goes on below a trie node.</summary>
    public bool HasChildren(int node) => _hasChildrenOfNode[node];

    private int AddPath(string field, ReadOnlySpan<string> members)
    {
        var node = 0;
        foreach (var member in members)
        {
            if (!_building.TryGetValue((node, member), out var next))
            {
                next = _pathOf.Count;
                _pathOf.Add(-1);
                _hasChildren.Add(false);
                _hasChildren[node] = true;
                _building.Add((node, member), next);
            }

            node = next;
        }

        if (_pathOf[node] < 0)
        {
            _pathOf[node] = _paths.Count;
            _paths.Add(field);
        }

        return _pathOf[node];
    }

    // First and last eight bytes with the length: member names differ there, and a slip costs one comparison.
    private static uint Hash(int parent, ReadOnlySpan<byte> name)
    {
        ulong mixed;
        ref var start = ref MemoryMarshal.GetReference(name);
        if (name.Length >= 8)
        {
            mixed = Unsafe.ReadUnaligned<ulong>(ref start)
                ^ (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, name.Length - 8)) * 0x9E3779B97F4A7C15);
        }
        else
        {
            mixed = 0;
            foreach (var each in name) mixed = (mixed << 8) | each;
        }

        mixed = (mixed ^ ((ulong)(uint)name.Length << 56) ^ ((ulong)(uint)parent << 32)) * 0xD6E8FEB86659FD93;
        return (uint)(mixed >> 32);
    }
}
