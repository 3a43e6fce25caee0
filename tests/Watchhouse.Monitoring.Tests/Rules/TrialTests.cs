using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Rules.Trials;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Rules;

public sealed class TrialTests
{
    private const string Id = "4e6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b01";

    // A test looks at the last days by the time of events.
    private static readonly string Before = Days(-5);
    private static readonly string After = Days(-4);

    [Fact]
    public Task Test_ByTheCentreOnSqlite_CountsOverAllForcesAndShowsExamplesOfThoseInSight() => CountsAsync(null);

    [Fact]
    public async Task Test_ByTheCentreOnPostgres_CountsOverAllForcesAndShowsExamplesOfThoseInSight()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await CountsAsync(database.ConnectionString);
    }

    private static async Task CountsAsync(string? postgres)
    {
        await using var house = await RuleHouse.StartAsync(postgres);
        var rule = await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625), "Draft");
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a", Before), RuleHouse.Event(4625, "b", After), RuleHouse.Event(1, "b", After));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4625, "c", Before));
        // Days that are not asked for.
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "old", Days(-40)));

        var centre = await TestAsync(house, house.Centre, rule);
        var kent = await TestAsync(house, house.Kent, rule);

        Assert.Equal((4L, 3L), (centre.GetProperty("events").GetInt64(), centre.GetProperty("matches").GetInt64()));
        Assert.Equal([$"{Before[..10]} ESX 1", $"{Before[..10]} KNT 1", $"{After[..10]} KNT 1"], centre.GetProperty("counts").EnumerateArray()
            .Select(count => $"{count.GetProperty("day").GetString()} {count.GetProperty("force").GetString()} {count.GetProperty("matches").GetInt64()}"));
        // Nobody has delegated monitoring to the Centre here: it sees how many, and no event.
        Assert.Empty(centre.GetProperty("examples").EnumerateArray());
        Assert.Equal((3L, 2L), (kent.GetProperty("events").GetInt64(), kent.GetProperty("matches").GetInt64()));
        Assert.Equal(["a", "b"], kent.GetProperty("examples").EnumerateArray().Select(example => example.GetProperty("entity").GetString()));
        Assert.False(centre.GetProperty("cut").GetBoolean());

        // A test by the owner lets the rule go live without another word; the tests of forces are theirs.
        var detail = await house.GetAsync(house.Centre, $"/api/v1/rules/{RuleHouse.Id(rule)}");
        Assert.True(detail.GetProperty("rule").GetProperty("isTested").GetBoolean());
        Assert.Equal(3, Assert.Single(detail.GetProperty("tests").EnumerateArray()).GetProperty("matches").GetInt64());
        Assert.Equal(2, (await house.GetAsync(house.Kent, $"/api/v1/rules/{RuleHouse.Id(rule)}")).GetProperty("tests").GetArrayLength());
        rule = await house.MoveAsync(house.Centre, rule, "Testing");
        await house.SendAsync(house.Centre, HttpMethod.Post, $"/api/v1/rules/{RuleHouse.Id(rule)}/state",
            new { version = RuleHouse.Version(rule), state = "Live", why = "It was tested." });
    }

    [Fact]
    public async Task Test_AtItsBound_SaysSo()
    {
        await using var house = await RuleHouse.StartAsync(adjust: services => services.AddSingleton(new TrialBounds { Events = 3 }));
        var rule = await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4625), "Draft");
        for (var batch = 0; batch < 4; batch++) await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a", Before, $"H{batch}"), RuleHouse.Event(4625, "b", Before, $"H{batch}"));

        var answer = await TestAsync(house, house.Kent, rule);

        Assert.Equal((true, 4L), (answer.GetProperty("cut").GetBoolean(), answer.GetProperty("events").GetInt64()));
    }

    [Fact]
    public async Task Test_ThatIsCancelled_EndsAndIsNotRecorded()
    {
        await using var house = await RuleHouse.StartAsync(adjust: services => services.AddSingleton<IEventHistory, EndlessHistory>());
        var rule = await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4625), "Draft");
        var path = $"/api/v1/rules/{RuleHouse.Id(rule)}/test";

        var test = await house.SendAsync(house.Kent, HttpMethod.Post, path, new { days = 7 }, HttpStatusCode.Accepted);
        await house.SendAsync(house.Kent, HttpMethod.Post, path, new { days = 7 }, HttpStatusCode.Conflict);
        var at = $"/api/v1/rules/tests/{test.GetProperty("id").GetGuid()}";
        await house.SendAsync(house.Essex, HttpMethod.Get, at, expected: HttpStatusCode.NotFound);
        await house.SendAsync(house.Essex, HttpMethod.Delete, at, expected: HttpStatusCode.NotFound);
        var running = await UntilAsync(house, house.Kent, at, answer => answer.GetProperty("matches").GetInt64() > 0);
        await house.SendAsync(house.Kent, HttpMethod.Delete, at, expected: HttpStatusCode.NoContent);
        var ended = await UntilAsync(house, house.Kent, at, answer => answer.GetProperty("state").GetString() == "Cancelled");

        Assert.Equal("Running", running.GetProperty("state").GetString());
        Assert.True(ended.GetProperty("events").GetInt64() > 0);
        Assert.False((await house.GetAsync(house.Kent, $"/api/v1/rules/{RuleHouse.Id(rule)}")).GetProperty("rule").GetProperty("isTested").GetBoolean());
        await house.SendAsync(house.Kent, HttpMethod.Post, path, new { days = 91 }, HttpStatusCode.BadRequest);
        await house.SendAsync(house.Essex, HttpMethod.Post, path, new { days = 1 }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Test_OfWhatAnExceptionSuppresses_CountsThatApart()
    {
        await using var house = await RuleHouse.StartAsync();
        var rule = await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4625), "Draft");
        await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/exceptions", new
        {
            rule = Id, reason = "A known scanner.", expiresAt = TimeProvider.System.GetUtcNow().AddDays(40), condition = new object[] { new { field = "TargetUserName", value = "a" } },
        }, HttpStatusCode.Created);
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a", Before), RuleHouse.Event(4625, "b", Before));

        var answer = await TestAsync(house, house.Kent, rule);

        Assert.Equal((1L, 1L), (answer.GetProperty("matches").GetInt64(), answer.GetProperty("suppressed").GetInt64()));
    }

    private static string Days(int from) => TimeProvider.System.GetUtcNow().AddDays(from).ToString("yyyy-MM-dd'T'09:00:00'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<JsonElement> TestAsync(RuleHouse house, TestPerson person, JsonElement rule)
    {
        var test = await house.SendAsync(person, HttpMethod.Post, $"/api/v1/rules/{RuleHouse.Id(rule)}/test", new { days = 30 }, HttpStatusCode.Accepted);
        return await UntilAsync(house, person, $"/api/v1/rules/tests/{test.GetProperty("id").GetGuid()}", answer => answer.GetProperty("state").GetString() is "Done" or "Failed");
    }

    private static async Task<JsonElement> UntilAsync(RuleHouse house, TestPerson person, string path, Func<JsonElement, bool> isThere)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await house.GetAsync(person, path);
            if (isThere(answer)) return answer;
            Assert.True(tries < 400, answer.ToString());
            await Task.Delay(50, IngestHouse.Now);
        }
    }

    private sealed class EndlessHistory : IEventHistory
    {
        public async IAsyncEnumerable<HistoryBatch> ReadAsync(HistoryRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Delay(1, cancellationToken);
                yield return new(ForceId.Of("KNT"), "hosts", "ndjson", range.From, Encoding.UTF8.GetBytes(RuleHouse.Event(4625, "a")));
            }
        }
    }
}
