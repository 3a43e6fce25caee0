using System.Buffers.Binary;
using System.Globalization;
using System.Xml;

namespace Watchhouse.Telemetry;

/// <summary>
/// Makes flat events of Windows event XML: System's elements and their attributes, and the members of EventData or UserData, under
/// the names that rules use. Document types are refused, so no entity can be declared.
/// </summary>
internal sealed class XmlItemsParser(ReadLimits limits) : EventParser
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    private EventBlock _block = null!;
    private int _at;
    private long _number;

    public override void Start(EventBlock block) => (_block, _at, _number) = (block, 0, block.FirstPosition);

    public override ParseOutcome Next(EventRecord record, out string? reason)
    {
        reason = null;
        if (_at >= _block.Length) return ParseOutcome.End;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_block.Bytes.AsSpan(_at));
        var start = _at + sizeof(int);
        _at = start + length;
        record.Begin(_block.Bytes, start, length, _number++);
        reason = Parse(record, start, length);
        return reason is null ? ParseOutcome.Event : ParseOutcome.Rejected;
    }

    private string? Parse(EventRecord record, int start, int length)
    {
        if (length > limits.RecordBytes) return $"The event has {length} bytes; the limit is {limits.RecordBytes}.";
        if (!record.Raw.StartsWith("<Event"u8)) return "Text stands where an Event element was expected.";
        try
        {
            // The bytes are UTF-8 whatever an XML declaration said: UTF-16 was turned into it before.
            using var text = new StreamReader(new MemoryStream(_block.Bytes, start, length, writable: false), new System.Text.UTF8Encoding(false, true));
            using var xml = XmlReader.Create(text, Settings);
            var root = record.Open(EventNodeKind.Mapping);
            xml.MoveToContent();
            foreach (var _ in Children(xml))
            {
                switch (xml.LocalName)
                {
                    case "System": System(record, xml); break;
                    case "EventData": Data(record, xml); break;
                    case "UserData":
                        // The one element inside names the kind of data; its members are the fields.
                        foreach (var __ in Children(xml)) Members(record, xml);
                        break;
                    case "RenderingInfo":
                        var info = record.Open(EventNodeKind.Mapping, "RenderingInfo"u8);
                        Members(record, xml);
                        record.Close(info);
                        break;
                    default: break;
                }

                if (record.NodeCount >= limits.Nodes) return $"The record holds more than {limits.Nodes} values.";
            }

            record.Close(root);
            return null;
        }
        catch (XmlException e)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The event is not XML at line {e.LineNumber}, column {e.LinePosition}: {Reason(e)}");
        }
        catch (System.Text.DecoderFallbackException)
        {
            return "The event is not UTF-8.";
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private static string Reason(XmlException e)
    {
        var end = e.Message.IndexOf(" Line ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    // Stops at each child element; what the body does not read is passed over.
    private IEnumerable<int> Children(XmlReader xml)
    {
        if (xml.IsEmptyElement) yield break;
        var depth = xml.Depth;
        if (depth > limits.Depth) throw new InvalidDataException($"The event is nested more than {limits.Depth} levels deep.");
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1) yield return depth;
        }
    }

    private void System(EventRecord record, XmlReader xml)
    {
        foreach (var _ in Children(xml))
        {
            var name = xml.LocalName;
            if (name == "TimeCreated")
            {
                if (xml.GetAttribute("SystemTime") is { } time) record.AddText("TimeCreated"u8, time);
                continue;
            }

            while (xml.MoveToNextAttribute())
            {
                if (xml.Prefix != "xmlns" && xml.Name != "xmlns") Add(record, $"{name}_{xml.LocalName}", xml.Value);
            }

            xml.MoveToElement();
            if (Text(xml) is { Length: > 0 } value) Add(record, name, value);
        }
    }

    private void Data(EventRecord record, XmlReader xml)
    {
        var unnamed = -1;
        foreach (var _ in Children(xml))
        {
            var name = xml.GetAttribute("Name") ?? (xml.LocalName == "Data" ? null : xml.LocalName);
            if (name is not null)
            {
                if (unnamed >= 0) record.Close(unnamed);
                unnamed = -1;
                Add(record, name.Replace(" ", "", StringComparison.Ordinal), Text(xml));
                continue;
            }

            if (unnamed < 0) unnamed = record.Open(EventNodeKind.Sequence, "Data"u8);
            record.AddText(default, Text(xml));
        }

        if (unnamed >= 0) record.Close(unnamed);
    }

    private void Members(EventRecord record, XmlReader xml)
    {
        foreach (var _ in Children(xml)) Add(record, xml.LocalName, Text(xml));
    }

    // All text inside the element; deeper elements are read through.
    private string Text(XmlReader xml)
    {
        if (xml.IsEmptyElement) return "";
        var depth = xml.Depth;
        var text = "";
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.Depth > limits.Depth) throw new InvalidDataException($"The event is nested more than {limits.Depth} levels deep.");
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace) text = text.Length == 0 ? xml.Value : text + xml.Value;
        }

        return text;
    }

    private static void Add(EventRecord record, string name, string value) => record.AddText(global::System.Text.Encoding.UTF8.GetBytes(name), value);
}
