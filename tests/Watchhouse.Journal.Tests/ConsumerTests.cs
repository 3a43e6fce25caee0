using Microsoft.Extensions.Time.Testing;

namespace Watchhouse.Journal.Tests;

public sealed class ConsumerTests
{
    [Fact]
    public async Task CommitAsync_SeveralConsumers_EachKeepsItsPlaceAcrossRestart()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(20);
        await using (var journal = await scratch.OpenAsync())
        {
            await using var fast = journal.OpenReader("detect");
            await using var slow = journal.OpenReader("lake");
            for (var i = 0; i < 15; i++)
                await fast.CommitAsync((await fast.ReadAsync()).Position);
            var third = default(JournalEntry);
            for (var i = 0; i < 3; i++)
                third = await slow.ReadAsync();
            await slow.CommitAsync(third.Position);
            await slow.ReadAsync();
        }

        await using var again = await scratch.OpenAsync();
        await using var first = again.OpenReader("detect");
        await using var second = again.OpenReader("lake");
        await using var third3 = again.OpenReader("new");
        Assert.Equal(Enumerable.Range(15, 5), Scratch.ReadAll(first));
        Assert.Equal(Enumerable.Range(3, 17), Scratch.ReadAll(second));
        Assert.Equal(Enumerable.Range(0, 20), Scratch.ReadAll(third3));
    }

    [Fact]
    public async Task CommitAsync_WrongPlace_IsRefusedOrIgnored()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(5);
        await using var journal = await scratch.OpenAsync();
        await using var reader = journal.OpenReader("lake");
        var first = await reader.ReadAsync();
        var second = await reader.ReadAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => reader.CommitAsync(journal.Status.Tail).AsTask());
        await reader.CommitAsync(second.Position);
        await reader.CommitAsync(first.Position);
        Assert.Equal(second.Position, reader.Committed);
    }

    [Fact]
    public async Task OpenReader_SecondForTheSameConsumerOrBadName_IsRefused()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        var reader = journal.OpenReader("lake");
        Assert.Throws<InvalidOperationException>(() => journal.OpenReader("lake"));
        Assert.Throws<InvalidOperationException>(() => journal.RemoveConsumer("lake"));
        await reader.DisposeAsync();
        await reader.DisposeAsync();
        await journal.OpenReader("lake").DisposeAsync();
        foreach (var bad in (string[])["", "Lake", "a/b", "..", new string('a', 41)])
            Assert.Throws<ArgumentException>(() => journal.OpenReader(bad));
        Assert.False(journal.RemoveConsumer("nobody"));
    }

    [Fact]
    public async Task CommitAsync_PastSegments_GivesBackWhatAllAreDoneWithAndNoMore()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        await using var fast = journal.OpenReader("detect");
        await using var slow = journal.OpenReader("lake");
        for (var n = 0; n < 400; n++)
            await journal.AppendAsync(Scratch.Batch(n));
        var all = journal.Status.BytesOnDisk;
        Assert.Equal(all, scratch.Segments * Scratch.SegmentBytes);

        JournalEntry entry = default;
        for (var n = 0; n < 400; n++)
            entry = await fast.ReadAsync();
        await fast.CommitAsync(entry.Position);
        await journal.AppendAsync(Scratch.Batch(400));
        Assert.Equal(0, journal.Status.Begin.Sequence);
        Assert.True(journal.Status.BytesOnDisk >= all);

        for (var n = 0; n < 200; n++)
            entry = await slow.ReadAsync();
        await slow.CommitAsync(entry.Position);
        await WaitUntilAsync(() => journal.Status.Begin.Sequence > 0);
        Assert.Equal(200, journal.Status.Begin.Sequence);
        await journal.AppendAsync(Scratch.Batch(401));
        Assert.InRange(journal.Status.BytesOnDisk, all / 4, all * 3 / 4);
        Assert.Equal(journal.Status.BytesOnDisk, scratch.Segments * Scratch.SegmentBytes);
        Assert.Equal(Enumerable.Range(200, 202), Scratch.ReadAll(slow));

        // Whoever comes now begins with what is left.
        await using var late = journal.OpenReader("late");
        Assert.Equal(Enumerable.Range(200, 202), Scratch.ReadAll(late));
        Assert.Equal(Enumerable.Range(400, 2), Scratch.ReadAll(fast));
    }

    [Fact]
    public async Task CommitAsync_EverythingAcrossRestarts_KeepsTheDiskFlat()
    {
        using var scratch = new Scratch();
        var next = 0;
        for (var round = 0; round < 8; round++)
        {
            await using var journal = await scratch.OpenAsync();
            await using var reader = journal.OpenReader("lake");
            for (var i = 0; i < 150; i++, next++)
            {
                await journal.AppendAsync(Scratch.Batch(next, 700));
                var entry = await reader.ReadAsync();
                Assert.Equal(next, entry.Batch.Count);
                await reader.CommitAsync(entry.Position);
            }

            Assert.InRange(scratch.Segments, 1, 3);
        }
    }

    [Fact]
    public async Task RemoveConsumer_TheSlowest_LetsTheRestBeGivenBack()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        await using var fast = journal.OpenReader("detect");
        await journal.OpenReader("gone").DisposeAsync();
        for (var n = 0; n < 200; n++)
            await journal.AppendAsync(Scratch.Batch(n));
        var end = default(JournalPosition);
        while (fast.TryRead() is { } entry)
            end = entry.Position;
        await fast.CommitAsync(end);
        Assert.Equal(0, journal.Status.Begin.Sequence);
        Assert.True(journal.RemoveConsumer("gone"));
        await WaitUntilAsync(() => journal.Status.Begin.Sequence == 200);
        await journal.DisposeAsync();
        await using var again = await scratch.OpenAsync();
        Assert.Equal(["detect"], again.Status.Consumers.Select(c => c.Name));
    }

    [Fact]
    public async Task Status_OfLag_CountsBatchesAndBytesAndTimes()
    {
        using var scratch = new Scratch();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
        await using var journal = await scratch.OpenAsync(o => o with { Time = clock });
        Assert.Null(journal.Status.LastAppendAt);
        await using var reader = journal.OpenReader("lake");
        for (var n = 0; n < 10; n++)
            await journal.AppendAsync(Scratch.Batch(n));
        var entry = await reader.ReadAsync();
        clock.Advance(TimeSpan.FromMinutes(3));
        await reader.CommitAsync(entry.Position);

        var status = journal.Status;
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero), status.LastAppendAt);
        var lake = Assert.Single(status.Consumers);
        Assert.Equal(9, lake.LagBatches);
        Assert.Equal(status.Tail.Address - entry.Position.Address, lake.LagBytes);
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 8, 3, 0, TimeSpan.Zero), lake.CommittedAt);
        Assert.Equal(10, status.Tail.Sequence);
        Assert.Null(status.Trouble);
    }

    internal static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await Task.Delay(20);
        Assert.True(condition());
    }
}
