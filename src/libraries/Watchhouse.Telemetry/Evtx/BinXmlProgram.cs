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

/// <summary>Binary XML read once: names and texts are UTF-8, and what changes from record to record is a numbered slot.</summary>
internal sealed class BinXmlProgram(BinXmlNode[] nodes, byte[] text)
{
    private readonly FlatProgram?[] _flat = new FlatProgram?[FlatProgram.Contexts];

    public ReadOnlySpan<BinXmlNode> Nodes => nodes;

    public ReadOnlySpan<byte> Text => text;

    public int Size => (nodes.Length * 20) + text.Length;

    /// <summary>Name or text of a node.</summary>
    public ReadOnlySpan<byte> TextOf(in BinXmlNode node) => text.AsSpan(node.Start, node.Length);

    /// <summary>The program's operations for flat events, made when they are first needed.</summary>
    public FlatProgram Flat(FlatContext context, SharedBytes shared) =>
        _flat[(int)context] ??= FlatCompiler.Compile(this, context, shared);
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
    public byte[] Bytes { get; private set; } = new byte[16 * 1024];

    public int Length { get; private set; }

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
