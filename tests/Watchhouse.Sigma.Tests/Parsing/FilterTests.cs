namespace Watchhouse.Sigma.Tests;

public sealed class FilterTests
{
    private const string Rule = """
        title: r
        id: 11111111-1111-4111-8111-111111111111
        name: named
        logsource: {product: windows, category: process_creation}
        detection: {selection: {Image: a}, condition: selection}
        ---

        """;

    private static (bool Plain, bool Excepted, RuleReport Filter) With(string filter)
    {
        var set = SigmaLoader.Parse(Rule + filter, "f.yml");
        var rule = Assert.Single(set.Rules);
        return (ConformanceTests.Detects(rule, """{"Image": "a"}"""), ConformanceTests.Detects(rule, """{"Image": "a", "User": "adm_x"}"""), set.Reports[1]);
    }

    private static string Filter(string source, string rules, string condition = "not selection") =>
        $"title: f\nlogsource: {source}\nfilter:\n  rules: {rules}\n  selection: {{User|startswith: adm_}}\n  condition: {condition}\n";

    [Theory]
    [InlineData("{product: windows, category: process_creation}", "[11111111-1111-4111-8111-111111111111]")]
    [InlineData("{product: windows}", "[named]")]
    [InlineData("{category: process_creation}", "any")]
    [InlineData("{product: windows}", "named")]
    public void Parse_FilterThatCoversTheRule_SuppressesAndDoesNotClashWithItsNames(string source, string rules)
    {
        var (plain, excepted, report) = With(Filter(source, rules));

        Assert.True(plain);
        Assert.False(excepted);
        Assert.Equal((RuleState.Applied, null), (report.State, report.Reason));
    }

    [Theory]
    [InlineData("{product: linux}", "any")]
    [InlineData("{product: windows, category: process_creation, service: sysmon}", "any")]
    [InlineData("{product: linux}", "[named]")]
    public void Parse_FilterOfAnotherLogSource_TouchesNothingAndSaysSo(string source, string rules)
    {
        var (plain, excepted, report) = With(Filter(source, rules));

        Assert.True(plain && excepted);
        Assert.Contains("No rule is covered", report.Reason);
    }

    [Fact]
    public void Parse_FilterWithoutNot_TakenLiterally()
    {
        var (plain, excepted, _) = With(Filter("{product: windows}", "any", "selection"));

        Assert.False(plain);
        Assert.True(excepted);
    }

    [Fact]
    public void Parse_FilterWithPatternsOfNames_LooksAtItsOwnPartsAlone()
    {
        var (plain, excepted, _) = With(
            "title: f\nlogsource: {product: windows}\nfilter:\n  rules: any\n  sel_one: {User|startswith: adm_}\n  selection: {User: nobody}\n  condition: not 1 of sel*\n");

        Assert.True(plain);
        Assert.False(excepted);
    }

    [Fact]
    public void Parse_FilterForRuleThatIsNotThere_RejectedOrRemarked()
    {
        Assert.Equal(RuleState.Rejected, With(Filter("{product: windows}", "[nobody]")).Filter.State);
        var (_, excepted, report) = With(Filter("{product: windows}", "[nobody, named]"));

        Assert.False(excepted);
        Assert.Equal(RuleState.Applied, report.State);
        Assert.Contains("nobody", report.Reason);
    }

    [Fact]
    public void Parse_FilterWithoutItsValueList_LeavesTheRuleLiveAndSaysSo()
    {
        var set = SigmaLoader.Parse(Rule + "title: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {User|expand: '%admins%'}, condition: not s}\n", "f.yml");

        Assert.Single(set.Rules);
        Assert.Equal([RuleState.Live, RuleState.PlaceholderMissing], set.Reports.Select(report => report.State));
        Assert.Contains("admins", set.Reports[1].Reason);
    }

    [Theory]
    [InlineData("title: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {A|oops: 1}, condition: not s}\n", "oops")]
    [InlineData("title: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {A: 1}, condition: not t}\n", "has no 't'")]
    [InlineData("title: f\nlogsource: {product: windows}\nfilter: {s: {A: 1}, condition: not s}\n", "which rules")]
    public void Parse_FilterThatCannotBeUsed_RejectedAndRuleUntouched(string filter, string reason)
    {
        var (plain, excepted, report) = With(filter);

        Assert.True(plain && excepted);
        Assert.Equal(RuleState.Rejected, report.State);
        Assert.Contains(reason, report.Reason);
    }
}
