namespace Watchhouse.Normalisation;

/// <summary>
/// A set of paths as a tree of objects: a walk over a record finds, with one look at each member, which of the paths it is the
/// end of (its slot) and whether others go on inside it.
/// </summary>
internal sealed class PathTree
{
    private readonly Level[] _levels;

    private PathTree(Level[] levels, int slotCount)
    {
        _levels = levels;
        SlotCount = slotCount;
    }

    public int SlotCount { get; }

    /// <summary>Finds a member of an object; slot and inner level are -1 where it has none. False where it is of no interest.</summary>
    public bool Find(int level, ReadOnlySpan<byte> name, uint hash, out int slot, out int inner)
    {
        var entry = _levels[level];
        var at = entry.Names.Find(name, hash);
        (slot, inner) = at < 0 ? (-1, -1) : (entry.Slots[at], entry.Inner[at]);
        return at >= 0;
    }

    private readonly record struct Level(NameMap Names, int[] Slots, int[] Inner);

    internal sealed class Builder
    {
        private readonly Node _root = new();
        private int _slots;

        /// <summary>The slot of a path; a new one where it has none yet.</summary>
        public int Slot(IEnumerable<string> path)
        {
            var node = _root;
            foreach (var name in path) node = node.Member(name);
            return node.Slot < 0 ? node.Slot = _slots++ : node.Slot;
        }

        /// <summary>True where the path has a slot.</summary>
        public bool Has(IEnumerable<string> path)
        {
            var node = _root;
            foreach (var name in path)
            {
                if (!node.Members.TryGetValue(name, out node)) return false;
            }

            return node.Slot >= 0;
        }

        public PathTree Build()
        {
            var levels = new List<Level>();
            Add(_root, levels);
            return new([.. levels], _slots);
        }

        private static int Add(Node node, List<Level> levels)
        {
            var index = levels.Count;
            levels.Add(default);
            var names = node.Members.Keys.ToList();
            var slots = names.Select(name => node.Members[name].Slot).ToArray();
            var inner = names.Select(name => node.Members[name].Members.Count == 0 ? -1 : Add(node.Members[name], levels)).ToArray();
            levels[index] = new(new NameMap(names), slots, inner);
            return index;
        }

        private sealed class Node
        {
            public int Slot { get; set; } = -1;

            public Dictionary<string, Node> Members { get; } = new(StringComparer.Ordinal);

            public Node Member(string name)
            {
                if (!Members.TryGetValue(name, out var member)) Members[name] = member = new Node();
                return member;
            }
        }
    }

    /// <summary>The names in a path; a dot inside a name is written with a backslash before it.</summary>
    public static IReadOnlyList<string> Split(string path)
    {
        var (parts, start) = (new List<string>(), 0);
        for (var at = 0; at <= path.Length; at++)
        {
            if (at < path.Length && (path[at] != '.' || (at > 0 && path[at - 1] == '\\'))) continue;
            parts.Add(path[start..at].Replace("\\.", ".", StringComparison.Ordinal));
            start = at + 1;
        }

        return parts;
    }
}
