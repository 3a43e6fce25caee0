using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Measures;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Outbox;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Alerts.Measures;

/// <summary>How long alerts waited and how many were false: for a force its own, and of the others a number that reveals nobody.</summary>
public sealed class MeasureTests
{
    [Fact]
    public Task Measures_OfAForce_AreItsOwnBesideANumberOfTheOthers() => MeasuresAsync(null);

    [Fact]
    public async Task Measures_OfAForceOnPostgres_AreItsOwnBesideANumberOfTheOthers()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await MeasuresAsync(database.ConnectionString);
    }

    private static async Task MeasuresAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var now = DateTimeOffset.UtcNow.AddHours(-3);
        var alerts = new List<Alert>();
        // Ten of Kent, acknowledged after 1 to 10 minutes; every second closed after twice that, the first of them truly.
        for (var number = 1; number <= 10; number++)
            alerts.Add(Decided(IngestHouse.Kent, now.AddMinutes(number), number * 60, number % 2 == 0 ? number * 120 : null, number == 2 ? Verdicts.TruePositive : Verdicts.FalsePositive));
        alerts.Add(AlertStore.Make(IngestHouse.Kent, now.AddDays(-40)));
        foreach (var (force, minutes) in new[] { ("GMP", 10), ("DUR", 20), ("AVS", 30), ("EXP", 40) })
            alerts.Add(Decided(ForceId.Of(force), now, minutes * 60, null, ""));
        await AlertStore.AddAsync(house, alerts);

        var answer = await ReadAsync(house, officer, "?days=7");
        var mine = Assert.Single(answer.GetProperty("forces").EnumerateArray());
        Assert.Equal("KNT", mine.GetProperty("force").GetString());
        Assert.Equal((10, 300, 540), Of(mine.GetProperty("acknowledge")));
        Assert.Equal((5, 720, 1200), Of(mine.GetProperty("triage")));
        Assert.Equal((1, 240, 240), Of(mine.GetProperty("contain")));
        Assert.Equal(0.8, mine.GetProperty("falseShare").GetDouble());
        Assert.Equal(10, mine.GetProperty("trend").EnumerateArray().Sum(each => each.GetInt32()));
        Assert.Equal((10, 4), (answer.GetProperty("rules")[0].GetProperty("alerts").GetInt32(), answer.GetProperty("rules")[0].GetProperty("falsePositives").GetInt32()));
        // Four others are too few to hide among.
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("national").GetProperty("acknowledge").ValueKind);

        await AlertStore.AddAsync(house, [Decided(ForceId.Of("ESX"), now, 3000, null, "")]);
        // The numbers of the nation are kept for some minutes; another window is reckoned anew.
        answer = await ReadAsync(house, officer, "");
        Assert.Equal(1800, answer.GetProperty("national").GetProperty("acknowledge").GetInt64());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("national").GetProperty("contain").ValueKind);
        Assert.DoesNotContain("GMP", answer.GetRawText(), StringComparison.Ordinal);

        // What stands in an incident is over when that is contained, whatever its verdict; being told twice changes nothing, nor being told of another force's.
        var handler = house.House.Services.GetRequiredService<IHandle<AlertsContained>>();
        await handler.HandleAsync(Guid.NewGuid(), new(IngestHouse.Kent, [alerts[0].Id, alerts[11].Id], alerts[0].RaisedAt.AddMinutes(30)), IngestHouse.Now);
        await handler.HandleAsync(Guid.NewGuid(), new(IngestHouse.Kent, [alerts[0].Id], alerts[0].RaisedAt.AddMinutes(90)), IngestHouse.Now);
        answer = await ReadAsync(house, officer, "?days=90");
        Assert.Equal((2, 240, 1800), Of(answer.GetProperty("forces")[0].GetProperty("contain")));

        using var window = await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/measures?days=8");
        Assert.Equal(HttpStatusCode.BadRequest, window.StatusCode);
        using var stranger = await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/measures?force=ESX");
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
    }

    [Theory]
    [InlineData(1, 50, 0)]
    [InlineData(2, 50, 0)]
    [InlineData(3, 50, 1)]
    [InlineData(10, 90, 8)]
    [InlineData(11, 90, 9)]
    [InlineData(1, 90, 0)]
    public void Rank_OfAShare_IsTheNearest(int count, int percent, int rank) => Assert.Equal(rank, MeasureWords.Rank(count, percent));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(59L, "under 1 min")]
    [InlineData(3599L, "59 min")]
    [InlineData(3600L, "1 h")]
    [InlineData(7800L, "2 h 10 min")]
    [InlineData(90_000L, "1 d 1 h")]
    public void Duration_InWords_IsShort(long? seconds, string words) => Assert.Equal(words, MeasureWords.Duration(seconds));

    private static Alert Decided(ForceId force, DateTimeOffset at, long acknowledged, long? triaged, string verdict)
    {
        var alert = AlertStore.Make(force, at);
        (alert.AcknowledgedAfter, alert.TriagedAfter, alert.Owner, alert.Steps) = (acknowledged, triaged, "somebody", 1);
        (alert.Status, alert.Verdict) = triaged is null ? (TriageStates.Open, "") : (TriageStates.Closed, verdict);
        return alert;
    }

    private static (int, long, long) Of(JsonElement span) =>
        (span.GetProperty("count").GetInt32(), span.GetProperty("median").GetInt64(), span.GetProperty("p90").GetInt64());

    private static async Task<JsonElement> ReadAsync(IngestHouse house, TestPerson person, string query)
    {
        using var answer = await house.House.SendAsync(person, HttpMethod.Get, "/api/v1/measures" + query);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(IngestHouse.Now));
        return await answer.JsonAsync();
    }
}
