using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>An address as an indicator of Defender names it. Pure.</summary>
/// <param name="Type">IpAddress, DomainName or Url.</param>
/// <param name="Value">The value.</param>
internal sealed partial record BlockedAddress(string Type, string Value)
{
    // To block these would cut the force off from its own work, and from what undoes it.
    private static readonly string[] Vital =
        ["police.uk", "gov.uk", "microsoft.com", "microsoftonline.com", "office.com", "office365.com", "windows.net", "windows.com", "azure.com", "sharepoint.com", "outlook.com", "live.com"];

    /// <summary>The address, or why it is not blocked.</summary>
    public static (BlockedAddress? Address, string Why) Read(string target, EstateLimits limits)
    {
        var text = target.Trim();
        if (limits.Covers(text)) return Never(text);
        if (IPAddress.TryParse(text, out var ip))
        {
            // 010.0.0.1 and 1 are taken for addresses by some and not by others.
            if (ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() != text) return (null, $"'{text}' is no address in four parts without leading zeros.");
            if (ip.IsIPv4MappedToIPv6) ip = ip.MapToIPv4();
            return IsOwn(ip) ? (null, $"{ip} is not an address of the public internet. Blocking it would meet the force's own network.")
                : limits.Covers(ip.ToString()) ? Never(ip.ToString()) : (new BlockedAddress("IpAddress", ip.ToString()), "");
        }

        if (text.Contains('/', StringComparison.Ordinal))
        {
            if (text.Split('/') is [var network, var bits] && IPAddress.TryParse(network, out _) && int.TryParse(bits, out _))
                return (null, "Defender takes single addresses and no ranges. Name each address.");
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || text.Length > 2_000 || url.UserInfo.Length > 0)
                return (null, "Name an IP address, a domain, or an address that begins with https:// or http://.");
            return Vet(url.IdnHost, limits) is { } why ? (null, why) : (new BlockedAddress("Url", text), "");
        }

        var domain = text.TrimEnd('.').ToLowerInvariant();
        if (!Domain().IsMatch(domain)) return (null, "Name an IP address, a domain, or an address that begins with https:// or http://.");
        return Vet(domain, limits) is { } refusal ? (null, refusal) : (new BlockedAddress("DomainName", domain), "");
    }

    private static (BlockedAddress?, string) Never(string name) => (null, $"{name} is on the force's list of what is never touched. A person of the force does this by hand, if at all.");

    private static string? Vet(string host, EstateLimits limits)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IsOwn(ip)) return $"{host} is not an address of the public internet.";
        for (var at = 0; at >= 0 && at < host.Length; at = host.IndexOf('.', at) is var dot and >= 0 ? dot + 1 : -1)
        {
            var parent = host[at..];
            if (limits.Covers(parent)) return Never(host).Item2;
            if (Vital.Contains(parent, StringComparer.OrdinalIgnoreCase)) return $"{host} belongs to {parent}, on which the force's own work rests. A person of the force does this by hand, if at all.";
        }

        return null;
    }

    private static bool IsOwn(IPAddress ip)
    {
        if (IPAddress.IsLoopback(ip) || ip.IsIPv6LinkLocal || ip.IsIPv6SiteLocal || ip.IsIPv6UniqueLocal || ip.IsIPv6Multicast || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) return true;
        if (ip.AddressFamily != AddressFamily.InterNetwork) return false;
        Span<byte> b = stackalloc byte[4];
        ip.TryWriteBytes(b, out _);
        // RFC 1918, RFC 6598, link-local, multicast and beyond.
        return b[0] is 0 or 10 or 127 or >= 224 || (b[0] == 172 && b[1] is >= 16 and <= 31) || (b[0] == 192 && b[1] == 168) || (b[0] == 100 && b[1] is >= 64 and <= 127) || (b[0] == 169 && b[1] == 254);
    }

    [GeneratedRegex("^(?=.{4,253}\\z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\\z")]
    private static partial Regex Domain();
}
