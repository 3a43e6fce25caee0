using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Ingest.Syslog;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Syslog;

/// <summary>A running house whose forces have listeners.</summary>
internal sealed class SyslogTestHouse : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private SyslogTestHouse(IngestHouse house, TestPerson kent, TestPerson essex) => (House, Kent, Essex) = (house, kent, essex);

    public IngestHouse House { get; }

    public TestPerson Kent { get; }

    public TestPerson Essex { get; }

    public static async Task<SyslogTestHouse> StartAsync(
        SyslogLimits? limits = null, string? data = null, string? postgres = null, Action<IServiceCollection>? adjust = null)
    {
        var house = await IngestHouse.StartAsync(services =>
        {
            services.AddSingleton(limits ?? new SyslogLimits());
            adjust?.Invoke(services);
        }, data, postgres);
        return new(house,
            await house.House.PersonAsync(IngestHouse.Kent, Role.ForceAdministrator), await house.House.PersonAsync(IngestHouse.Essex, Role.ForceAdministrator));
    }

    public static int FreePortFor(string transport)
    {
        if (transport != "udp") return FreePort.Next();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public Task<HttpResponseMessage> AskAsync(TestPerson person, object listener) =>
        House.House.SendAsync(person, HttpMethod.Post, "/api/v1/ingest/listeners", listener);

    /// <summary>Adds a listener and waits until it is open.</summary>
    public async Task<(Guid Id, int Port)> ListenAsync(TestPerson person, string transport, string source = "firewall", int? port = null, params string[] thumbprints)
    {
        var chosen = port ?? FreePortFor(transport);
        string[] networks = thumbprints.Length == 0 ? ["127.0.0.0/8"] : [];
        using var answer = await AskAsync(person, new { source, transport, address = "127.0.0.1", port = chosen, networks, thumbprints });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(IngestHouse.Now));
        var id = (await answer.JsonAsync()).GetProperty("id").GetGuid();
        await UntilAsync(async () => (await ListAsync(person)).Single(l => l.GetProperty("id").GetGuid() == id).GetProperty("state").GetString() == "open");
        return (id, chosen);
    }

    public async Task<List<JsonElement>> ListAsync(TestPerson person)
    {
        using var answer = await House.House.SendAsync(person, HttpMethod.Get, "/api/v1/ingest/listeners");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.JsonAsync()).EnumerateArray()];
    }

    public async Task<List<string>> RejectsAsync(ForceId force)
    {
        var officer = await House.House.PersonAsync(force, Role.SecurityOfficer);
        using var answer = await House.House.SendAsync(officer, HttpMethod.Get, "/api/v1/ingest/rejects");
        return [.. (await answer.JsonAsync()).EnumerateArray().SelectMany(row =>
            Enumerable.Repeat(row.GetProperty("reason").GetString()!, (int)row.GetProperty("count").GetInt64()))];
    }

    public async Task<List<KeptBatch>> ArrivedAsync(int messages)
    {
        List<KeptBatch> batches = [];
        await UntilAsync(async () => (batches = await House.BatchesAsync()).Sum(batch => batch.Count) >= messages, isDemanded: false);
        return batches;
    }

    public static async Task UntilAsync(Func<Task<bool>> isSo, bool isDemanded = true)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!await isSo())
        {
            if (watch.Elapsed > Patience)
            {
                if (isDemanded) Assert.Fail("It did not come about in a minute.");
                return;
            }

            await Task.Delay(50, IngestHouse.Now);
        }
    }

    public static async Task SendAsync(int port, string text, X509Certificate2? certificate = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
        await using var stream = certificate is null ? client.GetStream() : await SecureAsync(client, certificate);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), IngestHouse.Now);
        await stream.FlushAsync(IngestHouse.Now);
        if (stream is SslStream tls) await tls.ShutdownAsync();
    }

    public static async Task<Stream> SecureAsync(TcpClient client, X509Certificate2? certificate)
    {
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = certificate is null ? [] : [certificate],
            // Its own certificate is checked where a shipper does it.
            RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
        }, IngestHouse.Now);
        return tls;
    }

    public static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    public static string Thumbprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public ValueTask DisposeAsync() => House.DisposeAsync();
}
