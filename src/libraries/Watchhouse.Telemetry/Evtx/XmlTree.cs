namespace Watchhouse.Telemetry;

/// <summary>One node of a resolved tree: an element, an attribute or a text, with its bytes in the tree's.</summary>
internal struct XmlItem
{
    public BinXmlKind Kind;
    public int Start;
    public int Length;
    public int End;
}

/// <summary>
/// Binary XML with every value put in its place: the plain tree of elements that the nested form is made of. Filled again
/// for each record.
/// </summary>
internal sealed class XmlTree(BinXmlScope scope, HexForm hex)
{
    private XmlItem[] _items = new XmlItem[256];
    private byte[] _bytes = new byte[4096];
    private int _length;

    public int Count { get; private set; }

    public int Length => _length;

    public ReadOnlySpan<XmlItem> Items => _items.AsSpan(0, Count);

    /// <summary>All texts of a tree that has nothing else.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, _length);

    public ReadOnlySpan<byte> TextOf(in XmlItem item) => _bytes.AsSpan(item.Start, item.Length);

    /// <summary>True for attributes that say what names mean and are no values.</summary>
    public static bool IsNamespace(ReadOnlySpan<byte> name) =>
        name.StartsWith("xmlns"u8) && (name.Length == 5 || name[5] == (byte)':');

    public void Begin() => (Count, _length) = (0, 0);

    /// <summary>Appends the binary XML in a part of the chunk.</summary>
    public void ExpandFragment(int start, int end)
    {
        var fragment = scope.OpenFragment(start, end);
        Expand(fragment, 0, fragment.Program.Nodes.Length);
        scope.Close(fragment);
    }

    public void ExpandFragment(in BinXmlSlot slot) => ExpandFragment(slot.Start, slot.Start + slot.Length);

    /// <summary>Appends nodes of a program with the values of an instance.</summary>
    public void Expand(in BinXmlFragment fragment, int start, int end)
    {
        var nodes = fragment.Program.Nodes;
        for (var at = start; at < end; at = nodes[at].End)
        {
            ref readonly var node = ref nodes[at];
            scope.Step(_length);
            switch (node.Kind)
            {
                case BinXmlKind.Element when !scope.IsAbsent(fragment, node.Slot):
                    Element(fragment, at);
                    break;
                case BinXmlKind.Attribute when !IsOmitted(fragment, at):
                    var attribute = Add(BinXmlKind.Attribute, fragment.Program.TextOf(node));
                    Expand(fragment, at + 1, node.End);
                    _items[attribute].End = Count;
                    break;
                case BinXmlKind.Text:
                    Add(BinXmlKind.Text, fragment.Program.TextOf(node));
                    break;
                case BinXmlKind.Slot or BinXmlKind.OptionalSlot:
                    Value(scope.Slot(fragment, node.Slot));
                    break;
                case BinXmlKind.Instance:
                    var instance = scope.OpenInstance(node.Slot, scope.Chunk.Length);
                    Expand(instance, 0, instance.Program.Nodes.Length);
                    scope.Close(instance);
                    break;
            }
        }
    }

    // An element whose content is an array stands once for each item.
    private void Element(in BinXmlFragment fragment, int at)
    {
        var nodes = fragment.Program.Nodes;
        ref readonly var node = ref nodes[at];
        var content = at + 1;
        while (content < node.End && nodes[content].Kind == BinXmlKind.Attribute) content = nodes[content].End;
        var slot = content + 1 == node.End && nodes[content].Kind is BinXmlKind.Slot or BinXmlKind.OptionalSlot
            ? scope.Slot(fragment, nodes[content].Slot)
            : default;
        if (slot.Type < BinXmlValue.Array || slot.Length == 0)
        {
            var element = Add(BinXmlKind.Element, fragment.Program.TextOf(node));
            scope.Enter();
            Expand(fragment, at + 1, node.End);
            scope.Leave();
            _items[element].End = Count;
            return;
        }

        for (var rest = scope.ValueOf(slot); rest.Length > 0;)
        {
            scope.Step(_length);
            var item = BinXmlValue.NextItem(slot.Type, ref rest);
            var element = Add(BinXmlKind.Element, fragment.Program.TextOf(node));
            Expand(fragment, at + 1, content);
            Format((byte)(slot.Type & ~BinXmlValue.Array), item);
            _items[element].End = Count;
        }
    }

    private bool IsOmitted(in BinXmlFragment fragment, int attribute)
    {
        var nodes = fragment.Program.Nodes;
        if (nodes[attribute].End != attribute + 2 || nodes[attribute + 1].Kind != BinXmlKind.OptionalSlot) return false;
        var slot = scope.Slot(fragment, nodes[attribute + 1].Slot);
        return slot.Type == BinXmlValue.Null || slot.Length == 0;
    }

    private void Value(in BinXmlSlot slot)
    {
        if (slot.Type == BinXmlValue.BinXml)
        {
            ExpandFragment(slot);
            return;
        }

        if (slot.Type < BinXmlValue.Array)
        {
            Format(slot.Type, scope.ValueOf(slot));
            return;
        }

        // An array amid other text has nowhere to repeat: its items stand side by side.
        for (var rest = scope.ValueOf(slot); rest.Length > 0;)
        {
            scope.Step(_length);
            var item = BinXmlValue.NextItem(slot.Type, ref rest);
            Format((byte)(slot.Type & ~BinXmlValue.Array), item);
            if (rest.Length > 0) Add(BinXmlKind.Text, ", "u8);
        }
    }

    private void Format(byte type, ReadOnlySpan<byte> value)
    {
        var text = Reserve(BinXmlValue.MostText(value.Length));
        var length = BinXmlValue.Format(type, value, text, hex);
        if (length > 0) Commit(BinXmlKind.Text, length);
    }

    private int Add(BinXmlKind kind, ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        return Commit(kind, text.Length);
    }

    private Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _length < length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        return _bytes.AsSpan(_length, length);
    }

    private int Commit(BinXmlKind kind, int length)
    {
        if (Count == _items.Length) Array.Resize(ref _items, _items.Length * 2);
        _items[Count] = new() { Kind = kind, Start = _length, Length = length, End = Count + 1 };
        _length += length;
        return Count++;
    }
}
