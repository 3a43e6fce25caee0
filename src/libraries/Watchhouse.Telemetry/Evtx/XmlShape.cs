using System.Runtime.InteropServices;

namespace Watchhouse.Telemetry;

/// <summary>
/// Writes a tree of elements as objects, in the way of the public EVTX converters: attributes under #attributes, text
/// beside them under #text, repeated elements as an array, and EventData's Data under their names.
/// </summary>
internal sealed class XmlShape(ReadLimits limits)
{
    private enum Place
    {
        Elsewhere,
        System,
        EventData,
    }

    private readonly int[] _open = new int[Math.Min(limits.Depth, 256) + 8];
    private readonly SiblingLinks _links = new();
    private readonly List<int> _siblings = [];
    private XmlTree _tree = null!;

    /// <summary>The whole tree as the members of the record's root.</summary>
    public void WriteRoot(XmlTree tree, EventRecord record)
    {
        Turn(tree);
        var writer = new EventWriter(record, _open);
        Members(ref writer, 0, tree.Count, Place.Elsewhere);
        writer.Finish();
    }

    /// <summary>The tree's elements as values under one name; without a name as items of the array that is open.</summary>
    public void WriteElements(XmlTree tree, EventRecord record, ReadOnlySpan<byte> name) => Write(tree, record, name, asElements: true);

    /// <summary>The whole tree as one value: an object of its elements, or its text.</summary>
    public void WriteContent(XmlTree tree, EventRecord record, ReadOnlySpan<byte> name) => Write(tree, record, name, asElements: false);

    // Nodes are appended to an event that is being built: the writer's own root is taken away again.
    private void Write(XmlTree tree, EventRecord record, ReadOnlySpan<byte> name, bool asElements)
    {
        Turn(tree);
        var writer = EventWriter.Append(record, _open);
        if (!asElements)
        {
            Value(ref writer, name, 0, 0, tree.Count, Place.Elsewhere);
        }
        else if (tree.Count > 0 && tree.Items[0].End == tree.Count)
        {
            Element(ref writer, name, 0, Place.Elsewhere);
        }
        else if (tree.Count > 0)
        {
            writer.BeginArray(name);
            for (var at = 0; at < tree.Count; at = tree.Items[at].End) Element(ref writer, default, at, Place.Elsewhere);
            writer.End();
        }
    }

    private void Turn(XmlTree tree)
    {
        _tree = tree;
        _links.Begin(tree.Count);
    }

    private void Element(ref EventWriter writer, ReadOnlySpan<byte> name, int at, Place place)
    {
        var items = _tree.Items;
        var content = at + 1;
        while (content < items[at].End && items[content].Kind == BinXmlKind.Attribute) content = items[content].End;
        Value(ref writer, name, at + 1, content, items[at].End, place);
    }

    // Attributes from one index, content from another, up to the end.
    private void Value(ref EventWriter writer, ReadOnlySpan<byte> name, int attributes, int content, int end, Place place)
    {
        var items = _tree.Items;
        var (texts, elements, lastText) = (0, 0, -1);
        for (var at = content; at < end; at = items[at].End)
        {
            if (items[at].Kind == BinXmlKind.Element) elements++;
            else if (items[at].Length > 0) (texts, lastText) = (texts + 1, at);
        }

        var hasAttributes = false;
        for (var at = attributes; at < content; at = items[at].End) hasAttributes |= IsShown(at, place);
        if (!hasAttributes && elements == 0)
        {
            Text(ref writer, name, content, end, texts, lastText, IsNumber(name, place));
            return;
        }

        writer.BeginObject(name);
        if (hasAttributes)
        {
            writer.BeginObject("#attributes"u8);
            for (var at = attributes; at < content; at = items[at].End)
            {
                if (IsShown(at, place)) Pieces(ref writer, _tree.TextOf(items[at]), at + 1, items[at].End);
            }

            writer.End();
        }

        if (texts > 0 && !(elements > 0 && IsBlank(content, end)))
            Text(ref writer, "#text"u8, content, end, texts, lastText, IsNumber(name, place));
        if (elements > 0) Members(ref writer, content, end, Inside(name));
        writer.End();
    }

    private static Place Inside(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("System"u8) ? Place.System : name.SequenceEqual("EventData"u8) ? Place.EventData : Place.Elsewhere;

    private static bool IsNumber(ReadOnlySpan<byte> name, Place place) => place == Place.System && FlatCompiler.IsNumber(name);

    // The name of a Data is its key.
    private bool IsShown(int attribute, Place place)
    {
        var name = _tree.TextOf(_tree.Items[attribute]);
        return !XmlTree.IsNamespace(name) && !(place == Place.EventData && name.SequenceEqual("Name"u8));
    }

    private bool IsBlank(int start, int end)
    {
        var items = _tree.Items;
        for (var at = start; at < end; at = items[at].End)
        {
            if (items[at].Kind == BinXmlKind.Text && _tree.TextOf(items[at]).Trim(" \t\r\n"u8).Length > 0) return false;
        }

        return true;
    }

    private void Text(ref EventWriter writer, ReadOnlySpan<byte> name, int start, int end, int texts, int last, bool number)
    {
        if (texts == 0)
        {
            writer.Null(name);
            return;
        }

        if (texts > 1)
        {
            Pieces(ref writer, name, start, end);
            return;
        }

        var text = _tree.TextOf(_tree.Items[last]);
        if (number && FlatCompiler.IsWholeNumber(text)) writer.Number(name, text);
        else writer.Text(name, text);
    }

    private void Pieces(ref EventWriter writer, ReadOnlySpan<byte> name, int start, int end)
    {
        var items = _tree.Items;
        var length = 0;
        for (var at = start; at < end; at = items[at].End) length += items[at].Kind == BinXmlKind.Text ? items[at].Length : 0;
        var whole = writer.Reserve(length);
        for (var at = start; at < end; at = items[at].End)
        {
            if (items[at].Kind != BinXmlKind.Text) continue;
            _tree.TextOf(items[at]).CopyTo(whole);
            whole = whole[items[at].Length..];
        }

        writer.Owned(EventNodeKind.Text, name, writer.Commit(length), length);
    }

    private void Members(ref EventWriter writer, int start, int end, Place place)
    {
        var items = _tree.Items;
        Link(start, end, place);
        for (var at = start; at < end; at = items[at].End)
        {
            if (items[at].Kind != BinXmlKind.Element || _links.IsLater(at)) continue;
            var key = Key(at, place);
            if (_links.Next(at) == 0)
            {
                Member(ref writer, key, at, place);
                continue;
            }

            writer.BeginArray(key);
            var each = at;
            do
            {
                Member(ref writer, default, each, place);
                each = _links.Next(each);
            }
            while (each > 0);

            writer.End();
        }
    }

    private void Link(int start, int end, Place place)
    {
        _siblings.Clear();
        var items = _tree.Items;
        for (var at = start; at < end; at = items[at].End)
        {
            if (items[at].Kind == BinXmlKind.Element) _siblings.Add(at);
        }

        _links.Link(new Keys(this, place), CollectionsMarshal.AsSpan(_siblings));
    }

    private void Member(ref EventWriter writer, ReadOnlySpan<byte> key, int at, Place place)
    {
        // Where a Data has no value, its value is the empty text.
        if (place == Place.EventData && _tree.Items[at] is var item && IsData(item) && IsEmpty(at)) writer.Text(key, default(ReadOnlySpan<byte>));
        else Element(ref writer, key, at, place);
    }

    private bool IsEmpty(int element)
    {
        var items = _tree.Items;
        for (var at = element + 1; at < items[element].End; at = items[at].End)
        {
            if (items[at].Kind != BinXmlKind.Attribute || IsShown(at, Place.EventData)) return false;
        }

        return true;
    }

    private bool IsData(in XmlItem item) => _tree.TextOf(item).SequenceEqual("Data"u8);

    private ReadOnlySpan<byte> Key(int element, Place place)
    {
        var items = _tree.Items;
        var name = _tree.TextOf(items[element]);
        if (place != Place.EventData || !IsData(items[element])) return name;
        for (var at = element + 1; at < items[element].End && items[at].Kind == BinXmlKind.Attribute; at = items[at].End)
        {
            if (_tree.TextOf(items[at]).SequenceEqual("Name"u8) && items[at].End == at + 2 && items[at + 1].Length > 0)
                return _tree.TextOf(items[at + 1]);
        }

        return name;
    }

    private readonly struct Keys(XmlShape shape, Place place) : ISiblingKeys
    {
        public ReadOnlySpan<byte> KeyOf(int node) => shape.Key(node, place);
    }
}
