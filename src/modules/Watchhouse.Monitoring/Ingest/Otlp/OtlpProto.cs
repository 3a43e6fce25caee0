using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Watchhouse.Monitoring.Ingest.Reading;

namespace Watchhouse.Monitoring.Ingest.Otlp;

/// <summary>
/// Reads an ExportLogsServiceRequest of the OpenTelemetry protocol in protocol buffers (opentelemetry/proto/logs/v1,
/// common/v1, resource/v1; field numbers of version 1.x). Pure.
/// </summary>
internal static class OtlpProto
{
    public const int MostDepth = 32;
    public const string TooDeep = "It is nested deeper than 32 levels.";

    /// <summary>The attributes of a resource and of a scope, written once as JSON.</summary>
    private sealed record Around(byte[]? Resource, byte[]? Scope);

    /// <exception cref="ProtoException">The request is no such message.</exception>
    public static OtlpEvents Read(ReadOnlySpan<byte> body, IngestLimits limits)
    {
        var events = new OtlpEvents(limits);
        var request = new ProtoReader(body);
        while (request.Next())
        {
            if (request.Field != 1) request.Skip();
            else if (!ReadResource(request.Bytes(), events)) break;
        }

        return events;
    }

    private static bool ReadResource(ReadOnlySpan<byte> message, OtlpEvents events)
    {
        byte[]? resource = null;
        string? service = null;
        // The resource may stand behind its records on the wire, so it is looked for first.
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field != 1)
            {
                fields.Skip();
                continue;
            }

            var inner = fields.Bytes();
            service = ServiceName(inner);
            resource = Json(inner, 1, default);
        }

        fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field != 2) fields.Skip();
            else if (!ReadScope(fields.Bytes(), resource, service, events)) return false;
        }

        return true;
    }

    private static bool ReadScope(ReadOnlySpan<byte> message, byte[]? resource, string? service, OtlpEvents events)
    {
        byte[]? scope = null;
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field == 1) scope = Scope(fields.Bytes());
            else fields.Skip();
        }

        var around = new Around(resource, scope);
        fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field != 2) fields.Skip();
            else if (!events.Add(service, fields.Bytes(), WriteRecord, around)) return false;
        }

        return true;
    }

    private static void WriteRecord(Utf8JsonWriter json, Around around, ReadOnlySpan<byte> record)
    {
        json.WriteStartObject();
        var fields = new ProtoReader(record);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: OtlpJson.WriteNanoseconds(json, "timeUnixNano"u8, fields.Fixed64()); break;
                case 2: json.WriteNumber("severityNumber"u8, fields.UInt()); break;
                case 3: WriteText(json, "severityText"u8, fields.Bytes()); break;
                case 5: json.WritePropertyName("body"u8); WriteValue(json, fields.Bytes(), 1); break;
                case 8: json.WriteNumber("flags"u8, fields.Fixed32()); break;
                case 9: WriteHex(json, "traceId"u8, fields.Bytes()); break;
                case 10: WriteHex(json, "spanId"u8, fields.Bytes()); break;
                case 11: OtlpJson.WriteNanoseconds(json, "observedTimeUnixNano"u8, fields.Fixed64()); break;
                case 12: WriteText(json, "eventName"u8, fields.Bytes()); break;
                default: fields.Skip(); break;
            }
        }

        json.WritePropertyName("attributes"u8);
        WriteAttributes(json, record, 6, 1);
        OtlpJson.WriteAround(json, around.Resource, around.Scope);
        json.WriteEndObject();
    }

    private static byte[] Scope(ReadOnlySpan<byte> message) => Json(message, 3, static (json, scope) =>
    {
        var fields = new ProtoReader(scope);
        while (fields.Next())
        {
            if (fields.Field == 1) WriteText(json, "name"u8, fields.Bytes());
            else if (fields.Field == 2) WriteText(json, "version"u8, fields.Bytes());
            else fields.Skip();
        }
    });

    private delegate void Member(Utf8JsonWriter json, ReadOnlySpan<byte> message);

    private static byte[] Json(ReadOnlySpan<byte> message, int attributes, Member? more)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            more?.Invoke(json, message);
            json.WritePropertyName("attributes"u8);
            WriteAttributes(json, message, attributes, 1);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? ServiceName(ReadOnlySpan<byte> resource)
    {
        var fields = new ProtoReader(resource);
        while (fields.Next())
        {
            if (fields.Field != 1)
            {
                fields.Skip();
                continue;
            }

            Pair(fields.Bytes(), out var key, out var value);
            if (!key.SequenceEqual("service.name"u8)) continue;
            var inner = new ProtoReader(value);
            while (inner.Next())
            {
                if (inner.Field == 1) return Encoding.UTF8.GetString(inner.Bytes());
                inner.Skip();
            }
        }

        return null;
    }

    private static void WriteAttributes(Utf8JsonWriter json, ReadOnlySpan<byte> message, int field, int depth)
    {
        json.WriteStartObject();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field != field)
            {
                fields.Skip();
                continue;
            }

            Pair(fields.Bytes(), out var key, out var value);
            json.WritePropertyName(Checked(key));
            WriteValue(json, value, depth);
        }

        json.WriteEndObject();
    }

    private static void Pair(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = default;
        value = default;
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field == 1) key = fields.Bytes();
            else if (fields.Field == 2) value = fields.Bytes();
            else fields.Skip();
        }
    }

    // AnyValue. Numbers stay numbers, bytes become base64, as the protocol's own JSON writes them.
    private static void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> message, int depth)
    {
        if (depth > MostDepth) throw new ProtoException(TooDeep);
        var fields = new ProtoReader(message);
        var written = false;
        while (!written && fields.Next())
        {
            written = true;
            switch (fields.Field)
            {
                case 1: json.WriteStringValue(Checked(fields.Bytes())); break;
                case 2: json.WriteBooleanValue(fields.UInt() != 0); break;
                case 3: json.WriteNumberValue((long)fields.UInt()); break;
                case 4: OtlpJson.WriteNumber(json, BitConverter.UInt64BitsToDouble(fields.Fixed64())); break;
                case 5: WriteList(json, fields.Bytes(), depth + 1); break;
                case 6: WriteAttributes(json, fields.Bytes(), 1, depth + 1); break;
                case 7: json.WriteBase64StringValue(fields.Bytes()); break;
                default: fields.Skip(); written = false; break;
            }
        }

        if (!written) json.WriteNullValue();
    }

    private static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> message, int depth)
    {
        json.WriteStartArray();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field == 1) WriteValue(json, fields.Bytes(), depth);
            else fields.Skip();
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) json.WriteString(name, Checked(value));
    }

    private static void WriteHex(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.Length > 64) throw new ProtoException("A trace id is longer than its kind.");
        if (!value.IsEmpty) json.WriteString(name, Convert.ToHexStringLower(value));
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> text) =>
        Utf8.IsValid(text) ? text : throw new ProtoException(JsonEvent.NotUtf8);
}
