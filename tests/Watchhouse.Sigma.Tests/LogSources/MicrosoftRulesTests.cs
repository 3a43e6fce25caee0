using System.Text;

namespace Watchhouse.Sigma.Tests;

/// <summary>
/// Every SigmaHQ rule for Azure and Microsoft 365 against a record of its source in every shape in which such records arrive, with
/// the rule's own values in the places where the real record carries them.
/// </summary>
public sealed class MicrosoftRulesTests
{
    /// <summary>What cannot fire on a real record in a shape, and why. "*" stands for every shape.</summary>
    private static readonly Dictionary<(string Rule, string Shape), string> CannotFire = new()
    {
    };

    [Fact]
    public void Detect_EveryRuleInEveryShape_FiresOrIsKnownNotTo()
    {
        var rules = SigmaHq.RuleSet.Rules.Where(rule => rule.LogSource.Product is "azure" or "m365").ToList();
        var silent = new List<string>();
        foreach (var rule in rules)
        {
            var shapes = RealShape.All.Where(shape => shape.Service == rule.LogSource.Service).ToList();
            Assert.NotEmpty(shapes);
            foreach (var shape in shapes)
            {
                var name = MicrosoftRecords.Name(rule);
                var fires = shape.With(RequiredValues.Of(rule.Condition)) is { } record
                    && MicrosoftRecords.Detect(Encoding.UTF8.GetBytes(record)).Single().Rules.Contains(name);
                if (!fires) silent.Add($"{name} / {shape.Name}");
            }
        }

        Assert.Equal(145, rules.Count);
        Assert.Equal(CannotFire.Keys.Select(each => $"{each.Rule} / {each.Shape}").Order(StringComparer.Ordinal), silent.Order(StringComparer.Ordinal));
    }
}
