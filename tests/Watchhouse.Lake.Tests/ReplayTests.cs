namespace Watchhouse.Lake.Tests;

/// <summary>What was received is given again in its order.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task Replay_LinesOfSeveralTables_ComeDayByDayAsTheyWereReceived()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(
            Line("b2", received: 5, line: 1, table: "Syslog"), Line("b1", received: 5, line: 0), Line("a1", received: 1, line: 0, hours: 5),
            Line("next day", received: 0, line: 0, hours: 20), Line("part", received: 5, line: -1), Line("other force", owner: "force-12"));

        var lines = await ReplayAsync(lake);

        Assert.Equal(["entra form/1 1 a1", "entra form/1 5 b1", "entra form/1 5 b2", "entra form/1 0 next day"], lines);
        Assert.Equal(["entra form/1 1 a1"], await ReplayAsync(lake, from: 4, to: 6));
        Assert.Equal(["entra form/1 1 a1", "entra form/1 0 next day"], await ReplayAsync(lake, receivedBefore: 5));
        Assert.Empty(await ReplayAsync(lake, "force-2"));
        Assert.Empty(Directory.EnumerateDirectories(lake.Root, "_spill*").SelectMany(Directory.EnumerateDirectories));
    }

    [Fact]
    public async Task Replay_MergedFilesAndRowsWithoutAFormat_KeepBytesAndOrder()
    {
        await using var lake = await TestLake.CreateAsync();
        for (var batch = 0; batch < 12; batch++)
        {
            var at = batch;
            await lake.StoreAsync([.. Enumerable.Range(0, 50).Select(i => Line($"{at:d2} {i:d2} \0\x7f", received: at, line: i, hours: 11 - (i % 9), format: at == 3 ? null : "form/1", computer: $"{i % 7}"))]);
        }

        var before = await ReplayAsync(lake);
        await (await lake.KeeperAsync()).CompactAsync(new LakeCompactionOptions { MinFiles = 2 });

        Assert.Equal(600, before.Count);
        Assert.Equal(before, await ReplayAsync(lake));
        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"{i / 50:d2} {i % 50:d2}"), before.Select(line => line.Split(' ', 4)[3][..5]));
        Assert.Equal(50, before.Count(line => line.StartsWith("entra  3", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Replay_MoreThanMemoryHolds_IsSortedFromDisk()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { QueryMemoryMiB = 64 };
        using var reader = new LakeReader(lake.Options, lake.Manifest, TestLake.Schema);
        var random = new Random(5);
        for (var batch = 0; batch < 24; batch++)
        {
            var at = batch;
            await lake.StoreAsync([.. Enumerable.Range(0, 5000).Select(i => Line(
                $"{at}-{i}", received: 100 - at, line: i, raw: Convert.ToHexString(RandomBytes(random)), computer: $"{i % 97}"))]);
        }

        var (count, last, isSorted) = (0, DateTimeOffset.MinValue, true);
        await reader.ReplayAsync(Query("force-1", 0, 24, 1000), (_, _, receivedAt, raw) =>
        {
            count++;
            isSorted &= receivedAt >= last && raw.Length == 1600;
            last = receivedAt;
        }, TestContext.Current.CancellationToken);

        Assert.Equal((120_000, true), (count, isSorted));
    }

    [Fact]
    public async Task Replay_Cancelled_Ends()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync([.. Enumerable.Range(0, 3000).Select(i => Line($"{i}", line: i))]);
        using var cancel = new CancellationTokenSource();
        var count = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lake.Reader.ReplayAsync(Query("force-1", 0, 24, 100), (_, _, _, _) =>
        {
            if (++count == 10) cancel.Cancel();
        }, cancel.Token));

        Assert.Equal(10, count);
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[800];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task<List<string>> ReplayAsync(TestLake lake, string owner = "force-1", double from = 0, double to = 72, int receivedBefore = 1000)
    {
        var lines = new List<string>();
        await lake.Reader.ReplayAsync(Query(owner, from, to, receivedBefore), (source, format, receivedAt, raw) =>
            lines.Add($"{source} {format} {(receivedAt - TestLake.Noon).TotalSeconds} {System.Text.Encoding.UTF8.GetString(raw)}"), TestContext.Current.CancellationToken);
        return lines;
    }

    private static LakeReplay Query(string owner, double from, double to, int receivedBefore) => new()
    {
        Owner = owner, From = TestLake.Noon.AddHours(from), To = TestLake.Noon.AddHours(to), ReceivedBefore = TestLake.Noon.AddSeconds(receivedBefore),
    };

    private static LakeRow Line(
        string name, int received = 1, int line = 0, double hours = 1, string owner = "force-1", string table = TestLake.Table, string? format = "form/1",
        string? raw = null, string? computer = null) =>
        TestLake.Row(name, owner, table, TestLake.Noon.AddHours(hours), raw: raw, computer: computer) with
        {
            ReceivedAt = TestLake.Noon.AddSeconds(received), Format = format, Line = line,
        };
}
