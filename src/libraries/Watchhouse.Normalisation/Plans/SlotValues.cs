using System.Buffers;
using System.Text;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>The values that a walk over a record found, by slot.</summary>
internal sealed class SlotValues
{
    public const int LongestValue = 96;

    private readonly byte[] _lower = new byte[LongestValue];
    private readonly byte[] _plain = new byte[LongestValue];
    private int[] _nodes = [];
    private int[] _filled = [];
    private EventRecord _record = null!;

    public int Count { get; private set; }

    /// <summary>The slots that hold something, in the order in which they were met.</summary>
    public ReadOnlySpan<int> Filled => _filled.AsSpan(0, Count);

    public void Begin(EventRecord record, int slotCount)
    {
        _record = record;
        if (_nodes.Length < slotCount)
        {
            _nodes = new int[slotCount];
            _filled = new int[slotCount];
        }

        for (var index = 0; index < Count; index++) _nodes[_filled[index]] = 0;
        Count = 0;
    }

    /// <summary>The node in a slot; the root's number, zero, where there is none.</summary>
    public int this[int slot] => _nodes[slot];

    /// <summary>Puts a node into a slot, and gives the one that was there, or zero.</summary>
    public int Put(int slot, int node)
    {
        var before = _nodes[slot];
        if (before == 0) _filled[Count++] = slot;
        _nodes[slot] = node;
        return before;
    }

    public bool IsPresent(int slot) => _nodes[slot] > 0 && _record[_nodes[slot]].Kind != EventNodeKind.Null;

    /// <summary>The value in lower case; valid until the next call.</summary>
    public bool TryGet(int slot, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (_nodes[slot] == 0) return false;
        ref readonly var node = ref _record[_nodes[slot]];
        if (node.IsContainer || node.ValueLength > LongestValue) return false;
        var bytes = _record.ValueOf(node);
        if ((node.Flags & EventNodeFlags.ValueEscaped) != 0) bytes = _plain.AsSpan(0, JsonEscapes.Unescape(bytes, _plain));
        if (Ascii.ToLower(bytes, _lower, out var length) != OperationStatus.Done) return false;
        value = _lower.AsSpan(0, length);
        return true;
    }
}
