using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Rules;

public sealed class RuleApiTests
{
    private const string Id = "0a6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b01";
    private const string Other = "0a6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b02";

    [Fact]
    public Task Life_OfARule_OnSqlite_IsAsItsStateSays() => LivesAsync(null);

    [Fact]
    public async Task Life_OfARule_OnPostgres_IsAsItsStateSays()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await LivesAsync(database.ConnectionString);
    }

    private static async Task LivesAsync(string? postgres)
    {
        await using var house = await RuleHouse.StartAsync(postgres);
        var rule = await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625), "Testing");
        Assert.Equal("testing", (await house.GetAsync(house.Kent, $"/api/v1/rules/{RuleHouse.Id(rule)}")).GetProperty("rule").GetProperty("health").GetProperty("state").GetString());

        // In testing it is counted and raises nothing.
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a"), RuleHouse.Event(4625, "a"), RuleHouse.Event(4625, "b"));
        Assert.Empty(await house.AlertsAsync(house.Kent, Id));
        var noise = Assert.Single((await house.GetAsync(house.Kent, "/api/v1/rules/noise")).EnumerateArray(), row => row.GetProperty("rule").GetString() == Id);
        Assert.Equal((true, 3L, "a"), (noise.GetProperty("isTesting").GetBoolean(), noise.GetProperty("events30").GetInt64(), noise.GetProperty("topEntity").GetString()));
        Assert.Equal("A test rule", noise.GetProperty("title").GetString());
        Assert.DoesNotContain((await house.GetAsync(house.Essex, "/api/v1/rules/noise")).EnumerateArray(), row => row.GetProperty("rule").GetString() == Id);

        rule = await house.MoveAsync(house.Centre, rule, "Live");
        await house.CompiledAsync();
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "c"));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4625, "d"));
        Assert.Equal("c", Assert.Single(await house.AlertsAsync(house.Kent, Id)).GetProperty("entity").GetString());
        Assert.Equal("d", Assert.Single(await house.AlertsAsync(house.Essex, Id)).GetProperty("entity").GetString());

        await house.MoveAsync(house.Centre, rule, "Retired");
        await house.CompiledAsync();
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "e"));
        Assert.Single(await house.AlertsAsync(house.Kent, Id));

        var revisions = (await house.GetAsync(house.Kent, $"/api/v1/rules/{RuleHouse.Id(rule)}/revisions")).EnumerateArray().ToList();
        Assert.Equal([4, 3, 2, 1], revisions.Select(each => each.GetProperty("number").GetInt32()));
        Assert.Equal(["Retired", "Live", "Testing", "Draft"], revisions.Select(each => each.GetProperty("state").GetString()));
        Assert.Contains("Not tested: It is a test.", revisions[1].GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_OfAForce_RunsOverItsEventsAndIsSeenByNoOther()
    {
        await using var house = await RuleHouse.StartAsync();
        var rule = await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4720));
        // Another force has one with the same id: the two know nothing of each other.
        await house.RuleAsync(house.Essex, RuleHouse.Rule(Id, 4726));

        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4720, "a"), RuleHouse.Event(4726, "b"));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4720, "c"), RuleHouse.Event(4726, "d"));

        Assert.Equal("a", Assert.Single(await house.AlertsAsync(house.Kent, Id)).GetProperty("entity").GetString());
        Assert.Equal("d", Assert.Single(await house.AlertsAsync(house.Essex, Id)).GetProperty("entity").GetString());
        await house.SendAsync(house.Essex, HttpMethod.Get, $"/api/v1/rules/{RuleHouse.Id(rule)}", expected: HttpStatusCode.NotFound);
        await house.SendAsync(house.Essex, HttpMethod.Get, $"/api/v1/rules/{RuleHouse.Id(rule)}/revisions", expected: HttpStatusCode.NotFound);
        await house.SendAsync(house.Centre, HttpMethod.Get, $"/api/v1/rules/{RuleHouse.Id(rule)}", expected: HttpStatusCode.NotFound);
        await house.MoveAsync(house.Essex, rule, "Testing", HttpStatusCode.NotFound);
        Assert.Equal(0, (await house.GetAsync(house.Essex, "/api/v1/rules?owner=ESX&text=" + Other)).GetProperty("total").GetInt32());
        Assert.Equal(1, (await house.GetAsync(house.Kent, "/api/v1/rules?owner=KNT&text=" + Id)).GetProperty("total").GetInt32());
        await house.SendAsync(house.Essex, HttpMethod.Get, "/api/v1/rules?owner=KNT", expected: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Text_ThatCannotBeUsed_IsAnsweredWithLineAndWhatToDo()
    {
        await using var house = await RuleHouse.StartAsync();

        var broken = RuleHouse.Rule(Id, 1).Replace("condition: selection", "condition: selektion", StringComparison.Ordinal);
        var problem = await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/rules", new { text = broken }, HttpStatusCode.BadRequest);
        var check = await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/rules/check", new { text = broken });
        var fine = await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/rules/check", new { text = RuleHouse.Rule(Id, 1) });

        Assert.Equal("text", problem.GetProperty("field").GetString());
        Assert.StartsWith("Line 8: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("selektion", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(8, check.GetProperty("fault").GetProperty("line").GetInt32());
        Assert.False(string.IsNullOrEmpty(check.GetProperty("fault").GetProperty("do").GetString()));
        Assert.True(fine.GetProperty("usable").GetBoolean());
        // The id of a rule of the nation is taken.
        var national = (await house.GetAsync(house.Kent, "/api/v1/rules?source=national&take=1")).GetProperty("rules")[0].GetProperty("key").GetString()!;
        var taken = await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/rules", new { text = RuleHouse.Rule(national, 1) }, HttpStatusCode.BadRequest);
        Assert.Contains(national, taken.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_OfWhatSomebodyElseChanged_IsRefused()
    {
        await using var house = await RuleHouse.StartAsync();
        var rule = await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4720), "Draft");
        var (path, version) = ($"/api/v1/rules/{RuleHouse.Id(rule)}", RuleHouse.Version(rule));

        await house.SendAsync(house.Kent, HttpMethod.Put, path, new { version, text = RuleHouse.Rule(Id, 4721), why = "Another event." });
        await house.SendAsync(house.Kent, HttpMethod.Put, path, new { version, text = RuleHouse.Rule(Id, 4722), why = "Another event." }, HttpStatusCode.Conflict);

        var now = await house.GetAsync(house.Kent, path);
        Assert.Contains("4721", now.GetProperty("text").GetString(), StringComparison.Ordinal);
        var revision = (await house.GetAsync(house.Kent, path + "/revisions"))[0];
        Assert.Contains("-  selection: {EventID: 4720}", revision.GetProperty("difference").GetString(), StringComparison.Ordinal);
        Assert.Contains("+  selection: {EventID: 4721}", revision.GetProperty("difference").GetString(), StringComparison.Ordinal);
        await house.MoveAsync(house.Kent, now, "Live", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Correlation_OverRulesOfItsOwner_CanBeWrittenApart()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Kent, RuleHouse.Rule(Other, 4625).Replace($"id: {Other}", $"id: {Other}\nname: refused", StringComparison.Ordinal));
        await house.RuleAsync(house.Kent, $$"""
            title: Many refused
            id: {{Id}}
            level: high
            correlation:
              type: event_count
              rules: [refused]
              group-by: [Computer]
              timespan: 10m
              condition: {gte: 3}
            """);

        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a"), RuleHouse.Event(4625, "b"), RuleHouse.Event(4625, "c"));

        Assert.Equal("HOST1", Assert.Single(await house.AlertsAsync(house.Kent, Id)).GetProperty("entity").GetString());
        // What it looks at is silent now.
        Assert.Empty(await house.AlertsAsync(house.Kent, Other));
    }

    [Fact]
    public async Task List_IsNarrowedAndPaged()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Kent, RuleHouse.Rule(Id, 4720, "Zebra crossing"), "Draft");

        var all = await house.GetAsync(house.Kent, "/api/v1/rules?take=500");
        var first = await house.GetAsync(house.Kent, "/api/v1/rules?take=10");
        var second = await house.GetAsync(house.Kent, "/api/v1/rules?take=10&skip=10");
        var drafts = await house.GetAsync(house.Kent, "/api/v1/rules?state=draft");
        var tactic = await house.GetAsync(house.Kent, "/api/v1/rules?tactic=credential-access&text=zebra");
        var auditor = await house.House.House.PersonAsync(IngestHouse.Kent, Role.Auditor);

        var titles = all.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("title").GetString()!).ToList();
        Assert.True(titles.Count > 60);
        Assert.Equal(titles.Order(StringComparer.OrdinalIgnoreCase), titles);
        Assert.Equal(titles.Take(20), first.GetProperty("rules").EnumerateArray().Concat(second.GetProperty("rules").EnumerateArray()).Select(rule => rule.GetProperty("title").GetString()));
        Assert.Equal("Zebra crossing", Assert.Single(drafts.GetProperty("rules").EnumerateArray()).GetProperty("title").GetString());
        Assert.Equal(1, tactic.GetProperty("total").GetInt32());
        Assert.Equal(0, (await house.GetAsync(house.Kent, "/api/v1/rules?state=nonsense")).GetProperty("total").GetInt32());
        await house.SendAsync(auditor, HttpMethod.Post, "/api/v1/rules", new { text = "x" }, HttpStatusCode.Forbidden);
        Assert.True((await house.GetAsync(auditor, "/api/v1/rules")).GetProperty("total").GetInt32() > 60);
    }

    [Fact]
    public async Task ShippedRule_ThatWasEditedHere_IsNotOverwritten()
    {
        using var data = new TempDirectory();
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(data.FullName, "rules")).FullName, "one.yml");
        await File.WriteAllTextAsync(file, RuleHouse.Rule(Id, 4720), IngestHouse.Now);
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "rules", "two.yml"), RuleHouse.Rule(Other, 4740), IngestHouse.Now);
        Guid id;
        await using (var house = await RuleHouse.StartAsync(data: data.FullName))
        {
            var row = (await house.GetAsync(house.Centre, "/api/v1/rules?source=folder&text=" + Id)).GetProperty("rules")[0];
            id = row.GetProperty("id").GetGuid();
            Assert.Equal("Live", row.GetProperty("state").GetString());
            await house.SendAsync(house.Centre, HttpMethod.Put, $"/api/v1/rules/{id}", new { version = row.GetProperty("version").GetUInt32(), text = RuleHouse.Rule(Id, 4721), why = "Ours is another." });
        }

        await File.WriteAllTextAsync(file, RuleHouse.Rule(Id, 4722), IngestHouse.Now);
        File.Delete(Path.Combine(data.FullName, "rules", "two.yml"));
        await using var again = await RuleHouse.StartAsync(data: data.FullName);
        var rule = await again.GetAsync(again.Centre, $"/api/v1/rules/{id}");
        Assert.Contains("4721", rule.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("4722", rule.GetProperty("shippedText").GetString(), StringComparison.Ordinal);
        Assert.Contains("+  selection: {EventID: 4721}", rule.GetProperty("difference").GetString(), StringComparison.Ordinal);
        Assert.Equal("Retired", (await again.GetAsync(again.Centre, "/api/v1/rules?source=folder&text=" + Other)).GetProperty("rules")[0].GetProperty("state").GetString());

        rule = await again.SendAsync(again.Centre, HttpMethod.Post, $"/api/v1/rules/{id}/shipped", new { version = RuleHouse.Version(rule) });
        Assert.Contains("4722", rule.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(rule.GetProperty("rule").GetProperty("hasDifference").GetBoolean());
    }

    [Fact]
    public async Task National_DetectionsAreThereOnceAndLive()
    {
        using var data = new TempDirectory();
        await using (var house = await RuleHouse.StartAsync(data: data.FullName)) await house.CompiledAsync();
        await using var again = await RuleHouse.StartAsync(data: data.FullName);
        await again.CompiledAsync();

        var rules = await again.GetAsync(again.Centre, "/api/v1/rules?source=national&take=500");
        var waiting = (await again.GetAsync(again.Centre, "/api/v1/rules?notInUse=true&take=500")).GetProperty("rules").EnumerateArray()
            .Where(rule => rule.GetProperty("health").GetProperty("state").GetString() == "placeholder-missing").ToList();

        var files = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "national", "detections"), "*.yml", SearchOption.AllDirectories).Count();
        Assert.Equal(files, rules.GetProperty("total").GetInt32());
        Assert.All(rules.GetProperty("rules").EnumerateArray(), rule => Assert.Equal(("Live", 1), (rule.GetProperty("state").GetString(), rule.GetProperty("revision").GetInt32())));
        Assert.Equal(3, waiting.Count);
        Assert.DoesNotContain((await again.GetAsync(again.Centre, "/api/v1/rules?notInUse=true")).GetProperty("rules").EnumerateArray(),
            rule => rule.GetProperty("health").GetProperty("state").GetString() == "rejected");
    }

    [Fact]
    public void Moves_OfEveryStage_AreKnown()
    {
        foreach (var from in Enum.GetValues<RuleStage>())
        {
            foreach (var to in Enum.GetValues<RuleStage>())
                Assert.Equal(RuleLifeCycle.From(from).Contains(to), RuleLifeCycle.Refusal(from, to, isTested: true, null) is null);
        }

        Assert.NotNull(RuleLifeCycle.Refusal(RuleStage.Testing, RuleStage.Live, isTested: false, " "));
        Assert.Null(RuleLifeCycle.Refusal(RuleStage.Testing, RuleStage.Live, isTested: false, "known good"));
    }
}
