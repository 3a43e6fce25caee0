using System.Buffers;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>
/// Writes what no column took into the one column that is there for it. A value that its form cannot carry unharmed is refused,
/// and is then kept among the unknown.
/// </summary>
internal sealed class RestWriter(NodeWriter nodes)
{
    // As the Azure Monitor agent writes the data of an event into Event.EventData and SecurityEvent.EventData, so that published
    // queries that parse it find what they look for.
    private static readonly byte[] XmlHead =
        "\"<DataItem type=\\\"System.XmlData\\\"><EventData xmlns=\\\"http://schemas.microsoft.com/win/2004/08/events/event\\\">"u8.ToArray();

    private static readonly SearchValues<byte> XmlSpecial = SearchValues.Create("&<>"u8);
    private static readonly SearchValues<byte> NotInXml =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(each => each is not (9 or 10 or 13)).Select(each => (byte)each)]);
    private static readonly SearchValues<byte> Unusual =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(each => (byte)each), .. "&<>"u8, 0xEF]);
    private static readonly SearchValues<byte> NotInName = SearchValues.Create("\"&<>'\\\t\n\r"u8);
    private static readonly SearchValues<byte> NotInPairs = SearchValues.Create(";=\\\"\n\r\t"u8);
    private static readonly byte[] NotACharacter = "\uFFFE"u8.ToArray();

    private EventRecord _record = null!;
    private int _count;

    public void Begin(EventRecord record) => _record = record;

    public void Start(JsonBuffer to, RestForm form)
    {
        _count = 0;
        to.Add(form switch { RestForm.EventXml => XmlHead, RestForm.Json => "{"u8, _ => "\""u8 });
    }

    /// <summary>Ends the column; false where nothing was added to it.</summary>
    public bool Finish(JsonBuffer to, RestForm form)
    {
        to.Add(form switch { RestForm.EventXml => "</EventData></DataItem>\""u8, RestForm.Json => "}"u8, _ => "\""u8 });
        return _count > 0;
    }

    public bool TryAdd(JsonBuffer to, RestForm form, int at)
    {
        var length = to.Length;
        var added = form switch
        {
            RestForm.EventXml => TryAddXml(to, at),
            RestForm.Pairs => TryAddPair(to, at),
            _ => TryAddMember(to, at),
        };
        if (added) _count++;
        else to.Truncate(length);
        return added;
    }

    private bool TryAddMember(JsonBuffer to, int at)
    {
        if (_count > 0) to.Add((byte)',');
        nodes.Name(to, _record[at]);
        nodes.Value(to, at);
        return true;
    }

    private bool TryAddPair(JsonBuffer to, int at)
    {
        ref readonly var node = ref _record[at];
        const EventNodeFlags escaped = EventNodeFlags.NameEscaped | EventNodeFlags.ValueEscaped;
        if (node.IsContainer || node.Kind == EventNodeKind.Null || (node.Flags & escaped) != 0) return false;
        var name = _record.NameOf(node);
        var value = _record.ValueOf(node);
        if (name.IsEmpty || value.IsEmpty || name.IndexOfAny(NotInPairs) >= 0) return false;
        if (value.IndexOfAny(NotInPairs) >= 0 || value.IndexOfAny(NotInXml) >= 0) return false;
        if (_count > 0) to.Add((byte)';');
        to.Add(name);
        to.Add((byte)'=');
        to.Add(value);
        return true;
    }

    private bool TryAddXml(JsonBuffer to, int at)
    {
        ref readonly var node = ref _record[at];
        var name = _record.NameOf(node);
        if (node.Kind is EventNodeKind.Mapping or EventNodeKind.Null || (node.Flags & EventNodeFlags.NameEscaped) != 0) return false;
        if (name.IsEmpty || name.IndexOfAny(NotInName) >= 0 || name.IndexOfAny(NotInXml) >= 0) return false;
        if (node.Kind != EventNodeKind.Sequence) return TryAddData(to, name, node);
        // Data without names, as many programs write it.
        if (!name.SequenceEqual("Data"u8)) return false;
        for (var item = at + 1; item < _record[at].End; item++)
        {
            if (_record[item].IsContainer || _record[item].Kind == EventNodeKind.Null || !TryAddData(to, default, _record[item])) return false;
        }

        return true;
    }

    private bool TryAddData(JsonBuffer to, ReadOnlySpan<byte> name, in EventNode node)
    {
        if (name.IsEmpty)
        {
            to.Add("<Data>"u8);
        }
        else
        {
            to.Add("<Data Name=\\\""u8);
            to.Add(name);
            to.Add("\\\">"u8);
        }

        if (!TryAddXmlText(to, node)) return false;
        to.Add("</Data>"u8);
        return true;
    }

    private bool TryAddXmlText(JsonBuffer to, in EventNode node)
    {
        var value = _record.ValueOf(node);
        var isJson = (node.Flags & EventNodeFlags.ValueEscaped) != 0;
        // Escapes other than of \ " / and ends of lines may stand for anything, so the text itself must be looked at.
        if (isJson && ((nodes.MayHoldNumbered && value.IndexOf("\\u"u8) >= 0) || value.IndexOf("\\b"u8) >= 0 || value.IndexOf("\\f"u8) >= 0))
        {
            value = nodes.PlainValue(node);
            isJson = false;
        }

        // One look is enough for nearly every value.
        if (value.IndexOfAny(Unusual) < 0)
        {
            if (isJson) to.Add(value);
            else to.AddEscaped(value);
            return true;
        }

        // Not characters of XML (XML 1.0, section 2.2).
        if (value.IndexOfAny(NotInXml) >= 0 || value.IndexOf(NotACharacter) >= 0 || value.IndexOf("\uFFFF"u8) >= 0) return false;
        while (true)
        {
            var plain = value.IndexOfAny(XmlSpecial);
            var part = plain < 0 ? value : value[..plain];
            if (isJson) to.Add(part);
            else to.AddEscaped(part);
            if (plain < 0) return true;
            to.Add(value[plain] switch { (byte)'&' => "&amp;"u8, (byte)'<' => "&lt;"u8, _ => "&gt;"u8 });
            value = value[(plain + 1)..];
        }
    }
}
