namespace Watchhouse.Lake.Tests;

/// <summary>Failing disks, and ends at every step of a change.</summary>
public sealed class FaultTests
{
    private sealed class Crash : Exception;

    [Theory]
    [InlineData(LakeStep.Announced)]
    [InlineData(LakeStep.Packed)]
    [InlineData(LakeStep.Indexed)]
    [InlineData(LakeStep.Renamed)]
    public async Task Flush_DiskFailsAtAStep_KeepsTheRowsAndTriesAgain(object step)
    {
        await using var lake = await TestLake.CreateAsync();
        var failing = true;
        lake.Options = lake.Options with { Probe = (at, _) => { if (failing && at == (LakeStep)step) throw new IOException("No space left on device."); } };
        var writer = await lake.WriterAsync();
        await writer.AppendAsync(1, new[] { TestLake.Row("a"), TestLake.Row("b", "force-2") });

        var failure = await Assert.ThrowsAsync<LakeWriteException>(() => writer.FlushAsync());

        Assert.False(failure.WriterStopped);
        Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, writer.DurablePosition);
        Assert.Empty(Files(lake));
        failing = false;
        Assert.Equal(1, await writer.FlushAsync());
        Assert.Equal(["a"], await lake.AllRawAsync());
        Assert.Equal(["b"], await lake.AllRawAsync("force-2"));
        Assert.Equal(4, Files(lake).Count);
    }

    [Fact]
    public async Task Append_DirectoryCannotBeMade_RefusesMoreThanMemoryHoldsAndRecovers()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxBufferedBytes = 200_000 };
        var writer = await lake.WriterAsync();
        var inTheWay = Path.Combine(lake.Root, "force-1");
        await File.WriteAllTextAsync(inTheWay, "a file where the directory should be");
        var position = 0;
        var refused = 0;
        for (var i = 0; i < 60; i++)
        {
            try
            {
                await writer.AppendAsync(++position, new[] { TestLake.Row($"{i:d2}", raw: $"{i:d2}" + new string('x', 20_000)) });
            }
            catch (LakeWriteException)
            {
                refused++;
            }
        }

        Assert.True(refused > 30);
        Assert.True(writer.Counts.Taken < 30);
        File.Delete(inTheWay);
        // What was refused is given again, as a consumer that did not move on would do.
        for (var i = (int)writer.Counts.Taken; i < 60; i++)
            await writer.AppendAsync(++position, new[] { TestLake.Row($"{i:d2}", raw: $"{i:d2}" + new string('x', 20_000)) });
        await writer.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i:d2}"), (await lake.AllRawAsync()).Select(raw => raw[..2]));
    }

    [Fact]
    public async Task Flush_ManifestFailsToCommit_StopsTheWriterUntilItIsOpenedAnew()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { Probe = (at, _) => { if (at == LakeStep.Committed) throw new IOException("disk I/O error"); } };
        var writer = await lake.WriterAsync();
        await writer.AppendAsync(1, new[] { TestLake.Row("a") });

        Assert.True((await Assert.ThrowsAsync<LakeWriteException>(() => writer.FlushAsync())).WriterStopped);
        Assert.True((await Assert.ThrowsAsync<LakeWriteException>(() => writer.AppendAsync(2, new[] { TestLake.Row("b") }))).WriterStopped);

        await lake.DropWriterAsync();
        lake.Options = lake.Options with { Probe = null };
        writer = await lake.WriterAsync();
        Assert.Equal(1, writer.DurablePosition);
        await writer.AppendAsync(1, new[] { TestLake.Row("a") });
        await writer.AppendAsync(2, new[] { TestLake.Row("b") });
        await writer.FlushAsync();
        Assert.Equal(["a", "b"], await lake.AllRawAsync());
    }

    [Fact]
    public async Task Compact_EndsAtAnyStep_LosesAndRepeatsNothing()
    {
        foreach (var step in new[] { LakeStep.Announced, LakeStep.Packed, LakeStep.Indexed, LakeStep.Renamed, LakeStep.Committed })
        {
            await using var lake = await TestLake.CreateAsync();
            for (var i = 0; i < 9; i++)
                await lake.StoreAsync(TestLake.Row($"{i}"), TestLake.Row($"x{i}"));
            var expected = await lake.AllRawAsync();
            lake.Options = lake.Options with { Probe = (at, _) => { if (at == step) throw new Crash(); } };

            await Assert.ThrowsAnyAsync<Exception>(async () => await (await lake.KeeperAsync()).CompactAsync());
            Assert.Equal(expected, await lake.AllRawAsync());

            await lake.DropKeeperAsync();
            lake.Options = lake.Options with { Probe = null };
            var keeper = await lake.KeeperAsync();
            await keeper.CompactAsync();
            lake.Time.Advance(TimeSpan.FromHours(1));
            await keeper.SweepAsync();
            Assert.Equal(expected, await lake.AllRawAsync());
            Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery { States = Enum.GetValues<LakeFileState>() }));
            Assert.Equal(2, Files(lake).Count);
            Assert.True((await keeper.VerifyAsync()).IsOk);
        }
    }

    [Fact]
    public async Task Sweep_EndsBeforeADeletion_IsFinishedByTheNext()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a"), TestLake.Row("b", table: "Syslog"));
        var left = 1;
        lake.Options = lake.Options with { Probe = (at, _) => { if (at == LakeStep.Deleting && left-- <= 0) throw new Crash(); } };
        var keeper = await lake.KeeperAsync();
        await keeper.ExpireAsync([new LakeRetention(null, null, 0)], new DateOnly(2026, 3, 15));
        lake.Time.Advance(TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<Crash>(() => keeper.SweepAsync());
        left = int.MaxValue;
        await keeper.SweepAsync();

        Assert.Empty(Files(lake));
        Assert.Empty(await lake.Manifest.ListAsync(new LakeFileQuery { States = Enum.GetValues<LakeFileState>() }));
    }

    private static List<string> Files(TestLake lake) =>
        [.. Directory.EnumerateFiles(lake.Root, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))];
}
