namespace Watchhouse.Journal.Tests;

public sealed class CloseTests
{
    [Fact]
    public async Task DisposeAsync_DuringAppends_KeepsWhatWasAcknowledgedAndAnswersAll()
    {
        for (var round = 0; round < 10; round++)
        {
            using var scratch = new Scratch();
            var journal = await scratch.OpenAsync();
            var workers = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
            {
                var acknowledged = new List<int>();
                for (var i = 0; ; i++)
                {
                    var n = (worker * 100_000) + i;
                    try
                    {
                        await journal.AppendAsync(Scratch.Batch(n));
                    }
                    catch (ObjectDisposedException)
                    {
                        return acknowledged;
                    }

                    acknowledged.Add(n);
                }
            })).ToList();
            await Task.Delay(10 + (round * 7));
            await journal.DisposeAsync();
            var acknowledged = (await Task.WhenAll(workers).WaitAsync(TimeSpan.FromSeconds(20))).SelectMany(a => a).ToList();

            await using var again = await scratch.OpenAsync();
            await using var reader = again.OpenReader("lake");
            var read = Scratch.ReadAll(reader);
            Assert.Equal(read.Count, read.Distinct().Count());
            Assert.Empty(acknowledged.Except(read));
        }
    }

    [Fact]
    public async Task DisposeAsync_ReaderWaits_EndsItWithAnException()
    {
        using var scratch = new Scratch();
        var journal = await scratch.OpenAsync();
        var waiting = journal.OpenReader("lake").ReadAsync().AsTask();
        var closedReader = journal.OpenReader("other");
        var alone = closedReader.ReadAsync().AsTask();
        await closedReader.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => alone.WaitAsync(TimeSpan.FromSeconds(10)));
        await journal.DisposeAsync();
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Throws<ObjectDisposedException>(() => journal.OpenReader("lake"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.AppendAsync(Scratch.Batch(1)).AsTask());
    }
}
