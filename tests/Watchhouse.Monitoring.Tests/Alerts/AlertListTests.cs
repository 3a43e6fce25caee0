using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Alerts;

/// <summary>The alert queue: filters, pages, and what is known of other forces.</summary>
public sealed class AlertListTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public Task List_ByEachFilter_HoldsWhatTheFilterSays() => FiltersAsync(null);

    [Fact]
    public async Task List_ByEachFilterOnPostgres_HoldsWhatTheFilterSays()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await FiltersAsync(database.ConnectionString);
    }

    private static async Task FiltersAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        await AlertStore.AddAsync(house,
        [
            AlertStore.Make(IngestHouse.Kent, Noon, "a", "critical", "one@x", tags: ["attack.t1114.003", "attack.collection"]),
            AlertStore.Make(IngestHouse.Kent, Noon.AddHours(1), "b", "high", "two@x", tags: ["attack.t1078"]),
            AlertStore.Make(IngestHouse.Kent, Noon.AddHours(2), "b", "low", "ONE@x", tags: ["attack.t1114.001"]),
            AlertStore.Make(IngestHouse.Kent, Noon.AddHours(3), "c", "medium", "100%_full"),
            AlertStore.Make(IngestHouse.Essex, Noon.AddHours(4), "a", "critical", "one@x", tags: ["attack.t1114.003"]),
        ]);
        (string Query, string Rules)[] cases =
        [
            ("", "c b b a"),
            ("?force=KNT", "c b b a"),
            ("?level=critical", "a"),
            ("?level=high,LOW", "b b"),
            ("?rule=b", "b b"),
            ("?entity=one@x", "a"),
            ("?technique=t1114", "b a"),
            ("?technique=T1114.003", "a"),
            ("?technique=T1114&level=low", "b"),
            ("?technique=T9999", ""),
            ("?technique=T1114&rule=b", "b"),
            ("?technique=T1114&entity=one@x&rule=a&level=critical", "a"),
            ("?rule=b&level=high", "b"),
            ("?rule=b&level=critical", ""),
            ("?since=2026-11-20T13:00:00Z", "c b b"),
            ("?until=2026-11-20T13:00:00Z", "a"),
            ("?since=2026-11-21", ""),
            ("?until=2026-11-20", "c b b a"),
            ("?q=one%20title", "b a"),
            ("?q=100%25_", "c"),
            ("?q=nowhere", ""),
            ("?q=title&level=low,critical", "b a"),
        ];

        foreach (var (query, rules) in cases)
        {
            using var answer = await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/alerts" + query);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal((query, rules), (query, string.Join(' ', (await answer.JsonAsync()).EnumerateArray().Select(row => row.GetProperty("rule").GetString()))));
        }

        foreach (var (query, field) in new[] { ("?level=worst", "level"), ("?since=soon", "since"), ("?until=2026-13-01", "until") })
        {
            using var answer = await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/alerts" + query);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(field, (await answer.JsonAsync()).GetProperty("field").GetString());
        }
    }

    [Fact]
    public Task Pages_OfAlertsOfOneMoment_HoldEachOnce() => PagesAsync(null);

    [Fact]
    public async Task Pages_OfAlertsOfOneMomentOnPostgres_HoldEachOnce()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await PagesAsync(database.ConnectionString);
    }

    private static async Task PagesAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        // Ids that differ in every byte, so that a database that orders them in its own way is found out.
        var random = new Random(11);
        var alerts = Enumerable.Range(0, 40).Select(number =>
        {
            var id = new byte[16];
            random.NextBytes(id);
            var made = AlertStore.Make(IngestHouse.Kent, Noon.AddMinutes(number / 20), $"rule{number}", AlertFilter.AllLevels[number % 5], tags: ["attack.t1001"]);
            return new Alert
            {
                Id = new Guid(id), ForceId = made.ForceId, Rule = made.Rule, Title = made.Title, Level = made.Level, EntityKind = made.EntityKind, Entity = made.Entity,
                Tags = made.Tags, Recommendation = "", FalsePositives = [], Author = "", FirstAt = made.FirstAt, LastAt = made.LastAt, RaisedAt = made.RaisedAt,
            };
        }).ToList();
        await AlertStore.AddAsync(house, alerts);

        foreach (var query in new[] { "take=7", "take=7&technique=T1001", "take=3&level=low,high,critical", "take=7&q=title" })
        {
            var seen = new List<Guid>();
            for (string? address = "/api/v1/alerts?" + query; address is not null;)
            {
                using var answer = await house.House.SendAsync(officer, HttpMethod.Get, address);
                seen.AddRange((await answer.JsonAsync()).EnumerateArray().Select(row => row.GetProperty("id").GetGuid()));
                address = answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
                Assert.True(seen.Count <= 40, query);
            }

            var levels = query.Contains("level", StringComparison.Ordinal) ? new[] { "low", "high", "critical" } : [.. AlertFilter.AllLevels];
            Assert.Equal(alerts.Where(alert => levels.Contains(alert.Level)).Select(alert => alert.Id).Order(), seen.Order());
        }
    }

    [Fact]
    public async Task OtherForces_OfAnAlertInSight_AreCountedAndNeverNamed()
    {
        await using var house = await IngestHouse.StartAsync();
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var mine = AlertStore.Make(IngestHouse.Kent, Noon, entity: "203.0.113.7", kind: "address");
        var source = AlertStore.Make(IngestHouse.Kent, Noon, entity: "firewall", kind: "source");
        var theirs = AlertStore.Make(IngestHouse.Essex, Noon, entity: "203.0.113.7", kind: "address");
        await AlertStore.AddAsync(house,
        [
            mine, source, theirs,
            AlertStore.Make(IngestHouse.Essex, Noon.AddDays(1), entity: "203.0.113.7", kind: "address"),
            AlertStore.Make(ForceId.Of("GMP"), Noon, entity: "203.0.113.7", kind: "address"),
            AlertStore.Make(ForceId.Of("DUR"), Noon, rule: "another", entity: "203.0.113.7", kind: "address"),
            AlertStore.Make(ForceId.Of("DUR"), Noon, entity: "203.0.113.7", kind: "host"),
            AlertStore.Make(IngestHouse.Essex, Noon, entity: "firewall", kind: "source"),
        ]);

        using var answer = await house.House.SendAsync(officer, HttpMethod.Get, $"/api/v1/alerts/{mine.Id}");
        var text = await answer.Content.ReadAsStringAsync(IngestHouse.Now);
        var detail = await answer.JsonAsync();
        Assert.Equal(2, detail.GetProperty("otherForces").GetInt32());
        Assert.Empty(detail.GetProperty("ofEntity").EnumerateArray());
        Assert.DoesNotContain("ESX", text, StringComparison.Ordinal);
        Assert.DoesNotContain("GMP", text, StringComparison.Ordinal);
        using var ofSource = await house.House.SendAsync(officer, HttpMethod.Get, $"/api/v1/alerts/{source.Id}");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await ofSource.JsonAsync()).GetProperty("otherForces").ValueKind);
        using var hidden = await house.House.SendAsync(officer, HttpMethod.Get, $"/api/v1/alerts/{theirs.Id}");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
    }

    [Fact]
    public async Task NewAlerts_SinceAPlaceInTheList_AreCountedWithinSightAndFilter()
    {
        await using var house = await IngestHouse.StartAsync();
        var queries = house.House.Services.GetRequiredService<AlertQueries>();
        var old = AlertStore.Make(IngestHouse.Kent, Noon);
        await AlertStore.AddAsync(house,
        [
            old,
            AlertStore.Make(IngestHouse.Kent, Noon.AddMinutes(1), level: "critical"),
            AlertStore.Make(IngestHouse.Kent, Noon.AddMinutes(2), level: "low"),
            AlertStore.Make(IngestHouse.Essex, Noon.AddMinutes(3), level: "critical"),
        ]);

        Task<int> CountAsync(AlertFilter filter) => queries.NewerAsync(Officer("p"), filter, old.RaisedAt, old.Id, IngestHouse.Now);

        Assert.Equal(2, await CountAsync(new()));
        Assert.Equal(1, await CountAsync(new() { Levels = ["critical", "high"] }));
        Assert.Equal(2, await CountAsync(new() { Text = "title" }));
        Assert.Equal(0, await CountAsync(new() { Text = "nowhere" }));
    }

    [Fact]
    public async Task Views_OfAPerson_AreKeptReplacedAndSeenByNobodyElse()
    {
        await using var house = await IngestHouse.StartAsync();
        var views = house.House.Services.GetRequiredService<AlertViews>();

        Assert.True((await views.SaveAsync(Officer("one"), " Mine ", "level=high", IngestHouse.Now)).Succeeded);
        Assert.True((await views.SaveAsync(Officer("one"), "Mine", "level=low", IngestHouse.Now)).Succeeded);
        Assert.False((await views.SaveAsync(Officer("one"), "all alerts", "", IngestHouse.Now)).Succeeded);
        Assert.False((await views.SaveAsync(Officer("one"), " ", "", IngestHouse.Now)).Succeeded);

        var mine = Assert.Single(await views.ListAsync(Officer("one"), IngestHouse.Now));
        Assert.Equal(("Mine", "level=low"), (mine.Name, mine.Query));
        Assert.Empty(await views.ListAsync(Officer("two"), IngestHouse.Now));
        Assert.False((await views.RemoveAsync(Officer("two"), mine.Id!.Value, IngestHouse.Now)).Succeeded);
        Assert.True((await views.RemoveAsync(Officer("one"), mine.Id!.Value, IngestHouse.Now)).Succeeded);
        Assert.Empty(await views.ListAsync(Officer("one"), IngestHouse.Now));
    }

    private static ActingPrincipal Officer(string subject) => new()
    {
        Kind = PrincipalKind.Person, Subject = subject, Name = "Officer (test)", Home = IngestHouse.Kent, Roles = ImmutableArray.Create(Role.SecurityOfficer),
    };
}
