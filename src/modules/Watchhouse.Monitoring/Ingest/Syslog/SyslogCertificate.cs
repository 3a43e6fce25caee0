using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Data;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>The public part of the centre's certificate for syslog.</summary>
/// <param name="Thumbprint">SHA-256 in pairs of hexadecimal digits with colons.</param>
/// <param name="IsOwn">Whether the centre made it for itself, so that no authority vouches for it.</param>
internal sealed record ServerCertificate(string Thumbprint, DateTimeOffset EndsAt, string Pem, bool IsOwn);

/// <summary>
/// The certificate with which the centre proves itself to senders: the operator's, or one that it made for itself, whose
/// thumbprint senders then check (RFC 5425, section 4.2.2). A file that has changed is read again.
/// </summary>
internal sealed partial class SyslogCertificate(SyslogOptions options, KeyDirectory keys, TimeProvider clock, ILogger<SyslogCertificate> log)
{
    private const int Years = 10;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _context;
    private DateTime _read;

    private string File => options.Certificate ?? Path.Combine(keys.Path, "syslog.pem");

    /// <exception cref="CryptographicException">A file is not what it should be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public SslStreamCertificateContext Get()
    {
        lock (_lock)
        {
            if (options.Certificate is null && !System.IO.File.Exists(File)) Make();
            var written = System.IO.File.GetLastWriteTimeUtc(File);
            if (_context is not null && written == _read) return _context;
            try
            {
                _context = Read();
                _read = written;
            }
            catch (Exception e) when (_context is not null && e is IOException or CryptographicException)
            {
                // Half of a renewal: the old one serves until the files fit.
                NotRead(log, File, e);
            }

            return _context!;
        }
    }

    /// <summary>What senders check and trust: the thumbprint as tools write it, when it ends, and the certificate as PEM.</summary>
    /// <exception cref="CryptographicException">A file is not what it should be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ServerCertificate Shown()
    {
        var certificate = Get().TargetCertificate;
        var hash = certificate.GetCertHash(HashAlgorithmName.SHA256);
        return new(string.Join(':', hash.Select(each => each.ToString("X2", System.Globalization.CultureInfo.InvariantCulture))),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero), certificate.ExportCertificatePem(), options.Certificate is null);
    }

    private SslStreamCertificateContext Read()
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(File);
        var leaf = X509Certificate2.CreateFromPemFile(File, options.Certificate is null ? File : options.CertificateKey);
        Used(log, leaf.GetCertHashString(HashAlgorithmName.SHA256), leaf.NotAfter.ToUniversalTime());
        return SslStreamCertificateContext.Create(leaf, all, offline: true);
    }

    // RSA, because devices that speak syslog over TLS are old (RFC 5425, section 4.2, names nothing else).
    private void Make()
    {
        using var key = RSA.Create(3072);
        var host = Dns.GetHostName();
        var request = new CertificateRequest($"CN={Simple(host)}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Simple(host));
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = clock.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));
        var text = made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
        var part = File + ".part";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(part, how))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        System.IO.File.Move(part, File, overwrite: true);
    }

    private static string Simple(string host)
    {
        var name = new string([.. host.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')]);
        return name.Length == 0 ? "watchhouse" : name[..Math.Min(name.Length, 63)];
    }

    [LoggerMessage(4150, LogLevel.Information, "Syslog over TLS proves itself with the certificate of SHA-256 {Thumbprint}, which ends on {End:yyyy-MM-dd}.")]
    private static partial void Used(ILogger logger, string thumbprint, DateTime end);

    [LoggerMessage(4151, LogLevel.Error, "The certificate {File} for syslog cannot be read; the one before it goes on serving.")]
    private static partial void NotRead(ILogger logger, string file, Exception exception);
}
