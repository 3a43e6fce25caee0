using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Monitoring.Tests.Rules;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Coverage;

/// <summary>From an event that a collector delivers to the technique that is covered by it.</summary>
public sealed class CoverageTests
{
    private const string Id = "2c6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1c01";

    [Fact]
    public Task Coverage_OnSqlite_FollowsWhatArrives() => FollowsAsync(null);

    [Fact]
    public async Task Coverage_OnPostgres_FollowsWhatArrives()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await FollowsAsync(database.ConnectionString);
    }

    private static async Task FollowsAsync(string? postgres)
    {
        await using var house = await RuleHouse.StartAsync(postgres);
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        Assert.Equal("RulesOnly", Technique(await house.GetAsync(house.Kent, "/api/v1/coverage"), "T1110").GetProperty("state").GetString());

        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4624, "anybody"));
        await ArrivedAsync(house, house.Kent);

        // Of Kent's own, and of nobody else's.
        var kent = Technique(await house.GetAsync(house.Kent, "/api/v1/coverage"), "T1110");
        Assert.Equal(("Covered", 1), (kent.GetProperty("state").GetString(), kent.GetProperty("forces").GetInt32()));
        Assert.Equal("RulesOnly", Technique(await house.GetAsync(house.Essex, "/api/v1/coverage"), "T1110").GetProperty("state").GetString());
        var essex = await house.GetAsync(house.Essex, "/api/v1/coverage/techniques/T1110");
        Assert.Empty(essex.GetProperty("sources").EnumerateArray());
        await house.SendAsync(house.Essex, HttpMethod.Get, "/api/v1/coverage?force=KNT", expected: HttpStatusCode.NotFound);

        var detail = await house.GetAsync(house.Kent, "/api/v1/coverage/techniques/T1110");
        var source = Assert.Single(detail.GetProperty("sources").EnumerateArray(), each => each.GetProperty("arrives").GetBoolean());
        Assert.Equal(("hosts", "KNT"), (source.GetProperty("source").GetString(), source.GetProperty("force").GetString()));
        var rule = Assert.Single(detail.GetProperty("rules").EnumerateArray(), each => each.GetProperty("key").GetString() == Id);
        Assert.Equal(("live", 1), (rule.GetProperty("state").GetString(), rule.GetProperty("forces").GetInt32()));

        var layer = await house.GetAsync(house.Kent, "/api/v1/coverage/navigator");
        Assert.Contains(layer.GetProperty("techniques").EnumerateArray(), each => each.GetProperty("techniqueID").GetString() == "T1110");
        await house.SendAsync(house.Kent, HttpMethod.Get, "/api/v1/coverage?days=0", expected: HttpStatusCode.BadRequest);
        await house.SendAsync(house.Kent, HttpMethod.Get, "/api/v1/coverage?part=moon", expected: HttpStatusCode.BadRequest);
        await house.SendAsync(house.Kent, HttpMethod.Get, "/api/v1/coverage/techniques/T9999", expected: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Coverage_WhenNothingMoreArrives_IsOver()
    {
        var clock = new MovableClock();
        await using var house = await RuleHouse.StartAsync(adjust: services => services.AddSingleton<TimeProvider>(clock));
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4624, "anybody"));
        await ArrivedAsync(house, house.Kent);

        clock.Move(TimeSpan.FromHours(25));

        var officer = await house.House.House.PersonAsync(IngestHouse.Kent, Watchhouse.Platform.Acting.Role.SecurityOfficer);
        Assert.Equal("RulesOnly", Technique(await house.GetAsync(officer, "/api/v1/coverage"), "T1110").GetProperty("state").GetString());
        Assert.Equal("Covered", Technique(await house.GetAsync(officer, "/api/v1/coverage?days=7"), "T1110").GetProperty("state").GetString());
    }

    private static JsonElement Technique(JsonElement answer, string id) =>
        answer.GetProperty("techniques").EnumerateArray().First(each => each.GetProperty("id").GetString() == id);

    // What detection has seen is written down seconds later.
    private static async Task ArrivedAsync(RuleHouse house, TestPerson person)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if ((await house.GetAsync(person, "/api/v1/coverage")).GetProperty("deliveringForces").GetInt32() > 0) return;
            await Task.Delay(200, IngestHouse.Now);
        }

        Assert.Fail("What arrived was not written down within a minute.");
    }
}
