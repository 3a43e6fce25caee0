using Watchhouse.Monitoring.Alerts.Products;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Alerts.Explaining;

/// <summary>An event of an alert with what of it met the rule; the parts are null where that cannot be said.</summary>
internal sealed record ExplainedEvent(AlertEvidence Event, IReadOnlyList<MatchedPart>? Parts)
{
    public IEnumerable<string> Texts => Parts?.SelectMany(part => part.Texts) ?? [];
}

/// <summary>An alert as a page shows it.</summary>
/// <param name="Rule">The rule as it is now; null where no rule of its name is in use any more.</param>
/// <param name="Looked">For a correlation, the rules that it looks at.</param>
/// <param name="RuleLines">The rule's text, lines that were met marked.</param>
/// <param name="Entities">Whom the alert is about, and whom and what else its events name.</param>
internal sealed record AlertExplanation(
    AlertDetail Detail, SigmaDocument? Rule, IReadOnlyList<SigmaRule> Looked, IReadOnlyList<ExplainedEvent> Events, IReadOnlyList<Stretch> RuleLines,
    IReadOnlyList<AlertEntity> Entities)
{
    private const int Deepest = 4;

    public static AlertExplanation Of(AlertDetail detail, SigmaRuleSet set)
    {
        var rule = set.Rules.Concat<SigmaDocument>(set.Correlations).FirstOrDefault(each => (each.Id ?? each.Name ?? each.Title) == detail.Alert.Rule);
        IReadOnlyList<SigmaRule> looked = rule switch
        {
            SigmaRule single => [single],
            SigmaCorrelation correlation => [.. Under(correlation, set, Deepest).Distinct()],
            _ => [],
        };
        var explainer = new MatchExplainer(looked);
        var events = detail.Evidence.Select(each => new ExplainedEvent(each, explainer.Explain(each))).ToList();
        var texts = events.SelectMany(each => each.Parts ?? []).SelectMany(part => part.Written).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var itself = new AlertEntity(detail.Alert.EntityKind, detail.Alert.Entity);
        var entities = explainer.Entities.Concat(detail.Product?.Evidence.Select(Named).OfType<AlertEntity>() ?? []).Distinct().Where(each => !each.Value.Equals(itself.Value, StringComparison.OrdinalIgnoreCase)).Prepend(itself).ToList();
        if (rule is null) return new(detail, null, [], events, [], entities);
        var text = string.Join("\n---\n", looked.Cast<SigmaDocument>().Prepend(rule).Distinct().Select(each => each.Text.Trim()));
        return new(detail, rule, rule is SigmaCorrelation ? looked : [], events, Marks.Rule(text, texts), entities);
    }

    private static AlertEntity? Named(ProductEvidence evidence) => evidence.Name.Length == 0 ? null : evidence.Kind switch
    {
        "user" or "mailbox" => new("user", evidence.Name),
        "device" => new("host", evidence.Name),
        "address" => new("address", evidence.Name),
        "application" => new("app", evidence.Name),
        _ => null,
    };

    private static IEnumerable<SigmaRule> Under(SigmaCorrelation correlation, SigmaRuleSet set, int depth) => depth == 0 ? [] :
        correlation.Rules.SelectMany(name =>
            set.Rules.Where(rule => rule.Id == name || rule.Name == name)
                .Concat(set.Correlations.Where(each => each != correlation && (each.Id == name || each.Name == name)).SelectMany(each => Under(each, set, depth - 1))));
}
