using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Collect;

/// <summary>The ledger over days, on both databases.</summary>
public sealed class LedgerTests
{
    [Fact]
    public Task Days_OfCollection_AreFewLinesThatAddUp() => HoldsAsync(null);

    [Fact]
    public async Task Days_OfCollectionOnPostgres_AreFewLinesThatAddUp()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await HoldsAsync(database.ConnectionString);
    }

    private static async Task HoldsAsync(string? postgres)
    {
        await using var house = await CollectHouse.StartAsync(postgres: postgres);
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.Office365, tenant, "office", ["Audit.Exchange"]);
        var begin = house.Clock.GetUtcNow();
        for (var i = 0; i < 48; i++)
        {
            var at = house.Clock.GetUtcNow();
            // One of them comes twelve hours late.
            tenant.Blobs.Add(new FakeBlob($"b{i}", "Audit.Exchange", at, i == 7 ? at.AddHours(12) : at, at.AddDays(7), [$$"""{"Id":"{{i}}"}"""]));
            house.Clock.Advance(TimeSpan.FromHours(3));
            Assert.Null((await house.RunAsync(collector)).Problem);
        }

        var windows = await house.WindowsAsync(collector);
        for (var i = 1; i < windows.Count; i++) Assert.Equal(windows[i - 1].To, windows[i].From);
        Assert.Equal((48, 48, 1), (windows.Sum(w => w.Listed), windows.Sum(w => w.Fetched), windows.Sum(w => w.Late)));
        // Six days and the first day's backfill were 56 windows or more; the first days are one or two lines each by now.
        Assert.InRange(windows.Count(w => w.To < begin.AddDays(2)), 1, 6);
        var coverage = await house.Services.GetRequiredService<CollectorQueries>().CoverageAsync(CollectHouse.Officer(IngestHouse.Kent), collector.Id, null, IngestHouse.Now);
        var stream = Assert.Single(coverage.Value!.Streams);
        Assert.Equal((0, 0, windows[^1].To), (stream.Gaps, stream.Open, stream.CoveredTo!.Value));
        Assert.InRange(stream.ReconciledTo!.Value, house.Clock.GetUtcNow().AddHours(-80), house.Clock.GetUtcNow().AddHours(-60));
        Assert.False((await house.Services.GetRequiredService<CollectorQueries>().CoverageAsync(CollectHouse.Officer(IngestHouse.Essex), collector.Id, null, IngestHouse.Now)).Succeeded);
        Assert.Empty(await house.Services.GetRequiredService<CollectorQueries>().GapsAsync(CollectHouse.Officer(IngestHouse.Kent), null, null, IngestHouse.Now));
        // A subscription that went off leaves a gap, on this database too, and its removal takes all of it.
        tenant.Subscriptions["Audit.Exchange"] = false;
        await house.RunAsync(collector);
        Assert.NotEmpty(await house.Services.GetRequiredService<CollectorQueries>().GapsAsync(CollectHouse.Officer(IngestHouse.Kent), IngestHouse.Kent, null, IngestHouse.Now));
        tenant.Refused = "content";
        house.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull((await house.RunAsync(collector)).Problem);
        var removed = await house.Services.GetRequiredService<CollectorOperations>().RemoveAsync(CollectHouse.Officer(IngestHouse.Kent), collector.Id, null, IngestHouse.Now);
        Assert.True(removed.Succeeded);
        Assert.Equal(0, await house.ReadAsync(db => db.Set<ListedBlob>().CountAsync()) + await house.ReadAsync(db => db.Set<CollectorStream>().CountAsync()));
    }
}
