using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Watchhouse.Journal;
using Watchhouse.Platform.Acting;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Ingest;

public sealed class IngestKillTests
{
    private const int Rounds = 3;
    private const int Clients = 4;
    private const int EventsABatch = 50;

    [Fact]
    public async Task Posts_WhileTheProgramIsKilled_AreInTheJournalOnceEachThatWasAcknowledged()
    {
        using var data = new TempDirectory();
        string key;
        await using (var house = await TestHouse.StartAsync(null, IngestHouse.Now, data.FullName))
        {
            await house.PersonAsync(Platform.Tenancy.ForceId.Centre, Role.CentreAdministrator);
            key = (await house.ClientAsync(IngestHouse.Kent, Role.Collector)).Key!;
        }

        var acknowledged = new ConcurrentDictionary<Guid, string>();
        var wait = new Random(20261125);
        for (var round = 0; round < Rounds; round++)
        {
            await using var program = await WatchhouseProcess.StartAsync(data, cancellationToken: IngestHouse.Now);
            program.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            var before = acknowledged.Count;
            var clients = Enumerable.Range(0, Clients).Select(client => PostAsync(program, $"{round}-{client}", acknowledged)).ToList();
            while (acknowledged.Count == before && !clients.Exists(c => c.IsCompleted)) await Task.Delay(10, IngestHouse.Now);
            await Task.Delay(wait.Next(100, 900), IngestHouse.Now);
            program.KillHard();
            await Task.WhenAll(clients);
            Assert.True(acknowledged.Count > before, "Nothing was acknowledged before the kill.");
        }

        await using var journal = await EventJournal.OpenAsync(
            new JournalOptions { Directory = data.File("journal"), Time = TimeProvider.System }, IngestHouse.Now);
        var kept = (await IngestHouse.ReadAsync(journal)).ToLookup(b => b.Id);
        Assert.All(acknowledged, sent =>
        {
            var batch = Assert.Single(kept[sent.Key]);
            Assert.Equal(("KNT", "load", EventsABatch, sent.Value), (batch.Owner, batch.Source, batch.Count, batch.Payload));
        });
        Assert.All(kept, batch => Assert.Single(batch));
        // What was not answered may be there; never more than the one post that each client had under way.
        Assert.InRange(kept.Count, acknowledged.Count, acknowledged.Count + (Rounds * Clients));
        await journal.DisposeAsync();

        await using (await TestHouse.StartAsync(null, IngestHouse.Now, data.FullName))
        {
            // The archive stores what it has gathered when the house is closed.
            await Task.Delay(TimeSpan.FromSeconds(1), IngestHouse.Now);
        }

        for (var more = 0; more < 20 && !await IsArchivedAsync(data.FullName, kept.Count * EventsABatch); more++)
        {
            await using var house = await TestHouse.StartAsync(null, IngestHouse.Now, data.FullName);
            await Task.Delay(TimeSpan.FromSeconds(1), IngestHouse.Now);
        }

        var archived = await Archive.ArchivedRow.ReadAsync(data.FullName);
        Assert.Equal(kept.SelectMany(batch => batch.Single().Lines).Order(StringComparer.Ordinal), archived.Select(row => row.Text).Order(StringComparer.Ordinal));
    }

    private static async Task<bool> IsArchivedAsync(string data, int events) => (await Archive.ArchivedRow.ReadAsync(data)).Count >= events;

    private static async Task PostAsync(WatchhouseProcess program, string client, ConcurrentDictionary<Guid, string> acknowledged)
    {
        for (var number = 0; ; number++)
        {
            var body = string.Join('\n', Enumerable.Range(0, EventsABatch).Select(i =>
                string.Create(CultureInfo.InvariantCulture, $"{{\"id\":\"{client}-{number}-{i}\",\"text\":\"what happened\"}}")));
            try
            {
                using var content = new StringContent(body);
                using var answer = await program.Client.PostAsync("/ingest/v1/events/load", content, IngestHouse.Now);
                if (answer.StatusCode == HttpStatusCode.TooManyRequests) continue;
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
                var told = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(IngestHouse.Now)).RootElement;
                acknowledged[told.GetProperty("batchId").GetGuid()] = body;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return;
            }
        }
    }
}
