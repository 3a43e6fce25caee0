using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Alerts.Feed;

/// <summary>What a job that compares forces is given: every alert once, in the order of raising.</summary>
public sealed class AlertFeedTests
{
    [Fact]
    public Task Feed_PageByPage_GivesEveryAlertOnce() => PagesAsync(null);

    [Fact]
    public async Task Feed_PageByPageOnPostgres_GivesEveryAlertOnce()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await PagesAsync(database.ConnectionString);
    }

    private static async Task PagesAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var start = DateTimeOffset.UtcNow.AddHours(-2);
        // Several at one moment, of two forces.
        var alerts = Enumerable.Range(0, 23).Select(number =>
            AlertStore.Make(number % 2 == 0 ? IngestHouse.Kent : IngestHouse.Essex, start.AddMinutes(number / 5), entity: $"person-{number % 3}", tags: ["attack.t1528", "attack.g0016"])).ToList();
        alerts[4].Verdict = Verdicts.FalsePositive;
        alerts[5].Verdict = Verdicts.TruePositive;
        await AlertStore.AddAsync(house, alerts);
        await using (var session = await house.House.Services.GetRequiredService<IHouse>()
            .EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.TelemetryWrite) { Logged = false }, IngestHouse.Now))
        {
            session.Db.Add(new AlertEvent
            {
                Id = Guid.NewGuid(), ForceId = alerts[7].ForceId, AlertId = alerts[7].Id, EventId = Guid.NewGuid(), Table = "", At = start, Source = "test", Raw = Encoding.UTF8.GetBytes("""{"ClientIP":"203.0.113.7"}"""),
            });
            Assert.True((await session.CommitAsync(IngestHouse.Now)).Succeeded);
        }

        var feed = house.House.Services.GetRequiredService<IAlertFeed>();
        var (read, from, after) = (new List<AlertSighting>(), start, (Guid?)null);
        while (await feed.RaisedAsync(from, after, 4, IngestHouse.Now) is { Count: > 0 } page)
        {
            read.AddRange(page);
            (from, after) = (page[^1].Alert.RaisedAt, page[^1].Alert.Id);
        }

        Assert.Equal(alerts.Select(alert => alert.Id).Order(), read.Select(each => each.Alert.Id).Order());
        Assert.Equal(read.Select(each => each.Alert.RaisedAt).Order(), read.Select(each => each.Alert.RaisedAt));
        Assert.All(read, each => Assert.Contains(new AlertIndicator("actor", "G0016"), each.Indicators));
        Assert.Contains(new AlertIndicator("address", "203.0.113.7"), read.Single(each => each.Alert.Id == alerts[7].Id).Indicators);

        // Those of a level and a status that were raised in a span: after its begin, and at its end or before.
        var (one, until) = (alerts[6].RaisedAt, alerts[20].RaisedAt);
        var waiting = await feed.WaitingAsync("new", alerts[0].Level, one, until, 100, IngestHouse.Now);
        Assert.Equal(alerts.Where(alert => alert.Status == "new" && alert.RaisedAt > one && alert.RaisedAt <= until).Select(alert => alert.Id).Order(), waiting.Select(each => each.Id).Order());
        Assert.Equal(2, (await feed.WaitingAsync("new", alerts[0].Level, one, until, 2, IngestHouse.Now)).Count);
        Assert.Empty(await feed.WaitingAsync("open", alerts[0].Level, one, until, 100, IngestHouse.Now));
        Assert.Empty(await feed.WaitingAsync("new", alerts[0].Level == "low" ? "high" : "low", one, until, 100, IngestHouse.Now));

        Assert.Equal([alerts[4].Id], await feed.HarmlessAsync([.. alerts.Select(alert => alert.Id)], IngestHouse.Now));
        var about = await feed.AboutAsync(IngestHouse.Kent, "user", "person-0", start, start.AddHours(1), 50, IngestHouse.Now);
        Assert.Equal(alerts.Where(alert => alert.ForceId == IngestHouse.Kent && alert.Entity == "person-0").Select(alert => alert.Id).Order(), about.Select(each => each.Id).Order());
    }
}
