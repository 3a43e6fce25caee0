using CsCheck;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Tests.Collect.Fake;

namespace Watchhouse.Monitoring.Tests.Collect;

/// <summary>Whatever goes wrong and wherever the program ends: once all is calm, every event is there and the ledger says so.</summary>
public sealed class FaultTests
{
    private static readonly Fault[] Faults = Enum.GetValues<Fault>();

    private static readonly Gen<(int Events, int Late, Fault[] Faults, int Crash, int Inner, int Token)[]> Rounds =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[0, Faults.Length - 1].Select(i => Faults[i]).Array[0, 6], Gen.Int[0, 60], Gen.Int[0, 4], Gen.Int[0, 2]).Array[1, 4];

    [Theory]
    [InlineData(nameof(CollectorKind.Office365))]
    [InlineData(nameof(CollectorKind.SignIns))]
    [InlineData(nameof(CollectorKind.DefenderAlerts))]
    [InlineData(nameof(CollectorKind.AzureActivity))]
    public async Task AnySequenceOfFaultsAndCrashes_OnceCalm_EveryEventIsThereAndTheLedgerSaysSo(string name)
    {
        var kind = Enum.Parse<CollectorKind>(name);
        await using var house = await CollectHouse.StartAsync();
        var sample = 0;
        await Rounds.SampleAsync(
            async rounds => await HoldsAsync(house, kind, $"{kind}-{Interlocked.Increment(ref sample)}", rounds), iter: 12, threads: 1);
        Assert.Empty(house.Fake.Stolen);
    }

    [Theory]
    [InlineData(nameof(CollectorKind.Office365))]
    [InlineData(nameof(CollectorKind.SignIns))]
    public async Task Crash_AtEachStepOfARun_LosesNothing(string name)
    {
        var kind = Enum.Parse<CollectorKind>(name);
        await using var house = await CollectHouse.StartAsync();
        for (var step = 1; ; step++)
        {
            var (tenant, made, source) = (house.Fake.Tenant(), new List<string>(), $"crash-{step}");
            var stream = kind == CollectorKind.Office365 ? "Audit.Exchange" : "servicePrincipal";
            var collector = await house.CollectorAsync(kind, tenant, source, [stream]);
            await house.RunAsync(collector);
            house.Clock.Advance(TimeSpan.FromMinutes(10));
            // More than a page.
            Happen(house, tenant, kind, stream, 5, 0, made);
            house.Clock.Advance(TimeSpan.FromMinutes(10));
            var crashed = await house.CrashAsync(collector, step);
            house.Clock.Advance(TimeSpan.FromMinutes(5));
            Assert.Null((await house.RunAsync(collector)).Problem);

            Assert.Equal(made.Order(StringComparer.Ordinal), house.Lines(source).Distinct().Order(StringComparer.Ordinal));
            var windows = await house.WindowsAsync(collector);
            Assert.All(windows, w => Assert.Equal((w.Listed, WindowState.Fetched), (w.Fetched, w.State == WindowState.Reconciled ? WindowState.Fetched : w.State)));
            Assert.Equal(5, windows.Sum(w => w.Listed));
            if (!crashed) return;
        }
    }

    private static async Task HoldsAsync(
        CollectHouse house, CollectorKind kind, string source, (int Events, int Late, Fault[] Faults, int Crash, int Inner, int Token)[] rounds)
    {
        var tenant = house.Fake.Tenant();
        string[] streams = kind switch
        {
            CollectorKind.Office365 => ["Audit.Exchange", "Audit.General"],
            CollectorKind.SignIns => ["interactiveUser", "servicePrincipal"],
            CollectorKind.AzureActivity => [Guid.NewGuid().ToString()],
            _ => ["all"],
        };
        var collector = await house.CollectorAsync(kind, tenant, source, kind == CollectorKind.DefenderAlerts ? null : streams);
        await house.RunAsync(collector);
        var made = new List<string>();
        foreach (var round in rounds)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(17));
            foreach (var stream in streams) Happen(house, tenant, kind, stream, round.Events, round.Late, made);
            house.Clock.Advance(TimeSpan.FromMinutes(8));
            foreach (var fault in round.Faults) tenant.Faults.Enqueue(fault);
            (tenant.InnerThrottles, tenant.TokenFailures) = (round.Inner, round.Token);
            await house.CrashAsync(collector, round.Crash == 0 ? int.MaxValue : round.Crash);
        }

        tenant.Faults.Clear();
        (tenant.InnerThrottles, tenant.TokenFailures) = (0, 0);
        foreach (var hours in new[] { 1.0, 5, 5, 15, 30, 30, 5 })
        {
            house.Clock.Advance(TimeSpan.FromHours(hours));
            var end = await house.RunAsync(collector);
            Assert.Null(end.Problem);
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), house.Lines(source).Distinct().Order(StringComparer.Ordinal));
        var windows = await house.WindowsAsync(collector);
        foreach (var stream in windows.GroupBy(w => w.Stream))
        {
            CoverageWindow? before = null;
            foreach (var window in stream)
            {
                if (before is not null) Assert.Equal(before.To, window.From);
                before = window;
                Assert.Equal(window.Listed, window.Fetched);
                Assert.Null(window.Reason);
                Assert.Equal(window.NextAt is null ? WindowState.Reconciled : WindowState.Fetched, window.State);
            }

            Assert.True(before!.To >= house.Clock.GetUtcNow().AddMinutes(-5));
        }

        // Events on the border of two windows of Azure Activity are in both.
        Assert.InRange(windows.Sum(w => kind == CollectorKind.Office365 ? 0 : w.Listed), kind == CollectorKind.Office365 ? 0 : made.Count, made.Count * 2);
    }

    /// <summary>Things happen; some of them show only up to 19 hours later, which is within what every list is listed again for.</summary>
    private static void Happen(CollectHouse house, FakeTenant tenant, CollectorKind kind, string stream, int events, int late, List<string> made)
    {
        var now = house.Clock.GetUtcNow();
        for (var i = 0; i < events + late; i++)
        {
            var at = now.AddSeconds(-13 * i);
            var shown = i < events ? now : now.AddHours(1 + (i % 7 * 3));
            var json = kind switch
            {
                CollectorKind.Office365 => $$"""{"CreationTime":"{{at:yyyy-MM-ddTHH:mm:ss}}","Id":"{{Guid.NewGuid()}}","Operation":"New-InboxRule"}""",
                CollectorKind.AzureActivity => $$"""{"eventTimestamp":"{{at:O}}","eventDataId":"{{Guid.NewGuid()}}"}""",
                _ => $$"""{ "id":"{{Guid.NewGuid()}}", "createdDateTime":"{{at:O}}","lastUpdateDateTime":"{{at:O}}","nested":{"id":[1,2,{"id":"x"}]} }""",
            };
            made.Add(json);
            if (kind == CollectorKind.Office365)
                tenant.Blobs.Add(new FakeBlob($"{Guid.NewGuid():N}$x", stream, at, shown, at.AddDays(7), [json]));
            else
                tenant.Events.Add(new FakeEvent(stream, at, shown, json));
        }
    }
}
