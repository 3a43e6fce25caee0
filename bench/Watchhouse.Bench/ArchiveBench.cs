using System.Diagnostics;
using System.Globalization;
using Watchhouse.Lake;

namespace Watchhouse.Bench;

/// <summary>
/// Writes the events of one day into a lake in no order, with the filter of repeats and without it, and in order beside them. The
/// making of the events is not timed. Prints lines of a Markdown table.
/// </summary>
internal static class ArchiveBench
{
    private const int Batch = 1_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Directory.CreateDirectory(Path.Combine(
            args.Length > 0 ? args[0] : Path.GetTempPath(), $"archive-bench-{Environment.ProcessId}")).FullName;
        var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        try
        {
            Console.WriteLine("| events | order | files looked into | seconds | CPU s | events/s | files | looked for in files |");
            Console.WriteLine("| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |");
            await RunAsync(Path.Combine(root, "warm"), 43, 50_000, isRandom: true, withFilter: true, isWarming: true);
            // Files of 50,000 events are those of a backlog; of 500, those that a feed of some 20 events a second leaves twice a minute.
            foreach (var (owners, rows) in new[] { (1, 50_000), (43, 50_000), (1, 500) })
            {
                await RunAsync(Path.Combine(root, "order"), owners, count, isRandom: false, withFilter: true, rows);
                var after = await RunAsync(Path.Combine(root, "after"), owners, count, isRandom: true, withFilter: true, rows);
                var before = await RunAsync(Path.Combine(root, "before"), owners, count, isRandom: true, withFilter: false, rows);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| | | | {before / after:f1} times as fast | | | | |"));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<double> RunAsync(string directory, int owners, int count, bool isRandom, bool withFilter, int rows = 50_000, bool isWarming = false)
    {
        // As the program opens it.
        var options = new LakeOptions { Directory = directory, Time = TimeProvider.System, MaxRows = rows, MaxBufferedBytes = 160 << 20, WriteMemoryMiB = 192 };
        if (!withFilter) options = options with { RepeatMemoryBytes = 0 };
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        File.Delete(directory + ".db");
        await using var manifest = await SqliteLakeManifest.OpenAsync(directory + ".db");
        await using var writer = await LakeWriter.OpenAsync(options, manifest, LakeEvents.Schema);
        var events = new LakeEvents(owners);
        var order = Enumerable.Range(0, count).ToArray();
        if (isRandom) new Random(7).Shuffle(order);
        var watch = new Stopwatch();
        var batch = new LakeRow[Batch];
        var (quarter, cpu, began) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var done = 0; done < count; done += Batch)
        {
            if (done == count / 4 * 3) quarter = watch.Elapsed;
            for (var i = 0; i < Batch; i++)
                batch[i] = events.Make(order[done + i]);
            Start();
            await writer.AppendAsync((done / Batch) + 1, batch);
            Stop();
        }

        Start();
        await writer.FlushAsync();
        Stop();
        if (writer.Counts.Stored != count) throw new InvalidOperationException("An event was taken for a repeat.");
        var seconds = watch.Elapsed.TotalSeconds;
        if (!isWarming)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {count:n0}, {owners} owners, {rows:n0} a file | {(isRandom ? "none" : "by time")} | {(withFilter ? "for likely repeats" : "always")} | {seconds:f1} | {cpu.TotalSeconds:f1} | "
                + $"{count / seconds:n0}, last quarter {count / 4 / (watch.Elapsed - quarter).TotalSeconds:n0} | {writer.Counts.Files:n0} | {writer.Counts.Looked:n0} |"));
        return seconds;

        void Start()
        {
            began = Environment.CpuUsage.TotalTime;
            watch.Start();
        }

        void Stop()
        {
            watch.Stop();
            cpu += Environment.CpuUsage.TotalTime - began;
        }
    }
}
