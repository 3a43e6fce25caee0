using System.Text;
using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

public sealed class RuleCoverageTests
{
    private static SigmaRule Rule(string source, string detection) =>
        SigmaLoader.Parse($"title: t\nlogsource: {source}\ndetection: {detection}", "t.yml").Rules.Single();

    [Theory]
    [InlineData("{product: windows, category: process_creation}", "{s: {Image: a}, condition: s}", RuleState.Live, "")]
    [InlineData("{product: windows, category: process_creation}", "{s: {GrandParentImage: a}, condition: s}", RuleState.FieldNeverArrives, "GrandParentImage")]
    [InlineData("{product: windows, category: process_creation}", "{s: {GrandParentImage: null, Image: a}, condition: s}", RuleState.Live, "")]
    [InlineData("{product: windows, category: process_creation}", "{s: {Image: a}, f: {GrandParentImage: a}, condition: s and not f}", RuleState.Live, "")]
    [InlineData("{product: windows, category: process_creation}", "{s: {Image: a}, f: {GrandParentImage: a}, condition: s or f}", RuleState.Live, "")]
    [InlineData("{product: windows, category: process_creation}", "{s: {Image: a}, f: {X|exists: false}, condition: s and f}", RuleState.Live, "")]
    [InlineData("{product: windows, category: process_creation}", "{s: {Image: a, X|exists: true}, condition: s}", RuleState.FieldNeverArrives, "X")]
    [InlineData("{product: windows, category: process_creation}", "{s: {Image|fieldref: X}, condition: s}", RuleState.FieldNeverArrives, "X")]
    [InlineData("{product: windows, category: process_creation}", "{s: [one, two], condition: s}", RuleState.Live, "")]
    [InlineData("{product: windows, category: image_load}", "{s: {CommandLine: a}, condition: s}", RuleState.FieldNeverArrives, "CommandLine")]
    [InlineData("{product: windows, service: sysmon}", "{s: {Anything: a}, condition: s}", RuleState.Live, "")]
    [InlineData("{product: abacus}", "{s: {Image: a}, condition: s}", RuleState.SourceNeverArrives, "")]
    [InlineData("{definition: none}", "{s: {Image: a}, condition: s}", RuleState.Live, "")]
    public void Of_Rule_SaysNoOnlyWhereItIsCertain(string source, string detection, RuleState state, string fields)
    {
        var arrival = RuleCoverage.Of(Rule(source, detection), LogSourceMap.Default);

        Assert.Equal(state, arrival.State);
        Assert.Equal(fields, string.Join(", ", arrival.Fields));
        Assert.Equal(state == RuleState.Live, arrival.Reason is null);
    }

    [Fact]
    public void Of_SeenSources_SaysWhatHasNotArrivedSoFar()
    {
        var rule = Rule("{product: windows, category: process_creation}", "{s: {CommandLine: a, ParentImage: b}, condition: s}");
        SeenSources Seen(string entry, params string[]? fields) => new(new Dictionary<string, IReadOnlySet<string>?> { [entry] = fields?.ToHashSet() });

        Assert.Equal(RuleState.SourceNeverArrives, RuleCoverage.Of(rule, LogSourceMap.Default, Seen("windows system")).State);
        Assert.Equal(["ParentImage"], RuleCoverage.Of(rule, LogSourceMap.Default, Seen("sysmon process_creation", "CommandLine", "Image")).Fields);
        Assert.Equal(RuleState.Live, RuleCoverage.Of(rule, LogSourceMap.Default, Seen("security process_creation", "CommandLine", "ParentProcessName")).State);
        Assert.Equal(RuleState.Live, RuleCoverage.Of(rule, LogSourceMap.Default, Seen("sysmon process_creation", null)).State);
    }

    [Fact]
    public void Reports_CorrelationOnRuleThatCannotMatch_SaysSo()
    {
        var set = SigmaLoader.Parse(
            """
            title: a
            name: a
            logsource: {product: abacus}
            detection: {s: {X: 1}, condition: s}
            ---
            title: b
            name: b
            logsource: {product: windows}
            detection: {s: {X: 1}, condition: s}
            ---
            title: both
            correlation: {type: temporal, rules: [a, b], timespan: 5m}
            ---
            title: either
            correlation: {type: event_count, rules: [a, b], timespan: 5m, condition: {gte: 2}}
            """,
            "c.yml");

        Assert.Equal(
            [RuleState.SourceNeverArrives, RuleState.Live, RuleState.SourceNeverArrives, RuleState.Live],
            RuleCoverage.Reports(set, LogSourceMap.Default).Select(report => report.State));
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("attack")]
    [InlineData("telemetry")]
    public void Carries_RecordedEvents_HoldNoFieldThatTheTableLacks(string name)
    {
        var tables = LogSourceMap.Default.Entries.Where(entry => entry.Carries is not null).ToArray();
        var record = new EventRecord();
        var lacking = new SortedSet<string>();
        foreach (var line in EventSetTests.Lines(SharedData.Path($"detection/events/{name}.ndjson.gz")))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            Assert.Null(JsonEventParser.Parse(record, bytes, 0, bytes.Length, 1, ReadLimits.Default));
            foreach (var entry in tables.Where(entry => entry.When.All(condition => record.Text(condition.Path) is { } text
                && (condition.Values.Length == 0 || condition.Values.Contains(text, StringComparer.OrdinalIgnoreCase)))))
            {
                for (var at = 1; at < record.NodeCount; at = record[at].End)
                {
                    var field = Encoding.UTF8.GetString(record.NameOf(record[at]));
                    if (!field.StartsWith('_') && !entry.Carries!.Contains(field)) lacking.Add($"{entry.Name}: {field}");
                }
            }
        }

        Assert.Empty(lacking);
    }

    [Theory]
    [InlineData("regression")]
    [InlineData("attack")]
    [InlineData("telemetry")]
    [InlineData("cloud")]
    [InlineData("network")]
    public void Reports_RulesThatRecordedEventsMatch_AreAllLive(string name)
    {
        var hit = EventSetTests.Lines(SharedData.Path($"detection/events/{name}.expected.tsv.gz")).Select(line => line.Split('\t')[1]).ToHashSet();

        Assert.All(
            RuleCoverage.Reports(SigmaHq.RuleSet, LogSourceMap.Default).Where(report => hit.Contains(report.Id!)),
            report => Assert.True(report.State == RuleState.Live, $"{report.Title}: {report.Reason}"));
    }
}
