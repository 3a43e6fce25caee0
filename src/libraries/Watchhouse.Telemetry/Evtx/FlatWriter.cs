using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Watchhouse.Telemetry;

/// <summary>Runs flat operations: what a record costs beyond finding its values is here.</summary>
internal sealed class FlatWriter(BinXmlScope scope, ReadLimits limits)
{
    private readonly XmlTree _tree = new(scope, HexForm.Plain);
    private readonly XmlShape _shape = new(limits);
    private EventRecord _record = null!;
    private Place _place;

    private readonly record struct Place(int Base, EventNodeFlags Name, EventNodeFlags Constant);

    /// <summary>Writes the binary XML in a part of the chunk as the members of the record's root.</summary>
    public void Write(EventRecord record, int start, int end)
    {
        _record = record;
        record.Add(EventNodeKind.Mapping, EventNodeFlags.None, 0, 0, 0, 0);
        var fragment = scope.OpenFragment(start, end);
        Run(fragment, FlatContext.Root);
        scope.Close(fragment);
        record[0].End = record.NodeCount;
        record.Shared = scope.Templates.Shared.Bytes;
    }

    private void Run(in BinXmlFragment fragment, FlatContext context)
    {
        var operations = fragment.Program.Flat(context, scope.Templates.FlatCompiler, scope.Templates.Shared).Operations;
        var outer = _place;
        // The names of a template stay; those of elements that the record spells out become the record's own.
        _place = fragment.Program.OwnBytes is { } own
            ? new(_record.Own(own.Span), EventNodeFlags.NameOwned, EventNodeFlags.ValueOwned)
            : new(0, EventNodeFlags.NameShared, EventNodeFlags.ValueShared);
        Run(fragment, operations, 0, operations.Length);
        _place = outer;
    }

    private void Run(in BinXmlFragment fragment, ReadOnlySpan<FlatOperation> operations, int start, int end)
    {
        for (var at = start; at < end; at = operations[at].End)
        {
            ref readonly var operation = ref operations[at];
            scope.Step(_record.OwnedLength);
            if (scope.IsAbsent(fragment, operation.Dependency)) continue;
            switch (operation.Kind)
            {
                case FlatKind.Constant:
                    Constant(operation);
                    break;
                case FlatKind.Slot:
                    Slot(operation, scope.Slot(fragment, operation.Slot));
                    break;
                case FlatKind.Pieces:
                    Pieces(fragment, operation);
                    break;
                case FlatKind.Nested:
                    Nested(operation, scope.Slot(fragment, operation.Slot));
                    break;
                case FlatKind.Instance:
                    Nested(operation.Inside, scope.OpenInstance(operation.Slot, scope.Chunk.Length));
                    break;
                case FlatKind.Complex:
                    _tree.Begin();
                    _tree.Expand(fragment, operation.Start, operation.Start + operation.Length);
                    _shape.WriteElements(_tree, _record, NameOf(operation));
                    break;
                case FlatKind.Group:
                    Group(fragment, operations, at);
                    break;
            }
        }
    }

    private void Constant(in FlatOperation operation)
    {
        if (IsRecordId(operation)) TakeRecordId(BytesOf(operation.Start, operation.Length));
        var kind = operation.Number ? EventNodeKind.Number
            : operation.Length == 0 && operation.Empty == FlatEmpty.Null ? EventNodeKind.Null : EventNodeKind.Text;
        var length = kind == EventNodeKind.Null ? 4 : operation.Length;
        Add(operation, kind, _place.Constant, _place.Base + operation.Start, length);
    }

    private ReadOnlySpan<byte> NameOf(in FlatOperation operation) => BytesOf(operation.NameStart, operation.NameLength);

    private ReadOnlySpan<byte> BytesOf(int start, int length) =>
        (_place.Name == EventNodeFlags.NameOwned ? _record.Owned : scope.Templates.Shared.Span).Slice(_place.Base + start, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in FlatOperation operation, EventNodeKind kind, EventNodeFlags value, int start, int length) => _record.Add(
        kind, value | _place.Name, _place.Base + operation.NameStart, operation.NameLength, start, length);

    private void Slot(in FlatOperation operation, in BinXmlSlot slot)
    {
        if (slot.Type >= BinXmlValue.Array)
        {
            Array(operation, slot);
            return;
        }

        if (slot.Type == BinXmlValue.BinXml)
        {
            Fragment(operation, slot);
            return;
        }

        var value = scope.ValueOf(slot);
        var length = BinXmlValue.Format(slot.Type, value, _record.Reserve(BinXmlValue.MostText(slot.Length)), HexForm.Plain);
        Value(operation, operation.Number && BinXmlValue.IsWholeNumber(slot.Type, slot.Length), length);
        if (IsRecordId(operation)) TakeRecordId(_record.Owned[^length..]);
    }

    // The longest of the names that hold numbers.
    private static bool IsRecordId(in FlatOperation operation) => operation.Number && operation.NameLength == "EventRecordID".Length;

    private void TakeRecordId(ReadOnlySpan<byte> digits)
    {
        if (Utf8Parser.TryParse(digits, out long id, out var used) && used == digits.Length) _record.Position = id;
    }

    private void Value(in FlatOperation operation, bool number, int length)
    {
        if (length == 0 && operation.Empty == FlatEmpty.Nothing) return;
        if (length == 0 && operation.Empty == FlatEmpty.Null)
            Add(operation, EventNodeKind.Null, EventNodeFlags.ValueOwned, _record.Own("null"u8), "null".Length);
        else
            Add(operation, number ? EventNodeKind.Number : EventNodeKind.Text, EventNodeFlags.ValueOwned, _record.Commit(length), length);
    }

    // One item is a plain value; more are an array, or join the one that is open.
    private void Array(in FlatOperation operation, in BinXmlSlot slot)
    {
        var sequence = operation.NameLength == 0 ? -1 : Open(operation);
        var type = (byte)(slot.Type & ~BinXmlValue.Array);
        for (var rest = scope.ValueOf(slot); rest.Length > 0;)
        {
            var item = BinXmlValue.NextItem(slot.Type, ref rest);
            scope.Step(_record.OwnedLength);
            var length = BinXmlValue.Format(type, item, _record.Reserve(BinXmlValue.MostText(item.Length)), HexForm.Plain);
            _record.Add(EventNodeKind.Text, EventNodeFlags.ValueOwned, 0, 0, _record.Commit(length), length);
        }

        if (sequence >= 0) CloseSequence(operation, sequence);
    }

    private void Group(in BinXmlFragment fragment, ReadOnlySpan<FlatOperation> operations, int group)
    {
        var sequence = Open(operations[group]);
        Run(fragment, operations, group + 1, operations[group].End);
        CloseSequence(operations[group], sequence);
    }

    private int Open(in FlatOperation operation)
    {
        Add(operation, EventNodeKind.Sequence, EventNodeFlags.ValueOwned, 0, 0);
        return _record.NodeCount - 1;
    }

    private void CloseSequence(in FlatOperation operation, int sequence)
    {
        var count = _record.NodeCount - sequence - 1;
        if (count == 0)
        {
            _record.Truncate(sequence);
            Value(operation, number: false, 0);
        }
        else if (count == 1)
        {
            var item = _record[sequence + 1];
            _record.Truncate(sequence);
            Add(operation, item.Kind, item.Flags & (EventNodeFlags.ValueOwned | EventNodeFlags.ValueShared), item.ValueStart, item.ValueLength);
        }
        else
        {
            _record[sequence].End = _record.NodeCount;
        }
    }

    private void Pieces(in BinXmlFragment fragment, in FlatOperation operation)
    {
        _tree.Begin();
        _tree.Expand(fragment, operation.Start, operation.Start + operation.Length);
        var text = _tree.Text;
        text.CopyTo(_record.Reserve(text.Length));
        Value(operation, number: false, text.Length);
    }

    // Binary XML where a value was expected, with elements in it: an element of its own.
    private void Fragment(in FlatOperation operation, in BinXmlSlot slot)
    {
        _tree.Begin();
        _tree.ExpandFragment(slot);
        _shape.WriteContent(_tree, _record, NameOf(operation));
    }

    private void Nested(in FlatOperation operation, in BinXmlSlot slot)
    {
        if (slot.Type == BinXmlValue.BinXml) Nested(operation.Inside, scope.OpenFragment(slot.Start, slot.Start + slot.Length));
        else if (slot.Length > 0) Slot(operation, slot);
    }

    private void Nested(FlatContext context, in BinXmlFragment fragment)
    {
        Run(fragment, context);
        scope.Close(fragment);
    }
}
