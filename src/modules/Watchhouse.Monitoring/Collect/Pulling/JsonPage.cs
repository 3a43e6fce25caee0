using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Watchhouse.Monitoring.Collect.Pulling;

/// <summary>What an answer holds: the elements of its list as they came, and where the next page lies.</summary>
/// <param name="Elements">Bytes of each element, on one line.</param>
/// <param name="Strange">Elements that are no objects.</param>
/// <param name="Next">Text of the member that names the next page.</param>
internal sealed record JsonPage(IReadOnlyList<ReadOnlyMemory<byte>> Elements, long Strange, string? Next)
{
    private const int MaxDepth = 64;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads a list, or an object with a list in it. Bytes of elements are not changed, but for line breaks between members.</summary>
    /// <param name="body">The answer, whole.</param>
    /// <param name="list">The member with the list, when the answer is an object.</param>
    /// <param name="next">The member that names the next page.</param>
    /// <exception cref="JsonException">It is not that.</exception>
    public static JsonPage Read(ReadOnlyMemory<byte> body, string list, string next)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        var reader = new Utf8JsonReader(body.Span, Options);
        if (!reader.Read()) throw new JsonException("The answer is empty.");
        var elements = new List<ReadOnlyMemory<byte>>();
        var strange = 0L;
        string? cursor = null;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            strange = Take(ref reader, body, elements);
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            var found = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isList = reader.ValueTextEquals(list);
                var isNext = reader.ValueTextEquals(next);
                reader.Read();
                if (isList && reader.TokenType == JsonTokenType.StartArray)
                {
                    found = true;
                    strange += Take(ref reader, body, elements);
                }
                else if (isNext && reader.TokenType == JsonTokenType.String)
                {
                    cursor = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }

            if (!found) throw new JsonException("The answer has no list.");
        }
        else
        {
            throw new JsonException("The answer is no list.");
        }

        // Anything behind it means that it is not what it seems.
        while (reader.Read()) throw new JsonException("Something follows the answer.");
        return new JsonPage(elements, strange, cursor);
    }

    /// <summary>What tells an event from others: the text of a member, with that of another where the event changes; else all of it.</summary>
    public static Guid Key(ReadOnlySpan<byte> line, string id, string? changed = null)
    {
        var reader = new Utf8JsonReader(line, Options);
        string? first = null;
        string? second = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = first is null && reader.ValueTextEquals(id);
            var isChanged = second is null && changed is not null && reader.ValueTextEquals(changed);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && isId) first = reader.GetString();
            else if (reader.TokenType == JsonTokenType.String && isChanged) second = reader.GetString();
            else reader.Skip();
            if (first is not null && (changed is null || second is not null)) break;
        }

        return string.IsNullOrEmpty(first) ? Hash(line) : Hash(Encoding.UTF8.GetBytes($"{first}\n{second}"));
    }

    public static Guid Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return new Guid(hash[..16]);
    }

    private static long Take(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, List<ReadOnlyMemory<byte>> elements)
    {
        var strange = 0L;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (isObject) elements.Add(OneLine(body[start..(int)reader.BytesConsumed]));
            else strange++;
        }

        return strange;
    }

    // Within strings of JSON a line break is escaped (RFC 8259, section 7), so these stand between members.
    private static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> element)
    {
        if (!element.Span.ContainsAny((byte)'\n', (byte)'\r')) return element;
        var line = element.ToArray();
        foreach (ref var each in line.AsSpan())
            if (each is (byte)'\n' or (byte)'\r')
                each = (byte)' ';
        return line;
    }
}
