using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>
/// Reads a request's body: bounded in size and depth, names without regard to case (RFC 7643 section 2.1), nothing twice.
/// </summary>
internal static class ScimBody
{
    public const string MediaType = "application/scim+json";
    public const int Largest = 1024 * 1024;
    private const int Deepest = 24;

    public static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequireMediaType(request);
        if (request.ContentLength > Largest) throw TooLarge();
        using var buffer = new MemoryStream();
        var piece = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (buffer.Length + read > Largest) throw TooLarge();
            buffer.Write(piece, 0, read);
        }

        return Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }

    public static JsonObject Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = Deepest });
            return Node(document.RootElement) as JsonObject
                ?? throw ScimException.Bad(ScimErrors.InvalidSyntax, "The body is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw ScimException.Bad(ScimErrors.InvalidSyntax, utf8.IsEmpty
                ? "The body is empty; a JSON object is expected."
                : $"The body is not JSON of at most {Deepest} levels: it cannot be read on line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json reports half surrogates and broken UTF-8 only when a text is fetched.
            throw ScimException.Bad(ScimErrors.InvalidSyntax, "The body has text that is not Unicode.");
        }
    }

    private static JsonNode? Node(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
                foreach (var member in element.EnumerateObject())
                {
                    if (members.ContainsKey(member.Name))
                        throw ScimException.Bad(ScimErrors.InvalidSyntax, "An object of the body has one name twice; case makes no difference.");
                    members.Add(member.Name, Node(member.Value));
                }

                return members;
            case JsonValueKind.Array: return new JsonArray([.. element.EnumerateArray().Select(Node)]);
            case JsonValueKind.String: return JsonValue.Create(element.GetString());
            case JsonValueKind.True: return JsonValue.Create(true);
            case JsonValueKind.False: return JsonValue.Create(false);
            case JsonValueKind.Number: return JsonValue.Create(element.Clone());
            default: return null;
        }
    }

    private static void RequireMediaType(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType)) return;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return;
        throw new ScimException(415, null, $"The body is not of type {MediaType} or application/json in UTF-8.");
    }

    private static ScimException TooLarge() => new(413, null, $"The body is larger than {Largest} bytes.");
}
