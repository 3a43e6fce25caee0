using System.Text.Json;
using System.Text.Json.Nodes;

namespace Watchhouse.Federation.Scim.Schemas;

/// <summary>
/// Brings what a client sent into the form of the schema: canonical names, the right types, nothing that is not kept.
/// </summary>
internal static class ScimValues
{
    /// <summary>The writable attributes of a whole resource, for POST and PUT; read-only ones are passed over (RFC 7644 section 3.5.1).</summary>
    public static JsonObject Resource(JsonObject body, ScimKind kind)
    {
        RequireSchema(body, kind.Urn);
        var resource = new JsonObject();
        foreach (var attribute in kind.Attributes)
        {
            if (attribute.Mutability == ScimMutability.ReadOnly || attribute.Name == "schemas") continue;
            if (body[attribute.Name] is { } value) resource[attribute.Name] = Coerce(attribute, value);
        }

        return resource;
    }

    /// <summary>A client that says what it sends must send what is read here; one that says nothing is taken at its address.</summary>
    public static void RequireSchema(JsonObject body, string urn)
    {
        if (body["schemas"] is not { } schemas) return;
        if (schemas is JsonArray array && array.Any(s => Text(s) is { } text && text.Equals(urn, StringComparison.OrdinalIgnoreCase))) return;
        throw ScimException.Bad(ScimErrors.InvalidSyntax, $"'schemas' does not name '{urn}', which is what this address takes.");
    }

    /// <summary>A value as the attribute has it.</summary>
    public static JsonNode Coerce(ScimAttribute attribute, JsonNode value)
    {
        if (!attribute.MultiValued) return Single(attribute, value);
        var values = value is JsonArray array ? array.AsEnumerable() : [value];
        return new JsonArray([.. values.Where(v => v is not null).Select(v => Single(attribute, v!))]);
    }

    /// <summary>One value, also of a multi-valued attribute.</summary>
    public static JsonNode Single(ScimAttribute attribute, JsonNode value)
    {
        switch (attribute.Type)
        {
            case ScimType.Complex when value is JsonObject parts:
                var complex = new JsonObject();
                foreach (var part in attribute.Parts)
                    if (part.Mutability != ScimMutability.ReadOnly && parts[part.Name] is { } sent)
                        complex[part.Name] = Single(part, sent);
                return complex;
            case ScimType.Complex when attribute.MultiValued && Text(value) is { } bare:
                return new JsonObject { ["value"] = bare };
            case ScimType.Complex:
                throw Wrong(attribute, "an object");
            case ScimType.Boolean:
                return value.GetValueKind() switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    // Microsoft Entra ID sends "True" and "False" unless told to keep to the RFC.
                    JsonValueKind.String when bool.TryParse(value.GetValue<string>(), out var read) => read,
                    _ => throw Wrong(attribute, "true or false"),
                };
            default:
                return Text(value) ?? throw Wrong(attribute, "text");
        }
    }

    public static string? Text(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static ScimException Wrong(ScimAttribute attribute, string what) =>
        ScimException.Bad(ScimErrors.InvalidValue, $"'{attribute.Name}' takes {what}.");
}
