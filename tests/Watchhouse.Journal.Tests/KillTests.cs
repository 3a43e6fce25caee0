using System.Globalization;

namespace Watchhouse.Journal.Tests;

public sealed class KillTests
{
    [Fact]
    public async Task OpenAsync_AfterKillsUnderLoad_HasEveryAcknowledgedBatchOnce()
    {
        using var scratch = new Scratch();
        var random = new Random();
        var acknowledged = new Dictionary<int, long>();
        var found = new Dictionary<int, long>();
        await using (var journal = await scratch.OpenAsync())
            await journal.OpenReader("test").DisposeAsync();
        var rounds = 8;
        for (var round = 0; round < rounds; round++)
        {
            await RunAndKillAsync(scratch, acknowledged, round, atLeast: 1 + random.Next(1500), random.Next(30));
            await using var journal = await scratch.OpenAsync();
            await using var reader = journal.OpenReader("test");
            var place = default(JournalPosition);
            while (reader.TryRead() is { } entry)
            {
                // Whole, and each once: Add refuses a second.
                Scratch.AssertSame(Scratch.Batch(entry.Batch.Count, entry.Batch.Count * 37 % 2001), entry.Batch);
                found.Add(entry.Batch.Count, entry.Position.Sequence);
                place = entry.Position;
            }

            foreach (var (n, sequence) in acknowledged)
                Assert.Equal(sequence, found[n]);
            // In every other round the rest is read again: nothing may be given back that was not committed.
            if (round % 2 == 0)
                await reader.CommitAsync(place);
            else
                foreach (var n in found.Where(f => f.Value > reader.Committed.Sequence).Select(f => f.Key).ToList())
                    found.Remove(n);
        }

        Assert.True(acknowledged.Count >= rounds);
        Assert.InRange(scratch.Segments, 1, 2000);
    }

    private static async Task RunAndKillAsync(
        Scratch scratch, Dictionary<int, long> acknowledged, int round, int atLeast, int thenMilliseconds)
    {
        using var process = CrashingWriter.Start(
            CrashingWriter.Command, scratch.Journal, round.ToString(CultureInfo.InvariantCulture));
        var seen = 0;
        var kill = Task.CompletedTask;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The kill may cut the last line; what was not read to the end was not acknowledged to anybody.
            if (line.Split(' ') is [var n, var sequence, "ok"])
                acknowledged.Add(
                    int.Parse(n, CultureInfo.InvariantCulture), long.Parse(sequence, CultureInfo.InvariantCulture));
            if (++seen == atLeast)
                kill = Task.Delay(thenMilliseconds).ContinueWith(_ => process.Kill(), TaskScheduler.Default);
        }

        await kill;
        await process.WaitForExitAsync();
        Assert.NotEqual(0, process.ExitCode);
    }
}
