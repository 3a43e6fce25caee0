using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Collect;

/// <summary>What the screens of collectors read, on both databases.</summary>
public sealed class ViewTests
{
    [Fact]
    public Task Views_OfACollectorWithAGap_SayHowFarItIs() => HoldsAsync(null);

    [Fact]
    public async Task Views_OfACollectorWithAGapOnPostgres_SayHowFarItIs()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await HoldsAsync(database.ConnectionString);
    }

    private static async Task HoldsAsync(string? postgres)
    {
        await using var house = await CollectHouse.StartAsync(postgres: postgres);
        var (tenant, now) = (house.Fake.Tenant(), house.Clock.GetUtcNow());
        tenant.Blobs.Add(new FakeBlob("here", "Audit.Exchange", now.AddHours(-3), now.AddHours(-3), now.AddDays(6), ["""{"Id":"1"}"""]));
        tenant.Blobs.Add(new FakeBlob("gone", "Audit.Exchange", now.AddHours(-15), now.AddHours(-15), now.AddHours(-1), ["""{"Id":"2"}"""]));
        var collector = await house.CollectorAsync(CollectorKind.Office365, tenant, "office", ["Audit.Exchange", "Audit.General"]);
        await house.CollectorAsync(CollectorKind.SignIns, house.Fake.Tenant(), "entra", force: IngestHouse.Essex);
        Assert.Null((await house.RunAsync(collector)).Problem);
        var (views, kent) = (ActivatorUtilities.CreateInstance<CollectorViews>(house.Services, house.Clock), CollectHouse.Officer(IngestHouse.Kent));

        var (lines, withheld) = await views.ListAsync(kent, null, again: false, IngestHouse.Now);

        var line = Assert.Single(lines);
        Assert.Equal((collector.Id, 1), (line.Collector.Id, line.Gaps));
        Assert.Empty(withheld);
        Assert.InRange(now - line.CoveredTo!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(3));
        var coverage = (await views.CoverageAsync(kent, line.Collector, 7, again: true, IngestHouse.Now)).Value!;
        Assert.Equal(["Audit.Exchange", "Audit.General"], coverage.Streams.Select(s => s.Stream));
        Assert.Equal([StretchKind.Covered, StretchKind.Gap, StretchKind.Covered, StretchKind.Open], coverage.Streams[0].Stretches.Select(s => s.Kind));
        Assert.Equal([StretchKind.Covered, StretchKind.Open], coverage.Streams[1].Stretches.Select(s => s.Kind));
        Assert.Contains("could not be fetched", Assert.Single(coverage.Gaps).Reason, StringComparison.Ordinal);
        Assert.Equal(1, coverage.AllGaps);

        // A collector that is switched off leaves a hole that grows.
        var off = await house.Services.GetRequiredService<CollectorOperations>().ChangeAsync(kent, collector.Id, new CollectorInput { Enabled = false }, null, IngestHouse.Now);
        Assert.True(off.Succeeded);
        house.Clock.Advance(TimeSpan.FromHours(8));
        var still = Assert.Single((await views.ListAsync(kent, null, again: true, IngestHouse.Now)).Lines);
        var last = (await views.CoverageAsync(kent, still.Collector, 7, again: true, IngestHouse.Now)).Value!.Streams[1].Stretches[^1];
        Assert.Equal(StretchKind.Late, last.Kind);
        Assert.Contains("switched off", last.Why, StringComparison.Ordinal);
        // Another force's collector is none, whatever is asked for.
        Assert.False((await views.CoverageAsync(CollectHouse.Officer(IngestHouse.Essex), still.Collector with { Force = IngestHouse.Essex }, 7, again: false, IngestHouse.Now)).Succeeded);
    }
}
