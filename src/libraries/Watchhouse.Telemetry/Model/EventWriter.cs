using System.Buffers.Text;
using System.Text;

namespace Watchhouse.Telemetry;

/// <summary>
/// Builds an event in a record whose source is not JSON: names and values become bytes of the record's own. Objects and
/// arrays are opened and closed in pairs; <see cref="Finish"/> closes the root.
/// </summary>
public ref struct EventWriter
{
    private readonly EventRecord _record;
    private readonly Span<int> _open;
    private int _depth;

    /// <summary>Starts the root object. <paramref name="open"/> is room for the indexes of open containers (its length is the greatest depth).</summary>
    public EventWriter(EventRecord record, Span<int> open)
    {
        _record = record;
        _open = open;
        Open(EventNodeKind.Mapping, default);
    }

    private EventWriter(EventRecord record, Span<int> open, int depth)
    {
        _record = record;
        _open = open;
        _depth = depth;
    }

    /// <summary>Goes on inside an object or array that another part of the program has opened and will close.</summary>
    public static EventWriter Append(EventRecord record, Span<int> open) => new(record, open, depth: 0);

    /// <summary>Room for a value of so many bytes; <see cref="Commit"/> then says where it lies.</summary>
    public readonly Span<byte> Reserve(int length) => _record.Reserve(length);

    /// <summary>Keeps the first bytes of the last <see cref="Reserve"/> for <see cref="Owned"/>.</summary>
    public readonly int Commit(int length) => _record.Commit(length);

    /// <summary>A member whose value is a string.</summary>
    public readonly void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Leaf(EventNodeKind.Text, name, value);

    /// <summary>A member whose value is a string.</summary>
    public readonly void Text(ReadOnlySpan<byte> name, string value) => Text(name, Encoding.UTF8.GetBytes(value));

    /// <summary>A member whose value is a string of UTF-16 code units; lone surrogates become U+FFFD.</summary>
    public readonly void Text(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        var room = _record.Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, room);
        Owned(EventNodeKind.Text, name, _record.Commit(length), length);
    }

    /// <summary>A member whose value is a number, given as JSON writes it.</summary>
    public readonly void Number(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Leaf(EventNodeKind.Number, name, value);

    /// <summary>A member whose value is a whole number.</summary>
    public readonly void Number(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> text = stackalloc byte[24];
        Utf8Formatter.TryFormat(value, text, out var length);
        Leaf(EventNodeKind.Number, name, text[..length]);
    }

    /// <summary>A member that is true or false.</summary>
    public readonly void Boolean(ReadOnlySpan<byte> name, bool value) =>
        Leaf(value ? EventNodeKind.True : EventNodeKind.False, name, value ? "true"u8 : "false"u8);

    /// <summary>A member that is null.</summary>
    public readonly void Null(ReadOnlySpan<byte> name) => Leaf(EventNodeKind.Null, name, "null"u8);

    /// <summary>Opens an object.</summary>
    public void BeginObject(ReadOnlySpan<byte> name) => Open(EventNodeKind.Mapping, name);

    /// <summary>Opens an array.</summary>
    public void BeginArray(ReadOnlySpan<byte> name) => Open(EventNodeKind.Sequence, name);

    /// <summary>Closes the object or array that was opened last.</summary>
    public void End() => _record[_open[--_depth]].End = _record.NodeCount;

    /// <summary>Closes everything that is still open.</summary>
    public void Finish()
    {
        while (_depth > 0) End();
    }

    /// <summary>A member whose bytes the record already owns.</summary>
    public readonly void Owned(EventNodeKind kind, ReadOnlySpan<byte> name, int start, int length)
    {
        var nameStart = _record.Own(name);
        var index = _record.Add();
        ref var node = ref _record[index];
        node.Kind = kind;
        node.Flags = EventNodeFlags.NameOwned | EventNodeFlags.ValueOwned;
        node.NameStart = nameStart;
        node.NameLength = name.Length;
        node.ValueStart = start;
        node.ValueLength = length;
        node.End = index + 1;
    }

    private readonly void Leaf(EventNodeKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Owned(kind, name, _record.Own(value), value.Length);

    private void Open(EventNodeKind kind, ReadOnlySpan<byte> name)
    {
        if (_depth == _open.Length) throw new InvalidDataException($"The event is nested more than {_open.Length} levels deep.");
        Owned(kind, name, 0, 0);
        _open[_depth++] = _record.NodeCount - 1;
    }
}
