using System.Diagnostics;
using System.Globalization;
using Watchhouse.Normalisation;
using Watchhouse.Telemetry;

namespace Watchhouse.Bench;

/// <summary>
/// Makes rows of the events in files, on one thread and from memory, in processor seconds. Reading and parsing alone are measured too, so
/// that what normalising costs is the difference. Prints lines of a Markdown table.
/// </summary>
internal static class NormaliseBench
{
    private const int Repeats = 7;
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    public static int Run(string[] files)
    {
        Console.WriteLine(
            "| events | count | MB | parse, events/s | parse and normalise, events/s | normalise alone, events/s | bytes a row | allocated bytes an event |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var file in files)
        {
            var blocks = Read(file, out var parser);
            var (read, count, _, _) = Measure(blocks, parser, null);
            var (both, _, written, allocated) = Measure(blocks, parser, new EventNormaliser(TableMappings.Default));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(file)} | {count:N0} | {blocks.Sum(block => (double)block.Length) / 1e6:F1} | {count / read:N0} | " +
                $" {count / both:N0} | {count / (both - read):N0} | {written / count:N0} | {(double)allocated / count:F1} |"));
        }

        return 0;
    }

    private static List<EventBlock> Read(string file, out EventParser parser)
    {
        using var source = EventFiles.Open(file, new EventFileOptions());
        var blocks = new List<EventBlock>();
        for (var block = new EventBlock(); source.Read(block); block = new EventBlock()) blocks.Add(block);
        parser = source.CreateParser();
        return blocks;
    }

    private static (double Seconds, long Count, long Written, long Allocated) Measure(
        List<EventBlock> blocks, EventParser parser, EventNormaliser? normaliser)
    {
        var (best, counted, written, allocated) = (double.MaxValue, 0L, 0L, long.MaxValue);
        var (record, row) = (new EventRecord(), new NormalisedEvent());
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var passes = 0;
            do
            {
                (counted, written) = Pass(blocks, parser, normaliser, record, row);
                passes++;
            }
            while (watch.Elapsed < LeastTime);

            best = Math.Min(best, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / passes);
            allocated = Math.Min(allocated, (GC.GetAllocatedBytesForCurrentThread() - before) / passes);
        }

        return (best, counted, written, allocated);
    }

    private static (long Count, long Written) Pass(
        List<EventBlock> blocks, EventParser parser, EventNormaliser? normaliser, EventRecord record, NormalisedEvent row)
    {
        var context = new EventContext("force", "bench", DateTimeOffset.UnixEpoch.AddYears(50));
        var (count, written) = (0L, 0L);
        foreach (var block in blocks)
        {
            parser.Start(block);
            while (parser.Next(record, out _) is var outcome and not ParseOutcome.End)
            {
                if (outcome != ParseOutcome.Event) continue;
                count++;
                if (normaliser is null) continue;
                normaliser.Normalise(record, context, row);
                written += row.Columns.Length + row.Unknown.Length;
            }
        }

        return (count, written);
    }
}
