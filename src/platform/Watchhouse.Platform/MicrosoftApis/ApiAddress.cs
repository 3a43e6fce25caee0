namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>
/// Where an API lies. Answers name further addresses (next pages, blobs), and a token goes with each request: an address of another
/// host, another scheme or beside the API's own path gets none. Pure.
/// </summary>
/// <param name="Root">Scheme and host, with a path that ends in a slash.</param>
public sealed record ApiAddress(Uri Root)
{
    public static ApiAddress Of(string host, string path = "") => new(new Uri(new Uri(host), $"/{path}"));

    /// <summary>Checks the address of a host in the operator's settings: tokens go there.</summary>
    /// <exception cref="InvalidOperationException">It is none, or not reached by https.</exception>
    public static void CheckHost(string setting, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            || uri is not { PathAndQuery: "/", Fragment: "", UserInfo: "" })
            throw new InvalidOperationException(
                $"The setting {setting} is '{address}'. It must be an https address of a host alone (http only on this machine), such as https://graph.microsoft.com.");
    }

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
