using Microsoft.AspNetCore.Http;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Platform.Web;

/// <summary>
/// Refuses state-changing requests that a browser sends with somebody's cookie on behalf of another site. Forms carry
/// antiforgery tokens besides; this covers the JSON API, by the headers that a browser sets and a page cannot
/// (Fetch Metadata, and Origin where that is absent).
/// </summary>
internal static class CrossSite
{
    public static bool Refuses(HttpRequest request, ActingPrincipal principal)
    {
        if (principal.Kind != PrincipalKind.Person) return false;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
