using System.Text;
using System.Text.Json;
using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

public sealed class ConformanceTests
{
    [Fact]
    public void Detect_ConformanceCases_ExactlyTheExpectedOnes()
    {
        var wrong = new List<string>();
        foreach (var line in File.ReadLines(SharedData.Path("detection/conformance/cases.jsonl")))
        {
            using var test = JsonDocument.Parse(line);
            var root = test.RootElement;
            var rule = Rule(root.GetProperty("detection").GetRawText());
            var expected = root.GetProperty("expect").GetBoolean();
            var name = $"{root.GetProperty("id")} {root.GetProperty("feature")}";
            if (PlainEvaluator.Matches(rule.Condition, root.GetProperty("event")) != expected) wrong.Add("plain evaluator: " + name);
            if (Detects(rule, root.GetProperty("event").GetRawText()) != expected) wrong.Add("detector: " + name);
        }

        Assert.Empty(wrong);
    }

    internal static SigmaRule Rule(string detection)
    {
        var set = SigmaLoader.Parse($$"""{"title": "t", "logsource": {"product": "test"}, "detection": {{detection}}}""", "case.yml");
        Assert.True(set.Rules.Count == 1, set.Reports[0].Reason);
        return set.Rules[0];
    }

    internal static bool Detects(SigmaRule rule, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var record = new EventRecord();
        Assert.Null(JsonEventParser.Parse(record, bytes, 0, bytes.Length, 1, ReadLimits.Default));
        var detector = SigmaDetector.Compile([rule], new() { IgnoreLogSources = true });
        return detector.CreateSession().Detect(record).Length == 1;
    }
}
