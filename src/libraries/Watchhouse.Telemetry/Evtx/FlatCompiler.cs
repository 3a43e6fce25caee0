using System.Runtime.InteropServices;

namespace Watchhouse.Telemetry;

/// <summary>
/// Decides once for each template which fields its elements become: the flat names that rules use, as
/// <see cref="EnvelopeNormaliser"/> makes them of events that come as JSON.
/// </summary>
internal sealed class FlatCompiler
{
    private readonly BinXmlProgram _program;
    private readonly SharedBytes _shared;
    private readonly List<FlatOperation> _operations = [];

    private FlatCompiler(BinXmlProgram program, SharedBytes shared) => (_program, _shared) = (program, shared);

    public static FlatProgram Compile(BinXmlProgram program, FlatContext context, SharedBytes shared)
    {
        var compiler = new FlatCompiler(program, shared);
        compiler.Inside(context, 0, program.Nodes.Length);
        return new([.. compiler._operations]);
    }

    /// <summary>True for names of System's fields that hold whole numbers.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("EventID"u8) || name.SequenceEqual("EventRecordID"u8) || name.SequenceEqual("Version"u8)
        || name.SequenceEqual("Level"u8) || name.SequenceEqual("Task"u8) || name.SequenceEqual("Opcode"u8);

    // What an event says about itself must not be hidden by what it carries: a cleared log's name is Channel_.
    private static bool IsTaken(ReadOnlySpan<byte> name) =>
        IsNumber(name) || name.SequenceEqual("Channel"u8) || name.SequenceEqual("Computer"u8) || name.SequenceEqual("Keywords"u8)
        || name.SequenceEqual("TimeCreated"u8) || name.SequenceEqual("Provider_Name"u8);

    private void Inside(FlatContext context, int start, int end)
    {
        var nodes = _program.Nodes;
        var repeated = context is FlatContext.EventData or FlatContext.Members ? Repeated(context, start, end) : null;
        for (var at = start; at < end; at = nodes[at].End)
        {
            ref readonly var node = ref nodes[at];
            switch (node.Kind)
            {
                case BinXmlKind.Element when repeated is not null && repeated.TryGetValue(at, out var siblings):
                    if (siblings.Count > 0) Group(context, siblings);
                    break;
                case BinXmlKind.Element:
                    Element(context, at);
                    break;
                case BinXmlKind.Slot or BinXmlKind.OptionalSlot:
                    Add(new() { Kind = FlatKind.Nested, Slot = node.Slot, Inside = context, Empty = FlatEmpty.Nothing }, Container(context));
                    break;
                case BinXmlKind.Instance:
                    Add(new() { Kind = FlatKind.Instance, Slot = node.Slot, Inside = context }, default);
                    break;
                case BinXmlKind.Text when !IsBlank(_program.TextOf(node)):
                    Value(Container(context), at, node.End, FlatEmpty.Nothing, number: false, -1);
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
            case FlatContext.EventData:
                Data(at, FieldName(context, at));
                break;
            default:
                Member(at, FieldName(context, at));
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
            // TimeCreated has nothing but its time, which the flat form writes under the element's own name.
            var isTime = name.SequenceEqual("TimeCreated"u8) && part.SequenceEqual("SystemTime"u8);
            byte[] field = isTime ? [.. name] : [.. name, (byte)'_', .. part];
            Value(field, attribute + 1, _program.Nodes[attribute].End, FlatEmpty.Nothing, number: false, node.Slot);
        }

        if (HasElements(at)) Complex(at, name);
        else Value(name, content, node.End, FlatEmpty.Nothing, IsNumber(name), node.Slot);
    }

    private void Data(int at, ReadOnlySpan<byte> name)
    {
        ref readonly var node = ref _program.Nodes[at];
        if (!IsData(node)) Member(at, name);
        else if (HasElements(at)) Complex(at, name);
        else Value(name, Content(at), node.End, FlatEmpty.Text, number: false, node.Slot);
    }

    private void Member(int at, ReadOnlySpan<byte> name)
    {
        ref readonly var node = ref _program.Nodes[at];
        var hasAttributes = false;
        for (var each = at + 1; each < Content(at); each = _program.Nodes[each].End)
            hasAttributes |= !XmlTree.IsNamespace(_program.TextOf(_program.Nodes[each]));
        if (hasAttributes || HasElements(at)) Complex(at, name);
        else Value(name, Content(at), node.End, FlatEmpty.Null, number: false, node.Slot);
    }

    // Several elements of one name are one field with several values.
    private void Group(FlatContext context, List<int> siblings)
    {
        var group = Add(new() { Kind = FlatKind.Group }, FieldName(context, siblings[0]));
        foreach (var sibling in siblings)
        {
            if (context == FlatContext.EventData) Data(sibling, default);
            else Member(sibling, default);
        }

        CollectionsMarshal.AsSpan(_operations)[group].End = _operations.Count;
    }

    // For each first element of a name that comes again: all of that name. The others map to an empty list.
    private Dictionary<int, List<int>>? Repeated(FlatContext context, int start, int end)
    {
        Dictionary<string, List<int>>? byName = null;
        var nodes = _program.Nodes;
        for (var at = start; at < end; at = nodes[at].End)
        {
            if (nodes[at].Kind != BinXmlKind.Element) continue;
            var name = Convert.ToBase64String(FieldName(context, at));
            byName ??= [];
            if (byName.TryGetValue(name, out var known)) known.Add(at);
            else byName.Add(name, [at]);
        }

        Dictionary<int, List<int>>? repeated = null;
        foreach (var same in byName?.Values.Where(each => each.Count > 1) ?? [])
        {
            repeated ??= [];
            repeated.Add(same[0], same);
            foreach (var later in same.Skip(1)) repeated.Add(later, []);
        }

        return repeated;
    }

    private ReadOnlySpan<byte> FieldName(FlatContext context, int at)
    {
        var nodes = _program.Nodes;
        var name = _program.TextOf(nodes[at]);
        if (context == FlatContext.EventData && IsData(nodes[at]))
        {
            for (var each = at + 1; each < Content(at); each = nodes[each].End)
            {
                if (!_program.TextOf(nodes[each]).SequenceEqual("Name"u8)) continue;
                // A name that is not known beforehand cannot be one.
                if (nodes[each].End == each + 2 && nodes[each + 1].Kind == BinXmlKind.Text && nodes[each + 1].Length > 0)
                    name = _program.TextOf(nodes[each + 1]);
            }
        }

        var space = name.IndexOf((byte)' ') >= 0;
        if (!space && !IsTaken(name)) return name;
        // Rules write SourceName where Windows writes "Source Name".
        byte[] made = [.. name.ToArray().Where(each => each != (byte)' ')];
        return IsTaken(made) ? [.. made, (byte)'_'] : made;
    }

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

    private void Complex(int at, ReadOnlySpan<byte> name)
    {
        ref readonly var node = ref _program.Nodes[at];
        Add(new() { Kind = FlatKind.Complex, Start = at, Length = node.End - at, Dependency = node.Slot }, name);
    }

    private void Value(ReadOnlySpan<byte> name, int start, int end, FlatEmpty empty, bool number, int dependency)
    {
        var nodes = _program.Nodes[start..end];
        var made = new FlatOperation { Empty = empty, Number = number, Dependency = dependency };
        if (nodes.Length == 0 || (nodes.Length == 1 && nodes[0].Kind == BinXmlKind.Text))
        {
            var text = nodes.Length == 0 ? default : _program.TextOf(nodes[0]);
            if (text.Length == 0 && empty == FlatEmpty.Nothing) return;
            made.Kind = FlatKind.Constant;
            made.Number = number && text.Length is > 0 and < 19 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (text.Length == 1 || text[0] != '0');
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

    private int Add(FlatOperation operation, ReadOnlySpan<byte> name, int dependency = -1)
    {
        if (operation.Kind != FlatKind.Complex) operation.Dependency = dependency;
        operation.NameStart = _shared.Add(name);
        operation.NameLength = name.Length;
        operation.End = _operations.Count + 1;
        _operations.Add(operation);
        return _operations.Count - 1;
    }
}
