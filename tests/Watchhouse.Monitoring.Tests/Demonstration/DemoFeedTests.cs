using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Hosting;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Demonstration;
using Watchhouse.Monitoring.Demonstration.Stories;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Monitoring.Tests.Rules;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Demonstration;

/// <summary>A demonstration as it starts, on a clock that is moved on.</summary>
public sealed class DemoFeedTests
{
    [Fact]
    public async Task Start_OfADemonstration_RaisesTheAlertsOfItsStoriesAndNoneTwice()
    {
        using var data = new TempDirectory();
        var clock = new MovableClock();
        DateTimeOffset start;
        List<Row> before;
        await using (var app = await StartAsync(data, clock))
        {
            // The first minute.
            await UntilAsync(app, sources => sources.Count > 0);
            start = JsonSerializer.Deserialize<DemoTimeline>(await File.ReadAllTextAsync(Path.Combine(data.FullName, "demonstration.json"), IngestHouse.Now))!.Anchor;
            clock.Move(TimeSpan.FromMinutes(1));
            var first = (await AlertsAsync(app, alerts => alerts.Any(each => each.FirstAt >= start))).Where(each => each.FirstAt >= start).Min(each => each.FirstAt);
            Assert.True(first - start < TimeSpan.FromMinutes(1), $"The first alert is about {first - start} after the start.");

            // All of the episode.
            clock.Move(Episode.Length);
            var expected = ExpectedAlerts.Of(new Episode(0, start)).Distinct().ToList();
            before = await AlertsAsync(app, alerts => expected.All(name => alerts.Any(each => each.Name == name && each.FirstAt >= start)));
            // What happened in the day before is there too, and is of low and medium level.
            Assert.Contains(before, each => each.FirstAt < start && each.Level is "low" or "medium");
            var sources = await UntilAsync(app, sources => sources.Count == DemoForce.All.Sum(force => force.Sources.Count));
            Assert.All(sources, source => Assert.Equal(0, source.Rejects));
            Assert.All(sources.GroupBy(source => source.ForceId), group => Assert.Single(group.Select(source => source.LastCollector).Distinct()));
            await app.StopAsync(IngestHouse.Now);
        }

        // Started again at once, as an episode of the past: only what has happened since comes, and the next episode begins.
        clock.Move(TimeSpan.FromSeconds(30));
        var again = clock.GetUtcNow();
        await using (var app = await StartAsync(data, clock))
        {
            var collectors = (await UntilAsync(app, sources => sources.Count > 0)).Select(source => source.LastCollector).ToHashSet();
            clock.Move(TimeSpan.FromMinutes(1));
            var after = await AlertsAsync(app, alerts => alerts.Any(each => each.FirstAt >= again));
            Assert.Equal(before.Select(each => each.Id).Order(), after.Where(each => each.FirstAt < again).Select(each => each.Id).Order());
            Assert.Equal(collectors, (await UntilAsync(app, _ => true)).Select(source => source.LastCollector).ToHashSet());
            await app.StopAsync(IngestHouse.Now);
        }
    }

    [Fact]
    public async Task Start_OfAQuietDemonstration_DeliversNothing()
    {
        using var data = new TempDirectory();
        await using var app = await StartAsync(data, new MovableClock(), quiet: true);

        Assert.DoesNotContain(app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>(), service => service is DemoFeed);
        await app.StopAsync(IngestHouse.Now);
    }

    private static async Task<Microsoft.AspNetCore.Builder.WebApplication> StartAsync(TempDirectory data, TimeProvider clock, bool quiet = false)
    {
        var options = new ServeOptions { Data = data.FullName, Urls = "http://127.0.0.1:0", Demonstration = true, IsQuiet = quiet, Postgres = null };
        var app = await HouseApp.CreateAsync(options, IngestHouse.Now, services => services.AddSingleton(clock));
        await app.StartAsync(IngestHouse.Now);
        return app;
    }

    private sealed record Row(Guid Id, string Name, string Level, DateTimeOffset FirstAt);

    private static async Task<List<Row>> AlertsAsync(Microsoft.AspNetCore.Builder.WebApplication app, Func<List<Row>, bool> enough)
    {
        var rows = new List<Row>();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            await using (var session = await EnterAsync(app))
                rows = [.. (await session.Db.Set<Alert>().AsNoTracking().ToListAsync(IngestHouse.Now))
                    .Select(alert => new Row(alert.Id, $"{alert.ForceId} {ExpectedAlerts.NameOf(alert.Rule)}", alert.Level, alert.FirstAt))];
            if (enough(rows)) return rows;
            await Task.Delay(100, IngestHouse.Now);
        }

        Assert.Fail("The alerts did not come: there are " + string.Join("; ", rows.Select(each => each.Name)));
        return rows;
    }

    private static async Task<List<IngestSource>> UntilAsync(Microsoft.AspNetCore.Builder.WebApplication app, Func<List<IngestSource>, bool> enough)
    {
        var sources = new List<IngestSource>();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            await using (var session = await EnterAsync(app)) sources = await session.Db.Set<IngestSource>().AsNoTracking().ToListAsync(IngestHouse.Now);
            if (enough(sources)) return sources;
            await Task.Delay(100, IngestHouse.Now);
        }

        Assert.Fail($"The sources did not come: there are {sources.Count}.");
        return sources;
    }

    private static Task<HouseSession> EnterAsync(Microsoft.AspNetCore.Builder.WebApplication app) => app.Services.GetRequiredService<IHouse>()
        .EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.TelemetryWrite) { Logged = false }, IngestHouse.Now);
}
