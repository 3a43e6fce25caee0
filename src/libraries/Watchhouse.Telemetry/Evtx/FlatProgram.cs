namespace Watchhouse.Telemetry;

/// <summary>In which part of an event a piece of binary XML stands, which decides what its elements become.</summary>
internal enum FlatContext : byte
{
    /// <summary>Where the element Event is expected.</summary>
    Root,

    /// <summary>Inside Event: System, EventData, UserData.</summary>
    Event,

    /// <summary>Inside System.</summary>
    System,

    /// <summary>Inside EventData: each Data with a name is a field.</summary>
    EventData,

    /// <summary>Inside UserData: one element that names the kind of data.</summary>
    UserData,

    /// <summary>Inside that element: each element is a field.</summary>
    Members,
}

/// <summary>What an operation writes.</summary>
internal enum FlatKind : byte
{
    /// <summary>A value that is the same in every record.</summary>
    Constant,

    /// <summary>A value that is one substitution.</summary>
    Slot,

    /// <summary>A value of several texts and substitutions.</summary>
    Pieces,

    /// <summary>Substituted binary XML, or a lone value where there was none.</summary>
    Nested,

    /// <summary>An instance in the midst of a definition.</summary>
    Instance,

    /// <summary>An element that is more than a name and a text.</summary>
    Complex,

    /// <summary>Several values of one name; their operations follow.</summary>
    Group,
}

/// <summary>What stands for a value that is empty.</summary>
internal enum FlatEmpty : byte
{
    /// <summary>Nothing, not even the name.</summary>
    Nothing,

    /// <summary>An empty text.</summary>
    Text,

    /// <summary>null.</summary>
    Null,
}

/// <summary>One thing to be written to a flat event.</summary>
internal struct FlatOperation
{
    public FlatKind Kind;
    public FlatEmpty Empty;
    public FlatContext Inside;

    /// <summary>Whole numbers are written as numbers.</summary>
    public bool Number;

    /// <summary>The name in the shared bytes, or in the program's own.</summary>
    public int NameStart;
    public int NameLength;

    /// <summary>A constant in those bytes, or nodes of the program from start to start + length.</summary>
    public int Start;
    public int Length;

    /// <summary>Number of the substitution, or place of the instance.</summary>
    public int Slot;

    /// <summary>The substitution that the element depends on, or -1.</summary>
    public int Dependency;

    /// <summary>The first operation after this one and those inside it.</summary>
    public int End;
}

/// <summary>What a program writes in one context.</summary>
internal sealed class FlatProgram
{
    /// <summary>Number of contexts.</summary>
    public const int Contexts = 6;

    private FlatOperation[] _operations = [];
    private int _count;

    public ReadOnlySpan<FlatOperation> Operations => _operations.AsSpan(0, _count);

    public void Set(ReadOnlySpan<FlatOperation> operations)
    {
        if (_operations.Length < operations.Length) _operations = new FlatOperation[operations.Length];
        operations.CopyTo(_operations);
        _count = operations.Length;
    }
}
