using System.Runtime.InteropServices;

namespace Watchhouse.Telemetry;

/// <summary>
/// Decides once for each template which fields its elements become: the flat names that rules use, as
/// <see cref="EnvelopeNormaliser"/> makes them of events that come as JSON.
/// </summary>
internal sealed class FlatCompiler : ISiblingKeys
{
    private readonly List<FlatOperation> _operations = [];
    private readonly List<int> _siblings = [];
    private readonly SiblingLinks _links = new();
    private (int Start, int Length)[] _fields = [];
    private BinXmlProgram _program = null!;
    private SharedBytes _shared = null!;

    /// <summary>Makes the operations for one context; names and constants go to <paramref name="shared"/>.</summary>
    public void Compile(FlatProgram flat, BinXmlProgram program, FlatContext context, SharedBytes shared)
    {
        _operations.Clear();
        _program = program;
        _shared = shared;
        var count = program.Nodes.Length;
        _links.Begin(count);
        if (_fields.Length < count) _fields = new (int, int)[count];
        Inside(context, 0, count);
        flat.Set(CollectionsMarshal.AsSpan(_operations));
    }

    ReadOnlySpan<byte> ISiblingKeys.KeyOf(int node) => BytesOf(_fields[node]);

    /// <summary>True for names of System's fields that hold whole numbers.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("EventID"u8) || name.SequenceEqual("EventRecordID"u8) || name.SequenceEqual("Version"u8)
        || name.SequenceEqual("Level"u8) || name.SequenceEqual("Task"u8) || name.SequenceEqual("Opcode"u8);

    /// <summary>True for digits that JSON takes for a number and 64 bits can hold.</summary>
    public static bool IsWholeNumber(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and < 20 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (text.Length == 1 || text[0] != (byte)'0');

    // What an event says about itself must not be hidden by what it carries: a cleared log's name is Channel_.
    private static bool IsTaken(ReadOnlySpan<byte> name) =>
        IsNumber(name) || name.SequenceEqual("Channel"u8) || name.SequenceEqual("Computer"u8) || name.SequenceEqual("Keywords"u8)
        || name.SequenceEqual("TimeCreated"u8) || name.SequenceEqual("Provider_Name"u8);

    private void Inside(FlatContext context, int start, int end)
    {
        var nodes = _program.Nodes;
        var hasFields = context is FlatContext.EventData or FlatContext.Members;
        if (hasFields) NameFields(context, start, end);
        for (var at = start; at < end; at = nodes[at].End)
        {
            ref readonly var node = ref nodes[at];
            switch (node.Kind)
            {
                case BinXmlKind.Element when hasFields:
                    if (!_links.IsLater(at)) Fields(context, at);
                    break;
                case BinXmlKind.Element:
                    Element(context, at);
                    break;
                case BinXmlKind.Slot or BinXmlKind.OptionalSlot:
                    Add(new() { Kind = FlatKind.Nested, Slot = node.Slot, Inside = context }, Keep(Container(context)), -1);
                    break;
                case BinXmlKind.Instance:
                    Add(new() { Kind = FlatKind.Instance, Slot = node.Slot, Inside = context }, default, -1);
                    break;
                case BinXmlKind.Text when !IsBlank(_program.TextOf(node)):
                    Value(Keep(Container(context)), at, node.End, FlatEmpty.Nothing, number: false, -1);
                    break;
            }
        }
    }

    private static ReadOnlySpan<byte> Container(FlatContext context) => context switch
    {
        FlatContext.System => "System"u8,
        FlatContext.EventData => "EventData"u8,
        FlatContext.UserData or FlatContext.Members => "UserData"u8,
        _ => "Event"u8,
    };

    private void Element(FlatContext context, int at)
    {
        ref readonly var node = ref _program.Nodes[at];
        var name = _program.TextOf(node);
        switch (context)
        {
            case FlatContext.Root when name.SequenceEqual("Event"u8):
                Inside(FlatContext.Event, Content(at), node.End);
                break;
            case FlatContext.Event when name.SequenceEqual("System"u8):
                Inside(FlatContext.System, Content(at), node.End);
                break;
            case FlatContext.Event when name.SequenceEqual("EventData"u8):
                Inside(FlatContext.EventData, Content(at), node.End);
                break;
            case FlatContext.Event when name.SequenceEqual("UserData"u8):
                Inside(FlatContext.UserData, Content(at), node.End);
                break;
            case FlatContext.System:
                System(at);
                break;
            case FlatContext.UserData when HasElements(at):
                Inside(FlatContext.Members, Content(at), node.End);
                break;
            default:
                Member(at, Keep(name));
                break;
        }
    }

    private void System(int at)
    {
        ref readonly var node = ref _program.Nodes[at];
        var name = _program.TextOf(node);
        var content = Content(at);
        for (var attribute = at + 1; attribute < content; attribute = _program.Nodes[attribute].End)
        {
            var part = _program.TextOf(_program.Nodes[attribute]);
            if (XmlTree.IsNamespace(part)) continue;
            var field = Keep(name);
            // TimeCreated has nothing but its time, which the flat form writes under the element's own name.
            if (!(name.SequenceEqual("TimeCreated"u8) && part.SequenceEqual("SystemTime"u8)))
            {
                _shared.Add("_"u8);
                _shared.Add(part);
                field.Length += 1 + part.Length;
            }

            Value(field, attribute + 1, _program.Nodes[attribute].End, FlatEmpty.Nothing, number: false, node.Slot);
        }

        if (HasElements(at)) Complex(at, Keep(name));
        else Value(Keep(name), content, node.End, FlatEmpty.Nothing, IsNumber(name), node.Slot);
    }

    private void Data(int at, (int Start, int Length) name)
    {
        ref readonly var node = ref _program.Nodes[at];
        if (!IsData(node)) Member(at, name);
        else if (HasElements(at)) Complex(at, name);
        else Value(name, Content(at), node.End, FlatEmpty.Text, number: false, node.Slot);
    }

    private void Member(int at, (int Start, int Length) name)
    {
        ref readonly var node = ref _program.Nodes[at];
        var hasAttributes = false;
        for (var each = at + 1; each < Content(at); each = _program.Nodes[each].End)
            hasAttributes |= !XmlTree.IsNamespace(_program.TextOf(_program.Nodes[each]));
        if (hasAttributes || HasElements(at)) Complex(at, name);
        else Value(name, Content(at), node.End, FlatEmpty.Null, number: false, node.Slot);
    }

    // An element, or several of one name, which are one field with several values.
    private void Fields(FlatContext context, int first)
    {
        if (_links.Next(first) == 0)
        {
            Field(context, first, _fields[first]);
            return;
        }

        var group = Add(new() { Kind = FlatKind.Group }, _fields[first], -1);
        var each = first;
        do
        {
            Field(context, each, default);
            each = _links.Next(each);
        }
        while (each > 0);

        CollectionsMarshal.AsSpan(_operations)[group].End = _operations.Count;
    }

    private void Field(FlatContext context, int at, (int Start, int Length) name)
    {
        if (context == FlatContext.EventData) Data(at, name);
        else Member(at, name);
    }

    private void NameFields(FlatContext context, int start, int end)
    {
        var nodes = _program.Nodes;
        _siblings.Clear();
        for (var at = start; at < end; at = nodes[at].End)
        {
            if (nodes[at].Kind != BinXmlKind.Element) continue;
            _siblings.Add(at);
            _fields[at] = KeepField(NameOf(context, at));
        }

        _links.Link(this, CollectionsMarshal.AsSpan(_siblings));
    }

    private ReadOnlySpan<byte> NameOf(FlatContext context, int at)
    {
        var nodes = _program.Nodes;
        if (context == FlatContext.EventData && IsData(nodes[at]))
        {
            for (var each = at + 1; each < Content(at); each = nodes[each].End)
            {
                // A name that is not known beforehand cannot be one.
                if (_program.TextOf(nodes[each]).SequenceEqual("Name"u8)
                    && nodes[each].End == each + 2 && nodes[each + 1].Kind == BinXmlKind.Text && nodes[each + 1].Length > 0)
                    return _program.TextOf(nodes[each + 1]);
            }
        }

        return _program.TextOf(nodes[at]);
    }

    // Rules write SourceName where Windows writes "Source Name".
    private (int Start, int Length) KeepField(ReadOnlySpan<byte> name)
    {
        var start = _shared.Length;
        while (name.IndexOf((byte)' ') is var space and >= 0)
        {
            _shared.Add(name[..space]);
            name = name[(space + 1)..];
        }

        _shared.Add(name);
        if (IsTaken(_shared.Span[start..])) _shared.Add("_"u8);
        return (start, _shared.Length - start);
    }

    private (int Start, int Length) Keep(ReadOnlySpan<byte> bytes) => (_shared.Add(bytes), bytes.Length);

    private ReadOnlySpan<byte> BytesOf((int Start, int Length) kept) => _shared.Span.Slice(kept.Start, kept.Length);

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8).Length == 0;

    private bool IsData(in BinXmlNode node) => _program.TextOf(node).SequenceEqual("Data"u8);

    private int Content(int element)
    {
        var nodes = _program.Nodes;
        var at = element + 1;
        while (at < nodes[element].End && nodes[at].Kind == BinXmlKind.Attribute) at = nodes[at].End;
        return at;
    }

    private bool HasElements(int element)
    {
        var nodes = _program.Nodes;
        for (var at = Content(element); at < nodes[element].End; at = nodes[at].End)
        {
            if (nodes[at].Kind is BinXmlKind.Element or BinXmlKind.Instance) return true;
        }

        return false;
    }

    private void Complex(int at, (int Start, int Length) name)
    {
        ref readonly var node = ref _program.Nodes[at];
        Add(new() { Kind = FlatKind.Complex, Start = at, Length = node.End - at }, name, node.Slot);
    }

    private void Value((int Start, int Length) name, int start, int end, FlatEmpty empty, bool number, int dependency)
    {
        var nodes = _program.Nodes[start..end];
        var made = new FlatOperation { Empty = empty, Number = number };
        if (nodes.Length == 0 || (nodes.Length == 1 && nodes[0].Kind == BinXmlKind.Text))
        {
            var text = nodes.Length == 0 ? default : _program.TextOf(nodes[0]);
            if (text.Length == 0 && empty == FlatEmpty.Nothing) return;
            made.Kind = FlatKind.Constant;
            made.Number = number && IsWholeNumber(text);
            made.Start = _shared.Add(text.Length == 0 && empty == FlatEmpty.Null ? "null"u8 : text);
            made.Length = text.Length;
        }
        else if (nodes.Length == 1)
        {
            made.Kind = FlatKind.Slot;
            made.Slot = nodes[0].Slot;
        }
        else
        {
            made.Kind = FlatKind.Pieces;
            made.Start = start;
            made.Length = end - start;
        }

        Add(made, name, dependency);
    }

    private int Add(FlatOperation operation, (int Start, int Length) name, int dependency)
    {
        operation.Dependency = dependency;
        (operation.NameStart, operation.NameLength) = name;
        operation.End = _operations.Count + 1;
        _operations.Add(operation);
        return _operations.Count - 1;
    }
}
