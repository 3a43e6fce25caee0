using Microsoft.Extensions.Configuration;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>What the operator of the centre says of syslog, in the configuration's section <c>Syslog</c>.</summary>
internal sealed record SyslogOptions
{
    /// <summary>PEM file of the server's certificate and those between it and its root; null: one is made.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file of its private key; null: it is in the certificate's file.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Whether TCP and UDP without TLS may come in on addresses of the internet.</summary>
    public bool PlainOnPublicAddresses { get; init; }

    public static SyslogOptions Of(IConfiguration configuration) => new()
    {
        Certificate = configuration["Syslog:Certificate"],
        CertificateKey = configuration["Syslog:CertificateKey"],
        PlainOnPublicAddresses = bool.TryParse(configuration["Syslog:PlainOnPublicAddresses"], out var allowed) && allowed,
    };
}
