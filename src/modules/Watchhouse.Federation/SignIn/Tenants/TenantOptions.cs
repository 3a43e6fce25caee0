namespace Watchhouse.Federation.SignIn.Tenants;

/// <summary>What the operator allows of tenants.</summary>
internal sealed class TenantOptions
{
    /// <summary>
    /// Authorities besides Microsoft's public cloud that may be registered, each with what lies below it: a sovereign cloud,
    /// or an identity provider of a test. The server fetches keys from there, so an administrator of a force cannot choose
    /// freely. Setting <c>SignIn:Authorities</c>.
    /// </summary>
    public List<string> Authorities { get; } = [];

    public bool Allows(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { Query: "", Fragment: "", UserInfo: "" }
        && Authorities.Any(allowed => Uri.TryCreate(allowed.TrimEnd('/') + "/", UriKind.Absolute, out var root)
            && root.IsBaseOf(new Uri(authority.TrimEnd('/') + "/")));
}
