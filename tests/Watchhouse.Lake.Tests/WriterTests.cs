namespace Watchhouse.Lake.Tests;

/// <summary>Gathering, writing, repeats and positions.</summary>
public sealed class WriterTests
{
    private static LakeRow[] Rows(int from, int count, string owner = "force-1") =>
        [.. Enumerable.Range(from, count).Select(i => TestLake.Row($"{owner}/{i:d5}", owner, computer: $"host-{i % 7}"))];

    [Fact]
    public async Task Append_UnderTheLimits_IsGatheredUntilFlushed()
    {
        await using var lake = await TestLake.CreateAsync();
        var writer = await lake.WriterAsync();

        Assert.Equal(0, await writer.AppendAsync(7, Rows(0, 10)));
        Assert.Empty(await lake.Manifest.ListAsync(new LakeFileQuery()));
        Assert.Equal(7, await writer.FlushAsync());

        var file = Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery()));
        Assert.Equal(("force-1", TestLake.Table, new DateOnly(2026, 3, 14), 10L, 7L, 7L),
            (file.Owner, file.Table, file.Day, file.Rows, file.FromPosition, file.ToPosition));
        Assert.Equal(7, await lake.Manifest.ReadPositionAsync());
    }

    [Fact]
    public async Task Append_OwnersTablesAndDays_EachHaveFilesOfTheirOwn()
    {
        await using var lake = await TestLake.CreateAsync();

        await lake.StoreAsync(
            TestLake.Row("a"), TestLake.Row("b", "force-2"), TestLake.Row("c", table: "Syslog"),
            TestLake.Row("d", time: TestLake.Noon.AddHours(12)),
            TestLake.Row("e", time: new DateTimeOffset(2026, 3, 15, 0, 30, 0, TimeSpan.FromHours(1))));

        var files = await lake.Manifest.ListAsync(new LakeFileQuery());
        Assert.Equal(
            ["force-1 SigninLogs 2026-03-14 2", "force-1 SigninLogs 2026-03-15 1", "force-1 Syslog 2026-03-14 1", "force-2 SigninLogs 2026-03-14 1"],
            files.Select(file => $"{file.Owner} {file.Table} {file.Day:yyyy-MM-dd} {file.Rows}"));
        Assert.All(files, file => Assert.True(File.Exists(
            Path.Combine(lake.Root, file.Owner, $"{file.Day:yyyy-MM-dd}", $"{file.Table}.{file.Id:N}.parquet"))));
    }

    [Fact]
    public async Task Append_RowsReachTheLimit_AreWrittenAndThePositionWaitsForTheOthers()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxRows = 100 };
        var writer = await lake.WriterAsync();

        Assert.Equal(0, await writer.AppendAsync(10, Rows(0, 50)));
        Assert.Equal(0, await writer.AppendAsync(20, new[] { TestLake.Row("small", "force-2") }));
        // force-1 is written, but the row of force-2 came after position 10.
        Assert.Equal(10, await writer.AppendAsync(30, Rows(50, 50)));
        Assert.Equal(10, await lake.Manifest.ReadPositionAsync());
        Assert.Equal(10, await writer.AppendAsync(40, ReadOnlyMemory<LakeRow>.Empty));
        Assert.Equal(40, await writer.FlushAsync());
        Assert.Equal(101, writer.Counts.Stored);
    }

    [Fact]
    public async Task Append_MemoryReachesTheLimit_WritesTheLargestGroupsFirst()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxBufferedBytes = 1 << 20 };
        var writer = await lake.WriterAsync();
        var raw = new string('r', 10_000);

        await writer.AppendAsync(1, new[] { TestLake.Row("small", "force-2") });
        for (var i = 0; i < 300; i++)
            await writer.AppendAsync(2 + i, new[] { TestLake.Row($"large {i}", raw: raw) });

        var files = await lake.Manifest.ListAsync(new LakeFileQuery());
        Assert.True(files.Count >= 2);
        Assert.All(files, file => Assert.Equal("force-1", file.Owner));
        Assert.Equal(0, writer.DurablePosition);
    }

    [Fact]
    public async Task WriteDue_GroupsOfAge_AreWritten()
    {
        await using var lake = await TestLake.CreateAsync();
        var writer = await lake.WriterAsync();
        await writer.AppendAsync(1, Rows(0, 3));
        Assert.Equal(0, await writer.WriteDueAsync());

        lake.Time.Advance(TimeSpan.FromSeconds(20));
        await writer.AppendAsync(2, Rows(0, 3, "force-2"));
        lake.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(1, await writer.WriteDueAsync());
        Assert.Equal("force-1", Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery())).Owner);
    }

    [Fact]
    public async Task Append_RepeatsInOneBatchInTheBufferAndInFiles_AreStoredOnce()
    {
        await using var lake = await TestLake.CreateAsync();
        var writer = await lake.WriterAsync();

        await writer.AppendAsync(1, new[] { TestLake.Row("a"), TestLake.Row("a"), TestLake.Row("b"), TestLake.Row("a") });
        await writer.AppendAsync(2, new[] { TestLake.Row("b"), TestLake.Row("c") });
        await writer.FlushAsync();
        await writer.AppendAsync(3, new[] { TestLake.Row("c"), TestLake.Row("d"), TestLake.Row("a") });
        await writer.FlushAsync();
        await writer.AppendAsync(4, new[] { TestLake.Row("d") });
        await writer.FlushAsync();

        Assert.Equal(["a", "b", "c", "d"], await lake.AllRawAsync());
        Assert.Equal(new LakeWriterCounts(10, 4, 6, 0, 2, writer.Counts.Bytes, writer.Counts.Looked), writer.Counts);
        Assert.Empty(await lake.Manifest.ListAsync(new LakeFileQuery { States = [LakeFileState.Pending] }));
        Assert.Equal(4, await lake.Manifest.ReadPositionAsync());
    }

    [Fact]
    public async Task Append_SameIdOfAnotherOwner_IsAnotherEvent()
    {
        await using var lake = await TestLake.CreateAsync();

        await lake.StoreAsync(TestLake.Row("a"), TestLake.Row("a", "force-2"));

        Assert.Equal(["a"], await lake.AllRawAsync("force-1"));
        Assert.Equal(["a"], await lake.AllRawAsync("force-2"));
    }

    [Fact]
    public async Task Append_PositionThatWasTaken_IsPassedOver()
    {
        await using var lake = await TestLake.CreateAsync();
        var writer = await lake.WriterAsync();

        await writer.AppendAsync(5, Rows(0, 2));
        await writer.AppendAsync(5, Rows(10, 2));
        await writer.FlushAsync();

        Assert.Equal((2, 2), (writer.Counts.Stored, writer.Counts.Replayed));
    }

    [Fact]
    public async Task Open_AfterAnUnflushedEnd_GoesOnAfterTheDurablePosition()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxRows = 20 };
        var writer = await lake.WriterAsync();
        await writer.AppendAsync(1, new[] { TestLake.Row("slow", "force-2") });
        for (var i = 0; i < 10; i++)
            await writer.AppendAsync(2 + i, Rows(i * 5, 5));
        await lake.DropWriterAsync();

        writer = await lake.WriterAsync();
        Assert.Equal(0, writer.DurablePosition);
        await writer.AppendAsync(1, new[] { TestLake.Row("slow", "force-2") });
        for (var i = 0; i < 10; i++)
            await writer.AppendAsync(2 + i, Rows(i * 5, 5));
        await writer.FlushAsync();

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"force-1/{i:d5}"), await lake.AllRawAsync());
        Assert.Equal(["slow"], await lake.AllRawAsync("force-2"));
        Assert.Equal(40, writer.Counts.Repeated);
    }

    [Fact]
    public async Task Append_ManyRows_AreFoundByIdAndSortedInTheFile()
    {
        await using var lake = await TestLake.CreateAsync();
        var rows = Rows(0, 9000);
        Random.Shared.Shuffle(rows);
        await lake.StoreAsync(rows);

        var wanted = new[] { 0, 1, 4567, 8999 }.Select(i => TestLake.Id($"force-1/{i:d5}")).Append(TestLake.Id("none")).ToList();
        var found = await lake.Reader.FindAsync("force-1", wanted);

        Assert.Equal(["force-1/00000", "force-1/00001", "force-1/04567", "force-1/08999"],
            found.Select(each => TestLake.Text(each.Raw)).Order(StringComparer.Ordinal));
        using var session = await lake.Reader.OpenAsync(["force-1"]);
        var file = Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery()));
        var path = Path.Combine(lake.Root, "force-1", "2026-03-14", $"{file.Table}.{file.Id:N}.parquet");
        var turns = await session.QueryAsync(
            $"SELECT count(*) FROM (SELECT _Computer < lag(_Computer) OVER (ORDER BY file_row_number) AS turns FROM read_parquet('{path}', file_row_number=true)) WHERE turns",
            [], reader => reader.Read() ? reader.GetInt64(0) : -1);
        Assert.Equal(0, turns);
    }

    [Fact]
    public async Task Find_IdsThatAreNotSpread_AreFoundAllTheSame()
    {
        await using var lake = await TestLake.CreateAsync();
        // Rising ids defeat the guess by value.
        var rows = Enumerable.Range(0, 20_000).Select(i => TestLake.Row($"{i}") with { EventId = new Guid(7, 0, 0, [0, 0, 0, 0, 0, (byte)(i >> 16), (byte)(i >> 8), (byte)i]) }).ToArray();
        await lake.StoreAsync(rows);

        foreach (var i in new[] { 0, 1, 511, 512, 9_999, 19_998, 19_999 })
            Assert.Equal($"{i}", TestLake.Text(Assert.Single(await lake.Reader.FindAsync("force-1", [rows[i].EventId])).Raw));
        Assert.Empty(await lake.Reader.FindAsync("force-1", [Guid.Empty, new Guid(8, 0, 0, new byte[8])]));
    }

    [Fact]
    public async Task Open_SecondWriterOrKeeper_IsRefused()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.WriterAsync();
        await lake.KeeperAsync();

        await Assert.ThrowsAsync<LakeLockedException>(() => LakeWriter.OpenAsync(lake.Options, lake.Manifest, TestLake.Schema));
        await Assert.ThrowsAsync<LakeLockedException>(() => LakeKeeper.OpenAsync(lake.Options, lake.Manifest));
    }
}
