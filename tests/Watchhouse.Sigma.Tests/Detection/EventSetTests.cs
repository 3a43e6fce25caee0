using System.IO.Compression;
using Watchhouse.Telemetry;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

public sealed class EventSetTests
{
    [Theory]
    [InlineData("regression", 186)]
    [InlineData("attack", 1879)]
    [InlineData("telemetry", 2405)]
    [InlineData("cloud", 874)]
    [InlineData("network", 2)]
    public void Detect_RecordedEvents_ExactlyTheExpectedPairs(string name, int count)
    {
        var events = SharedData.Path($"detection/events/{name}.ndjson.gz");
        var expected = Lines(SharedData.Path($"detection/events/{name}.expected.tsv.gz")).ToHashSet();
        var detector = SigmaDetector.Compile(SigmaHq.RuleSet.Rules);
        var session = detector.CreateSession();
        var record = new EventRecord();
        var found = new HashSet<string>();
        foreach (var line in Lines(events))
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(line);
            Assert.Null(JsonEventParser.Parse(record, bytes, 0, bytes.Length, 1, ReadLimits.Default));
            foreach (var match in session.Detect(record, labelled: true)) found.Add($"{record.Text("_id")}\t{detector.Rules[match].Id}");
        }

        Assert.Empty(expected.Except(found));
        Assert.Empty(found.Except(expected));
        Assert.Equal(count, found.Count);
    }

    internal static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }
}
