namespace Watchhouse.Sigma.Tests;

public sealed class SigmaHqRulesTests
{
    [Fact]
    public void Parse_AllPublishedRules_LiveButThoseWithoutValueList()
    {
        var set = SigmaHq.RuleSet;

        Assert.Equal(3754, set.Reports.Count);
        Assert.Equal(2, set.Reports.Count(report => report.State == RuleState.PlaceholderMissing));
        Assert.All(set.Reports, report => Assert.True(report.State is RuleState.Live or RuleState.PlaceholderMissing, report.Reason));
        Assert.Equal(3752, set.Rules.Count);
    }

    [Fact]
    public void Parse_PlaceholderRulesWithLists_Live()
    {
        var lists = SigmaLoader.Parse(SigmaHq.Files("rules-placeholder/", "rules/", "rules-emerging-threats/")).Reports
            .Where(report => report.State == RuleState.PlaceholderMissing)
            .SelectMany(report => report.Reason!.Split("named ")[1].Split(", which")[0].Split(", "))
            .Distinct().ToDictionary(name => name, _ => (IReadOnlyList<string>)["one", "two*"]);
        Assert.NotEmpty(lists);

        var set = SigmaLoader.Parse(SigmaHq.Files("rules-placeholder/", "rules-emerging-threats/"), new() { ValueLists = lists });

        Assert.All(set.Reports, report => Assert.Equal(RuleState.Live, report.State));
        Assert.Contains(set.Rules, rule => rule.Placeholders.Count > 0);
    }

    [Fact]
    public void Parse_RemovedAggregationSyntax_RejectedWithWhatToDo()
    {
        var reports = SigmaLoader.Parse(SigmaHq.Files("unsupported/")).Reports.Where(report => report.Reason?.Contains("aggregation") == true).ToList();

        Assert.Equal(54, reports.Count);
        Assert.All(reports, report => Assert.True(report is { State: RuleState.Rejected, Line: > 1 } && report.Reason!.Contains("correlation rule")));
    }
}
