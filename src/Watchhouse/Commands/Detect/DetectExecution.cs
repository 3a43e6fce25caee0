using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Watchhouse.Commands.Rules;
using Watchhouse.Sigma;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Detect;

/// <summary>Loads, runs, sums up.</summary>
internal static class DetectExecution
{
    /// <summary>0; 1 where --fail-on was met; 2 for bad usage or nothing readable.</summary>
    public static int Run(DetectOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return Execute(options, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped before the end: what was printed is not all.");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException or InvalidDataException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static int Execute(DetectOptions options, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var (cpuAtStart, _) = DetectStats.Measure();
        var rules = options.NoRules ? null : RuleLoading.Load(new()
        {
            Paths = options.Rules, Mappings = options.Mappings, Values = options.Values, Pipelines = options.Pipelines, Threads = options.Threads,
        });
        if (rules is { Detector.Rules.Count: 0 })
        {
            foreach (var report in rules.Rejected.Take(20)) Console.Error.WriteLine($"{report.File}:{report.Line}: {report.Reason}");
            Console.Error.WriteLine($"No rule could be read from {string.Join(", ", options.Rules)}.");
            return 2;
        }

        var files = EventFiles.Find(options.Files).ToList();
        var loadSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (cpuLoaded, _) = DetectStats.Measure();
        var running = Stopwatch.GetTimestamp();
        using var output = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
        using var run = new DetectRun(options, rules?.Detector, rules?.Correlations, files, output, Colours());
        run.Execute(cancellationToken);
        output.Flush();
        var (cpu, memory) = DetectStats.Measure();
        var stats = new DetectStats
        {
            Events = run.Events,
            Detections = run.Detections,
            RulesLoaded = rules?.Loaded ?? 0,
            RulesRejected = rules?.Rejected.Count ?? 0,
            WallSeconds = Stopwatch.GetElapsedTime(running).TotalSeconds,
            CpuSeconds = cpu - cpuLoaded,
            LoadSeconds = loadSeconds,
            PeakMemoryBytes = memory,
            LoadCpuSeconds = cpuLoaded - cpuAtStart,
            ProcessCpuSeconds = cpu,
            RecordsRejected = run.Rejected,
            ConditionsEvaluated = run.Evaluations,
            Threads = options.Threads,
        };
        if (options.Stats is not null) File.WriteAllText(options.Stats, JsonSerializer.Serialize(stats, DetectStats.Json) + "\n");
        Summarise(run, rules, stats);
        if (run.FilesOpened == 0 || (stats.Events == 0 && stats.RecordsRejected > 0))
        {
            Console.Error.WriteLine("Nothing could be read: see the lines above.");
            return 2;
        }

        return options.FailOn is { } threshold && run.Greatest >= threshold ? 1 : 0;
    }

    private static void Summarise(DetectRun run, LoadedRules? rules, DetectStats stats)
    {
        var invariant = CultureInfo.InvariantCulture;
        var to = Console.Error;
        foreach (var (rule, count) in rules is null ? [] : run.Busiest.Take(10))
            to.WriteLine(string.Create(invariant, $"{count,8:N0}  {MatchWriter.LevelText(rule.Level),-13}  {rule.Title}"));
        to.WriteLine(string.Create(
            invariant,
            $"{stats.Events:N0} events, {stats.Detections:N0} detections, {stats.RecordsRejected:N0} records rejected, in {stats.WallSeconds:0.00} s ({stats.Events / Math.Max(0.001, stats.WallSeconds):N0} events/s)."));
        if (rules is null) return;
        var reports = rules.Read.Reports();
        var hint = reports.Any(report => report.State is not (RuleState.Live or RuleState.Applied)) ? ": 'watchhouse rules check PATH' says why" : "";
        to.WriteLine(string.Create(invariant, $"{RuleStates.Sum(reports)}{hint}. Loaded in {stats.LoadSeconds:0.00} s."));
        foreach (var line in rules.Correlations?.Counters() ?? []) to.WriteLine(line);
    }

    private static bool Colours() => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
