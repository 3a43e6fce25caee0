using System.Diagnostics;
using Watchhouse.Sigma;
using Watchhouse.Telemetry;

namespace Watchhouse.Commands.Rules;

/// <summary>What one rule alone costs over sample events.</summary>
/// <param name="Events">Events read.</param>
/// <param name="LookedAt">Events for which the condition was evaluated.</param>
/// <param name="Matches">Events that matched.</param>
/// <param name="Seconds">Time in detection, parsing left out.</param>
/// <param name="EmptySeconds">The same without any rule: what recognising log sources takes.</param>
internal sealed record RuleMeasure(long Events, long LookedAt, long Matches, double Seconds, double EmptySeconds)
{
    /// <summary>What the rule adds to an event, in nanoseconds; never less than nothing.</summary>
    public double NanosecondsAnEvent => Events == 0 ? 0 : Math.Max(0, (Seconds - EmptySeconds) * 1e9 / Events);

    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RuleMeasure Of(SigmaRule rule, LogSourceMap sources, IReadOnlyList<string> paths)
    {
        var session = SigmaDetector.Compile([rule], new() { LogSources = sources.Entries }).CreateSession();
        var empty = SigmaDetector.Compile([], new() { LogSources = sources.Entries }).CreateSession();
        var record = new EventRecord();
        var block = new EventBlock();
        long matches = 0;
        long ticks = 0;
        long emptyTicks = 0;
        foreach (var file in EventFiles.Find(paths))
        {
            using var source = EventFiles.Open(file, new EventFileOptions());
            var parser = source.CreateParser();
            while (source.Read(block))
            {
                parser.Start(block);
                while (parser.Next(record, out _) is var outcome && outcome != ParseOutcome.End)
                {
                    if (outcome == ParseOutcome.Rejected) continue;
                    var start = Stopwatch.GetTimestamp();
                    empty.Detect(record);
                    var middle = Stopwatch.GetTimestamp();
                    if (session.Detect(record).Length > 0) matches++;
                    ticks += Stopwatch.GetTimestamp() - middle;
                    emptyTicks += middle - start;
                }
            }
        }

        return new(session.Events, session.Evaluations, matches, ticks / (double)Stopwatch.Frequency, emptyTicks / (double)Stopwatch.Frequency);
    }
}
