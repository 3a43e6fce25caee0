using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

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
        var error = Append(record, source, start, length, EventNodeFlags.None, lift: false, limits);
        if (error is not null) return error;
        if (record.NodeCount == 0) return "The record is empty.";
        return record[0].Kind switch
        {
            EventNodeKind.Mapping => null,
            EventNodeKind.Sequence => "The record is an array where an object was expected.",
            _ => "The record is a single value where an object was expected.",
        };
    }

    /// <summary>
    /// Appends the object or array that lies in the record's own bytes: as one member with a name, or, lifted, each of its
    /// members as one of the container that is being filled. False, and nothing appended, where it is not JSON.
    /// </summary>
    internal static bool TryAppendOwned(EventRecord record, ReadOnlySpan<byte> name, int start, int length, bool lift, ReadLimits limits)
    {
        var nameStart = record.Own(name);
        var first = record.NodeCount;
        if (Append(record, record.OwnedBuffer, start, length, EventNodeFlags.NameOwned | EventNodeFlags.ValueOwned, lift, limits) is not null
            || (!lift && record.NodeCount == first))
        {
            record.Truncate(first);
            return false;
        }

        if (!lift) (record[first].NameStart, record[first].NameLength) = (nameStart, name.Length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static string? Append(
        EventRecord record, byte[] source, int start, int length, EventNodeFlags origin, bool lift, ReadLimits limits)
    {
        if (length > limits.RecordBytes) return $"The record has {length} bytes; the limit is {limits.RecordBytes}.";
        // The reader does not look inside strings, and RFC 8259, section 8.1, asks for UTF-8 there too.
        if (!Utf8.IsValid(source.AsSpan(start, length))) return $"The record is not UTF-8 at byte {InvalidAt(source.AsSpan(start, length))}.";
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
                    if (open[--depth] < 0) continue;
                    ref var closed = ref record[open[depth]];
                    closed.End = record.NodeCount;
                    closed.ValueLength = start + (int)reader.BytesConsumed - closed.ValueStart;
                    continue;
                }

                if (lift && depth == 0)
                {
                    if (token != JsonTokenType.StartObject) return "The record is not an object.";
                    open[depth++] = -1;
                    continue;
                }

                var index = record.Add();
                if (index >= limits.Nodes) return $"The record holds more than {limits.Nodes} values.";
                ref var node = ref record[index];
                node.NameStart = nameStart;
                node.NameLength = nameLength;
                node.Flags = nameFlags | origin;
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

        return null;
    }

    private static int InvalidAt(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var used) == OperationStatus.Done) at += used;
        return at;
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
