using Microsoft.AspNetCore.Http;

namespace Watchhouse.Platform.Web;

/// <summary>Tells programs from browsers.</summary>
public static class RequestKind
{
    private static readonly string[] ProgramPaths = ["/api", "/scim", "/connect", "/ingest", "/taxii2", "/services", "/elastic", "/v1", "/_bulk", "/openapi", "/_blazor"];

    /// <summary>Whether the caller reads status codes and JSON rather than pages.</summary>
    public static bool IsForProgram(this HttpRequest request) =>
        request.Headers.Authorization.Count > 0
        || Array.Exists(ProgramPaths, p => request.Path.StartsWithSegments(p, StringComparison.Ordinal))
        || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method));
}
