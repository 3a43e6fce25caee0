using System.Text;

namespace Watchhouse.Telemetry;

/// <summary>
/// One event, whatever it was read from: a root object of named values over bytes that are not copied. A record is
/// made once for each thread and filled again for each event, so reading allocates nothing; what it gives out is valid
/// until it is filled again. Not thread-safe.
/// </summary>
/// <remarks>
/// Readers either point nodes at the source (JSON) or append bytes of their own (<see cref="EventWriter"/>). Names follow
/// what Sigma rules expect of the family: Windows events carry EventID, Channel, Provider_Name, Computer and their
/// EventData members at the top level.
/// </remarks>
public sealed class EventRecord
{
    private EventNode[] _nodes = new EventNode[128];
    private byte[] _owned = new byte[1024];
    private int _ownedLength;

    /// <summary>The bytes that nodes without an Owned flag point into.</summary>
    public byte[] Source { get; private set; } = [];

    /// <summary>
    /// Bytes that many events have in common, such as the names that a reader encoded once; nodes with a Shared flag point
    /// into them. A reader only ever appends to them, or puts others in their place.
    /// </summary>
    public byte[] Shared { get; set; } = [];

    /// <summary>Start of the event's raw bytes in <see cref="Source"/>.</summary>
    public int RawStart { get; private set; }

    /// <summary>Length of the event's raw bytes.</summary>
    public int RawLength { get; private set; }

    /// <summary>The event exactly as it was received: the line, the array's item, the EVTX record.</summary>
    public ReadOnlySpan<byte> Raw => Source.AsSpan(RawStart, RawLength);

    /// <summary>EventRecordID of an EVTX record, or number of the line or item from 1.</summary>
    public long Position { get; set; }

    /// <summary>Number of nodes.</summary>
    public int NodeCount { get; private set; }

    /// <summary>The nodes in document order; the first is the root object.</summary>
    public ReadOnlySpan<EventNode> Nodes => _nodes.AsSpan(0, NodeCount);

    /// <summary>Bytes that the record itself holds; nodes with an Owned flag point into them.</summary>
    public ReadOnlySpan<byte> Owned => _owned.AsSpan(0, _ownedLength);

    /// <summary>Number of bytes that the record itself holds.</summary>
    public int OwnedLength => _ownedLength;

    internal byte[] OwnedBuffer => _owned;

    /// <summary>Empties the record and says which bytes the next event is made from.</summary>
    public void Begin(byte[] source, int rawStart, int rawLength, long position)
    {
        Source = source;
        RawStart = rawStart;
        RawLength = rawLength;
        Position = position;
        NodeCount = 0;
        _ownedLength = 0;
    }

    /// <summary>Appends an empty node and returns its index.</summary>
    public int Add()
    {
        if (NodeCount == _nodes.Length) Array.Resize(ref _nodes, _nodes.Length * 2);
        _nodes[NodeCount] = default;
        return NodeCount++;
    }

    /// <summary>Appends a value and returns its index. Its name and bytes lie where the flags say.</summary>
    public int Add(EventNodeKind kind, EventNodeFlags flags, int nameStart, int nameLength, int valueStart, int valueLength)
    {
        var index = Add();
        ref var node = ref _nodes[index];
        node.NameStart = nameStart;
        node.NameLength = nameLength;
        node.ValueStart = valueStart;
        node.ValueLength = valueLength;
        node.End = index + 1;
        node.Kind = kind;
        node.Flags = flags;
        return index;
    }

    /// <summary>The node at an index, to be read or filled. Not valid after the next <see cref="Add()"/>.</summary>
    public ref EventNode this[int index] => ref _nodes[index];

    /// <summary>Takes away the nodes from an index on, such as those of a value that turned out to be unreadable.</summary>
    public void Truncate(int nodeCount) => NodeCount = Math.Min(NodeCount, nodeCount);

    /// <summary>Room for <paramref name="length"/> owned bytes; <see cref="Commit"/> says how many were used.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_owned.Length - _ownedLength < length)
            Array.Resize(ref _owned, Math.Max(_owned.Length * 2, _ownedLength + length));
        return _owned.AsSpan(_ownedLength, length);
    }

    /// <summary>Keeps the first bytes of the last <see cref="Reserve"/> and returns where they start.</summary>
    public int Commit(int length)
    {
        var start = _ownedLength;
        _ownedLength += length;
        return start;
    }

    /// <summary>Appends owned bytes and returns where they start.</summary>
    public int Own(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        return Commit(bytes.Length);
    }

    /// <summary>The name's bytes as they stand: with JSON escapes where <see cref="EventNodeFlags.NameEscaped"/> is set.</summary>
    public ReadOnlySpan<byte> NameOf(in EventNode node) =>
        Bytes(node.Flags, EventNodeFlags.NameOwned, EventNodeFlags.NameShared).AsSpan(node.NameStart, node.NameLength);

    /// <summary>The value's bytes as they stand: with JSON escapes where <see cref="EventNodeFlags.ValueEscaped"/> is set.</summary>
    public ReadOnlySpan<byte> ValueOf(in EventNode node) =>
        Bytes(node.Flags, EventNodeFlags.ValueOwned, EventNodeFlags.ValueShared).AsSpan(node.ValueStart, node.ValueLength);

    /// <summary>Index of a member of the root by its exact name, or -1. The last one wins where a name is repeated.</summary>
    public int Find(ReadOnlySpan<byte> name) => NodeCount == 0 ? -1 : FindIn(0, name);

    /// <summary>Index of a member of an object by its exact name, or -1. The last one wins where a name is repeated.</summary>
    public int FindIn(int container, ReadOnlySpan<byte> name)
    {
        var found = -1;
        for (var at = container + 1; at < _nodes[container].End; at = _nodes[at].End)
        {
            if (NameEquals(_nodes[at], name)) found = at;
        }

        return found;
    }

    /// <summary>Index of the value at a path of names, or -1; arrays are not entered.</summary>
    public int FindPath(params ReadOnlySpan<string> path)
    {
        var at = NodeCount == 0 ? -1 : 0;
        foreach (var name in path)
        {
            if (at < 0 || _nodes[at].Kind != EventNodeKind.Mapping) return -1;
            at = FindIn(at, Encoding.UTF8.GetBytes(name));
        }

        return at;
    }

    /// <summary>The name as text, or an empty string.</summary>
    public string NameText(in EventNode node) =>
        JsonEscapes.Text(NameOf(node), (node.Flags & EventNodeFlags.NameEscaped) != 0);

    /// <summary>The value as text: the string itself, the number as written, true, false, null, or compact JSON.</summary>
    public string ValueText(in EventNode node) => JsonEscapes.Text(ValueOf(node), (node.Flags & EventNodeFlags.ValueEscaped) != 0);

    /// <summary>The text of the value at a path, or null where it is absent or null.</summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        var at = FindPath(path);
        return at < 0 || _nodes[at].Kind == EventNodeKind.Null ? null : ValueText(_nodes[at]);
    }

    private byte[] Bytes(EventNodeFlags flags, EventNodeFlags owned, EventNodeFlags shared) =>
        (flags & (owned | shared)) == 0 ? Source : (flags & owned) != 0 ? _owned : Shared;

    private bool NameEquals(in EventNode node, ReadOnlySpan<byte> name)
    {
        var own = NameOf(node);
        return (node.Flags & EventNodeFlags.NameEscaped) == 0
            ? own.SequenceEqual(name)
            : JsonEscapes.Text(own, escaped: true) == Encoding.UTF8.GetString(name);
    }
}
