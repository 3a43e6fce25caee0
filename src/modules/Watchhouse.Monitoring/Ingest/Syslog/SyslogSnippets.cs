using System.Globalization;
using System.Net;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>The configuration of senders for a listener, to be copied. Pure.</summary>
internal static class SyslogSnippets
{
    /// <summary>Where a listener is reached: its own address, or the centre's name where it listens on all addresses or proves itself by a name.</summary>
    public static string Target(string transport, string address, string host) =>
        IPAddress.TryParse(address, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) || (transport == SyslogTransport.Tls && !IPAddress.IsLoopback(ip)))
            ? host : address;

    /// <param name="transport">One of <see cref="SyslogTransport"/>.</param>
    /// <param name="target">The name or address of the centre.</param>
    /// <param name="port">The port.</param>
    /// <param name="thumbprint">The centre's certificate; needed for TLS.</param>
    /// <param name="isNamed">Whether the listener names its senders' certificates.</param>
    public static string Rsyslog(string transport, string target, int port, string? thumbprint, bool isNamed)
    {
        var end = transport == SyslogTransport.Udp ? ")" : """

              action.resumeRetryCount="-1" queue.type="LinkedList" queue.filename="watchhouse"
              queue.maxDiskSpace="1g" queue.saveOnShutdown="on")
            """;
        var to = string.Create(CultureInfo.InvariantCulture, $"action(type=\"omfwd\" target=\"{target}\" port=\"{port}\"");
        if (transport == SyslogTransport.Udp) return $"""
            # /etc/rsyslog.d/60-watchhouse.conf
            {to} protocol="udp" template="RSYSLOG_SyslogProtocol23Format")

            """;
        if (transport == SyslogTransport.Tcp) return $"""
            # /etc/rsyslog.d/60-watchhouse.conf
            {to} protocol="tcp" TCP_Framing="octet-counted"
              template="RSYSLOG_SyslogProtocol23Format"{end}

            """;
        var own = isNamed
            ? "\n  defaultNetstreamDriverCertFile=\"/etc/rsyslog.d/client.pem\"\n  defaultNetstreamDriverKeyFile=\"/etc/rsyslog.d/client.key\""
            : "";
        return $"""
            # /etc/rsyslog.d/60-watchhouse.conf; needs the package rsyslog-openssl
            global(defaultNetstreamDriverCAFile="/etc/rsyslog.d/watchhouse.pem"{own})
            {to} protocol="tcp" TCP_Framing="octet-counted"
              StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/fingerprint"
              StreamDriverPermittedPeers="SHA256:{thumbprint}"
              template="RSYSLOG_SyslogProtocol23Format"{end}

            """;
    }

    public static string SyslogNg(string transport, string target, int port, bool isNamed)
    {
        var own = isNamed ? "\n      cert-file(\"/etc/syslog-ng/client.pem\") key-file(\"/etc/syslog-ng/client.key\")" : "";
        var tls = transport == SyslogTransport.Tls ? $"\n    tls(ca-file(\"/etc/syslog-ng/watchhouse.pem\"){own}\n      peer-verify(required-trusted))" : "";
        var buffer = transport == SyslogTransport.Udp ? "" : "\n    disk-buffer(reliable(yes) disk-buf-size(1073741824))";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            # /etc/syslog-ng/conf.d/watchhouse.conf; s_src is the source of Debian's own configuration
            destination d_watchhouse {
              syslog("{{target}}" port({{port}}) transport("{{transport}}"){{tls}}{{buffer}});
            };
            log { source(s_src); destination(d_watchhouse); flags(flow-control); };

            """);
    }
}
