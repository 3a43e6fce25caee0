using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>Writes nodes of a record as JSON on one line. What is JSON already is copied where that is safe.</summary>
internal sealed class NodeWriter
{
    private byte[] _text = new byte[1024];
    private EventRecord _record = null!;

    /// <summary>True where some text of the record may hold a numbered escape: nearly no record does, and then none need be looked for.</summary>
    public bool MayHoldNumbered { get; private set; }

    public void Begin(EventRecord record)
    {
        _record = record;
        MayHoldNumbered = record.Raw.IndexOf("\\u"u8) >= 0 || record.Owned.IndexOf("\\u"u8) >= 0 || record.Shared.Length > 0;
    }

    /// <summary>The name or value without its escapes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> bytes, bool escaped)
    {
        if (!escaped) return bytes;
        if (_text.Length < bytes.Length) _text = new byte[bytes.Length * 2];
        return _text.AsSpan(0, JsonEscapes.Unescape(bytes, _text));
    }

    public ReadOnlySpan<byte> PlainValue(in EventNode node) => Plain(_record.ValueOf(node), (node.Flags & EventNodeFlags.ValueEscaped) != 0);

    public ReadOnlySpan<byte> PlainName(in EventNode node) => Plain(_record.NameOf(node), (node.Flags & EventNodeFlags.NameEscaped) != 0);

    public void Name(JsonBuffer to, in EventNode node)
    {
        String(to, _record.NameOf(node), (node.Flags & EventNodeFlags.NameEscaped) != 0);
        to.Add((byte)':');
    }

    public void Text(JsonBuffer to, in EventNode node) => String(to, _record.ValueOf(node), (node.Flags & EventNodeFlags.ValueEscaped) != 0);

    public void Value(JsonBuffer to, int at)
    {
        ref readonly var node = ref _record[at];
        switch (node.Kind)
        {
            case EventNodeKind.Text: Text(to, node); break;
            case EventNodeKind.Number: to.Add(_record.ValueOf(node)); break;
            case EventNodeKind.True: to.Add("true"u8); break;
            case EventNodeKind.False: to.Add("false"u8); break;
            case EventNodeKind.Null: to.Add("null"u8); break;
            default: Container(to, at); break;
        }
    }

    private void String(JsonBuffer to, ReadOnlySpan<byte> bytes, bool escaped)
    {
        // Numbered escapes may be half of a pair, which readers of JSON differ on: they are written anew.
        if (escaped && !(MayHoldNumbered && bytes.IndexOf("\\u"u8) >= 0))
        {
            to.Add((byte)'"');
            to.Add(bytes);
            to.Add((byte)'"');
        }
        else
        {
            to.AddString(Plain(bytes, escaped));
        }
    }

    private void Container(JsonBuffer to, int at)
    {
        ref readonly var node = ref _record[at];
        var text = _record.ValueOf(node);
        // A line of JSON must stay one line, and what a reader built has no text of its own.
        if (text.Length > 1 && text.IndexOfAny((byte)'\n', (byte)'\r') < 0 && !(MayHoldNumbered && text.IndexOf("\\u"u8) >= 0))
        {
            to.Add(text);
            return;
        }

        var isMapping = node.Kind == EventNodeKind.Mapping;
        to.Add(isMapping ? (byte)'{' : (byte)'[');
        for (var inner = at + 1; inner < _record[at].End; inner = _record[inner].End)
        {
            if (inner > at + 1) to.Add((byte)',');
            if (isMapping) Name(to, _record[inner]);
            Value(to, inner);
        }

        to.Add(isMapping ? (byte)'}' : (byte)']');
    }
}
