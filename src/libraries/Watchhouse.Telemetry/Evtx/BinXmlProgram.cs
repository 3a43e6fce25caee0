namespace Watchhouse.Telemetry;

/// <summary>What a node of a program is.</summary>
internal enum BinXmlKind : byte
{
    /// <summary>An element: a name, then its attributes, then its content.</summary>
    Element,

    /// <summary>An attribute: a name, then the pieces of its value.</summary>
    Attribute,

    /// <summary>Text as it stands.</summary>
    Text,

    /// <summary>The value of a substitution.</summary>
    Slot,

    /// <summary>The value of a substitution; an attribute that has nothing else goes where the value is null.</summary>
    OptionalSlot,

    /// <summary>A template instance in the midst of other tokens.</summary>
    Instance,
}

/// <summary>One node; nodes lie in document order, and what is inside one lies before its end.</summary>
internal struct BinXmlNode
{
    /// <summary>What it is.</summary>
    public BinXmlKind Kind;

    /// <summary>Index of the first node after this one and all that is inside it.</summary>
    public int End;

    /// <summary>Start of the name or text in the program's bytes.</summary>
    public int Start;

    /// <summary>Length of the name or text.</summary>
    public int Length;

    /// <summary>
    /// The substitution of a slot; the chunk's byte after the token of an instance; for an element the substitution that it
    /// depends on, or -1.
    /// </summary>
    public int Slot;
}

/// <summary>
/// Binary XML read once: names and texts are UTF-8, and what changes from record to record is a numbered slot. A template's
/// program is kept; that of elements which a record spells out is filled again for the next record.
/// </summary>
internal sealed class BinXmlProgram
{
    private readonly FlatProgram?[] _flat = new FlatProgram?[FlatProgram.Contexts];
    private BinXmlNode[] _nodes = [];
    private byte[] _text = [];
    private int _count;

    public ReadOnlySpan<BinXmlNode> Nodes => _nodes.AsSpan(0, _count);

    /// <summary>For a program of one record: the names and constants of its flat operations, which nothing else shares.</summary>
    public SharedBytes? OwnBytes { get; init; }

    public int Size => (_nodes.Length * 20) + _text.Length;

    /// <summary>Name or text of a node.</summary>
    public ReadOnlySpan<byte> TextOf(in BinXmlNode node) => _text.AsSpan(node.Start, node.Length);

    public void Set(ReadOnlySpan<BinXmlNode> nodes, ReadOnlySpan<byte> text)
    {
        if (_nodes.Length < nodes.Length) _nodes = new BinXmlNode[nodes.Length];
        if (_text.Length < text.Length) _text = new byte[text.Length];
        nodes.CopyTo(_nodes);
        text.CopyTo(_text);
        _count = nodes.Length;
    }

    /// <summary>The program's operations for flat events: made when they are first needed, or for each record.</summary>
    public FlatProgram Flat(FlatContext context, FlatCompiler compiler, SharedBytes shared)
    {
        ref var flat = ref _flat[(int)context];
        if (flat is not null && OwnBytes is null) return flat;
        flat ??= new();
        OwnBytes?.Clear();
        compiler.Compile(flat, this, context, OwnBytes ?? shared);
        return flat;
    }
}

/// <summary>Substitution value of a template instance: where in the chunk it lies.</summary>
internal struct BinXmlSlot
{
    public int Start;
    public int Length;
    public byte Type;
}

/// <summary>A program with the values of its slots: a part of <see cref="BinXmlScope"/>'s.</summary>
internal readonly record struct BinXmlFragment(BinXmlProgram Program, int FirstSlot, int SlotCount);

/// <summary>Bytes that only grow, in one array that events point into.</summary>
internal sealed class SharedBytes
{
    public byte[] Bytes { get; private set; } = new byte[4 * 1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => Bytes.AsSpan(0, Length);

    /// <summary>Starts anew. Only for bytes that no event points into.</summary>
    public void Clear() => Length = 0;

    /// <summary>Appends bytes and returns where they start.</summary>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        if (Bytes.Length - Length < bytes.Length)
        {
            // Events that were given out keep the old array, so what it holds must not change.
            var larger = new byte[Math.Max(Bytes.Length * 2, Length + bytes.Length)];
            Bytes.AsSpan(0, Length).CopyTo(larger);
            Bytes = larger;
        }

        bytes.CopyTo(Bytes.AsSpan(Length));
        Length += bytes.Length;
        return Length - bytes.Length;
    }
}
