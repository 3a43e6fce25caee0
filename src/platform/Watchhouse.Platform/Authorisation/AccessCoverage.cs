using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Watchhouse.Platform.Authorisation;

/// <summary>Finds endpoints that do not say who may reach them.</summary>
public static class AccessCoverage
{
    /// <summary>The display names of endpoints without a declaration; the program refuses to start on any.</summary>
    public static IReadOnlyList<string> Undeclared(IEnumerable<Endpoint> endpoints) =>
        [.. endpoints.Where(e => Of(e) is null).Select(e => e.DisplayName ?? "(unnamed)").Distinct()];

    /// <summary>What an endpoint declares; null when it is silent.</summary>
    public static IAccessMetadata? Of(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAccessMetadata>() is { } declared) return declared;
        if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null) return StaticAsset;
        // Blazor maps its circuit, its script and its opaque redirects itself. The circuit runs pages, so it
        // needs a signed-in user; each page on it is checked again for its own permission.
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimStart('/') ?? "";
        if (route.StartsWith("_blazor", StringComparison.Ordinal))
            return route.Contains("disconnect", StringComparison.Ordinal) ? Framework : Circuit;
        // Run from a build rather than published, assets that changed since are served by a fallback of the framework.
        if (route == "{**path:file}") return StaticAsset;
        if (route.StartsWith("_framework", StringComparison.Ordinal) || route.StartsWith("_content", StringComparison.Ordinal))
            return Framework;
        return null;
    }

    private static readonly AccessDeclaration StaticAsset = new(null, "Styles, scripts and pictures hold no data.");
    private static readonly AccessDeclaration Framework = new(null, "The framework's scripts hold no data.");
    private static readonly AccessDeclaration Circuit = new(null, null, SignedInOnly: true);
}
