using System.Text;
using Confluent.Kafka;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.EventHubs;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Tests.Collect;

public sealed class EventHubTests
{
    [Fact]
    public async Task Crash_AtAnyStep_RepeatsMessagesAndLosesNone()
    {
        await using var house = await CollectHouse.StartAsync();
        var collector = await HubAsync(house);
        for (var step = 1; ; step++)
        {
            var hub = new Hub(house);
            for (var i = 0; i < 6; i++) hub.Add(i % 2, $$$"""{"records":[{"step":{{{step}}},"n":{{{i}}},"a":1},{"step":{{{step}}},"n":{{{i}}},"a":2}]}""");
            house.Crasher.At(step);
            var crashed = false;
            try
            {
                await house.RunAsync(collector, hub);
            }
            catch (CrashException)
            {
                crashed = true;
            }

            house.Crasher.At(int.MaxValue);
            // What was committed was durable before.
            Assert.True(hub.CommittedBeforeDurable == 0);
            await house.RunAsync(collector, hub);
            Assert.Equal(6, hub.Committed.Values.Sum());
            Assert.Equal(12, house.Lines("hub").Where(l => l.Contains($"\"step\":{step},", StringComparison.Ordinal)).Distinct().Count());
            if (!crashed) break;
            await house.ReadAsync(async db => await db.Set<CollectorStream>().Where(s => s.CollectorId == collector.Id).ExecuteDeleteAsync());
        }

        Assert.DoesNotContain(await house.WindowsAsync(collector), w => w.State == WindowState.Gap);
    }

    [Fact]
    public async Task Messages_ThatTheHubDeletedUnread_AreAGap()
    {
        await using var house = await CollectHouse.StartAsync();
        var collector = await HubAsync(house);
        var hub = new Hub(house);
        hub.Add(0, "{\"a\":1}");
        await house.RunAsync(collector, hub);
        hub.Skip(0, 7);
        hub.Add(0, "{\"a\":2}");
        hub.Add(0, "no JSON\nat all");
        await house.RunAsync(collector, hub);

        var gap = Assert.Single(await house.WindowsAsync(collector), w => w.State == WindowState.Gap);
        Assert.Contains("Messages 1 to 7 ", gap.Reason, StringComparison.Ordinal);
        Assert.Equal(["{\"a\":1}", "{\"a\":2}", "no JSON at all"], house.Lines("hub"));
    }

    [Fact]
    public async Task Librdkafka_WithItsOwnCluster_DeliversFromTheCommittedPlace()
    {
        await using var house = await CollectHouse.StartAsync();
        var collector = await HubAsync(house);
        // The producer carries the cluster.
        var carrier = new ProducerConfig { BootstrapServers = "127.0.0.1:1" };
        carrier.Set("test.mock.num.brokers", "1");
        using var producer = new ProducerBuilder<Null, byte[]>(carrier).SetLogHandler((_, _) => { }).Build();
        await producer.ProduceAsync("logs", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes("{\"records\":[{\"n\":1},{\"n\":2}]}") });
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        var broker = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers[0];
        var factory = new MockCluster($"{broker.Host}:{broker.Port}");

        await house.RunAsync(collector, factory);
        Assert.Equal(["{\"n\":1}", "{\"n\":2}"], house.Lines("hub").Order());
        await producer.ProduceAsync("logs", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes("{\"n\":3}") });
        await house.RunAsync(collector, factory);

        Assert.Equal(["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"], house.Lines("hub").Order());
        Assert.Null((await house.StatusAsync(collector)).Problem);
    }

    private static async Task<Collector> HubAsync(CollectHouse house)
    {
        var made = await house.Services.GetRequiredService<CollectorOperations>().CreateAsync(CollectHouse.Officer(IngestHouse.Kent), new CollectorInput
        {
            Kind = CollectorKind.EventHub,
            Name = "hub",
            Source = "hub",
            Streams = ["logs"],
            Address = "force.servicebus.windows.net",
            CredentialKind = CredentialKind.ConnectionString,
            Credential = "Endpoint=sb://force.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey=x",
        }, null, IngestHouse.Now);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value;
    }

    /// <summary>A hub in memory, which forgets what was read and not committed when it is opened again.</summary>
    private sealed class Hub(CollectHouse house) : IMessageSourceFactory
    {
        private readonly Dictionary<int, List<HubMessage>> _partitions = [];
        private readonly Dictionary<int, long> _next = [];

        public Dictionary<int, long> Committed { get; } = [];

        public int CommittedBeforeDurable { get; private set; }

        public void Add(int partition, string body)
        {
            if (!_partitions.TryGetValue(partition, out var messages)) _partitions[partition] = messages = [];
            var offset = _next.GetValueOrDefault(partition);
            _next[partition] = offset + 1;
            messages.Add(new HubMessage(partition, offset, house.Clock.GetUtcNow(), Encoding.UTF8.GetBytes(body)));
        }

        public void Skip(int partition, int count) => _next[partition] = _next.GetValueOrDefault(partition) + count;

        public IMessageSource Open(Collector collector, OpenCredential credential, ITokens tokens) => new Reader(this, house);

        private sealed class Reader(Hub hub, CollectHouse house) : IMessageSource
        {
            private readonly Queue<HubMessage> _left = new(hub._partitions.Values.SelectMany(m => m)
                .Where(m => m.Offset >= hub.Committed.GetValueOrDefault(m.Partition)).OrderBy(m => m.Offset));

            public HubMessage? Read(TimeSpan most, CancellationToken stop) => _left.TryDequeue(out var message) ? message : null;

            public void Commit(IReadOnlyDictionary<int, long> next)
            {
                house.Crasher.Step();
                foreach (var (partition, offset) in next)
                {
                    foreach (var message in hub._partitions[partition].Where(m => m.Offset < offset))
                    {
                        var text = Encoding.UTF8.GetString(message.Body.Span);
                        var first = text.StartsWith("{\"records\":[", StringComparison.Ordinal) ? text["{\"records\":[".Length..].Split("},")[0] : text.Replace('\n', ' ');
                        if (!house.Lines("hub").Exists(line => line.StartsWith(first, StringComparison.Ordinal))) hub.CommittedBeforeDurable++;
                    }

                    hub.Committed[partition] = offset;
                }
            }

            public void Dispose()
            {
            }
        }
    }

    /// <summary>The real consumer, at the cluster that librdkafka brings for tests.</summary>
    private sealed class MockCluster(string bootstrap) : IMessageSourceFactory
    {
        public IMessageSource Open(Collector collector, OpenCredential credential, ITokens tokens)
        {
            var configuration = KafkaMessageSourceFactory.Common(collector);
            configuration.BootstrapServers = bootstrap;
            // The cluster keeps a member that has left until its session ends, and lets nobody else in.
            configuration.SessionTimeoutMs = 6_000;
            return new KafkaMessageSource(configuration, collector.Streams[0], null, "");
        }
    }
}
