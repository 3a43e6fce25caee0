using System.Net;
using System.Text.Json;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Rules;

public sealed class ValueListTests
{
    private const string Id = "5f6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b01";

    private static readonly string Watched = RuleHouse.Rule(Id, 4624).Replace(
        "{EventID: 4624}", "{EventID: 4624, TargetUserName|expand: '%watched_accounts%'}", StringComparison.Ordinal);

    [Fact]
    public async Task Rule_ThatNeedsAList_RunsForTheForcesThatHaveIt()
    {
        await using var house = await RuleHouse.StartAsync();
        var rule = await house.RuleAsync(house.Centre, Watched);
        await SetAsync(house, house.Kent, null, "admin-kent", "breakglass*");
        await house.CompiledAsync();

        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4624, "admin-kent"), RuleHouse.Event(4624, "breakglass2"), RuleHouse.Event(4624, "person"));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4624, "admin-kent"));

        Assert.Equal(["admin-kent", "breakglass2"], (await house.AlertsAsync(house.Kent, Id)).Select(alert => alert.GetProperty("entity").GetString()).Order());
        Assert.Empty(await house.AlertsAsync(house.Essex, Id));
        Assert.Equal("live", Health(await house.GetAsync(house.Kent, $"/api/v1/rules/{RuleHouse.Id(rule)}")));
        Assert.Equal("placeholder-missing", Health(await house.GetAsync(house.Essex, $"/api/v1/rules/{RuleHouse.Id(rule)}")));
        var centre = (await house.GetAsync(house.Centre, $"/api/v1/rules/{RuleHouse.Id(rule)}")).GetProperty("rule").GetProperty("health");
        Assert.Equal(["KNT"], centre.GetProperty("liveFor").EnumerateArray().Select(force => force.GetString()));

        // The Centre's list is for all; the force's own goes before it.
        await SetAsync(house, house.Centre, null, "admin-all");
        await house.CompiledAsync();
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4624, "admin-all"), RuleHouse.Event(4624, "admin-kent", "2026-11-20T12:00:00Z"));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4624, "admin-all"), RuleHouse.Event(4624, "admin-kent"));
        Assert.Equal(["admin-kent", "admin-kent", "breakglass2"], (await house.AlertsAsync(house.Kent, Id)).Select(alert => alert.GetProperty("entity").GetString()).Order());
        Assert.Equal("admin-all", Assert.Single(await house.AlertsAsync(house.Essex, Id)).GetProperty("entity").GetString());
    }

    [Fact]
    public async Task Correlation_OverARuleThatNeedsAList_RunsForTheForcesThatHaveIt()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, Watched.Replace($"id: {Id}", "name: watched_logon", StringComparison.Ordinal) + $$"""

            ---
            title: Many watched logons
            id: {{Id}}
            level: high
            correlation:
              type: event_count
              rules: [watched_logon]
              group-by: [Computer]
              timespan: 10m
              condition: {gte: 2}
            """);
        await SetAsync(house, house.Kent, null, "admin");
        await house.CompiledAsync();

        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4624, "admin"), RuleHouse.Event(4624, "admin", "2026-11-20T09:01:00Z"));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4624, "admin"), RuleHouse.Event(4624, "admin", "2026-11-20T09:01:00Z"));

        Assert.Single(await house.AlertsAsync(house.Kent, Id));
        Assert.Empty(await house.AlertsAsync(house.Essex, Id));
    }

    [Fact]
    public Task List_OnSqlite_IsOfItsForceAndVersioned() => VersionedAsync(null);

    [Fact]
    public async Task List_OnPostgres_IsOfItsForceAndVersioned()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await VersionedAsync(database.ConnectionString);
    }

    private static async Task VersionedAsync(string? postgres)
    {
        await using var house = await RuleHouse.StartAsync(postgres);
        var list = await SetAsync(house, house.Kent, null, "a", "b", "a");
        var version = list.GetProperty("version").GetUInt32();
        await SetAsync(house, house.Kent, version, "c");

        await SetAsync(house, house.Kent, version, [ "d" ], HttpStatusCode.Conflict);
        await SetAsync(house, house.Kent, null, [ "d" ], HttpStatusCode.Conflict);
        await SetAsync(house, house.Kent, version + 1, [ "**" ], HttpStatusCode.BadRequest);
        await SetAsync(house, house.Kent, version + 1, [], HttpStatusCode.BadRequest);
        await house.SendAsync(house.Essex, HttpMethod.Delete, $"/api/v1/value-lists/watched_accounts?version={version + 1}", expected: HttpStatusCode.NotFound);

        var kent = await house.GetAsync(house.Kent, "/api/v1/value-lists");
        Assert.Equal(["c"], Assert.Single(kent.GetProperty("lists").EnumerateArray()).GetProperty("values").EnumerateArray().Select(value => value.GetString()));
        // Three detections of the nation wait for lists.
        Assert.Contains(kent.GetProperty("needed").EnumerateArray(), need => need.GetProperty("name").GetString() == "emergency_accounts" && !need.GetProperty("isThere").GetBoolean());
        Assert.Empty((await house.GetAsync(house.Essex, "/api/v1/value-lists")).GetProperty("lists").EnumerateArray());
        await house.SendAsync(house.Kent, HttpMethod.Delete, $"/api/v1/value-lists/watched_accounts?version={version + 1}", expected: HttpStatusCode.NoContent);
        Assert.Empty((await house.GetAsync(house.Kent, "/api/v1/value-lists")).GetProperty("lists").EnumerateArray());
    }

    private static string? Health(JsonElement rule) => rule.GetProperty("rule").GetProperty("health").GetProperty("state").GetString();

    private static Task<JsonElement> SetAsync(RuleHouse house, Watchhouse.Tests.Hosting.TestPerson person, uint? version, params string[] values) =>
        SetAsync(house, person, version, values, HttpStatusCode.OK);

    private static Task<JsonElement> SetAsync(
        RuleHouse house, Watchhouse.Tests.Hosting.TestPerson person, uint? version, string[] values, HttpStatusCode expected) =>
        house.SendAsync(person, HttpMethod.Put, "/api/v1/value-lists/watched_accounts", new { values, version }, expected);
}
