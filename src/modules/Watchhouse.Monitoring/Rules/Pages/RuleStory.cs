using System.Globalization;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>A document of a rule as it was understood.</summary>
/// <param name="Condition">What it looks for, in words.</param>
/// <param name="Arrival">Whether such events can arrive, and by which entries of the table of log sources.</param>
internal sealed record StoryPart(string Title, SigmaLogSource Source, ConditionWords Condition, RuleArrival Arrival);

/// <summary>What a rule's text says, as the engine understood it.</summary>
/// <param name="Main">The document that the rule is for; null where the text cannot be read by itself.</param>
/// <param name="Correlation">What a correlation counts, in words; null for other rules.</param>
internal sealed record RuleStory(SigmaDocument? Main, IReadOnlyList<StoryPart> Parts, string? Correlation)
{
    private const int MostParts = 12;

    public static RuleStory Of(string text, IEnumerable<SigmaDocument> running)
    {
        var set = RuleText.Parse(text);
        var own = set.Rules.Where(RuleText.IsOwn).ToList();
        var correlations = set.Correlations.Where(RuleText.IsOwn).ToList();
        // A correlation whose rules stand elsewhere is understood together with them: as it runs.
        if (own.Count == 0 && correlations.Count == 0)
        {
            own = [.. running.OfType<SigmaRule>()];
            correlations = [.. running.OfType<SigmaCorrelation>()];
        }

        var lookedAt = correlations.SelectMany(each => each.Rules).ToHashSet(StringComparer.Ordinal);
        SigmaDocument? main = correlations.Find(each => !((each.Id is { } id && lookedAt.Contains(id)) || (each.Name is { } name && lookedAt.Contains(name))))
            ?? (SigmaDocument?)own.FirstOrDefault();
        var map = LogSourceMap.Default;
        return new(main, [.. own.Take(MostParts).Select(rule =>
        {
            var words = RuleExplainer.Explain(rule, map, []);
            return new StoryPart(rule.Title, rule.LogSource, words.Condition, words.Arrival);
        })], (main as SigmaCorrelation) is { } counting ? Words(counting) : null);
    }

    private static string Words(SigmaCorrelation correlation)
    {
        var group = correlation.GroupBy.Count == 0 ? "" : $" with the same {string.Join(" and ", correlation.GroupBy)}";
        var rules = correlation.Rules.Count == 1 ? "its rule" : $"its {correlation.Rules.Count} rules";
        var fields = correlation.ValueFields.Count == 0 ? "a field" : string.Join(" and ", correlation.ValueFields);
        var what = correlation.Type switch
        {
            CorrelationType.EventCount => $"when the number of matches of {rules}",
            CorrelationType.ValueCount => $"when the number of different values of {fields} in matches of {rules}",
            CorrelationType.Temporal or CorrelationType.TemporalOrdered => $"when {rules} match",
            CorrelationType.ValueSum => $"when the sum of {fields} over matches of {rules}",
            CorrelationType.ValueAverage => $"when the mean of {fields} over matches of {rules}",
            CorrelationType.ValueMedian => $"when the median of {fields} over matches of {rules}",
            _ => $"when a percentile of {fields} over matches of {rules}",
        };
        var isTemporal = correlation.Type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
        var bounds = isTemporal || correlation.Bounds.Count == 0 ? "" : " is " + string.Join(" and ", correlation.Bounds.Select(Words));
        var order = correlation.Type == CorrelationType.TemporalOrdered ? " in their order" : "";
        return $"It fires {what}{bounds}{order},{group} within {Span(correlation.Timespan)}.".Replace(", within", " within", StringComparison.Ordinal);
    }

    private static string Words(CorrelationBound bound)
    {
        var value = bound.Value.ToString("0.##", CultureInfo.InvariantCulture);
        return bound.Operator switch
        {
            CorrelationOperator.Greater => $"more than {value}",
            CorrelationOperator.GreaterOrEqual => $"{value} or more",
            CorrelationOperator.Less => $"less than {value}",
            CorrelationOperator.LessOrEqual => $"{value} or less",
            CorrelationOperator.Equal => value,
            _ => $"not {value}",
        };
    }

    private static string Span(TimeSpan span) =>
        span.TotalDays >= 1 && span.TotalDays % 1 == 0 ? $"{span.TotalDays:0} d"
        : span.TotalHours >= 1 && span.TotalHours % 1 == 0 ? $"{span.TotalHours:0} h"
        : span.TotalMinutes >= 1 && span.TotalMinutes % 1 == 0 ? $"{span.TotalMinutes:0} min" : $"{span.TotalSeconds:0} s";
}
