namespace Watchhouse.Monitoring.Collect.Http;

/// <summary>
/// Where an API lies. Answers name further addresses (next pages, blobs), and a token goes with each request: an address of another
/// host, another scheme or beside the API's own path gets none. Pure.
/// </summary>
/// <param name="Root">Scheme and host, with a path that ends in a slash.</param>
internal sealed record ApiAddress(Uri Root)
{
    public static ApiAddress Of(string host, string path = "") => new(new Uri(new Uri(host), $"/{path}"));

    public Uri At(string relative) => new(Root, relative);

    /// <summary>The address as one of this API.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public Uri Follow(string address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && uri.Scheme == Root.Scheme
            && string.Equals(uri.IdnHost, Root.IdnHost, StringComparison.OrdinalIgnoreCase)
            && uri.Port == Root.Port
            && uri.UserInfo.Length == 0
            && uri.AbsolutePath.StartsWith(Root.AbsolutePath, StringComparison.OrdinalIgnoreCase))
            return uri;
        throw new ApiException(ApiFault.Foreign,
            $"An answer of {Root.Host} points to an address that is not of that API. Nothing was sent there. If this lasts, tell the operator of the centre: somebody may be changing the answers.");
    }
}
