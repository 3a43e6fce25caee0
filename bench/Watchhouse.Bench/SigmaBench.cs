using System.Diagnostics;
using System.Globalization;
using Watchhouse.Sigma;
using Watchhouse.Telemetry;

namespace Watchhouse.Bench;

/// <summary>
/// Detection in one process, over files of labelled events that lie in memory: reading and parsing alone, with all rules,
/// with ten times as many, and with two threads. Processor seconds of the process; the median of the rounds after the
/// first, and the first round apart, because a short run is mostly that. Prints lines of a Markdown table.
/// </summary>
internal static class SigmaBench
{
    private const int Rounds = 5;
    private const int LeastEvents = 200_000;

    public static int Run(string rules, IReadOnlyList<string> files)
    {
        var watch = Stopwatch.StartNew();
        var set = SigmaLoader.Load([rules], new());
        var read = watch.Elapsed;
        var detector = Compile(set.Rules);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{set.Rules.Count:N0} rules read in {read.TotalSeconds:0.00} s, compiled in {(watch.Elapsed - read).TotalSeconds:0.00} s (cold)."));
        var tenfold = Compile([.. Enumerable.Range(0, 10).SelectMany(copy => set.Rules.Select(rule => copy == 0 ? rule : OtherRules.Like(rule, copy)))]);
        Console.WriteLine();
        Console.WriteLine("| events of | first round, events/CPU-s | parsing, µs an event | detecting, µs | events/CPU-s | all ÷ parsing | ten times the rules ÷ once | two threads ÷ one | bytes allocated an event |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var file in files) Row(file, detector, tenfold);
        Console.WriteLine();
        Console.WriteLine($"Peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1_048_576} MB, ten times the rules and the events themselves included.");
        return 0;
    }

    private static SigmaDetector Compile(IReadOnlyList<SigmaRule> rules) =>
        SigmaDetector.Compile(rules, new() { LogSources = LogSourceMap.Default.Entries });

    private static void Row(string file, SigmaDetector detector, SigmaDetector tenfold)
    {
        var bytes = Unpack(file);
        var session = detector.CreateSession();
        var (events, first) = Measure(() => Pass(bytes, session));
        var repeats = (int)Math.Max(1, LeastEvents / Math.Max(1, events));
        double Best(DetectionSession? with)
        {
            Pass(bytes, with);
            return Enumerable.Range(0, Rounds).Select(_ => Measure(() => Many(bytes, with, repeats)).Seconds).Order().ElementAt(Rounds / 2) / repeats;
        }

        var parsing = Best(null);
        var all = Best(session);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(bytes, session);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var ten = Best(tenfold.CreateSession());
        var one = Wall(() => Many(bytes, session, repeats));
        var two = Wall(() => Parallel.Invoke(() => Many(bytes, session, repeats), () => Many(bytes, detector.CreateSession(), repeats)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.GetFileName(file)} | {events / first:N0} | {parsing / events * 1e6:0.00} | {(all - parsing) / events * 1e6:0.00} | {events / all:N0} | {all / parsing:0.00} | {ten / all:0.00} | {2 * one / two:0.00} | {(double)allocated / events:0.0} |"));
    }

    private static long Many(byte[] bytes, DetectionSession? session, int times)
    {
        long events = 0;
        for (var time = 0; time < times; time++) events += Pass(bytes, session);
        return events;
    }

    private static long Pass(byte[] bytes, DetectionSession? session)
    {
        using var source = EventFiles.Open(new MemoryStream(bytes), ReadLimits.Default);
        var (parser, record, block) = (source.CreateParser(), new EventRecord(), new EventBlock());
        long events = 0;
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out _) is var outcome and not ParseOutcome.End)
            {
                if (outcome != ParseOutcome.Event) continue;
                events++;
                session?.Detect(record, labelled: true);
            }
        }

        return events;
    }

    private static (long Events, double Seconds) Measure(Func<long> work)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var events = work();
        process.Refresh();
        return (events, (process.TotalProcessorTime - before).TotalSeconds);
    }

    private static double Wall(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    // Unpacked beforehand: what the gzip costs is not what is measured here.
    private static byte[] Unpack(string file)
    {
        using var stream = File.OpenRead(file);
        using var plain = file.EndsWith(".gz", StringComparison.Ordinal)
            ? new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Decompress)
            : (Stream)stream;
        using var memory = new MemoryStream();
        plain.CopyTo(memory);
        return memory.ToArray();
    }
}
