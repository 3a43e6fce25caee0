using System.Text.Json;
using Watchhouse.Testing;

namespace Watchhouse.Sigma.Tests;

/// <summary>How often the national rules fire where no attack on a police force is recorded.</summary>
public sealed class NationalNoiseTests(ITestOutputHelper output)
{
    // The set holds recorded attacks and trials of attack tools beside the everyday of a tenant, so some firings are right.
    private const double MostOfTheSet = 0.02;

    [Fact]
    public void Detect_RecordedCloudEvents_NoRuleFiresOnMoreThanTwoPercent()
    {
        var lines = EventSetTests.Lines(SharedData.Path("detection/events/cloud.ndjson.gz"));
        var (events, hits, firings) = Count(lines);

        Report(events, hits, firings);
        Assert.True(events > 10_000);
        var reported = hits.Where(pair => !NationalPack.Engine().Suppresses(pair.Key));
        Assert.All(reported, pair => Assert.True(pair.Value <= events * MostOfTheSet, $"{NationalPack.Set.Rules[pair.Key].Title}: {pair.Value}"));
    }

    [Fact]
    public void Detect_RecordsOfManyTenants_FewFire()
    {
        var lines = Directory.EnumerateFiles(SharedData.Path("m365"), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(Unwrapped);
        var (events, hits, firings) = Count(lines);

        Report(events, hits, firings);
        Assert.True(events > 500);
        // Most of these records are test cases for attacks; what fires on the everyday of the training tenant is what counts.
        var everyday = Directory.EnumerateFiles(SharedData.Path("m365"), "sentinel-*.jsonl").SelectMany(File.ReadLines);
        var (rows, onRows, _) = Count(everyday);
        var reported = onRows.Where(pair => !NationalPack.Engine().Suppresses(pair.Key)).Sum(pair => pair.Value);
        Assert.True(reported <= rows * MostOfTheSet, $"{reported} of {rows} rows fire.");
    }

    private static (int Events, SortedDictionary<int, int> Hits, IReadOnlyList<CorrelationFiring> Firings) Count(IEnumerable<string> lines)
    {
        var (hits, kept, events) = (new SortedDictionary<int, int>(), new List<string>(), 0);
        var session = NationalPack.Detector.CreateSession();
        var engine = NationalPack.Engine();
        var all = lines.Where(line => line.Length > 0).ToList();
        NationalEvents.Parse(all, record =>
        {
            var uses = false;
            foreach (var match in session.Detect(record))
            {
                hits[match] = hits.GetValueOrDefault(match) + 1;
                uses |= engine.Uses(match);
            }

            if (uses) kept.Add(all[events]);
            events++;
        });
        return (events, hits, NationalPack.Fires(kept));
    }

    private void Report(int events, SortedDictionary<int, int> hits, IReadOnlyList<CorrelationFiring> firings)
    {
        output.WriteLine($"{events} events");
        foreach (var (rule, count) in hits.OrderByDescending(pair => pair.Value))
            output.WriteLine($"{count,6}  {NationalPack.Set.Rules[rule].Level,-13}  {NationalPack.NameOf(NationalPack.Set.Rules[rule].File)}: {NationalPack.Set.Rules[rule].Title}");
        foreach (var group in firings.GroupBy(firing => firing.Correlation.Title))
            output.WriteLine($"{group.Count(),6}  correlation    {group.Key}");
    }

    // Collections of test cases carry the record as "log" beside what they say about it.
    private static string Unwrapped(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("log", out var log) && log.ValueKind == JsonValueKind.Object ? log.GetRawText() : line;
    }
}
