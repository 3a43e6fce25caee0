using CsCheck;
using Watchhouse.Lake.Files;
using Watchhouse.Lake.Writing;

namespace Watchhouse.Lake.Tests;

/// <summary>Events of one day in no order: none is lost, none is stored twice, and few are looked for in files.</summary>
public sealed class RepeatTests
{
    private static readonly string[] Owners = ["force-1", "force-2", "force-3"];

    private enum Act { Append, Repeat, Flush, Reopen, Crash, Fail, Compact, Sweep }

    [Fact]
    public async Task Append_NewEventsInNoOrder_AreHardlyLookedForInFiles()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxRows = 100 };
        var names = Shuffled(4000);

        await AppendAsync(await lake.WriterAsync(), names);

        var counts = (await lake.WriterAsync()).Counts;
        Assert.Equal((4000, 0, 40), (counts.Stored, counts.Repeated, counts.Files));
        // Before a filter was there, and one in a thousand afterwards.
        Assert.InRange(counts.Looked, 0, 300);
    }

    [Fact]
    public async Task Append_WithoutMemoryForFilters_LooksIntoFilesAndStoresTheSame()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxRows = 100, RepeatMemoryBytes = 0 };
        var names = Shuffled(1000);

        await AppendAsync(await lake.WriterAsync(), [.. names, .. names.Take(200)]);

        var counts = (await lake.WriterAsync()).Counts;
        Assert.Equal((1000, 200), (counts.Stored, counts.Repeated));
        Assert.InRange(counts.Looked, 1000, 1200);
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(5000)]
    [InlineData(1)]
    public async Task Append_Repeats_AreNeverStoredWhateverTheMemory(long memory)
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxRows = 100, RepeatMemoryBytes = memory };
        var names = Shuffled(1500);

        await AppendAsync(await lake.WriterAsync(), [.. names, .. names, .. names.Reverse()]);
        await lake.DropWriterAsync();
        var writer = await lake.WriterAsync();
        await AppendAsync(writer, names);

        Assert.Equal((0, 1500), (writer.Counts.Stored, writer.Counts.Repeated));
        Assert.Equal(1500, (await lake.AllRawAsync()).Count);
    }

    [Theory]
    [InlineData(LakeStep.Packed)]
    [InlineData(LakeStep.Indexed)]
    [InlineData(LakeStep.Renamed)]
    [InlineData(LakeStep.Committed)]
    public async Task Append_EndsBetweenFilesFilterAndManifest_ReplayStoresEachOnce(object step)
    {
        await using var lake = await TestLake.CreateAsync();
        var failing = false;
        lake.Options = lake.Options with
        {
            MaxRows = 50,
            Probe = (at, _) => { if (failing && at == (LakeStep)step) throw new IOException("The power went."); },
        };
        var names = Shuffled(400);
        var writer = await lake.WriterAsync();
        // The filter is there, and has the ids of the next file before the manifest has the file.
        await AppendAsync(writer, names[..300]);
        failing = true;
        await Assert.ThrowsAsync<LakeWriteException>(() => AppendAsync(writer, names[300..350]));
        failing = false;
        if ((LakeStep)step == LakeStep.Committed)
        {
            // Whether it was stored is not known to that writer: only the next one looks.
            await lake.DropWriterAsync();
            writer = await lake.WriterAsync();
        }
        else
        {
            // Tried again by the same writer, whose filter knows the ids of files that were thrown away.
            await writer.FlushAsync();
        }

        await AppendAsync(writer, names[300..]);
        await AppendAsync(writer, names);

        Assert.Equal(names.Order(StringComparer.Ordinal), await lake.AllRawAsync());
        Assert.Equal(400, (await lake.Manifest.ListAsync(new LakeFileQuery())).Sum(file => file.Rows));
    }

    [Fact]
    public async Task Append_DamagedIndexThatNoRowNeeds_GoesOnWithoutAFilter()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxRows = 10 };
        await AppendAsync(await lake.WriterAsync(), [.. Enumerable.Range(0, 10).Select(i => $"23:{i:d2}")]);
        var file = Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery()));
        await File.WriteAllTextAsync(new LakeLayout(lake.Root).IndexPath(file), "no index");

        string[] names = [.. Shuffled(200).Where(name => string.CompareOrdinal(name, "22") < 0)];
        await AppendAsync(await lake.WriterAsync(), names);
        await AppendAsync(await lake.WriterAsync(), names);

        Assert.Equal(10 + names.Length, (await lake.AllRawAsync()).Count);
        Assert.Equal(names.Length, (await lake.WriterAsync()).Counts.Repeated);
    }

    [Fact]
    public void MayHave_WhatWasAdded_IsAlwaysThereAndLittleElse()
    {
        var random = new Random(11);
        var filter = new IdFilter(10);
        var ids = Enumerable.Range(0, 50_000).Select(_ => NextId(random)).ToArray();
        foreach (var id in ids) filter.Add(id);

        Assert.All(ids, id => Assert.True(filter.MayHave(id)));
        var wrong = Enumerable.Range(0, 100_000).Count(_ => filter.MayHave(NextId(random)));
        Assert.InRange(wrong, 0, 1000);
        Assert.InRange(filter.Bytes, 50_000 * 2, 50_000 * 6);
    }

    /// <summary>Whatever happens between them, rows in any order and their repeats leave each event once.</summary>
    [Fact]
    public void AnyHistory_OfADay_LeavesEachEventOnce() => Gen.Select(
            Gen.Select(Gen.Int[-4, (int)Act.Sweep].Select(act => (Act)Math.Max(0, act)), Gen.Int[0, 9999]).Array[5, 60],
            Gen.OneOf(Gen.Const(1L << 20), Gen.Const(7000L), Gen.Const(0L)))
        .Sample((history, memory) => RunAsync(history, memory).GetAwaiter().GetResult(), iter: 25, threads: 1);

    private static async Task RunAsync((Act Act, int Value)[] history, long memory)
    {
        await using var lake = await TestLake.CreateAsync();
        var failing = 0;
        lake.Options = lake.Options with
        {
            MaxRows = 40, Grace = TimeSpan.Zero, RepeatMemoryBytes = memory,
            Probe = (step, _) => { if (failing > 0 && step != LakeStep.Committed && --failing == 0) throw new IOException("No space left on device."); },
        };
        var journal = new List<LakeRow[]>();
        foreach (var (act, value) in history)
        {
            var writer = await lake.WriterAsync();
            switch (act)
            {
                case Act.Append:
                    await GiveAsync([.. Enumerable.Range(0, 1 + (value % 60)).Select(i => Row((value * 7919) + (i * 104_729)))]);
                    break;
                case Act.Repeat when journal.Count > 0:
                    await GiveAsync([.. journal[value % journal.Count].Reverse(), .. journal[value / 7 % journal.Count]]);
                    break;
                case Act.Flush:
                    await TryAsync(() => writer.FlushAsync());
                    break;
                case Act.Reopen or Act.Crash:
                    if (act == Act.Reopen) await TryAsync(() => writer.FlushAsync());
                    await lake.DropWriterAsync();
                    writer = await lake.WriterAsync();
                    for (var at = (int)writer.DurablePosition; at < journal.Count; at++)
                        await TryAsync(() => writer.AppendAsync(at + 1, journal[at]));
                    break;
                case Act.Fail:
                    failing = 1 + (value % 6);
                    break;
                case Act.Compact:
                    failing = 0;
                    await (await lake.KeeperAsync()).CompactAsync(new LakeCompactionOptions { MinFiles = 2, MaxRows = 100 + value });
                    break;
                case Act.Sweep:
                    failing = 0;
                    lake.Time.Advance(TimeSpan.FromSeconds(1));
                    await (await lake.KeeperAsync()).SweepAsync();
                    break;
            }
        }

        failing = 0;
        await (await lake.WriterAsync()).FlushAsync();
        foreach (var owner in Owners)
        {
            var expected = journal.SelectMany(rows => rows).Where(row => row.Owner == owner).Select(row => TestLake.Text(row.Raw))
                .Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(expected, await lake.AllRawAsync(owner));
        }

        async Task GiveAsync(LakeRow[] rows)
        {
            journal.Add(rows);
            var writer = await lake.WriterAsync();
            await TryAsync(() => writer.AppendAsync(journal.Count, rows));
        }

        // What failed is tried again by the same call, as the archive does; a position that was taken is passed over.
        async Task TryAsync(Func<Task<long>> call)
        {
            try
            {
                await call();
            }
            catch (LakeWriteException)
            {
                failing = 0;
                await call();
            }
        }
    }

    private static LakeRow Row(int value)
    {
        var number = value % 3000;
        return TestLake.Row($"{number:d4}", Owners[number % 3], number % 2 == 0 ? "Syslog" : TestLake.Table, TestLake.Noon.AddSeconds(number * 14 % 40_000));
    }

    /// <summary>Moments of a day as names, in no order.</summary>
    private static string[] Shuffled(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"{TimeSpan.FromSeconds(i * 86_000.0 / count):hh\\:mm\\:ss}.{i}").ToArray();
        new Random(3).Shuffle(names);
        return names;
    }

    private static async Task AppendAsync(LakeWriter writer, string[] names)
    {
        var midnight = TestLake.Noon.AddHours(-12);
        foreach (var part in names.Chunk(25))
            await writer.AppendAsync(writer.Counts.Taken + writer.DurablePosition + 1, part.Select(name =>
                TestLake.Row(name, time: midnight + TimeSpan.Parse(name.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture))).ToArray());
        await writer.FlushAsync();
    }

    private static UInt128 NextId(Random random) => new((ulong)random.NextInt64() | 0x8000, (ulong)random.NextInt64() | (1UL << 63));
}
