using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Alerts;

/// <summary>What other modules show at a glance is what the reader may see, and nothing else.</summary>
public sealed class BriefTests
{
    private static readonly ForceId Essex = ForceId.Of("ESX");
    private static readonly ActingPrincipal Officer = Person(IngestHouse.Kent, Role.SecurityOfficer);
    private static readonly ActingPrincipal Manager = Person(ForceId.Centre, Role.DutyManager) with
    {
        Delegations = [new(Guid.Parse("0198c0de-0000-7000-8000-000000000001"), IngestHouse.Kent, DelegationScope.Monitoring, DateTimeOffset.MaxValue)],
    };

    [Fact]
    public Task Briefs_OfTwoForces_AreWithinTheReadersSight() => WithinSightAsync(null);

    [Fact]
    public async Task Briefs_OfTwoForcesOnPostgres_AreWithinTheReadersSight()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await WithinSightAsync(database.ConnectionString);
    }

    private static async Task WithinSightAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var now = DateTimeOffset.UtcNow;
        var (older, taken, closed) = (Alert(IngestHouse.Kent, now.AddHours(-2), "critical"), Alert(IngestHouse.Kent, now.AddHours(-3), "high"), Alert(IngestHouse.Kent, now.AddHours(-4), "critical"));
        (taken.Status, taken.Owner) = (TriageStates.Open, "somebody");
        (closed.Status, closed.Owner, closed.Verdict) = (TriageStates.Closed, "somebody", Verdicts.FalsePositive);
        var newer = Alert(IngestHouse.Kent, now.AddHours(-1), "high");
        await AlertStore.AddAsync(house, [older, taken, closed, newer, Alert(IngestHouse.Kent, now.AddHours(-5), "low"), Alert(Essex, now.AddHours(-6), "critical")]);
        await SourcesAsync(house, now);
        var alerts = house.House.Services.GetRequiredService<IAlertsInBrief>();
        var sources = house.House.Services.GetRequiredService<ISilentSources>();

        // The Centre sees Essex as little as Kent's officer does: it has no delegation of it.
        foreach (var reader in (ActingPrincipal[])[Officer, Manager])
        {
            var counts = (await alerts.CountAsync(reader, null, null, true, IngestHouse.Now)).Counts;
            Assert.Equal([("critical", 1), ("high", 2), ("low", 1)], counts.OrderBy(each => each.Level, StringComparer.Ordinal).Select(each => (each.Level, each.Count)));
            Assert.All(counts, each => Assert.Equal(IngestHouse.Kent, each.Force));
            Assert.Equal([older.Id, newer.Id], (await alerts.OldestNewAsync(reader, null, 5, null, true, IngestHouse.Now)).Select(each => each.Id));
            Assert.Equal(older.Id, Assert.Single(await alerts.OldestNewAsync(reader, IngestHouse.Kent, 1, null, true, IngestHouse.Now)).Id);
            Assert.Equal(["yesterday", "long ago", "never"], (await sources.ListAsync(reader, null, 5, null, true, IngestHouse.Now)).Select(each => each.Name));
        }

        await Assert.ThrowsAsync<AccessRefusedException>(() => alerts.CountAsync(Officer, Essex, null, true, IngestHouse.Now));
        await Assert.ThrowsAsync<AccessRefusedException>(() => sources.ListAsync(Officer, Essex, 5, null, true, IngestHouse.Now));
        var measures = await house.House.Services.GetRequiredService<IMeasuresInBrief>().OfAsync(Officer, IngestHouse.Kent, null, IngestHouse.Now);
        Assert.Equal("100%", measures.Single(each => each.Title == "False of closed").Own);
        Assert.All(measures, each => Assert.Null(each.National));
    }

    private static async Task SourcesAsync(IngestHouse house, DateTimeOffset now)
    {
        await using var session = await house.House.Services.GetRequiredService<IHouse>().EnterAsync(ActingPrincipal.ForJob("test"), new Access(Permissions.TelemetryWrite) { Logged = false }, IngestHouse.Now);
        foreach (var (force, name, last) in new (ForceId, string, DateTimeOffset?)[]
        {
            (IngestHouse.Kent, "never", null), (IngestHouse.Kent, "yesterday", now.AddHours(-25)), (IngestHouse.Kent, "long ago", now.AddDays(-40)), (IngestHouse.Kent, "arriving", now.AddMinutes(-5)), (Essex, "theirs", now.AddDays(-2)),
        })
            session.Db.Add(new IngestSource { Id = Guid.CreateVersion7(), ForceId = force, Name = name, Format = "json", FirstReceivedAt = now.AddDays(-50), LastReceivedAt = last });
        Assert.True((await session.CommitAsync(IngestHouse.Now)).Succeeded);
    }

    private static Alert Alert(ForceId force, DateTimeOffset at, string level) => AlertStore.Make(force, at, level: level);

    private static ActingPrincipal Person(ForceId home, Role role) => new() { Kind = PrincipalKind.Person, Subject = $"{home}-{role}", Name = $"Test {role}", Home = home, Roles = [role] };
}
