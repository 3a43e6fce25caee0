using System.Text;

namespace Watchhouse.Sigma;

/// <summary>Explains rules to people who tune them.</summary>
public static class RuleExplainer
{
    /// <summary>Explains a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="map">The table of log sources.</param>
    /// <param name="others">Rules that run beside it; what it shares with them costs nothing more.</param>
    public static RuleExplanation Explain(SigmaRule rule, LogSourceMap map, IReadOnlyList<SigmaRule> others)
    {
        var arrival = RuleCoverage.Of(rule, map);
        var clause = Necessary.Of(rule.Condition);
        var tests = Tests(rule.Condition).ToHashSet();
        var apart = others.Where(other => !ReferenceEquals(other, rule)).ToArray();
        var elsewhere = new HashSet<SigmaTest>();
        var watchers = new Dictionary<(string?, PatternShape, string), int>();
        foreach (var other in apart)
        {
            elsewhere.UnionWith(Tests(other.Condition).Where(tests.Contains));
            if (clause is null || Necessary.Of(other.Condition) is not { } watched) continue;
            foreach (var key in watched.Atoms.Select(Key).Distinct()) watchers[key] = watchers.GetValueOrDefault(key) + 1;
        }

        var fields = tests.SelectMany(test => test.Match is FieldMatch match ? [test.Field, match.OtherField] : new[] { test.Field }).OfType<string>().Distinct().ToArray();
        return new()
        {
            Condition = RuleWords.Of(rule.Condition),
            Watched = clause?.Atoms.Select(atom => new WatchedText(atom.Field, How(atom.Shape), Encoding.UTF8.GetString(atom.Literal), watchers.GetValueOrDefault(Key(atom)))).Distinct().ToList(),
            Likelihood = clause?.Likelihood ?? 1,
            Arrival = arrival,
            Fields = [.. arrival.Entries.SelectMany(entry => fields.Select(field => new FieldPlace(
                entry.Name, field, [field, .. entry.Fields.TryGetValue(field, out var more) ? more : []], entry.Carries is null ? null : entry.MayCarry(field))))],
            Expressions = [.. tests.Select(test => test.Match).OfType<RegexMatch>().Select(RuleWords.Written).Distinct()],
            Tests = tests.Count,
            SharedTests = elsewhere.Count,
            OtherRules = apart.Length,
        };
    }

    private static (string?, PatternShape, string) Key(Atom atom) => (atom.Field, atom.Shape, Encoding.Latin1.GetString(atom.Literal));

    private static string How(PatternShape shape) => shape switch
    {
        PatternShape.Exact => "is",
        PatternShape.Prefix => "starts with",
        PatternShape.Suffix => "ends with",
        PatternShape.Contains => "contains",
        _ => "is there",
    };

    private static IEnumerable<SigmaTest> Tests(SigmaExpression expression) => expression switch
    {
        SigmaTest test => [test],
        SigmaNot not => Tests(not.Operand),
        SigmaAll all => all.Operands.SelectMany(Tests),
        SigmaAny any => any.Operands.SelectMany(Tests),
        _ => [],
    };
}
