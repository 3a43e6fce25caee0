using System.Text.Encodings.Web;
using System.Text.Json;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Rules;

/// <summary>Explanations as JSON, one object a line.</summary>
internal static class ExplainJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IEnumerable<ExplainedRule> rules)
    {
        foreach (var (report, document, explanation, measure) in rules)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    report.File,
                    report.Line,
                    report.Id,
                    report.Title,
                    status = RuleStates.Word(report.State),
                    report.Reason,
                    logsource = (document as SigmaRule)?.LogSource,
                    placeholders = (document as SigmaRule)?.Placeholders,
                    condition = explanation?.Condition,
                    alwaysLookedAt = explanation is null ? null : (bool?)(explanation.Watched is null),
                    watched = explanation?.Watched,
                    likelihood = explanation?.Likelihood,
                    sources = explanation?.Arrival.Entries.Select(entry => new
                    {
                        entry.Name,
                        sources = entry.Sources.Select(source => source.ToString()),
                        when = entry.When.ToDictionary(condition => condition.Path, condition => condition.Values),
                    }),
                    fields = explanation?.Fields,
                    missingFields = explanation?.Arrival.Fields,
                    expressions = explanation?.Expressions,
                    tests = explanation?.Tests,
                    sharedTests = explanation?.SharedTests,
                    correlation = document is SigmaCorrelation correlation ? Correlation(correlation) : null,
                    measured = measure,
                },
                Options));
        }
    }

    private static object Correlation(SigmaCorrelation correlation) => new
    {
        type = correlation.Type.ToString(),
        correlation.Rules,
        correlation.GroupBy,
        timespanSeconds = correlation.Timespan.TotalSeconds,
        bounds = correlation.Bounds.Select(bound => new { op = bound.Operator.ToString(), bound.Value }),
        correlation.ValueFields,
        correlation.Percentile,
        condition = correlation.RuleCondition,
        correlation.Aliases,
        correlation.Generate,
    };
}
