using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Watchhouse.Telemetry;

/// <summary>Reads one JSON object (RFC 8259) into a record. Strict: what is not JSON is an error with its place.</summary>
public static class JsonEventParser
{
    /// <summary>
    /// Fills <paramref name="record"/> from the object in the given bytes. Returns null, or a sentence that says what is
    /// wrong and where; the record is then not to be used.
    /// </summary>
    public static string? Parse(EventRecord record, byte[] source, int start, int length, long position, ReadLimits limits)
    {
        record.Begin(source, start, length, position);
        return Append(record, source, start, length, limits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static string? Append(EventRecord record, byte[] source, int start, int length, ReadLimits limits)
    {
        if (length > limits.RecordBytes) return $"The record has {length} bytes; the limit is {limits.RecordBytes}.";
        Span<int> open = stackalloc int[Math.Min(limits.Depth, 256)];
        var depth = 0;
        var reader = new Utf8JsonReader(
            source.AsSpan(start, length), new JsonReaderOptions { MaxDepth = open.Length, CommentHandling = JsonCommentHandling.Disallow });
        int nameStart = 0, nameLength = 0;
        var nameFlags = EventNodeFlags.None;
        try
        {
            while (reader.Read())
            {
                var token = reader.TokenType;
                if (token == JsonTokenType.PropertyName)
                {
                    nameStart = start + (int)reader.TokenStartIndex + 1;
                    nameLength = reader.ValueSpan.Length;
                    nameFlags = reader.ValueIsEscaped ? EventNodeFlags.NameEscaped : EventNodeFlags.None;
                    continue;
                }

                if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    ref var closed = ref record[open[--depth]];
                    closed.End = record.NodeCount;
                    closed.ValueLength = start + (int)reader.BytesConsumed - closed.ValueStart;
                    continue;
                }

                var index = record.Add();
                if (index == limits.Nodes) return $"The record holds more than {limits.Nodes} values.";
                ref var node = ref record[index];
                node.NameStart = nameStart;
                node.NameLength = nameLength;
                node.Flags = nameFlags;
                node.End = index + 1;
                node.ValueStart = start + (int)reader.TokenStartIndex;
                node.ValueLength = reader.ValueSpan.Length;
                nameLength = 0;
                nameFlags = EventNodeFlags.None;
                switch (token)
                {
                    case JsonTokenType.String:
                        node.Kind = EventNodeKind.Text;
                        node.ValueStart++;
                        if (reader.ValueIsEscaped) node.Flags |= EventNodeFlags.ValueEscaped;
                        break;
                    case JsonTokenType.Number: node.Kind = EventNodeKind.Number; break;
                    case JsonTokenType.True: node.Kind = EventNodeKind.True; break;
                    case JsonTokenType.False: node.Kind = EventNodeKind.False; break;
                    case JsonTokenType.Null: node.Kind = EventNodeKind.Null; break;
                    default:
                        if (index == 0 && token == JsonTokenType.StartArray) return "The record is an array where an object was expected.";
                        node.Kind = token == JsonTokenType.StartObject ? EventNodeKind.Mapping : EventNodeKind.Sequence;
                        open[depth++] = index;
                        break;
                }
            }
        }
        catch (JsonException e)
        {
            return $"The record is not JSON at byte {e.BytePositionInLine}: {Reason(e)}";
        }

        if (record.NodeCount == 0) return "The record is empty.";
        return record[0].Kind == EventNodeKind.Mapping ? null : "The record is a single value where an object was expected.";
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
