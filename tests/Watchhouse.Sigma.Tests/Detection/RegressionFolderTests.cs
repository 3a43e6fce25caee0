using System.Globalization;
using System.Text.RegularExpressions;
using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

/// <summary>The event logs that SigmaHQ keeps beside its rules: each must be found by the rule that it was recorded for.</summary>
public sealed partial class RegressionFolderTests
{
    // Rules whose log holds more matching records than its description says.
    private static readonly Dictionary<string, int> TrueCounts = new()
    {
        // Three values of the registry were set under ZoneMap\Domains.
        ["45e112d0-7759-4c2a-aa36-9f8fb79d3393"] = 3,
        // These say no number; each log holds two.
        ["7124aebe-4cd7-4ccb-8df0-6d6b93c96795"] = 2,
        ["5bac7a56-da88-4c27-922e-c81e113b20cb"] = 2,
    };

    [Fact]
    public void Detect_RegressionLogs_NamedRuleIsFoundAsOftenAsItMatches()
    {
        var detector = SigmaDetector.Compile(SigmaHq.RuleSet.Rules, new() { LogSources = LogSourceMap.Default.Entries });
        var session = detector.CreateSession();
        var folders = Directory.GetDirectories(SharedData.Path("detection/regression")).Order(StringComparer.Ordinal).ToList();
        var (looked, wrong) = (0, new List<string>());
        foreach (var folder in folders)
        {
            var info = File.ReadAllText(Path.Combine(folder, "info.yml"));
            var rule = RuleId().Match(info).Groups[1].Value;
            foreach (var log in Directory.EnumerateFiles(folder, "*.evtx"))
            {
                looked++;
                var found = Count(session, detector, log, rule);
                var expected = TrueCounts.TryGetValue(rule, out var known) ? known
                    : MatchCount().Match(info) is { Success: true } count ? int.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture)
                    : 1;
                if (found != expected) wrong.Add($"{Path.GetFileName(folder)}: {found} instead of {expected} by {rule}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(108, looked);
    }

    private static int Count(DetectionSession session, SigmaDetector detector, string log, string rule)
    {
        using var source = EventFiles.Open(log, new EventFileOptions());
        var parser = source.CreateParser();
        var (block, record) = (new EventBlock(), new EventRecord());
        var found = 0;
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
            {
                Assert.True(outcome == ParseOutcome.Event, reason);
                foreach (var match in session.Detect(record)) found += detector.Rules[match].Id == rule ? 1 : 0;
            }
        }

        return found;
    }

    [GeneratedRegex(@"^\s*- id: (\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex RuleId();

    [GeneratedRegex(@"^\s*match_count: (\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex MatchCount();
}
