namespace Watchhouse.Sigma.Tests;

public sealed class ConditionTests
{
    // Fields A, B, C and D are 1 where their letter is in the text.
    private static bool Holds(string condition, string present)
    {
        var rule = RuleTexts.Rule($"  sel_a: {{A: 1}}\n  sel_b: {{B: 1}}\n  other-c: {{C: 1}}\n  _d: {{D: 1}}\n  condition: {condition}\n");
        return RuleTexts.Matches(rule, "{" + string.Join(',', present.Select(c => $"\"{c}\": 1")) + "}");
    }

    [Theory]
    [InlineData("sel_a or sel_b and other-c", "A", true)]
    [InlineData("sel_a or sel_b and other-c", "B", false)]
    [InlineData("(sel_a or sel_b) and other-c", "A", false)]
    [InlineData("not sel_a and sel_b", "B", true)]
    [InlineData("not (sel_a and sel_b)", "A", true)]
    [InlineData("not not sel_a", "A", true)]
    [InlineData("NOT sel_a AND sel_b OR other-c", "C", true)]
    [InlineData("1 of sel_*", "B", true)]
    [InlineData("any of sel_*", "B", true)]
    [InlineData("all of sel_*", "B", false)]
    [InlineData("all of sel_*", "AB", true)]
    [InlineData("1 of *_a", "A", true)]
    [InlineData("1 of *_*", "D", false)]
    [InlineData("1 of s*a", "A", true)]
    [InlineData("1 of them", "C", true)]
    [InlineData("1 of them", "D", false)]
    [InlineData("all of them", "ABC", true)]
    [InlineData("1 of _*", "D", true)]
    [InlineData("not 1 of sel_*", "", true)]
    [InlineData("sel_a and not all of sel_*", "A", true)]
    [InlineData("[sel_a, sel_b]", "B", true)]
    public void Parse_Condition_BindsAsSpecified(string condition, string present, bool holds) => Assert.Equal(holds, Holds(condition, present));

    [Theory]
    [InlineData("s | count() > 5", "aggregation")]
    [InlineData("1 of nothing*", "no part of the detection fits 'nothing*'")]
    [InlineData("2 of s*", "'2 of' is not allowed")]
    [InlineData("s and", "ends too early")]
    [InlineData("(s", "closing bracket")]
    [InlineData("s)", "')' stands where it cannot")]
    [InlineData("s s", "'s' stands where it cannot")]
    [InlineData("s and t", "the detection has no 't'")]
    [InlineData("''", "it is empty")]
    [InlineData("'s && s'", "'&&' makes no sense")]
    [InlineData("{a: b}", "must be text")]
    [InlineData("[]", "list of conditions is empty")]
    public void Parse_ConditionThatMakesNoSense_RejectedWithReason(string condition, string reason)
    {
        var report = RuleTexts.Rejected(RuleTexts.Rule($"  s: {{A: 1}}\n  condition: {condition}\n"));

        Assert.Contains(reason, report.Reason);
        Assert.Equal(5, report.Line);
    }

    [Fact]
    public void Parse_DeepBrackets_RejectedAndNotOverflowing() =>
        Assert.Contains("nested", RuleTexts.Rejected(RuleTexts.Rule($"  s: {{A: 1}}\n  condition: {new string('(', 50_000)}s\n")).Reason);
}
