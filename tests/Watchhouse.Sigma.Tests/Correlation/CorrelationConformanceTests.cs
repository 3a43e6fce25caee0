using System.Text.Json;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

public sealed class CorrelationConformanceTests
{
    [Fact]
    public void Observe_ConformanceScenarios_FiresExactlyWhereExpected()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var line in File.ReadLines(SharedData.Path("detection/conformance/correlation.jsonl")))
        {
            using var scenario = JsonDocument.Parse(line);
            var root = scenario.RootElement;
            var set = SigmaLoader.Parse(root.GetProperty("rules").EnumerateArray().Select((rule, at) => (rule.GetRawText(), $"{at}.yml")));
            var streams = Streams.Of(set);
            var expected = root.GetProperty("fires").EnumerateArray()
                .SelectMany(fire => fire.GetProperty("at").EnumerateArray().Select(at => $"{fire.GetProperty("rule")} at {at}")).Order().ToArray();
            var found = root.GetProperty("events").EnumerateArray()
                .SelectMany((each, at) => streams.Feed(each.GetRawText()).Select(firing => $"{firing.Correlation.Name} at {at}")).Order().ToArray();
            if (!expected.SequenceEqual(found))
                wrong.Add($"{root.GetProperty("id")} {root.GetProperty("feature")}: {string.Join(", ", found)} in place of {string.Join(", ", expected)}");
            seen++;
        }

        Assert.Empty(wrong);
        Assert.Equal(15, seen);
    }
}
