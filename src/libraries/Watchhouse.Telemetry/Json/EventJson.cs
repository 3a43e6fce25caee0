using System.Text.Json;

namespace Watchhouse.Telemetry;

/// <summary>Writes events as JSON (RFC 8259).</summary>
public static class EventJson
{
    /// <summary>Writes the event's root object with all that is inside it.</summary>
    public static void Write(EventRecord record, Utf8JsonWriter writer)
    {
        if (record.NodeCount == 0) throw new ArgumentException("The record holds no event.", nameof(record));
        Value(record, writer, 0);
    }

    private static void Value(EventRecord record, Utf8JsonWriter writer, int at)
    {
        ref readonly var node = ref record[at];
        switch (node.Kind)
        {
            case EventNodeKind.Mapping:
                writer.WriteStartObject();
                for (var inner = at + 1; inner < node.End; inner = record[inner].End)
                {
                    Name(record, writer, record[inner]);
                    Value(record, writer, inner);
                }

                writer.WriteEndObject();
                break;
            case EventNodeKind.Sequence:
                writer.WriteStartArray();
                for (var inner = at + 1; inner < node.End; inner = record[inner].End) Value(record, writer, inner);
                writer.WriteEndArray();
                break;
            case EventNodeKind.Text when (node.Flags & EventNodeFlags.ValueEscaped) != 0:
                writer.WriteStringValue(record.ValueText(node));
                break;
            case EventNodeKind.Text:
                writer.WriteStringValue(record.ValueOf(node));
                break;
            case EventNodeKind.Number:
                writer.WriteRawValue(record.ValueOf(node), skipInputValidation: true);
                break;
            case EventNodeKind.True or EventNodeKind.False:
                writer.WriteBooleanValue(node.Kind == EventNodeKind.True);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void Name(EventRecord record, Utf8JsonWriter writer, in EventNode node)
    {
        if ((node.Flags & EventNodeFlags.NameEscaped) != 0) writer.WritePropertyName(record.NameText(node));
        else writer.WritePropertyName(record.NameOf(node));
    }
}
