using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Ingest.Syslog;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Monitoring.Tests.Syslog;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Clients;

/// <summary>rsyslog and syslog-ng, as Debian ships them, speaking syslog.</summary>
public sealed partial class SyslogShipperTests
{
    private const int Lines = 2000;

    [Theory]
    [InlineData("tcp", "traditional")]
    [InlineData("tcp", "octet-counted")]
    [InlineData("udp", "traditional")]
    public async Task Rsyslog_ByForwarding_DeliversEveryLine(string transport, string framing)
    {
        var rsyslog = Shipper.Rsyslog;
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, transport);
        using var folder = new TempDirectory();
        await WriteAsync(folder, "", $"""
            protocol="{transport}" {(transport == "tcp" ? $"TCP_Framing=\"{framing}\"" : "UDP.SendDelay=\"50\"")}
            """, port);

        await using var shipper = Shipper.Start(rsyslog, ["-n", "-f", folder.File("rsyslog.conf"), "-i", folder.File("pid")]);

        AssertEveryLineOnce(await house.ArrivedAsync(Lines));
    }

    [Fact]
    public async Task Rsyslog_ByTls_DeliversEveryLine()
    {
        var rsyslog = Shipper.RsyslogWithTls;
        using var folder = new TempDirectory();
        using var certificate = WriteCertificate(folder);
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tls", "linux", null, SyslogTestHouse.Thumbprint(certificate));
        var server = await ServerAsync(folder, port);
        await WriteAsync(folder, $"""
            defaultNetstreamDriverCAFile="{folder.File("server.pem")}" defaultNetstreamDriverCertFile="{folder.File("client.pem")}"
              defaultNetstreamDriverKeyFile="{folder.File("client.key")}"
            """, $"""
            protocol="tcp" TCP_Framing="octet-counted" StreamDriver="ossl" StreamDriverMode="1"
              StreamDriverAuthMode="x509/fingerprint" StreamDriverPermittedPeers="SHA256:{server}"
            """, port);

        await using var shipper = Shipper.Start(rsyslog, ["-n", "-f", folder.File("rsyslog.conf"), "-i", folder.File("pid")]);

        var batches = await house.ArrivedAsync(Lines);
        AssertEveryLineOnce(batches);
        Assert.All(batches, batch => Assert.Equal(("KNT", "linux"), (batch.Owner, batch.Source)));
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task SyslogNg_BySyslogDestination_DeliversEveryLine(string transport)
    {
        _ = Shipper.SyslogNgRoot;
        using var folder = new TempDirectory();
        using var certificate = WriteCertificate(folder);
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(
            house.Kent, transport, "linux", null, transport == "tls" ? [SyslogTestHouse.Thumbprint(certificate)] : []);
        if (transport == "tls") await ServerAsync(folder, port);
        await WriteLogAsync(folder);

        await using var shipper = Shipper.SyslogNg(folder.FullName, $$"""
            @version: 3.35
            source s_file { file("{{folder.File("app.log")}}" flags(no-parse) follow-freq(1) read-old-records(yes)); };
            destination d_watchhouse {
              syslog("localhost" port({{port}}) transport("{{transport}}")
              {{(transport == "tls" ? $"""tls(ca-file("{folder.File("server.pem")}") cert-file("{folder.File("client.pem")}") key-file("{folder.File("client.key")}") peer-verify(required-trusted))""" : "")}}
              );
            };
            log { source(s_file); destination(d_watchhouse); flags(flow-control); };
            """);

        AssertEveryLineOnce(await house.ArrivedAsync(Lines));
    }

    /// <summary>The configuration that the page of listeners gives, with nothing changed but where files lie.</summary>
    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    [InlineData("tls")]
    public async Task Rsyslog_WithWhatThePageGives_DeliversEveryLine(string transport)
    {
        var rsyslog = Shipper.RsyslogWithTls;
        using var folder = new TempDirectory();
        using var certificate = WriteCertificate(folder);
        await using var house = await SyslogTestHouse.StartAsync();
        var isTls = transport == "tls";
        var (_, port) = await house.ListenAsync(house.Kent, transport, "linux", null, isTls ? [SyslogTestHouse.Thumbprint(certificate)] : []);
        var server = isTls ? house.House.House.Services.GetRequiredService<SyslogCertificate>().Shown() : null;
        if (server is not null) await File.WriteAllTextAsync(folder.File("watchhouse.pem"), server.Pem, IngestHouse.Now);
        await WriteLogAsync(folder);
        var snippet = SyslogSnippets.Rsyslog(transport, "127.0.0.1", port, server?.Thumbprint, isNamed: isTls).Replace("/etc/rsyslog.d/", folder.FullName + "/", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("rsyslog.conf"), $$"""
            global(workDirectory="{{folder.FullName}}")
            module(load="imfile")
            input(type="imfile" file="{{folder.File("app.log")}}" tag="app")
            {{(transport == "udp" ? snippet.Replace("protocol=", "UDP.SendDelay=\"50\" protocol=", StringComparison.Ordinal) : snippet)}}
            """, IngestHouse.Now);

        await using var shipper = Shipper.Start(rsyslog, ["-n", "-f", folder.File("rsyslog.conf"), "-i", folder.File("pid")]);

        AssertEveryLineOnce(await house.ArrivedAsync(Lines));
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task SyslogNg_WithWhatThePageGives_DeliversEveryLine(string transport)
    {
        _ = Shipper.SyslogNgRoot;
        using var folder = new TempDirectory();
        using var certificate = WriteCertificate(folder);
        await using var house = await SyslogTestHouse.StartAsync();
        var isTls = transport == "tls";
        var (_, port) = await house.ListenAsync(house.Kent, transport, "linux", null, isTls ? [SyslogTestHouse.Thumbprint(certificate)] : []);
        if (isTls) await File.WriteAllTextAsync(folder.File("watchhouse.pem"), house.House.House.Services.GetRequiredService<SyslogCertificate>().Shown().Pem, IngestHouse.Now);
        await WriteLogAsync(folder);

        await using var shipper = Shipper.SyslogNg(folder.FullName, $$"""
            @version: 3.35
            source s_src { file("{{folder.File("app.log")}}" flags(no-parse) follow-freq(1) read-old-records(yes)); };
            {{SyslogSnippets.SyslogNg(transport, "localhost", port, isNamed: isTls).Replace("/etc/syslog-ng/", folder.FullName + "/", StringComparison.Ordinal)
                .Replace("disk-buffer(", $"disk-buffer(dir(\"{folder.FullName}\") ", StringComparison.Ordinal)}}
            """);

        AssertEveryLineOnce(await house.ArrivedAsync(Lines));
    }

    private static async Task WriteAsync(TempDirectory folder, string global, string action, int port)
    {
        await WriteLogAsync(folder);
        await File.WriteAllTextAsync(folder.File("rsyslog.conf"), $$"""
            global(workDirectory="{{folder.FullName}}" {{global}})
            module(load="imfile")
            input(type="imfile" file="{{folder.File("app.log")}}" tag="app")
            action(type="omfwd" target="127.0.0.1" port="{{port}}" {{action}}
              template="RSYSLOG_SyslogProtocol23Format" action.resumeRetryCount="-1" queue.type="LinkedList")

            """, IngestHouse.Now);
    }

    private static Task WriteLogAsync(TempDirectory folder) => File.WriteAllTextAsync(folder.File("app.log"),
        string.Concat(Enumerable.Range(0, Lines).Select(i => $"line {i} with \"quotes\", \\ and é\n")), IngestHouse.Now);

    private static X509Certificate2 WriteCertificate(TempDirectory folder)
    {
        var certificate = SyslogTestHouse.Certificate("sender");
        File.WriteAllText(folder.File("client.pem"), certificate.ExportCertificatePem());
        using var key = certificate.GetRSAPrivateKey()!;
        File.WriteAllText(folder.File("client.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    // What an administrator does with openssl s_client: fetch the certificate and compare its thumbprint.
    private static async Task<string> ServerAsync(TempDirectory folder, int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, IngestHouse.Now);
        X509Certificate2? server = null;
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    server = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
                    return server is not null;
                },
            }, IngestHouse.Now);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // It refuses who shows none.
        }

        using (server)
        {
            await File.WriteAllTextAsync(folder.File("server.pem"), server!.ExportCertificatePem(), IngestHouse.Now);
            return string.Join(':', server.GetCertHash(HashAlgorithmName.SHA256).Select(each => each.ToString("X2", CultureInfo.InvariantCulture)));
        }
    }

    private static void AssertEveryLineOnce(List<KeptBatch> batches)
    {
        var lines = batches.SelectMany(batch => batch.Lines).ToList();
        Assert.All(lines, line => Assert.EndsWith("with \"quotes\", \\ and é", line.TrimEnd(), StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, Lines), lines.Select(line => int.Parse(Number().Match(line).Groups[1].Value, CultureInfo.InvariantCulture)).Order());
    }

    [GeneratedRegex(@"line (\d+) with")]
    private static partial Regex Number();
}
