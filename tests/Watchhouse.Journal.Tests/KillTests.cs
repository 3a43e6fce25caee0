using System.Globalization;

namespace Watchhouse.Journal.Tests;

public sealed class KillTests
{
    [Theory]
    [InlineData(2000, 1500, 8)]
    [InlineData(200_000, 300, 4)]
    public async Task OpenAsync_AfterKillsUnderLoad_HasEveryAcknowledgedBatchOnce(int maxSize, int maxBatches, int rounds)
    {
        using var scratch = new Scratch();
        var random = new Random();
        var acknowledged = new Dictionary<int, long>();
        var found = new Dictionary<int, long>();
        await using (var journal = await EventJournal.OpenAsync(CrashingWriter.Options(scratch.Journal, maxSize)))
            await journal.OpenReader("test").DisposeAsync();
        for (var round = 0; round < rounds; round++)
        {
            await RunAndKillAsync(
                scratch, acknowledged, round, maxSize, atLeast: 1 + random.Next(maxBatches), random.Next(30));
            await using var journal = await EventJournal.OpenAsync(CrashingWriter.Options(scratch.Journal, maxSize));
            await using var reader = journal.OpenReader("test");
            var place = default(JournalPosition);
            while (reader.TryRead() is { } entry)
            {
                // Whole, and each once: Add refuses a second.
                var n = entry.Batch.Count;
                Scratch.AssertSame(Scratch.Batch(n, CrashingWriter.SizeOf(n, maxSize)), entry.Batch);
                found.Add(n, entry.Position.Sequence);
                place = entry.Position;
            }

            foreach (var (acked, sequence) in acknowledged)
                Assert.Equal(sequence, found[acked]);
            // In every other round the rest is read again: nothing may be given back that was not committed.
            if (round % 2 == 0)
                await reader.CommitAsync(place);
            else
                foreach (var again in found.Where(f => f.Value > reader.Committed.Sequence).Select(f => f.Key).ToList())
                    found.Remove(again);
        }

        Assert.True(acknowledged.Count >= rounds);
    }

    private static async Task RunAndKillAsync(
        Scratch scratch, Dictionary<int, long> acknowledged, int round, int maxSize, int atLeast, int thenMilliseconds)
    {
        using var process = CrashingWriter.Start(
            CrashingWriter.Command, scratch.Journal, round.ToString(CultureInfo.InvariantCulture),
            maxSize.ToString(CultureInfo.InvariantCulture));
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
