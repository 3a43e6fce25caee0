namespace Watchhouse.Journal.Tests;

public sealed class AppendReadTests
{
    [Fact]
    public async Task AppendAsync_ManyBatches_AreReadInOrderAsTheyWere()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        var positions = new List<JournalPosition>();
        // Sizes that fill pages to the end, leave holes in them and cross segments.
        for (var n = 0; n < 300; n++)
            positions.Add(await journal.AppendAsync(Scratch.Batch(n, size: n * 13 % 2001)));

        await using var reader = journal.OpenReader("lake");
        for (var n = 0; n < 300; n++)
        {
            var entry = await reader.ReadAsync();
            Assert.Equal(positions[n], entry.Position);
            Assert.Equal(n + 1, entry.Position.Sequence);
            Scratch.AssertSame(Scratch.Batch(n, n * 13 % 2001), entry.Batch);
        }

        Assert.Null(reader.TryRead());
    }

    [Fact]
    public async Task AppendAsync_EverySizeAroundAPage_IsRead()
    {
        // Each size leaves another rest at the end of the page, none and one that no record fits in among them.
        for (var size = 1800; size < 2000; size++)
        {
            using var scratch = new Scratch();
            await scratch.FillAsync(7, size: size);
            await scratch.FillAsync(2, from: 7, size: size);
            await using var journal = await scratch.OpenAsync();
            await using var reader = journal.OpenReader("lake");
            Assert.Equal(Enumerable.Range(0, 9), Scratch.ReadAll(reader));
        }
    }

    [Fact]
    public async Task AppendAsync_RecordThatEndsWithItsPage_IsRead()
    {
        using var scratch = new Scratch();
        var overhead = 4 + 64 + "force-1".Length + "firewall".Length + "édge 1"u8.Length + "ndjson".Length;
        await using (var journal = await scratch.OpenAsync())
        {
            // The log begins 64 bytes into its first page of 4,096.
            var first = await journal.AppendAsync(Scratch.Batch(1, 2000));
            var second = await journal.AppendAsync(Scratch.Batch(1, (int)(4096 - first.Address) - overhead));
            Assert.Equal(4096, second.Address);
        }

        await using var again = await scratch.OpenAsync();
        await again.AppendAsync(Scratch.Batch(1, 10));
        await using var reader = again.OpenReader("lake");
        Assert.Equal([1, 1, 1], Scratch.ReadAll(reader));
    }

    [Fact]
    public async Task AppendAsync_FromManyCallers_GivesEachItsOwnPlaceAndSharesCommits()
    {
        using var scratch = new Scratch();
        var flushes = 0;
        await using var journal = await scratch.OpenAsync(o => o with
        {
            Probe = (step, _) => flushes += step == Storage.StorageStep.Flush ? 1 : 0,
        });
        var tasks = Enumerable.Range(0, 64).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                var n = (worker * 20) + i;
                var position = await journal.AppendAsync(Scratch.Batch(n));
                Assert.True(journal.Status.Tail >= position);
            }
        }));
        await Task.WhenAll(tasks);

        await using var reader = journal.OpenReader("lake");
        var read = Scratch.ReadAll(reader);
        Assert.Equal(Enumerable.Range(0, 1280), read.Order());
        for (var worker = 0; worker < 64; worker++)
            Assert.Equal(Enumerable.Range(worker * 20, 20), read.Where(n => n / 20 == worker));
        Assert.InRange(flushes, 20, 640);
    }

    [Fact]
    public async Task ReadAsync_NothingThere_WaitsAndWakes()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        await using var reader = journal.OpenReader("lake");
        var waiting = reader.ReadAsync().AsTask();
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);
        await journal.AppendAsync(Scratch.Batch(5));
        Assert.Equal(5, (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Batch.Count);

        using var cancel = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync(cancel.Token).AsTask());
        await journal.AppendAsync(Scratch.Batch(6));
        Assert.Equal(6, (await reader.ReadAsync()).Batch.Count);
    }

    [Fact]
    public async Task ReadAllAsync_WhileOthersAppend_GivesEverythingInOrder()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        await using var reader = journal.OpenReader("lake");
        var appending = Task.Run(async () =>
        {
            for (var n = 0; n < 400; n++)
                await journal.AppendAsync(Scratch.Batch(n, n * 7 % 1999));
        });
        var next = 0;
        await foreach (var entry in reader.ReadAllAsync())
        {
            Scratch.AssertSame(Scratch.Batch(next, next * 7 % 1999), entry.Batch);
            await reader.CommitAsync(entry.Position);
            if (++next == 400)
                break;
        }

        await appending;
        Assert.Equal(journal.Status.Tail, reader.Committed);
    }

    [Fact]
    public async Task AppendAsync_BadBatch_IsRefusedWithASentence()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        var large = await Assert.ThrowsAsync<JournalBatchTooLargeException>(
            () => journal.AppendAsync(Scratch.Batch(1, 2001)).AsTask());
        Assert.Equal((2001, 2000), (large.Bytes, large.Limit));
        Assert.Contains("2001 bytes and a batch may have at most 2000", large.Message, StringComparison.Ordinal);
        foreach (var bad in (JournalBatch[])[
            Scratch.Batch(1) with { Owner = "" }, Scratch.Batch(1) with { Source = new string('é', 128) },
            Scratch.Batch(1) with { Collector = "" }, Scratch.Batch(1) with { Count = -1 }])
            await Assert.ThrowsAsync<ArgumentException>(() => journal.AppendAsync(bad).AsTask());
        Assert.Equal(0, journal.Status.Tail.Sequence);
        Assert.Equal(0, journal.Status.PendingBytes);

        var longest = Scratch.Batch(1, 2000) with
        {
            Owner = new string('o', 254), Source = new string('s', 254), Collector = new string('c', 254),
            Format = new string('f', 254),
        };
        await journal.AppendAsync(longest);
        await journal.AppendAsync(Scratch.Batch(1, 0));
        await using var reader = journal.OpenReader("lake");
        Scratch.AssertSame(longest, (await reader.ReadAsync()).Batch);
        Scratch.AssertSame(Scratch.Batch(1, 0), (await reader.ReadAsync()).Batch);
    }

    [Fact]
    public async Task AppendAsync_DefaultSizes_TakeBatchesOfFifteenMebibytes()
    {
        using var scratch = new Scratch();
        var options = new JournalOptions { Directory = scratch.Journal, Time = TimeProvider.System, MinFreeDiskBytes = 0 };
        await using (var journal = await EventJournal.OpenAsync(options))
        {
            foreach (var size in (int[])[15 << 20, 1, 15 << 20, 5 << 20, 15 << 20])
                await journal.AppendAsync(Scratch.Batch(size, size));
            Assert.Equal(options.SegmentBytes, journal.Status.BytesOnDisk);
        }

        await using var again = await EventJournal.OpenAsync(options);
        await using var reader = again.OpenReader("lake");
        Assert.Equal([15 << 20, 1, 15 << 20, 5 << 20, 15 << 20], Scratch.ReadAll(reader));
    }
}
