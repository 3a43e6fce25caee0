using System.Diagnostics;
using System.Globalization;
using Watchhouse.Telemetry;

namespace Watchhouse.Bench;

/// <summary>
/// Reads the event logs below a folder on one thread, from memory: as they are, one file after the other, and all their
/// chunks several times over as one long log, where templates are met again. Prints lines of a Markdown table.
/// </summary>
internal static class EvtxBench
{
    private const int HeaderSize = 4096;
    private const int ChunkSize = 64 * 1024;
    private const int Repeats = 5;
    private const int LogRepeats = 8;

    private delegate EventParser Parser(EvtxSource source);

    public static int Run(string folder)
    {
        var files = EventFiles.Find([folder]).Where(file => file.EndsWith(".evtx", StringComparison.OrdinalIgnoreCase)).Select(File.ReadAllBytes).ToList();
        if (files.Count == 0)
        {
            Console.Error.WriteLine($"There is no .evtx file below {folder}.");
            return 2;
        }

        IReadOnlyList<byte[]> log = [[.. files[0].AsSpan(0, HeaderSize), .. Enumerable.Repeat(files.SelectMany(Chunks), LogRepeats).SelectMany(each => each)]];
        Console.WriteLine("| measurement | records | MB | records/s | MB/s | allocated bytes a record |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        Measure($"flat, {files.Count} files", files, source => source.CreateParser());
        Measure("flat, one log", log, source => source.CreateParser());
        Measure("nested, one log", log, source => source.CreateNestedParser());
        Measure("chunks and checksums alone", log, null);
        return 0;
    }

    private static IEnumerable<byte> Chunks(byte[] file)
    {
        var whole = (file.Length - HeaderSize) / ChunkSize * ChunkSize;
        return whole <= 0 ? [] : file.AsSpan(HeaderSize, whole).ToArray();
    }

    private static void Measure(string name, IReadOnlyList<byte[]> files, Parser? create)
    {
        var block = new EventBlock();
        var record = new EventRecord();
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 1000;) Pass(files, create, block, record);
        var best = TimeSpan.MaxValue;
        var (records, allocated) = (0L, 0L);
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            var passes = 0;
            records = 0;
            for (; watch.ElapsedMilliseconds < 1000; passes++) records += Pass(files, create, block, record);
            if (watch.Elapsed / passes < best) best = watch.Elapsed / passes;
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Math.Max(1, records);
            records /= passes;
        }

        var megabytes = files.Sum(file => (double)file.Length) / 1e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {records:N0} | {megabytes:F1} | {records / best.TotalSeconds:N0} | {megabytes / best.TotalSeconds:F0} | {(records == 0 ? 0 : allocated)} |"));
    }

    private static long Pass(IReadOnlyList<byte[]> files, Parser? create, EventBlock block, EventRecord record)
    {
        var records = 0L;
        foreach (var file in files)
        {
            using var source = (EvtxSource)EventFiles.Open(new MemoryStream(file, writable: false), ReadLimits.Default);
            var parser = create?.Invoke(source);
            while (source.Read(block))
            {
                if (parser is null) continue;
                parser.Start(block);
                while (parser.Next(record, out _) is var outcome and not ParseOutcome.End)
                {
                    if (outcome == ParseOutcome.Event) records++;
                }
            }
        }

        return records;
    }
}
