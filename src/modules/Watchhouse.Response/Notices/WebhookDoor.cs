using System.Net;
using System.Net.Sockets;

namespace Watchhouse.Response.Notices;

/// <summary>
/// Where a webhook may be sent. A force chooses the address, and the house stands in the Centre's network: without these rules a webhook would
/// reach what only the house can reach. The name is resolved once for each connection and the connection is made to the addresses that were looked
/// at, so a name that answers differently the second time gains nothing.
/// </summary>
internal static class WebhookDoor
{
    // RFC 6890 and its registries: what is not the public internet. IPv4 within IPv6 is unwrapped before.
    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    // RFC 4291: global unicast is handed out of this block alone; loopback, local, link-local and multicast addresses lie outside.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    // RFC 6052: an IPv4 address behind a translator.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Why a webhook cannot have this address, in a sentence; null where it can.</summary>
    public static string? Fault(string? text)
    {
        if (text is null || text.Length > 2_000 || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address)) return "Give a whole address that begins with https://.";
        if (address.Scheme != Uri.UriSchemeHttps) return "The address begins with https://, so that nobody on the way reads or changes what is sent.";
        if (address.UserInfo.Length > 0) return "Leave name and password out of the address: the message is signed instead.";
        if (address.Fragment.Length > 0) return "Leave out the part after #: it is never sent.";
        return IPAddress.TryParse(address.DnsSafeHost, out var ip) && !IsPublic(ip) ? "The address lies in a private or reserved network, where webhooks are not sent." : null;
    }

    /// <summary>Whether the address belongs to the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return IsPublic(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (Translated.Contains(address)) return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
            if (!Global.Contains(address) || address.ScopeId != 0) return false;
        }

        return !Array.Exists(Closed, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>A handler that connects to public addresses alone, or also to those that the operator allows; it follows no redirect and uses no proxy.</summary>
    /// <param name="allowed">Networks of the operator's own that are allowed though they are not public.</param>
    /// <param name="resolve">Answers the addresses of a name.</param>
    public static SocketsHttpHandler Handler(IReadOnlyList<IPNetwork> allowed, Func<string, CancellationToken, Task<IPAddress[]>> resolve) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 16,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var addresses = await resolve(context.DnsEndPoint.Host, cancellationToken);
            // One private address among public ones is a sign of a trick, so the name as a whole is refused.
            if (addresses.Length == 0 || Array.Exists(addresses, address => !IsPublic(address) && !allowed.Any(network => network.Contains(address))))
                throw new HttpRequestException($"'{context.DnsEndPoint.Host}' does not lie in the public internet, so nothing was sent. The operator of the house can allow its network.");
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
