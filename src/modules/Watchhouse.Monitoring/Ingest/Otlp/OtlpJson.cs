using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Watchhouse.Monitoring.Ingest.Reading;

namespace Watchhouse.Monitoring.Ingest.Otlp;

/// <summary>Reads an ExportLogsServiceRequest in the protocol's JSON (OTLP specification, section JSON Protobuf Encoding). Pure.</summary>
internal static class OtlpJson
{
    private sealed record Around(JsonElement Record, byte[]? Resource, byte[]? Scope);

    /// <exception cref="JsonException">The request is no JSON.</exception>
    /// <exception cref="ProtoException">It is JSON, but not such a request.</exception>
    public static OtlpEvents Read(ReadOnlyMemory<byte> body, IngestLimits limits)
    {
        // A record lies ten levels deep, and each level of a value takes four.
        using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = (limits.MaxDepth * 4) + 10 });
        var events = new OtlpEvents(limits);
        foreach (var resource in Items(json.RootElement, "resourceLogs"))
        {
            var (about, service) = (Object(resource, "resource", false), Service(resource));
            foreach (var scope in Items(resource, "scopeLogs"))
            {
                var within = Object(scope, "scope", true);
                foreach (var record in Items(scope, "logRecords"))
                    if (!events.Add(service, JsonMarshal.GetRawUtf8Value(record), WriteRecord, new Around(record, about, within)))
                        return events;
            }
        }

        return events;
    }

    /// <summary>Nanoseconds as text: a number of JSON would lose the last digits in many readers. Zero means unknown.</summary>
    public static void WriteNanoseconds(Utf8JsonWriter json, ReadOnlySpan<byte> name, ulong value)
    {
        if (value != 0) json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    public static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    public static void WriteAround(Utf8JsonWriter json, byte[]? resource, byte[]? scope)
    {
        if (resource is not null)
        {
            json.WritePropertyName("resource"u8);
            json.WriteRawValue(resource, skipInputValidation: true);
        }

        if (scope is null) return;
        json.WritePropertyName("scope"u8);
        json.WriteRawValue(scope, skipInputValidation: true);
    }

    private static void WriteRecord(Utf8JsonWriter json, Around around, ReadOnlySpan<byte> raw)
    {
        var record = around.Record;
        if (record.ValueKind != JsonValueKind.Object) throw new ProtoException(JsonEvent.NotAnObject);
        json.WriteStartObject();
        WriteNanoseconds(json, "timeUnixNano"u8, Whole(record, "timeUnixNano"));
        WriteNanoseconds(json, "observedTimeUnixNano"u8, Whole(record, "observedTimeUnixNano"));
        if (Whole(record, "severityNumber") is > 0 and var severity) json.WriteNumber("severityNumber"u8, severity);
        foreach (var name in (string[])["severityText", "traceId", "spanId", "eventName"])
            if (Text(record, name) is { Length: > 0 } text)
                json.WriteString(name, text);
        if (record.TryGetProperty("body", out var body))
        {
            json.WritePropertyName("body"u8);
            WriteValue(json, body, 1);
        }

        json.WritePropertyName("attributes"u8);
        WriteAttributes(json, record, "attributes", 1);
        WriteAround(json, around.Resource, around.Scope);
        json.WriteEndObject();
    }

    private static byte[]? Object(JsonElement parent, string name, bool isScope)
    {
        if (!parent.TryGetProperty(name, out var element) || element.ValueKind != JsonValueKind.Object) return null;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (var member in isScope ? (string[])["name", "version"] : [])
                if (Text(element, member) is { Length: > 0 } text)
                    json.WriteString(member, text);
            json.WritePropertyName("attributes"u8);
            WriteAttributes(json, element, "attributes", 1);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? Service(JsonElement resource)
    {
        if (!resource.TryGetProperty("resource", out var about)) return null;
        foreach (var attribute in Items(about, "attributes"))
            if (Text(attribute, "key") == "service.name" && attribute.TryGetProperty("value", out var value))
                return Text(value, "stringValue");
        return null;
    }

    private static void WriteAttributes(Utf8JsonWriter json, JsonElement parent, string name, int depth)
    {
        json.WriteStartObject();
        foreach (var attribute in Items(parent, name))
        {
            json.WritePropertyName(Text(attribute, "key") ?? "");
            if (attribute.ValueKind == JsonValueKind.Object && attribute.TryGetProperty("value", out var value)) WriteValue(json, value, depth);
            else json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, JsonElement value, int depth)
    {
        if (depth > OtlpProto.MostDepth) throw new ProtoException(OtlpProto.TooDeep);
        var member = value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().FirstOrDefault() : default;
        switch (member.Value.ValueKind == JsonValueKind.Undefined ? "" : member.Name)
        {
            case "stringValue": json.WriteStringValue(Text(value, "stringValue")); break;
            case "boolValue": json.WriteBooleanValue(member.Value.ValueKind == JsonValueKind.True); break;
            case "intValue": json.WriteNumberValue(Int(member.Value)); break;
            case "doubleValue" when member.Value.ValueKind == JsonValueKind.Number: member.Value.WriteTo(json); break;
            case "doubleValue" or "bytesValue": json.WriteStringValue(Text(value, member.Name)); break;
            case "kvlistValue": WriteAttributes(json, member.Value, "values", depth + 1); break;
            case "arrayValue":
                json.WriteStartArray();
                foreach (var item in Items(member.Value, "values")) WriteValue(json, item, depth + 1);
                json.WriteEndArray();
                break;
            case "": json.WriteNullValue(); break;
            default: throw new ProtoException("A value has a kind that is not known.");
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object) throw new ProtoException("An object is missing where one belongs.");
        if (!parent.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return default;
        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new ProtoException($"'{name}' is not an array.");
    }

    private static string? Text(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new ProtoException(JsonEvent.NotUtf8);
        }
    }

    // 64-bit numbers come as text, and from some senders as numbers.
    private static ulong Whole(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var value) ? 0UL
        : value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number
        : value.ValueKind == JsonValueKind.String && ulong.TryParse(Text(parent, name), NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number
        : value.ValueKind == JsonValueKind.Null ? 0UL
        : throw new ProtoException($"'{name}' is not a whole number.");

    private static long Int(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number
        : throw new ProtoException("'intValue' is not a whole number.");
}
