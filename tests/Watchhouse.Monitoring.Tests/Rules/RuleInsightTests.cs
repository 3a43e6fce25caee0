using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Rules.Pages;
using Watchhouse.Monitoring.Tests.Alerts;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Rules;

/// <summary>What the page of a rule counts: a force its own alerts alone, and nobody whom they may not see.</summary>
public sealed class RuleInsightTests
{
    private const string Id = "7f1d2a34-4b5c-4d6e-8f70-8192a3b4c5d6";

    [Fact]
    public Task Insight_OnSqlite_CountsWithinTheReadersSight() => CountsAsync(null);

    [Fact]
    public async Task Insight_OnPostgres_CountsWithinTheReadersSight()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await CountsAsync(database.ConnectionString);
    }

    private static async Task CountsAsync(string? postgres)
    {
        await using var house = await RuleHouse.StartAsync(postgres);
        var rule = RuleHouse.Id(await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625), "Testing"));
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a"));
        await house.LookedAtAsync();
        var now = house.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await AlertStore.AddAsync(house.House, [
            .. Enumerable.Range(0, 3).Select(number => AlertStore.Make(IngestHouse.Kent, now.AddMinutes(-number), Id, entity: "amira")),
            AlertStore.Make(IngestHouse.Kent, now.AddDays(-10), Id, entity: "ben"),
            AlertStore.Make(IngestHouse.Kent, now.AddDays(-40), Id, entity: "old"),
            AlertStore.Make(IngestHouse.Essex, now, Id, entity: "essex-person"),
        ]);
        var insights = house.Services.GetRequiredService<RuleInsights>();
        var queries = house.Services.GetRequiredService<RuleQueries>();

        var kent = Person(IngestHouse.Kent, Role.SecurityOfficer);
        var row = (await queries.FindAsync(kent, rule, null, IngestHouse.Now)).Value!.Rule;
        var seen = await insights.ReadAsync(kent, row with { State = RuleStage.Live }, null, IngestHouse.Now);
        Assert.Equal((4, 3), (seen.In30Days, seen.In7Days));
        Assert.Equal([(IngestHouse.Kent, 4L)], seen.ByForce);
        Assert.Equal([("amira", 3L), ("ben", 1L)], seen.Top.Select(each => (each.Entity, each.Alerts)));
        Assert.All(seen.Newest, alert => Assert.Equal(IngestHouse.Kent, alert.Force));
        Assert.Equal(5, seen.Newest.Count);

        // Those who read rules and no alerts learn how many, and not about whom.
        var lead = await insights.ReadAsync(Person(IngestHouse.Kent, Role.ItLead), row with { State = RuleStage.Live }, null, IngestHouse.Now);
        Assert.Equal((4, 0, 0), (lead.In30Days, lead.Top.Count, lead.Newest.Count));

        Assert.Equal(1, (await insights.ReadAsync(Person(IngestHouse.Essex, Role.SecurityOfficer), row with { State = RuleStage.Live }, null, IngestHouse.Now)).In30Days);
        Assert.Equal(0, (await insights.ReadAsync(Person(ForceId.Centre, Role.DutyManager), row with { State = RuleStage.Live }, null, IngestHouse.Now)).In30Days);
        Assert.Equal(1, (await insights.SaidAsync(Person(IngestHouse.Essex, Role.SecurityOfficer), null, null, IngestHouse.Now)).GetValueOrDefault(Id));
        Assert.True((await insights.SaidAsync(kent, null, null, IngestHouse.Now)).GetValueOrDefault(Id) >= 4);
        Assert.Contains((await queries.AllAsync(kent, null, null, IngestHouse.Now)).Rules, each => each.Key == Id);
    }

    private static ActingPrincipal Person(ForceId home, Role role) => new()
    {
        Kind = PrincipalKind.Person,
        Subject = $"{home}/{role}",
        Name = $"{role} (test)",
        Home = home,
        Roles = [role],
    };
}
