namespace Watchhouse.Lake.Tests;

/// <summary>Compaction, retention, holds, verification.</summary>
public sealed class KeeperTests
{
    private static readonly DateOnly Day = new(2026, 3, 14);

    [Fact]
    public async Task Compact_SmallFilesOfADay_BecomeOneSortedFileWithAllEvents()
    {
        await using var lake = await TestLake.CreateAsync();
        for (var i = 0; i < 8; i++)
            await lake.StoreAsync([.. Enumerable.Range(0, 50).Select(j => TestLake.Row($"{i}-{j}", time: TestLake.Noon.AddSeconds(i), computer: $"h{j % 9}",
                columns: i % 2 == 0 ? """{"ResultCode":1}""" : """{"AppDisplayName":"x"}"""))]);
        var keeper = await lake.KeeperAsync();
        var expected = await lake.AllRawAsync();

        var done = await keeper.CompactAsync();

        Assert.Equal((8, 1, 400L), (done.Read, done.Written, done.Rows));
        Assert.Equal(expected, await lake.AllRawAsync());
        var file = Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery()));
        Assert.Equal((400L, 1L, 8L, TestLake.Noon, TestLake.Noon.AddSeconds(7)), (file.Rows, file.FromPosition, file.ToPosition, file.MinTime, file.MaxTime));
        var one = Assert.Single(await lake.Reader.FindAsync("force-1", [TestLake.Id("3-17")]));
        Assert.Equal(("3-17", """{"AppDisplayName":"x"}"""), (TestLake.Text(one.Raw), TestLake.Text(one.Columns)));
        Assert.Equal(0, await keeper.SweepAsync());
        lake.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(8, await keeper.SweepAsync());
        Assert.Equal(expected, await lake.AllRawAsync());
        Assert.True((await keeper.VerifyAsync()).IsOk);
        // And the writer still knows what is in it.
        await lake.StoreAsync(TestLake.Row("3-17", time: TestLake.Noon.AddSeconds(3)));
        Assert.Equal(1, (await lake.WriterAsync()).Counts.Repeated);
    }

    [Fact]
    public async Task Compact_OneDayIsTooLargeForTheMemory_IsLeftAndCountedAndTheOthersAreMerged()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { CompactMemoryMiB = 64 };
        // Hexadecimal digits of a counter's hash: text that no encoding makes small.
        static string Long(int number)
        {
            var text = new System.Text.StringBuilder();
            for (var part = 0; part < 64; part++)
                text.Append(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes((number * 64) + part))));
            return text.ToString();
        }

        for (var i = 0; i < 4; i++)
            await lake.StoreAsync([.. Enumerable.Range(0, 8_000).Select(j => TestLake.Row($"{Long((i * 8_000) + j)}", time: TestLake.Noon.AddSeconds(i)))]);
        await lake.StoreAsync(TestLake.Row("small 1", time: TestLake.Noon.AddDays(-1)));
        await lake.StoreAsync(TestLake.Row("small 2", time: TestLake.Noon.AddDays(-1)));
        var keeper = await lake.KeeperAsync();

        var done = await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = Day.AddDays(1) });

        Assert.Equal((2, 1, 1), (done.Read, done.Written, done.TooLarge));
        var smaller = await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = Day.AddDays(1), MaxContentBytes = 16L << 20 });
        Assert.Equal(0, smaller.TooLarge);
        Assert.Equal(32_002, (await lake.Manifest.ListAsync(new LakeFileQuery())).Sum(file => file.Rows));
        Assert.True((await keeper.VerifyAsync()).IsOk);
    }

    [Fact]
    public async Task Compact_FewFilesOfAnOpenDay_WaitUntilItIsClosed()
    {
        await using var lake = await TestLake.CreateAsync();
        for (var i = 0; i < 3; i++)
            await lake.StoreAsync(TestLake.Row($"{i}"));
        var keeper = await lake.KeeperAsync();

        Assert.Equal(0, (await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = Day })).Read);
        Assert.Equal(3, (await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = Day.AddDays(1) })).Read);
        Assert.Equal(0, (await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = Day.AddDays(1) })).Read);
    }

    [Fact]
    public async Task Expire_PastTheRule_IsGoneAtOnceAndDeletedAfterTheGrace()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("old", time: TestLake.Noon.AddDays(-10)), TestLake.Row("new"), TestLake.Row("log", table: "Syslog", time: TestLake.Noon.AddDays(-10)));
        var keeper = await lake.KeeperAsync();

        var done = await keeper.ExpireAsync([new LakeRetention(null, null, 90), new LakeRetention("force-1", TestLake.Table, 5)], Day.AddDays(1));

        Assert.Equal(new LakeExpiry(1, 0), done);
        Assert.Equal(["log", "new"], await lake.AllRawAsync());
        Assert.Equal(0, await keeper.SweepAsync());
        lake.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(1, await keeper.SweepAsync());
        Assert.False(Directory.Exists(Path.Combine(lake.Root, "force-1", "2026-03-04", "x")));
        Assert.True((await keeper.VerifyAsync()).IsOk);
    }

    [Fact]
    public async Task Expire_DayAtTheBorder_IsKeptForWholeDays()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a"));
        var keeper = await lake.KeeperAsync();

        Assert.Equal(0, (await keeper.ExpireAsync([new LakeRetention(null, null, 3)], Day.AddDays(3))).Expired);
        Assert.Equal(1, (await keeper.ExpireAsync([new LakeRetention(null, null, 3)], Day.AddDays(4))).Expired);
    }

    [Fact]
    public async Task Hold_RangeOfEvents_SurvivesRetentionUntilReleased()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("held"), TestLake.Row("other", table: "Syslog"), TestLake.Row("theirs", "force-2"));
        var keeper = await lake.KeeperAsync();
        var rules = new[] { new LakeRetention(null, null, 0) };

        var hold = await keeper.HoldAsync("force-1", TestLake.Table, TestLake.Noon.AddMinutes(-1), TestLake.Noon.AddMinutes(1), "R v Example");
        Assert.Equal(new LakeExpiry(2, 1), await keeper.ExpireAsync(rules, Day.AddDays(1)));
        Assert.Equal(["held"], await lake.AllRawAsync());
        Assert.True(Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery { Owners = ["force-1"] })).IsHeld);

        Assert.True(await keeper.ReleaseAsync(hold.Id, "case closed"));
        Assert.False(await keeper.ReleaseAsync(hold.Id, "again"));
        Assert.Equal(new LakeExpiry(1, 0), await keeper.ExpireAsync(rules, Day.AddDays(1)));
        Assert.Empty(await lake.AllRawAsync());
        var released = Assert.Single(await lake.Manifest.ListHoldsAsync(released: true));
        Assert.Equal(("R v Example", "case closed"), (released.Reason, released.ReleaseReason));
    }

    [Fact]
    public async Task Hold_OnOneFile_IsNotEvenMerged()
    {
        await using var lake = await TestLake.CreateAsync();
        for (var i = 0; i < 3; i++)
            await lake.StoreAsync(TestLake.Row($"{i}"));
        var keeper = await lake.KeeperAsync();
        var files = await lake.Manifest.ListAsync(new LakeFileQuery());
        await keeper.HoldFileAsync("force-1", files[1].Id, "exhibit 4");
        await Assert.ThrowsAsync<LakeConflictException>(() => keeper.HoldFileAsync("force-2", files[1].Id, "not theirs"));

        await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = Day.AddDays(1) });

        var left = await lake.Manifest.ListAsync(new LakeFileQuery());
        Assert.Equal(2, left.Count);
        Assert.Contains(left, file => file.Id == files[1].Id && file.Sha256 == files[1].Sha256);
        await keeper.ExpireAsync([new LakeRetention(null, null, 0)], Day.AddDays(1));
        Assert.Equal(files[1].Id, Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery())).Id);
    }

    [Fact]
    public async Task Hold_PlacedAfterTheExpiryAndBeforeTheDeletion_BringsTheEventsBack()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a"));
        var keeper = await lake.KeeperAsync();
        await keeper.ExpireAsync([new LakeRetention(null, null, 0)], Day.AddDays(1));
        Assert.Empty(await lake.AllRawAsync());

        await keeper.HoldAsync("force-1", null, TestLake.Noon.AddDays(-1), TestLake.Noon.AddDays(1), "just in time");
        lake.Time.Advance(TimeSpan.FromHours(1));
        await keeper.SweepAsync();

        Assert.Equal(["a"], await lake.AllRawAsync());
    }

    [Fact]
    public async Task Hold_BringsBackWhatWasSentAgainMeanwhile_StillOnlyOnce()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a"));
        var keeper = await lake.KeeperAsync();
        await keeper.ExpireAsync([new LakeRetention(null, null, 0)], Day.AddDays(1));
        await lake.StoreAsync(TestLake.Row("a"), TestLake.Row("b"));

        await keeper.HoldAsync("force-1", null, TestLake.Noon.AddDays(-1), TestLake.Noon.AddDays(1), "just in time");

        Assert.Equal(["a", "b"], await lake.AllRawAsync());
    }

    [Fact]
    public async Task Verify_DamagedMissingAndForeignFiles_AreAllNamed()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("changed"), TestLake.Row("missing", table: "Syslog"), TestLake.Row("noindex", "force-2"), TestLake.Row("badindex", "force-3"));
        string PathOf(string owner, string table, string extension) => Directory.GetFiles(Path.Combine(lake.Root, owner, "2026-03-14"), $"{table}.*{extension}").Single();
        Flip(PathOf("force-1", TestLake.Table, ".parquet"));
        File.Delete(PathOf("force-1", "Syslog", ".parquet"));
        File.Delete(PathOf("force-2", TestLake.Table, ".ids"));
        Flip(PathOf("force-3", TestLake.Table, ".ids"));
        await File.WriteAllTextAsync(Path.Combine(lake.Root, "force-1", "2026-03-14", "SigninLogs.stray.parquet"), "?");
        var keeper = await lake.KeeperAsync();

        var report = await keeper.VerifyAsync();

        Assert.Equal(
            [LakeFaultKind.Changed, LakeFaultKind.Missing, LakeFaultKind.Index, LakeFaultKind.Index, LakeFaultKind.Orphan],
            report.Faults.Select(fault => fault.Kind));
        Assert.Equal(5, report.FaultCount);
        var refused = await Assert.ThrowsAsync<LakeCorruptException>(() => lake.Reader.FindAsync("force-2", [TestLake.Id("noindex")]));
        Assert.Contains("verification of the lake with repair", refused.Message, StringComparison.Ordinal);

        Assert.Equal(2, (await keeper.VerifyAsync(repair: true)).Faults.Count(fault => fault.IsRepaired));
        Assert.Equal(3, (await keeper.VerifyAsync()).FaultCount);
        Assert.Single(await lake.Reader.FindAsync("force-2", [TestLake.Id("noindex")]));
        Assert.Single(await lake.Reader.FindAsync("force-3", [TestLake.Id("badindex")]));
    }

    [Fact]
    public async Task Compact_PartThatIsNotWhatItWas_ReplacesNothing()
    {
        await using var lake = await TestLake.CreateAsync();
        for (var i = 0; i < 2; i++)
            await lake.StoreAsync(TestLake.Row($"{i}"));
        var paths = Directory.GetFiles(Path.Combine(lake.Root, "force-1", "2026-03-14"), "*.parquet");
        File.Copy(paths[0], paths[1], overwrite: true);

        await Assert.ThrowsAsync<LakeCorruptException>(async () =>
            await (await lake.KeeperAsync()).CompactAsync(new LakeCompactionOptions { ClosedBefore = Day.AddDays(1) }));

        Assert.Equal(2, (await lake.Manifest.ListAsync(new LakeFileQuery())).Count);
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^6] ^= 0x40;
        File.WriteAllBytes(path, bytes);
    }
}
