using System.Text;
using Watchhouse.Telemetry;

namespace Watchhouse.Sigma.Tests;

public sealed class HotSwapTests
{
    [Fact]
    public async Task SessionFor_RulesChangeWhileThreadsDetect_EveryEventMeetsOneWholeSet()
    {
        // Each set has the same two rules but for their text: an event that met half of one and half of another would match one rule.
        var sets = new[] { Compile("first"), Compile("second") };
        var slot = new SigmaDetectorSlot(sets[0]);
        using var stop = new CancellationTokenSource();
        var cancellation = TestContext.Current.CancellationToken;
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                var (record, seen, session) = (new EventRecord(), new HashSet<string>(), (DetectionSession?)null);
                var text = """{"Image":"first second","Path":"first second"}"""u8.ToArray();
                while (!stop.IsCancellationRequested)
                {
                    session = slot.SessionFor(session);
                    Assert.Null(JsonEventParser.Parse(record, text, 0, text.Length, 1, ReadLimits.Default));
                    var matches = session.Detect(record);
                    Assert.Equal(2, matches.Length);
                    var ids = matches.ToArray().Select(match => session.Detector.Rules[match].Id!).ToArray();
                    Assert.Single(ids.Select(id => id.Split(' ')[0]).Distinct());
                    seen.Add(ids[0]);
                }

                return seen;
            },
            cancellation)).ToArray();

        for (var swap = 0; swap < 200; swap++)
        {
            slot.Current = sets[(swap + 1) % 2];
            await Task.Delay(1, cancellation);
        }

        await stop.CancelAsync();
        foreach (var seen in await Task.WhenAll(workers)) Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void Prepare_BeforeTheFirstEvent_ChangesNoAnswer()
    {
        var detector = Compile("word");
        detector.Prepare();
        var (record, text) = (new EventRecord(), Encoding.UTF8.GetBytes("""{"Image":"a word","Path":"none"}"""));
        Assert.Null(JsonEventParser.Parse(record, text, 0, text.Length, 1, ReadLimits.Default));

        var matches = detector.CreateSession().Detect(record).ToArray();

        Assert.Equal("word image", detector.Rules[Assert.Single(matches)].Id);
    }

    private static SigmaDetector Compile(string word) => SigmaDetector.Compile(
        SigmaLoader.Parse([(Rule(word, "image", "Image"), "a.yml"), (Rule(word, "path", "Path"), "b.yml")]).Rules,
        new() { LogSources = LogSourceMap.Default.Entries });

    private static string Rule(string word, string name, string field) =>
        $"title: {name}\nid: {word} {name}\nlogsource: {{}}\ndetection:\n  selection:\n    {field}|contains: {word}\n  condition: selection\n";
}
