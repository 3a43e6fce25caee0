using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>An answer of type application/scim+json.</summary>
internal sealed class ScimResult(int status, JsonObject? body, string? location = null, string? tag = null) : IResult
{
    public static ScimResult NoContent { get; } = new(StatusCodes.Status204NoContent, null);

    public static ScimResult Error(ScimException error)
    {
        var body = new JsonObject { ["schemas"] = new JsonArray(ScimUrns.Error) };
        if (error.Type is { } type) body["scimType"] = type;
        body["detail"] = error.Message;
        body["status"] = error.Status.ToString(CultureInfo.InvariantCulture);
        return new ScimResult(error.Status, body);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        // People's names and addresses are nothing for a cache on the way.
        response.Headers.CacheControl = "no-store";
        if (location is not null) response.Headers.Location = location;
        if (tag is not null) response.Headers.ETag = tag;
        if (body is null) return;
        response.ContentType = ScimBody.MediaType + "; charset=utf-8";
        var bytes = JsonSerializer.SerializeToUtf8Bytes<JsonNode>(body, JsonSerializerOptions.Default);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
