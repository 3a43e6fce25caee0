using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Syslog;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Syslog;

public sealed class SyslogListenerTests
{
    private const string Cef = "<134>Nov  2 09:00:00 fw1 CEF:0|Palo Alto Networks|PAN-OS|10|threat|Blocked|7|src=192.0.2.7 dst=10.0.0.1";

    [Theory]
    [InlineData("<13>1 2026-11-02T09:00:00Z h app - - - one\n<13>1 2026-11-02T09:00:01Z h app - - - two")]
    [InlineData("42 <13>1 2026-11-02T09:00:00Z h app - - - one43 <13>1 2026-11-02T09:00:01Z h app - - - two\n")]
    public async Task Tcp_EitherFraming_IsInTheJournalAsTheListenersForce(string stream)
    {
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");

        await SyslogTestHouse.SendAsync(port, stream);

        var batches = await house.ArrivedAsync(2);
        Assert.All(batches, batch => Assert.Equal(("KNT", "firewall", "syslog; peer=127.0.0.1"), (batch.Owner, batch.Source, batch.Format)));
        Assert.Equal(["<13>1 2026-11-02T09:00:00Z h app - - - one", "<13>1 2026-11-02T09:00:01Z h app - - - two"],
            batches.SelectMany(batch => batch.Lines).Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Tcp_LineFeedInsideACountedMessage_StaysOneLine()
    {
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");

        await SyslogTestHouse.SendAsync(port, "20 <13>app: {\n\"a\":\r\n1}\n5 <13>b");

        Assert.Equal(["<13>app: { \"a\":\r 1}", "<13>b"], (await house.ArrivedAsync(2)).SelectMany(batch => batch.Lines));
    }

    [Fact]
    public async Task Udp_DatagramOfADeviceThatNamesNoHost_IsFoundUnderItsAddress()
    {
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "udp");
        using var client = new UdpClient();

        await client.SendAsync(Encoding.ASCII.GetBytes("<189>123: %SYS-5-CONFIG_I: Configured\n"), "127.0.0.1", port, IngestHouse.Now);
        await client.SendAsync(Encoding.ASCII.GetBytes(Cef), "127.0.0.1", port, IngestHouse.Now);

        var batches = await house.ArrivedAsync(2);
        Assert.Equal(["<189>123: %SYS-5-CONFIG_I: Configured", Cef], batches.SelectMany(batch => batch.Lines));
        var hosts = new List<string?>();
        var events = new Watchhouse.Monitoring.Detection.PayloadEvents();
        foreach (var batch in batches)
            events.Read(batch.Format, Encoding.UTF8.GetBytes(batch.Payload), DateTimeOffset.UnixEpoch, record => hosts.Add(record.Text("hostname")));
        Assert.Equal(["127.0.0.1", "fw1"], hosts);
    }

    [Fact]
    public async Task Tls_CertificatesOfTwoForcesOnOnePort_EachWritesAsItsOwn()
    {
        using var ours = SyslogTestHouse.Certificate("kent");
        using var theirs = SyslogTestHouse.Certificate("essex");
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tls", "kent-firewall", null, SyslogTestHouse.Thumbprint(ours));
        await house.ListenAsync(house.Essex, "tls", "essex-firewall", port, SyslogTestHouse.Thumbprint(theirs));

        await SyslogTestHouse.SendAsync(port, "<13>from kent, force=ESX\n", ours);
        await SyslogTestHouse.SendAsync(port, "<13>from essex\n", theirs);

        var batches = await house.ArrivedAsync(2);
        Assert.Equal([("ESX", "essex-firewall", "<13>from essex"), ("KNT", "kent-firewall", "<13>from kent, force=ESX")],
            batches.Select(batch => (batch.Owner, batch.Source, batch.Payload)).OrderBy(each => each.Owner, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tls_WithoutClientCertificates_TakesWhatTheNetworksAllow()
    {
        using var any = SyslogTestHouse.Certificate("device");
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tls");

        await SyslogTestHouse.SendAsync(port, "<13>one\n", any);

        Assert.Equal(["<13>one"], (await house.ArrivedAsync(1)).Select(batch => batch.Payload));
    }

    [Fact]
    public async Task Tcp_WhileTheJournalIsBusy_HoldsTheSenderBackAndLosesNothing()
    {
        const int count = 200_000;
        var gate = new BusyIntake();
        await using var house = await SyslogTestHouse.StartAsync(adjust: gate.Replace);
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");
        using var client = new TcpClient { SendBufferSize = 64 * 1024 };
        await client.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
        var sending = SendManyAsync(client, count);

        await SyslogTestHouse.UntilAsync(() => Task.FromResult(gate.Refusals > 2));
        Assert.False(sending.IsCompleted, "The sender was not held back.");
        Assert.Empty(await house.House.BatchesAsync());
        gate.IsBusy = false;
        await sending;

        var lines = (await house.ArrivedAsync(count)).SelectMany(batch => batch.Lines);
        Assert.Equal(count, lines.Distinct().Count());
    }

    [Fact]
    public async Task Udp_WhileTheJournalIsBusy_DropsAndCounts()
    {
        const int count = 2000;
        var gate = new BusyIntake();
        await using var house = await SyslogTestHouse.StartAsync(new SyslogLimits { DatagramBatches = 2, BatchBytes = 4096 }, adjust: gate.Replace);
        var (_, port) = await house.ListenAsync(house.Kent, "udp");
        using var client = new UdpClient();
        for (var number = 0; number < count; number++)
        {
            await client.SendAsync(Encoding.ASCII.GetBytes($"<13>datagram {number}"), "127.0.0.1", port, IngestHouse.Now);
            if (number % 50 == 0) await Task.Delay(5, IngestHouse.Now);
        }

        await Task.Delay(500, IngestHouse.Now);
        gate.IsBusy = false;

        await SyslogTestHouse.UntilAsync(async () =>
            (await house.RejectsAsync(IngestHouse.Kent)).Count(reason => reason == DatagramEndpoint.Dropped) + (await house.House.BatchesAsync()).Sum(batch => batch.Count) == count);
        Assert.Contains(DatagramEndpoint.Dropped, await house.RejectsAsync(IngestHouse.Kent));
    }

    [Fact]
    public async Task Tls_WrongCertificateNoneAndGarbage_AreRefusedAndToldToTheForce()
    {
        using var right = SyslogTestHouse.Certificate("kent");
        using var wrong = SyslogTestHouse.Certificate("somebody");
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tls", "firewall", null, SyslogTestHouse.Thumbprint(right));

        await FailsAsync(() => SyslogTestHouse.SendAsync(port, "<13>forged\n", wrong));
        await FailsAsync(async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
            await using var tls = await SyslogTestHouse.SecureAsync(client, null);
            await tls.WriteAsync("<13>anonymous\n"u8.ToArray(), IngestHouse.Now);
        });
        await FailsAsync(() => SyslogTestHouse.SendAsync(port, "<13>plain and no TLS at all\n"));
        await SyslogTestHouse.SendAsync(port, "<13>right\n", right);

        Assert.Equal(["<13>right"], (await house.ArrivedAsync(1)).Select(batch => batch.Payload));
        await SyslogTestHouse.UntilAsync(async () => (await house.RejectsAsync(IngestHouse.Kent)).Count(reason => reason == StreamEndpoint.WrongCertificate) == 3);
        Assert.Empty(await house.RejectsAsync(IngestHouse.Essex));
    }

    [Fact]
    public async Task Tcp_OversizedAndEndlessMessages_AreCutCountedAndHungUpOn()
    {
        await using var house = await SyslogTestHouse.StartAsync(new SyslogLimits { MaxMessageBytes = 2048, MaxFrameBytes = 32 * 1024 });
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");

        await SyslogTestHouse.SendAsync(port, "<13>" + new string('a', 5000) + "\n<13>after\n");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
        await FailsAsync(async () =>
        {
            for (var more = 0; more < 100_000; more++) await client.GetStream().WriteAsync(new byte[4096].Select(_ => (byte)'b').ToArray(), IngestHouse.Now);
            Assert.Fail("An endless message was read for ever.");
        });

        var lines = (await house.ArrivedAsync(2)).SelectMany(batch => batch.Lines).ToList();
        Assert.Equal([2048, 9], lines.Select(line => line.Length));
        await SyslogTestHouse.UntilAsync(async () => (await house.RejectsAsync(IngestHouse.Kent)).Count == 2);
        Assert.Equal([SyslogFramer.TooLong, MessageBatch.TooLong(2048)], (await house.RejectsAsync(IngestHouse.Kent)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tcp_SlowAndIdleSenders_AreEndedAndOthersServed()
    {
        await using var house = await SyslogTestHouse.StartAsync(new SyslogLimits
        {
            SlowestMessage = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromSeconds(2), MaxConnectionsOfListener = 3,
        });
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
        await slow.GetStream().WriteAsync("<13>never en"u8.ToArray(), IngestHouse.Now);
        using var idle = new TcpClient();
        await idle.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);

        await SyslogTestHouse.SendAsync(port, "<13>meanwhile\n");

        Assert.Contains("<13>meanwhile", (await house.ArrivedAsync(1)).Select(batch => batch.Payload));
        Assert.Equal(0, await slow.GetStream().ReadAsync(new byte[1], IngestHouse.Now));
        Assert.Equal(0, await idle.GetStream().ReadAsync(new byte[1], IngestHouse.Now));
        await SyslogTestHouse.UntilAsync(async () => (await house.RejectsAsync(IngestHouse.Kent)).Contains(StreamConnection.TooSlow));
    }

    [Fact]
    public async Task Tcp_TooManyConnectionsOfOneListener_NewestIsClosedAndCounted()
    {
        await using var house = await SyslogTestHouse.StartAsync(new SyslogLimits { MaxConnectionsOfListener = 1 });
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
        await first.GetStream().WriteAsync("<13>one\n"u8.ToArray(), IngestHouse.Now);
        await house.ArrivedAsync(1);

        using var second = new TcpClient();
        await second.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);

        Assert.Equal(0, await second.GetStream().ReadAsync(new byte[1], IngestHouse.Now));
        await first.GetStream().WriteAsync("<13>two\n"u8.ToArray(), IngestHouse.Now);
        Assert.Equal(2, (await house.ArrivedAsync(2)).Sum(batch => batch.Count));
        await SyslogTestHouse.UntilAsync(async () => (await house.RejectsAsync(IngestHouse.Kent)).Contains(StreamEndpoint.TooMany));
    }

    [Fact]
    public async Task Listener_Removed_ClosesItsConnectionsAndPort()
    {
        await using var house = await SyslogTestHouse.StartAsync();
        var (id, port) = await house.ListenAsync(house.Kent, "tcp");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
        await client.GetStream().WriteAsync("<13>last"u8.ToArray(), IngestHouse.Now);
        await Task.Delay(500, IngestHouse.Now);

        using (var answer = await house.House.House.SendAsync(house.Essex, HttpMethod.Delete, $"/api/v1/ingest/listeners/{id}"))
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using (var answer = await house.House.House.SendAsync(house.Kent, HttpMethod.Delete, $"/api/v1/ingest/listeners/{id}"))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], IngestHouse.Now));
        Assert.Equal(["<13>last"], (await house.ArrivedAsync(1)).Select(batch => batch.Payload));
        Assert.Empty(await house.ListAsync(house.Kent));
        using var late = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now).AsTask());
    }

    [Fact]
    public async Task House_Closed_WritesWhatItHasRead()
    {
        using var data = new TempDirectory();
        await using (var house = await SyslogTestHouse.StartAsync(new SyslogLimits { BatchAge = TimeSpan.FromHours(1) }, data.FullName))
        {
            var (_, port) = await house.ListenAsync(house.Kent, "tcp");
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, IngestHouse.Now);
            await client.GetStream().WriteAsync("<13>one\n<13>two\n"u8.ToArray(), IngestHouse.Now);
            var (_, datagrams) = await house.ListenAsync(house.Kent, "udp", "router");
            using var router = new UdpClient();
            await router.SendAsync("<13>three"u8.ToArray(), "127.0.0.1", datagrams, IngestHouse.Now);
            await Task.Delay(1000, IngestHouse.Now);
            Assert.Empty(await house.House.BatchesAsync());
            await house.House.House.App.StopAsync(IngestHouse.Now);
            Assert.Equal(["<13>one", "<13>three", "<13>two"], (await house.House.BatchesAsync()).SelectMany(batch => batch.Lines).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("tcp", "8.8.8.8", "10.0.0.0/8", null, "address")]
    [InlineData("tcp", "0.0.0.0", "10.0.0.0/8", null, "address")]
    [InlineData("udp", "127.0.0.1", null, null, "networks")]
    [InlineData("tls", "0.0.0.0", null, null, "networks")]
    [InlineData("tcp", "127.0.0.1", "10.0.0.1/8", null, "networks")]
    [InlineData("tls", "127.0.0.1", null, "abc", "thumbprints")]
    [InlineData("tcp", "127.0.0.1", "10.0.0.0/8", "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA", "thumbprints")]
    [InlineData("sctp", "127.0.0.1", "10.0.0.0/8", null, "transport")]
    [InlineData("tcp", "example.org", "10.0.0.0/8", null, "address")]
    public void Check_ListenerThatMayNotBe_NamesTheField(string transport, string address, string? network, string? thumbprint, string field)
    {
        var input = new ListenerInput("firewall", transport, address, 6514, network is null ? [] : [network], thumbprint is null ? [] : [thumbprint]);

        Assert.Null(SyslogRules.Check(input, plainAnywhere: false, out var failure));
        Assert.Equal(field, failure!.Field);
    }

    [Fact]
    public async Task Add_PortOrCertificateOfAnother_IsAConflict()
    {
        using var certificate = SyslogTestHouse.Certificate("kent");
        var thumbprint = SyslogTestHouse.Thumbprint(certificate);
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");
        var (_, secure) = await house.ListenAsync(house.Kent, "tls", "firewall", null, thumbprint);

        await ConflictsAsync(new { source = "s", transport = "tcp", address = "127.0.0.1", port, networks = new[] { "127.0.0.1/32" } });
        await ConflictsAsync(new { source = "s", transport = "tls", address = "127.0.0.1", port = secure, networks = new[] { "127.0.0.1/32" } });
        await ConflictsAsync(new { source = "s", transport = "tls", address = "127.0.0.1", port = FreePort.Next(), thumbprints = new[] { thumbprint } });
        Assert.Empty(await house.ListAsync(house.Essex));

        async Task ConflictsAsync(object listener)
        {
            using var answer = await house.AskAsync(house.Essex, listener);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Postgres_Listener_TakesMessages()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await using var house = await SyslogTestHouse.StartAsync(postgres: database.ConnectionString);
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");

        await SyslogTestHouse.SendAsync(port, "<13>one\n");

        Assert.Equal(["<13>one"], (await house.ArrivedAsync(1)).Select(batch => batch.Payload));
    }

    [Fact]
    public async Task Tcp_ManyMessages_AllArriveInFewBatches()
    {
        const int count = 100_000;
        await using var house = await SyslogTestHouse.StartAsync();
        var (_, port) = await house.ListenAsync(house.Kent, "tcp");
        var stream = string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"<13>1 2026-11-02T09:00:00Z host app - - - message {i}\n")));
        var watch = Stopwatch.StartNew();

        await SyslogTestHouse.SendAsync(port, stream);

        var batches = await house.ArrivedAsync(count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count / watch.Elapsed.TotalSeconds:N0} messages/s in {batches.Count} batches");
        Assert.Equal(count, batches.SelectMany(batch => batch.Lines).Distinct().Count());
        Assert.InRange(batches.Count, count / 1500, count / 100);
    }

    private static async Task SendManyAsync(TcpClient client, int count)
    {
        for (var from = 0; from < count; from += 1000)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(from, 1000).Select(i =>
                string.Create(CultureInfo.InvariantCulture, $"<13>1 2026-11-02T09:00:00Z host app - - - {new string('x', 100)} {i}\n")))), IngestHouse.Now);
        }
    }

    /// <summary>An intake whose journal is busy until it is told otherwise.</summary>
    private sealed class BusyIntake : IEventIntake
    {
        private int _refusals;
        private EventIntake? _real;

        public bool IsBusy { get; set; } = true;

        public int Refusals => Volatile.Read(ref _refusals);

        public void Replace(IServiceCollection services) => services.AddSingleton<IEventIntake>(provider =>
        {
            _real = ActivatorUtilities.CreateInstance<EventIntake>(provider);
            return this;
        });

        public async Task<IntakeResult> AcceptAsync(ActingPrincipal principal, Delivery delivery, CancellationToken cancellationToken)
        {
            if (!IsBusy || delivery.Batches.Count == 0) return await _real!.AcceptAsync(principal, delivery, cancellationToken);
            Interlocked.Increment(ref _refusals);
            return new Refusal(RefusalKind.Busy, "Busy.", TimeSpan.FromMilliseconds(50));
        }

        public void Refused(ActingPrincipal principal, string source, Refusal refusal, ReadOnlySpan<byte> sample) =>
            _real!.Refused(principal, source, refusal, sample);
    }

    private static async Task FailsAsync(Func<Task> sending)
    {
        // With TLS 1.3 a sender hears of its refusal only after it has sent; what counts is that nothing arrives.
        try
        {
            await sending();
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(e.Message);
        }
    }
}
