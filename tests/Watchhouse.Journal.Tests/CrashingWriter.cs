using System.Diagnostics;
using System.Globalization;

namespace Watchhouse.Journal.Tests;

/// <summary>Appends without end and prints what was acknowledged, until it is killed.</summary>
internal static class CrashingWriter
{
    public const string Command = "--crashing-writer";
    public const string HoldCommand = "--hold";

    private const int Workers = 8;

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(CrashingWriter).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static JournalOptions Options(string directory, int maxSize) => maxSize <= 2000
        ? Scratch.Options(directory)
        : Scratch.Options(directory) with { MaxBatchBytes = maxSize, SegmentBytes = 2 << 20, MaxBytes = 2L << 30 };

    public static int SizeOf(int n, int maxSize) => (int)(n * 7919L % (maxSize + 1));

    public static async Task<int> RunAsync(string directory, int round, int maxSize)
    {
        await using var journal = await EventJournal.OpenAsync(Options(directory, maxSize));
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var consumer = Task.Run(async () =>
        {
            // Truncates behind itself, as long as the test's own consumer lets it.
            await using var reader = journal.OpenReader("child");
            while (true)
                await reader.CommitAsync((await reader.ReadAsync()).Position);
        });
        var workers = Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var n = (((round * Workers) + worker) * 100_000) + i;
                var position = await journal.AppendAsync(Scratch.Batch(n, SizeOf(n, maxSize)));
                var line = string.Create(CultureInfo.InvariantCulture, $"{n} {position.Sequence} ok\n");
                lock (output)
                    output.Write(line);
            }
        }));
        await Task.WhenAll(workers.Append(consumer));
        return 0;
    }

    public static async Task<int> HoldAsync(string directory)
    {
        await using var journal = await EventJournal.OpenAsync(Scratch.Options(directory));
        Console.WriteLine("open");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
