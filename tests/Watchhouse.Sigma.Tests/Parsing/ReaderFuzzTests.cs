using System.Diagnostics;
using System.Text;
using CsCheck;

namespace Watchhouse.Sigma.Tests;

/// <summary>Whatever is given to the reader of rules, it answers with a report for each document, soon and within bounded memory.</summary>
public sealed class ReaderFuzzTests
{
    private static readonly string[] Pieces =
    [
        ":", "- ", "\n", "  ", "---\n", "...\n", "&a ", "*a", "{", "}", "[", "]", "|", ">", "'", "\"", "#", "? ", "!!binary ", "!x ", "%YAML 1.3\n", "\t", "\0", "\u0085", "\u2028", "\uFEFF", "<<: *a",
        "title: ", "condition: ", "detection:", "|re", "|windash", "|base64offset", "%x%", "\\", "null", "1e999", "(((", "not ", "1 of ", "\ud800", "é", "action: repeat\n", "rules: ", "filter: ", "correlation: ",
    ];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static void Reads(string text, string print = "")
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var set = SigmaLoader.Parse(text, "fuzz.yml", new() { Threads = 1 });
        foreach (var report in set.Reports) Assert.True(report.State is RuleState.Live or RuleState.Applied || report.Reason is { Length: > 0 });
        _ = SigmaDetector.Compile(set.Rules);
        if (set.Correlations.Count > 0) _ = new CorrelationEngine(set.Rules, set.Correlations);
        // Not a measure of speed: what hangs takes hours.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{watch.Elapsed} for {print}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000_000, print);
    }

    [Fact]
    public void Parse_MutatedPublishedRules_AlwaysReports()
    {
        var rules = SigmaHq.Files("rules/", "rules-placeholder/", "unsupported/").Select(each => each.Text).Where(text => text.Length < 6_000).ToArray();
        Gen.Select(Gen.Int[0, rules.Length - 1], Gen.Select(Gen.Int[0, 6_000], Gen.Int[0, 40], OneOf(Pieces)).Array[1, 6]).Sample(
            (at, edits) =>
            {
                var text = new StringBuilder(rules[at]);
                foreach (var (place, length, piece) in edits)
                {
                    var start = place % text.Length;
                    text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, piece);
                }

                Reads(text.ToString());
            },
            iter: 4_000);
    }

    [Fact]
    public void Parse_RandomPieces_AlwaysReports() =>
        Gen.OneOf(OneOf(Pieces), OneOf(Pieces), Gen.String[0, 5]).Array[0, 60].Sample(pieces => Reads(string.Concat(pieces)), iter: 10_000);

    [Fact]
    public void Parse_DeepNesting_RejectedAtOnce()
    {
        foreach (var deep in new[] { new string('[', 100_000), string.Concat(Enumerable.Repeat("{a: ", 50_000)), string.Concat(Enumerable.Range(0, 3_000).Select(at => new string(' ', at) + "a:\n")), string.Concat(Enumerable.Repeat("- ", 50_000)) })
        {
            var set = SigmaLoader.Parse($"title: t\nx: {deep}", "deep.yml");
            Assert.Equal(RuleState.Rejected, Assert.Single(set.Reports).State);
        }
    }

    [Fact]
    public void Parse_AliasBomb_NeitherHangsNorFillsTheMemory()
    {
        var bomb = new StringBuilder("title: t\nlogsource: {product: a}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var at = 1; at < 12; at++) bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{at}: &a{at} [{string.Join(", ", Enumerable.Repeat($"*a{at - 1}", 10))}]\n");
        Reads(bomb + "detection: {s: {F: *a11}, condition: s}\n", "bomb of lists");

        var maps = new StringBuilder("title: t\nlogsource: {product: a}\na0: &a0 {F: 1, G: 2}\n");
        for (var at = 1; at < 25; at++) maps.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]\n");
        Reads(maps + "detection: {s: *a24, condition: s}\n", "bomb of selections");
        Reads("title: t\nx: &a [*a]\n", "an alias inside its own anchor");
    }

    [Fact]
    public void Parse_HugeScalarsListsAndConditions_Bounded()
    {
        var huge = new string('a', 2_000_000);
        Reads(RuleTexts.Items($"F: {huge}"), "huge value");
        Reads(RuleTexts.Items($"F|re: {huge}"), "huge expression");
        Reads(RuleTexts.Items($"F|base64offset|contains: {huge}"), "huge encoding");
        Reads(RuleTexts.Items($"F|contains: '{new string('*', 500_000)}'"), "stars");
        Reads(RuleTexts.Items($"F|windash: '{string.Concat(Enumerable.Repeat(" -a", 20_000))}'"), "dashes");
        Reads(RuleTexts.Items($"F: [{string.Join(", ", Enumerable.Range(0, 100_000))}]"), "long list");
        Reads(RuleTexts.Rule($"  s: {{F: 1}}\n  condition: {string.Join(" or ", Enumerable.Repeat("s", 100_000))}\n"), "long condition");
        Reads(RuleTexts.Rule($"  s: {{F: 1}}\n  condition: {string.Concat(Enumerable.Repeat("not ", 100_000))}s\n"), "many nots");
        Reads(string.Concat(Enumerable.Range(0, 20_000).Select(at => $"k{at}: v\n")), "many keys");
        Reads(RuleTexts.Items("F|re: '(a{1,900}){1,900}'"), "repetitions");
        Reads(string.Concat(Enumerable.Repeat("---\ntitle: t\n", 20_000)), "many documents");
        Reads(RuleTexts.Rule(string.Concat(Enumerable.Range(0, 3_000).Select(at => $"  s{at}: {{F: {at}}}\n")) + $"  condition: {string.Join(" and ", Enumerable.Repeat("1 of s*", 300))}\n"), "patterns of many names");
    }

    [Fact]
    public void Read_MutatedPipelines_AlwaysAnswersWithAPipelineOrASentence()
    {
        const string Pipeline = "name: p\npriority: 1\nvars: {a: [b]}\ntransformations:\n- id: x\n  type: field_name_mapping\n  mapping: {A: B, C: [D, E]}\n  rule_conditions:\n  - {type: logsource, product: windows}\n"
            + "- type: replace_string\n  regex: '(a)'\n  replacement: '\\1'\n- type: add_condition\n  conditions: {F|contains: x}\n";
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 10], OneOf(Pieces)).Array[1, 4].Sample(
            edits =>
            {
                var text = new StringBuilder(Pipeline);
                foreach (var (place, length, piece) in edits)
                {
                    var start = place % text.Length;
                    text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, piece);
                }

                try
                {
                    var pipeline = SigmaPipeline.Read(text.ToString(), "p.yml");
                    SigmaLoader.Parse(RuleTexts.Items("A: 1"), "t.yml", new() { Pipelines = [pipeline] });
                }
                catch (FormatException e)
                {
                    Assert.StartsWith("p.yml", e.Message);
                }
            },
            iter: 4_000);
    }
}
