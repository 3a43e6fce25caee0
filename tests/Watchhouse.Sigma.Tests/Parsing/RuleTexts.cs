namespace Watchhouse.Sigma.Tests;

/// <summary>Small rules for tests of the reader.</summary>
internal static class RuleTexts
{
    public static string Rule(string detection) => $"title: t\nlogsource: {{product: test}}\ndetection:\n{detection}";

    /// <summary>A rule of one selection with the items given, each on a line of its own.</summary>
    public static string Items(params string[] items) => Rule("  s:\n" + string.Concat(items.Select(item => $"    {item}\n")) + "  condition: s\n");

    public static SigmaRule Read(string yaml, SigmaLoadOptions? options = null)
    {
        var set = SigmaLoader.Parse(yaml, "t.yml", options);
        Assert.True(set.Rules.Count > 0, set.Reports[0].Reason);
        return set.Rules[0];
    }

    public static RuleReport Rejected(string yaml)
    {
        var report = Assert.Single(SigmaLoader.Parse(yaml, "t.yml").Reports);
        Assert.Equal(RuleState.Rejected, report.State);
        return report;
    }

    public static bool Matches(string yaml, string json, SigmaLoadOptions? options = null) => ConformanceTests.Detects(Read(yaml, options), json);
}
