using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Delegations;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Alerts.Triage;

/// <summary>Decisions on alerts: who may, what is kept, what is refused, and the queue that follows from them.</summary>
public sealed class TriageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public Task Alert_ThroughItsLife_IsDecidedOnAndRemembers() => LifeAsync(null);

    [Fact]
    public async Task Alert_ThroughItsLifeOnPostgres_IsDecidedOnAndRemembers()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await LifeAsync(database.ConnectionString);
    }

    private static async Task LifeAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var other = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var alert = AlertStore.Make(IngestHouse.Kent, Noon);
        await AlertStore.AddAsync(house, [alert]);
        var people = await OkAsync(house, officer, HttpMethod.Get, "/api/v1/alerts/people", null);
        Assert.Equal(2, people.GetArrayLength());
        var otherId = people.EnumerateArray().Select(each => each.GetProperty("id").GetString()!).Order().ToList();

        await OkAsync(house, officer, HttpMethod.Post, $"/api/v1/alerts/{alert.Id}/triage", new { act = "assign", owner = "me", version = 0 });
        // The other looks at what was before.
        using (var stale = await house.House.SendAsync(other, HttpMethod.Post, $"/api/v1/alerts/{alert.Id}/triage",
            new { act = "close", verdict = "falsePositive", reason = "Known.", version = 0 }))
        {
            Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
            Assert.Contains("Somebody else decided on it", await stale.Content.ReadAsStringAsync(IngestHouse.Now), StringComparison.Ordinal);
        }

        Assert.Contains((await RowAsync(house, officer, alert.Id)).GetProperty("owner").GetString(), otherId);
        await OkAsync(house, other, HttpMethod.Post, $"/api/v1/alerts/{alert.Id}/triage", new { act = "wait", reason = "Asked the line manager.", version = 1 });
        await RefusedAsync(house, officer, alert.Id, new { act = "close", verdict = "falsePositive", version = 2 }, HttpStatusCode.BadRequest, "reason");
        await RefusedAsync(house, officer, alert.Id, new { act = "close", reason = "x", version = 2 }, HttpStatusCode.BadRequest, "verdict");
        await RefusedAsync(house, officer, alert.Id, new { act = "assign", owner = Guid.NewGuid().ToString(), version = 2 }, HttpStatusCode.BadRequest, "owner");
        await RefusedAsync(house, officer, alert.Id, new { act = "burn", version = 2 }, HttpStatusCode.BadRequest, "act");
        await OkAsync(house, officer, HttpMethod.Post, $"/api/v1/alerts/{alert.Id}/triage",
            new { act = "close", verdict = "benignTruePositive", reason = "A planned test.", version = 2 });

        var row = await RowAsync(house, officer, alert.Id);
        Assert.Equal(("closed", "benignTruePositive", 3), (row.GetProperty("status").GetString(), row.GetProperty("verdict").GetString(), row.GetProperty("version").GetInt32()));
        var history = await OkAsync(house, officer, HttpMethod.Get, $"/api/v1/alerts/{alert.Id}/history", null);
        Assert.Equal(["close", "wait", "assign"], history.EnumerateArray().Select(step => step.GetProperty("act").GetString()));
        Assert.Equal("A planned test.", history[0].GetProperty("reason").GetString());
        Assert.Equal(("waiting", "closed"), (history[0].GetProperty("oldStatus").GetString(), history[0].GetProperty("newStatus").GetString()));

        // Who did not decide cannot take it back; who did can, and the times are as before.
        var undoing = new { alerts = new[] { new { id = alert.Id, version = 3 } } };
        var refused = await OkAsync(house, other, HttpMethod.Post, "/api/v1/alerts/triage/undo", undoing);
        Assert.Contains("alone can take it back", refused.GetProperty("results")[0].GetProperty("refusal").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await OkAsync(house, officer, HttpMethod.Post, "/api/v1/alerts/triage/undo", undoing)).GetProperty("done").GetInt32());
        Assert.Equal("waiting", (await RowAsync(house, officer, alert.Id)).GetProperty("status").GetString());
        var again = await OkAsync(house, officer, HttpMethod.Post, "/api/v1/alerts/triage/undo", new { alerts = new[] { new { id = alert.Id, version = 4 } } });
        Assert.Equal(0, again.GetProperty("done").GetInt32());
        var stored = await StoredAsync(house, alert.Id);
        Assert.Null(stored.TriagedAfter);
        Assert.NotNull(stored.AcknowledgedAfter);
    }

    [Fact]
    public async Task Decision_OfAForceOutOfSight_FindsNothingAndChangesNothing()
    {
        await using var house = await IngestHouse.StartAsync();
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var analyst = await house.House.PersonAsync(ForceId.Centre, Role.NmcAnalyst);
        var (mine, theirs) = (AlertStore.Make(IngestHouse.Kent, Noon), AlertStore.Make(IngestHouse.Essex, Noon));
        await AlertStore.AddAsync(house, [mine, theirs]);
        var body = new { act = "close", verdict = "falsePositive", reason = "Known.", version = 0 };

        await RefusedAsync(house, officer, theirs.Id, body, HttpStatusCode.NotFound, null);
        await RefusedAsync(house, analyst, mine.Id, body, HttpStatusCode.NotFound, null);
        foreach (var part in new[] { "history", "similar" })
        {
            using var answer = await house.House.SendAsync(officer, HttpMethod.Get, $"/api/v1/alerts/{theirs.Id}/{part}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        var many = await OkAsync(house, officer, HttpMethod.Post, "/api/v1/alerts/triage", new
        {
            act = "close", verdict = "falsePositive", reason = "Known.", alerts = new[] { new { id = mine.Id, version = 0 }, new { id = theirs.Id, version = 0 } },
        });
        Assert.Equal(1, many.GetProperty("done").GetInt32());
        Assert.Equal("new", (await StoredAsync(house, theirs.Id)).Status);

        // Under the force's delegation the Centre decides.
        var granted = await house.House.Services.GetRequiredService<DelegationOperations>().GrantAsync(ActingPrincipal.ForJob("test"), new GrantOptions
        {
            Force = IngestHouse.Essex, To = ForceId.Centre, Scope = DelegationScope.Monitoring, Purpose = "Test of triage",
            Until = house.House.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(1),
        }, CancellationToken.None);
        Assert.True(granted.Succeeded, granted.Failure?.Message);
        await OkAsync(house, analyst, HttpMethod.Post, $"/api/v1/alerts/{theirs.Id}/triage", body);
        Assert.Equal("closed", (await StoredAsync(house, theirs.Id)).Status);
    }

    [Fact]
    public async Task Decisions_OfManyAtTheSameMoment_AreEachMadeOnce()
    {
        await using var house = await IngestHouse.StartAsync();
        var people = new List<TestPerson>();
        for (var number = 0; number < 6; number++) people.Add(await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer));
        var alert = AlertStore.Make(IngestHouse.Kent, Noon);
        await AlertStore.AddAsync(house, [alert]);

        var answers = await Task.WhenAll(people.Select(person =>
            house.House.SendAsync(person, HttpMethod.Post, $"/api/v1/alerts/{alert.Id}/triage", new { act = "assign", owner = "me", version = 0 })));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
        Assert.Equal(1, (await StoredAsync(house, alert.Id)).Steps);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public Task List_ByStatusOwnerAndVerdict_HoldsWhatTheFilterSays() => ListAsync(null);

    [Fact]
    public async Task List_ByStatusOwnerAndVerdictOnPostgres_HoldsWhatTheFilterSays()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await ListAsync(database.ConnectionString);
    }

    private static async Task ListAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var alerts = new[] { "a", "b", "c", "d", "e" }.Select((rule, index) =>
            AlertStore.Make(IngestHouse.Kent, Noon.AddHours(index), rule, index % 2 == 0 ? "high" : "low", entity: "one@x")).ToList();
        await AlertStore.AddAsync(house, alerts);
        await OkAsync(house, officer, HttpMethod.Post, $"/api/v1/alerts/{alerts[1].Id}/triage", new { act = "assign", owner = "me", version = 0 });
        await OkAsync(house, officer, HttpMethod.Post, $"/api/v1/alerts/{alerts[2].Id}/triage", new { act = "wait", reason = "Asked.", version = 0 });
        await OkAsync(house, officer, HttpMethod.Post, $"/api/v1/alerts/{alerts[3].Id}/triage", new { act = "close", verdict = "falsePositive", reason = "Known.", version = 0 });
        await OkAsync(house, officer, HttpMethod.Post, $"/api/v1/alerts/{alerts[4].Id}/triage", new { act = "close", verdict = "truePositive", reason = "Bad.", version = 0 });
        (string Query, string Rules)[] cases =
        [
            ("", "e d c b a"), ("?status=all", "e d c b a"), ("?status=unclosed", "c b a"), ("?status=unclosed&level=high", "c a"), ("?status=unclosed&level=low,high", "c b a"),
            ("?status=new", "a"), ("?status=open", "b"), ("?status=waiting", "c"), ("?status=closed", "e d"), ("?status=closed&level=high", "e"),
            ("?owner=nobody", "a"), ("?owner=me", "e d c b"), ("?owner=me&status=unclosed", "c b"), ("?owner=me&status=closed&verdict=truePositive", "e"),
            ("?owner=nobody&status=closed", ""), ("?owner=somebody-else", ""), ("?verdict=falsePositive", "d"), ("?verdict=FALSEpositive&status=unclosed", ""),
            ("?rule=a&status=unclosed", "a"), ("?rule=d&status=unclosed", ""), ("?entity=one@x&owner=me&level=low", "d b"), ("?q=title&status=unclosed", "c b a"),
        ];

        foreach (var (query, rules) in cases)
        {
            var rows = await OkAsync(house, officer, HttpMethod.Get, "/api/v1/alerts" + query, null);
            Assert.Equal((query, rules), (query, string.Join(' ', rows.EnumerateArray().Select(row => row.GetProperty("rule").GetString()))));
        }

        foreach (var (query, field) in new[] { ("?status=lost", "status"), ("?verdict=maybe", "verdict") })
        {
            using var answer = await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/alerts" + query);
            Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (await answer.JsonAsync()).GetProperty("field").GetString()));
        }

        var toDo = await OkAsync(house, officer, HttpMethod.Get, "/api/v1/alerts/to-do", null);
        Assert.Equal("3 1 2 1", string.Join(' ', new[] { "unclosed", "nobody", "mine", "waiting" }.Select(name => toDo.GetProperty(name).GetInt32())));
    }

    [Fact]
    public async Task Similar_OfTheSameRule_AreThoseInSightThatAreNotClosed()
    {
        await using var house = await IngestHouse.StartAsync();
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var seen = AlertStore.Make(IngestHouse.Kent, Noon);
        var closed = AlertStore.Make(IngestHouse.Kent, Noon.AddHours(3));
        var same = AlertStore.Make(IngestHouse.Kent, Noon.AddHours(6));
        var another = AlertStore.Make(IngestHouse.Kent, Noon.AddHours(9), entity: "other@x");
        await AlertStore.AddAsync(house,
            [seen, closed, same, another, AlertStore.Make(IngestHouse.Kent, Noon, "rule-b"), AlertStore.Make(IngestHouse.Essex, Noon)]);
        await OkAsync(house, officer, HttpMethod.Post, $"/api/v1/alerts/{closed.Id}/triage", new { act = "close", verdict = "falsePositive", reason = "Known.", version = 0 });

        var similar = await OkAsync(house, officer, HttpMethod.Get, $"/api/v1/alerts/{seen.Id}/similar", null);
        Assert.Equal([same.Id], similar.GetProperty("sameEntity").EnumerateArray().Select(each => each.GetProperty("id").GetGuid()));
        Assert.Equal([another.Id, same.Id], similar.GetProperty("sameTitle").EnumerateArray().Select(each => each.GetProperty("id").GetGuid()));
        Assert.Equal(["KNT"], similar.GetProperty("forces").EnumerateArray().Select(each => each.GetString()));
    }

    private static async Task<JsonElement> OkAsync(IngestHouse house, TestPerson person, HttpMethod method, string address, object? body)
    {
        using var answer = await house.House.SendAsync(person, method, address, body);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(IngestHouse.Now)}");
        return await answer.JsonAsync();
    }

    private static async Task RefusedAsync(IngestHouse house, TestPerson person, Guid alert, object body, HttpStatusCode code, string? field)
    {
        using var answer = await house.House.SendAsync(person, HttpMethod.Post, $"/api/v1/alerts/{alert}/triage", body);
        Assert.Equal(code, answer.StatusCode);
        if (field is not null) Assert.Equal(field, (await answer.JsonAsync()).GetProperty("field").GetString());
    }

    private static async Task<JsonElement> RowAsync(IngestHouse house, TestPerson person, Guid alert) =>
        (await OkAsync(house, person, HttpMethod.Get, $"/api/v1/alerts/{alert}", null)).GetProperty("alert");

    private static async Task<Alert> StoredAsync(IngestHouse house, Guid alert)
    {
        var gate = house.House.Services.GetRequiredService<IHouse>();
        await using var session = await gate.EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.AlertsRead) { Logged = false }, IngestHouse.Now);
        return (await session.Db.Set<Alert>().FindAsync([alert], IngestHouse.Now))!;
    }
}
