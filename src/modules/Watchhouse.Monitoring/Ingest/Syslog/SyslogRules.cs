using System.Net;
using System.Net.Sockets;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>What a listener may be. Pure.</summary>
internal static class SyslogRules
{
    public const int MostNetworks = 50;
    public const int MostThumbprints = 50;

    public static string[] Parts(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The listener in the form in which it is kept, or what is wrong with it.</summary>
    /// <param name="body">What was asked for.</param>
    /// <param name="plainAnywhere">Whether the operator lets plain syslog come in on addresses of the internet.</param>
    /// <param name="failure">What is wrong.</param>
    public static ListenerInput? Check(ListenerInput body, bool plainAnywhere, out Failure? failure)
    {
        failure = null;
        if (!SourceName.IsValid(body.Source)) failure = Failure.Invalid(SourceName.Rule, "source");
        else if (body.Transport is not (SyslogTransport.Tcp or SyslogTransport.Tls or SyslogTransport.Udp))
            failure = Failure.Invalid("The transport is tcp, tls or udp.", "transport");
        else if (!IPAddress.TryParse(body.Address, out _))
            failure = Failure.Invalid("The address is an IP address of the centre's machine, such as 10.0.0.5; 0.0.0.0 is all of them.", "address");
        else if (body.Port is < 1 or > 65_535) failure = Failure.Invalid("The port is a number from 1 to 65535; syslog over TLS has 6514.", "port");
        if (failure is not null) return null;

        var isTls = body.Transport == SyslogTransport.Tls;
        var address = IPAddress.Parse(body.Address);
        if (!isTls && !plainAnywhere && !IsInside(address))
        {
            failure = Failure.Invalid(
                "Without TLS anybody on the way reads and forges what is sent, so plain syslog comes in on a loopback or private address alone. "
                + "Use tls, name a private address, or have the operator of the centre allow it.", "address");
            return null;
        }

        var networks = Networks(body.Networks ?? [], out failure);
        var thumbprints = failure is null ? Thumbprints(body.Thumbprints ?? [], isTls, out failure) : [];
        if (failure is null && networks.Count == 0 && thumbprints.Count == 0)
            failure = Failure.Invalid(isTls
                ? "Say who may send: thumbprints of client certificates, or networks such as 10.20.0.0/16."
                : "Say which networks may send, such as 10.20.0.0/16: plain syslog proves nothing else of its sender.", "networks");
        return failure is not null
            ? null
            : body with { Address = address.ToString(), Networks = networks, Thumbprints = thumbprints };
    }

    /// <summary>Whether packets of the internet do not come to an address: loopback, link-local, RFC 1918 and RFC 4193.</summary>
    public static bool IsInside(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        var bytes = address.GetAddressBytes();
        return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 169 && bytes[1] == 254);
    }

    private static List<string> Networks(IReadOnlyList<string> given, out Failure? failure)
    {
        var networks = new List<string>();
        failure = null;
        foreach (var text in given)
        {
            if (!IPNetwork.TryParse(text, out var network) || HasHost(text, network))
                failure = Failure.Invalid(
                    $"'{(text.Length > 60 ? text[..60] : text)}' is no network: an address whose bits behind the prefix are 0, "
                    + "such as 10.20.0.0/16 or 10.20.0.7/32.",
                    "networks");
            else if (!networks.Contains(network.ToString())) networks.Add(network.ToString());
        }

        if (networks.Count > MostNetworks) failure = Failure.Invalid($"A listener has at most {MostNetworks} networks.", "networks");
        return networks;
    }

    // 10.20.0.7/16 may have been meant to be one machine, or all of them.
    private static bool HasHost(string text, IPNetwork network)
    {
        var bytes = IPAddress.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]).GetAddressBytes();
        return Enumerable.Range(network.PrefixLength, (bytes.Length * 8) - network.PrefixLength).Any(bit => (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0);
    }

    private static List<string> Thumbprints(IReadOnlyList<string> given, bool isTls, out Failure? failure)
    {
        var thumbprints = new List<string>();
        failure = null;
        if (given.Count > 0 && !isTls) failure = Failure.Invalid("Certificates belong to tls.", "thumbprints");
        foreach (var text in given)
        {
            // As openssl, rsyslog and RFC 5425 (section 4.2.2) write it.
            var hex = text.Trim().ToLowerInvariant();
            foreach (var prefix in new[] { "sha256 fingerprint=", "sha-256:", "sha256:" })
            {
                if (hex.StartsWith(prefix, StringComparison.Ordinal)) hex = hex[prefix.Length..];
            }

            hex = hex.Replace(":", "", StringComparison.Ordinal);
            if (hex.Length != 64 || !hex.All(char.IsAsciiHexDigitLower))
                failure = Failure.Invalid(
                    "A thumbprint is the SHA-256 of the certificate in 64 hexadecimal digits: openssl x509 -in client.pem -noout -fingerprint -sha256.",
                    "thumbprints");
            else if (!thumbprints.Contains(hex)) thumbprints.Add(hex);
        }

        if (thumbprints.Count > MostThumbprints) failure = Failure.Invalid($"A listener has at most {MostThumbprints} certificates.", "thumbprints");
        return thumbprints;
    }
}
