using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Silence;
using Watchhouse.Monitoring.Tests.Collect;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Silence;

public sealed class CollectorWatchTests
{
    [Fact]
    public Task Look_CollectorsThatNeedSomebody_RaisesOneAlertOfEachKind() => RaisesAsync(null);

    [Fact]
    public async Task Look_CollectorsThatNeedSomebodyOnPostgres_RaisesOneAlertOfEachKind()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await RaisesAsync(database.ConnectionString);
    }

    private static async Task RaisesAsync(string? postgres)
    {
        await using var house = await CollectHouse.StartAsync(postgres: postgres);
        var officer = await house.House.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var stranger = await house.House.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
        var collector = await house.CollectorAsync(CollectorKind.DirectoryAudits, house.Fake.Tenant(), "entra-audits");
        // The shipper has delivered once, so its key, of a year, is in use.
        using (await house.House.PostAsync("/ingest/v1/events/door", "{\"door\":1}\n")) { }
        var now = DateTimeOffset.UtcNow;
        await using (var session = await house.Services.GetRequiredService<IHouse>().EnterAsync(
            ActingPrincipal.ForJob("test"), new Access(Permissions.TelemetryWrite), IngestHouse.Now))
        {
            (await session.Db.Set<Collector>().SingleAsync(IngestHouse.Now)).CredentialExpiresAt = now.AddDays(10);
            var status = await session.Db.Set<CollectorStatus>().SingleOrDefaultAsync(IngestHouse.Now);
            if (status is null) session.Db.Add(status = new CollectorStatus { Id = collector.Id, ForceId = collector.ForceId });
            (status.Problem, status.ProblemSince) = ("The consent was withdrawn.", now.AddHours(-2));
            session.Db.Add(new CoverageWindow
            {
                Id = Guid.CreateVersion7(),
                ForceId = collector.ForceId,
                CollectorId = collector.Id,
                Stream = "all",
                From = now.AddDays(-3),
                To = now.AddDays(-3).AddHours(1),
                State = WindowState.Gap,
                Reason = "It is gone.",
            });
            Assert.True((await session.CommitAsync(IngestHouse.Now)).Succeeded);
        }

        var watch = house.Services.GetRequiredService<CollectorWatch>();
        Assert.Equal([IngestHouse.Kent], await watch.LookAsync(now, IngestHouse.Now));
        Assert.Empty(await watch.LookAsync(now.AddMinutes(5), IngestHouse.Now));

        Assert.Equal(
            [CollectorRules.Fails, CollectorRules.Gap, CollectorRules.Lapses],
            (await RulesAsync(house, officer)).Order(StringComparer.Ordinal));
        Assert.Empty(await RulesAsync(house, stranger));
        // Half a year and more later the shipper's own key is about to end.
        await watch.LookAsync(now.AddDays(350), IngestHouse.Now);
        Assert.Equal(2 + 1, (await RulesAsync(house, officer)).Count(rule => rule == CollectorRules.Lapses));
    }

    private static async Task<List<string>> RulesAsync(CollectHouse house, Watchhouse.Tests.Hosting.TestPerson person)
    {
        using var answer = await house.House.House.SendAsync(person, HttpMethod.Get, "/api/v1/alerts");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.JsonAsync()).EnumerateArray().Select(alert => alert.GetProperty("rule").GetString()!)];
    }
}
