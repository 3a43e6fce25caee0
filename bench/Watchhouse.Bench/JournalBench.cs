using System.Diagnostics;
using System.Globalization;
using Watchhouse.Journal;

namespace Watchhouse.Bench;

/// <summary>
/// Appends of batches of 1.2 KB events, each acknowledged only when durable, and the reading of what came of them.
/// Prints lines of a Markdown table.
/// </summary>
internal static class JournalBench
{
    private const int EventBytes = 1200;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Directory.CreateDirectory(Path.Combine(
            args.Length > 0 ? args[0] : Path.GetTempPath(), $"journal-bench-{Environment.ProcessId}")).FullName;
        try
        {
            Console.WriteLine("| measurement | events | seconds | events/s | MB/s | p50 ms | p99 ms | memory MB |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            await AppendAsync(root, 1000, 8, 100, print: false);
            foreach (var (events, inFlight, batches) in ((int, int, int)[])[
                (1000, 1, 600), (1000, 8, 1200), (1000, 64, 1200),
                (100, 1, 2000), (100, 8, 6000), (100, 64, 10_000),
                (1, 1, 3000), (1, 8, 20_000), (1, 64, 150_000)])
                await AppendAsync(root, events, inFlight, batches);
            await ScanAsync(root);
            await FollowAsync(root);
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static JournalOptions Options(string root) => new()
    {
        Directory = Path.Combine(root, "journal"), Time = TimeProvider.System, MaxBytes = 20L << 30,
        MaxPendingBytes = 128L << 20,
    };

    private static async Task AppendAsync(string root, int events, int inFlight, int batches, bool print = true)
    {
        await using (var journal = await EventJournal.OpenAsync(Options(root)))
        {
            var latencies = new double[batches];
            var watch = Stopwatch.StartNew();
            await FillAsync(journal, events, inFlight, latencies);
            Array.Sort(latencies);
            if (print)
                Print(
                    $"append, batches of {events}, {inFlight} in flight", (long)events * batches, watch.Elapsed,
                    latencies[batches / 2], latencies[(int)(batches * 0.99)]);
        }

        Directory.Delete(Options(root).Directory, recursive: true);
    }

    /// <summary>Reads two gigabytes again, which the operating system still has in memory.</summary>
    private static async Task ScanAsync(string root)
    {
        await using (var journal = await EventJournal.OpenAsync(Options(root)))
        {
            await FillAsync(journal, 1000, 8, new double[1700]);
            await using var reader = journal.OpenReader("scan");
            var watch = Stopwatch.StartNew();
            long events = 0;
            while (reader.TryRead() is { } entry)
                events += entry.Batch.Count;
            Print("scan, batches of 1000", events, watch.Elapsed, 0, 0);
        }

        Directory.Delete(Options(root).Directory, recursive: true);
    }

    /// <summary>A consumer that commits every eighth batch follows eight senders; segments are given back behind it.</summary>
    private static async Task FollowAsync(string root)
    {
        await using (var journal = await EventJournal.OpenAsync(Options(root)))
        {
            const int batches = 2400;
            await using var reader = journal.OpenReader("follow");
            var watch = Stopwatch.StartNew();
            var following = Task.Run(async () =>
            {
                for (var i = 1; i <= batches; i++)
                {
                    var entry = await reader.ReadAsync();
                    if (i % 8 == 0)
                        await reader.CommitAsync(entry.Position);
                }
            });
            var latencies = new double[batches];
            await FillAsync(journal, 1000, 8, latencies);
            await following;
            Array.Sort(latencies);
            Print(
                "append and follow, batches of 1000, 8 in flight", batches * 1000, watch.Elapsed,
                latencies[batches / 2], latencies[(int)(batches * 0.99)]);
        }

        Directory.Delete(Options(root).Directory, recursive: true);
    }

    private static async Task FillAsync(EventJournal journal, int events, int inFlight, double[] latencies)
    {
        var payload = new byte[events * EventBytes];
        new Random(1).NextBytes(payload);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < latencies.Length;)
            {
                var start = Stopwatch.GetTimestamp();
                await journal.AppendAsync(new JournalBatch
                {
                    Id = Guid.CreateVersion7(), Owner = "force-12", Source = "firewall", Format = "ndjson",
                    Count = events, ReceivedAt = DateTimeOffset.UtcNow, Payload = payload,
                });
                latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        })));
    }

    private static void Print(string what, long events, TimeSpan time, double p50, double p99) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {events:n0} | {time.TotalSeconds:f2} | {events / time.TotalSeconds:n0} | " +
            $"{events * EventBytes / time.TotalSeconds / 1e6:n0} | {(p50 > 0 ? p50.ToString("f2", CultureInfo.InvariantCulture) : "")} | " +
            $"{(p99 > 0 ? p99.ToString("f2", CultureInfo.InvariantCulture) : "")} | {Environment.WorkingSet / 1e6:n0} |"));
}
