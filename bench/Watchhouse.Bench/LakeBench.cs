using System.Diagnostics;
using System.Globalization;
using Watchhouse.Lake;

namespace Watchhouse.Bench;

/// <summary>
/// Writes events with 30 columns and about 1.2 KB of raw bytes into a lake, finds some again, and compacts. The making of
/// the events is not timed. Prints lines of a Markdown table.
/// </summary>
internal static class LakeBench
{
    private const int Count = 1_000_000;
    private const int Batch = 1_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Directory.CreateDirectory(Path.Combine(
            args.Length > 0 ? args[0] : Path.GetTempPath(), $"lake-bench-{Environment.ProcessId}")).FullName;
        try
        {
            Console.WriteLine("| measurement | events | seconds | CPU s | events/s | events/CPU s | files | bytes an event |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            await RunAsync(Path.Combine(root, "warm"), owners: 1, 100_000, isWarming: true);
            await RunAsync(Path.Combine(root, "one"), owners: 1, Count);
            await RunAsync(Path.Combine(root, "many"), owners: 43, Count);
            Console.WriteLine($"\nPeak resident memory of the whole run: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB.");
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task RunAsync(string directory, int owners, int count, bool isWarming = false)
    {
        var options = new LakeOptions { Directory = directory, Time = TimeProvider.System };
        await using var manifest = await SqliteLakeManifest.OpenAsync(directory + ".db");
        await using var keeper = await LakeKeeper.OpenAsync(options, manifest);
        var events = new LakeEvents(owners);
        var name = owners == 1 ? "one owner" : $"{owners} owners, {owners * LakeEvents.Tables.Length} groups";
        await using (var writer = await LakeWriter.OpenAsync(options, manifest, LakeEvents.Schema))
        {
            var time = await WriteAsync(writer, events, 0, count);
            await PrintAsync($"write, {name}", count, time, manifest, isWarming);
            if (!isWarming) Console.WriteLine($"| (resident {Environment.WorkingSet >> 20} MiB) | | | | | | | |");
            time = await WriteAsync(writer, events, 0, count / 5, writer.DurablePosition);
            if (writer.Counts.Repeated != count / 5) throw new InvalidOperationException("A repeat was stored.");
            await PrintAsync("the first fifth again: all repeats", count / 5, time, null, isWarming);
        }

        using var reader = new LakeReader(options, manifest, LakeEvents.Schema);
        await ReadAsync(reader, events, count, isWarming);
        var watch = new Cost();
        watch.Start();
        var merged = await keeper.CompactAsync(new LakeCompactionOptions { ClosedBefore = LakeEvents.Day.AddDays(1) });
        watch.Stop();
        await PrintAsync($"compact {merged.Read} files", merged.Rows, watch, manifest, isWarming);
        await ReadAsync(reader, events, count, isWarming);
        watch = new Cost();
        watch.Start();
        var report = await keeper.VerifyAsync();
        watch.Stop();
        if (!report.IsOk) throw new InvalidOperationException(report.Faults[0].Message);
        await PrintAsync($"verify {report.Bytes >> 20} MiB", report.Rows, watch, null, isWarming);
    }

    private static async Task<Cost> WriteAsync(LakeWriter writer, LakeEvents events, int from, int count, long position = 0)
    {
        var watch = new Cost();
        var batch = new LakeRow[Batch];
        for (var done = 0; done < count; done += Batch)
        {
            for (var i = 0; i < Batch; i++)
                batch[i] = events.Make(from + done + i);
            watch.Start();
            await writer.AppendAsync(++position, batch);
            watch.Stop();
        }

        watch.Start();
        await writer.FlushAsync();
        watch.Stop();
        return watch;
    }

    private static async Task ReadAsync(LakeReader reader, LakeEvents events, int count, bool isWarming)
    {
        var some = events.Make(count / 3);
        var (from, to) = (LakeEvents.Start, LakeEvents.Start.AddDays(1));
        await TimeAsync("find 1 by id, owner alone", async () => (await reader.FindAsync(some.Owner, [some.EventId])).Count);
        await TimeAsync("find 1 by id, table and time known", async () =>
            (await reader.FindAsync(some.Owner, [some.EventId], some.Table, some.Time, some.Time.AddTicks(10))).Count);
        var ids = Enumerable.Range(0, count).Select(events.Make).Where(row => row.Owner == some.Owner).Where((_, i) => i % 50 == 0).Take(20)
            .Select(row => row.EventId).ToList();
        await TimeAsync("find 20 by id, whole with raw", async () => (await reader.FindAsync(some.Owner, ids)).Count);
        var page = new LakePageQuery { Owners = [some.Owner], Table = some.Table, From = from, To = to };
        var host = System.Text.Encoding.UTF8.GetString(some.Computer.Span);
        await TimeAsync("page of 100, one host", async () =>
            (await reader.PageAsync(page with { Filters = [new LakeFilter(LakeKey.Computer, host)] })).Entries.Count);
        await TimeAsync("page of 100, newest", async () => (await reader.PageAsync(page)).Entries.Count);

        async Task TimeAsync(string what, Func<Task<int>> read)
        {
            var times = new List<double>();
            var found = 0;
            for (var round = 0; round < 7; round++)
            {
                var watch = Stopwatch.StartNew();
                found = await read();
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            times.Sort();
            if (!isWarming)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {what} | {found} | {times[0] / 1000:f4} to {times[^1] / 1000:f4} | | | | | |"));
        }
    }

    private static async Task PrintAsync(string what, long count, Cost cost, SqliteLakeManifest? manifest, bool isWarming)
    {
        if (isWarming) return;
        var files = manifest is null ? [] : await manifest.ListAsync(new LakeFileQuery());
        var (bytes, rows) = (files.Sum(file => file.Bytes), files.Sum(file => file.Rows));
        var stored = rows == 0 ? "| |" : string.Create(
            CultureInfo.InvariantCulture, $"{files.Count} | {(double)bytes / rows:f0} |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {count:n0} | {cost.Seconds:f2} | {cost.CpuSeconds:f2} | {count / cost.Seconds:n0} | {count / cost.CpuSeconds:n0} | {stored}"));
    }

    /// <summary>Wall and processor time of the parts that count.</summary>
    private sealed class Cost
    {
        private readonly Stopwatch _watch = new();
        private TimeSpan _cpuAtStart;

        public double Seconds => _watch.Elapsed.TotalSeconds;

        public double CpuSeconds { get; private set; }

        public void Start()
        {
            _cpuAtStart = Environment.CpuUsage.TotalTime;
            _watch.Start();
        }

        public void Stop()
        {
            _watch.Stop();
            CpuSeconds += (Environment.CpuUsage.TotalTime - _cpuAtStart).TotalSeconds;
        }
    }
}
