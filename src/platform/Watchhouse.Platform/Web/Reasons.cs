using Microsoft.AspNetCore.Http;

namespace Watchhouse.Platform.Web;

/// <summary>Where a caller says why.</summary>
public static class Reasons
{
    /// <summary>
    /// The header <c>X-Reason</c>, UTF-8 percent-encoded where needed. A header and not the address: addresses stand in logs.
    /// </summary>
    public static string? Reason(this HttpRequest request)
    {
        var text = Uri.UnescapeDataString(request.Headers["X-Reason"].ToString()).Trim();
        return text.Length == 0 ? null : text[..Math.Min(text.Length, 500)];
    }
}
