using System.Text;
using System.Text.Json;
using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

/// <summary>Detection over records as they arrive: through the readers, and routed by the table.</summary>
internal static class MicrosoftRecords
{
    private static readonly Lazy<SigmaDetector> Compiled = new(() =>
        SigmaDetector.Compile(SigmaHq.RuleSet.Rules, new() { LogSources = LogSourceMap.Default.Entries }));

    public static SigmaDetector Detector
    {
        get
        {
            SigmaHq.RuleSet.ToString();
            return Compiled.Value;
        }
    }

    /// <summary>What each record of a sample file was taken for, and the rules that fire on it.</summary>
    public static List<(long Position, string Source, string[] Rules)> In(string file)
    {
        var lines = File.ReadLines(SharedData.Path($"m365/{file}")).Select(Unwrapped);
        return Detect(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    public static List<(long Position, string Source, string[] Rules)> Detect(byte[] text)
    {
        using var source = EventFiles.Open(new MemoryStream(text), ReadLimits.Default);
        var (block, record, parser, session) = (new EventBlock(), new EventRecord(), source.CreateParser(), Detector.CreateSession());
        var found = new List<(long, string, string[])>();
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
            {
                Assert.True(outcome == ParseOutcome.Event, reason);
                var rules = session.Detect(record).ToArray().Select(match => Name(Detector.Rules[match])).Order(StringComparer.Ordinal).ToArray();
                found.Add((record.Position, session.SourceName, rules));
            }
        }

        return found;
    }

    /// <summary>The name of a rule's file, which says more than its id and is as unique.</summary>
    public static string Name(SigmaRule rule) => Path.GetFileNameWithoutExtension(rule.File);

    // Collections of test cases carry the record as "log" beside what they say about it.
    private static string Unwrapped(string line)
    {
        using var document = JsonDocument.Parse(line);
        foreach (var wrapper in (ReadOnlySpan<string>)["log", "body"])
        {
            if (document.RootElement.TryGetProperty(wrapper, out var log) && (wrapper == "log" || document.RootElement.TryGetProperty("doc", out _)))
                return log.ValueKind == JsonValueKind.Object ? log.GetRawText() : "";
        }

        return line;
    }
}
