using System.Diagnostics;
using System.Globalization;
using System.Text;
using Watchhouse.Ledger;

namespace Watchhouse.Bench;

/// <summary>
/// Appends of about 400 bytes, each acknowledged only when durable, and the verification of what came of them.
/// Prints lines of a Markdown table.
/// </summary>
internal static class LedgerBench
{
    private const int EntryLength = 400;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Directory.CreateDirectory(Path.Combine(
            args.Length > 0 ? args[0] : Path.GetTempPath(), $"ledger-bench-{Environment.ProcessId}")).FullName;
        try
        {
            Console.WriteLine("| measurement | entries | seconds | entries/s | entries per commit |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            await AppendAsync(Path.Combine(root, "warm"), 64, 20_000, print: false);
            await AppendAsync(Path.Combine(root, "1"), 1, 5_000);
            await AppendAsync(Path.Combine(root, "64"), 64, 200_000);
            await AppendAsync(Path.Combine(root, "1024"), 1024, 1_000_000);
            await BatchAsync(Path.Combine(root, "batch"), 1000, 1_000_000);
            await VerifyAsync(Path.Combine(root, "batch"));
            await OpenAsync(Path.Combine(root, "batch"), LedgerOpenCheck.Everything);
            await OpenAsync(Path.Combine(root, "batch"), LedgerOpenCheck.RightEdge);
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static LedgerOptions Options(string directory) => new()
    {
        Directory = directory, KeyPath = directory + ".key", Origin = "bench.example.org/audit",
    };

    private static async Task AppendAsync(string directory, int inFlight, int count, bool print = true)
    {
        await using var writer = await LedgerWriter.OpenAsync(Options(directory));
        var entries = Entries(4096);
        var next = -1;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
                await writer.AppendAsync(entries[i % entries.Length]);
        })));
        if (print)
            Print($"append, {inFlight} in flight", count, watch.Elapsed, Commits(directory));
    }

    private static async Task BatchAsync(string directory, int batch, int count)
    {
        await using var writer = await LedgerWriter.OpenAsync(Options(directory));
        var entries = Entries(batch).Select(e => (ReadOnlyMemory<byte>)e).ToList();
        var next = -batch;
        var watch = Stopwatch.StartNew();
        // Four callers, so that one batch gathers while another is on its way to the disk.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Add(ref next, batch) < count)
                await writer.AppendBatchAsync(entries);
        })));
        Print($"append, batches of {batch} from 4 callers", count, watch.Elapsed, Commits(directory));
    }

    private static async Task VerifyAsync(string directory)
    {
        VerifierKey key;
        await using (var writer = await LedgerWriter.OpenAsync(Options(directory)))
            key = writer.Key;
        var watch = Stopwatch.StartNew();
        var report = LedgerVerifier.Verify(directory, [key]);
        if (!report.IsOk)
            throw new InvalidOperationException(report.Faults[0].ToString());
        Print("verify everything", report.Entries, watch.Elapsed, report.Checkpoints - 1);
    }

    private static async Task OpenAsync(string directory, LedgerOpenCheck check)
    {
        var watch = Stopwatch.StartNew();
        await using var writer = await LedgerWriter.OpenAsync(Options(directory) with { OpenCheck = check });
        Print($"open, check {check}", writer.Latest.Checkpoint.TreeSize, watch.Elapsed, 0);
    }

    private static long Commits(string directory)
    {
        using var reader = LedgerReader.Open(directory);
        return reader.ReadCheckpoints().LongCount() - 1;
    }

    private static byte[][] Entries(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var start = $"{{\"act\":\"record.read\",\"number\":{i},\"reason\":\"";
        return Encoding.UTF8.GetBytes(start + new string('r', EntryLength - start.Length - 2) + "\"}");
    }).ToArray();

    private static void Print(string what, long count, TimeSpan time, long commits) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {count:n0} | {time.TotalSeconds:f3} | " +
            $"{(time.TotalSeconds > 0.1 ? (count / time.TotalSeconds).ToString("n0", CultureInfo.InvariantCulture) : "")} | " +
            $"{(commits > 0 ? ((double)count / commits).ToString("f0", CultureInfo.InvariantCulture) : "")} |"));
}
