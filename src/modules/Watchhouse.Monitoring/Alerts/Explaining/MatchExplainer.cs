using System.Text;
using System.Text.RegularExpressions;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Alerts.Explaining;

/// <summary>A test of a rule that an event met.</summary>
/// <param name="Field">The field; null where any value of the event would do.</param>
/// <param name="Value">The value that met it, shortened.</param>
/// <param name="Words">The test in words.</param>
/// <param name="Texts">What to mark in the event.</param>
/// <param name="Written">What the rule writes, to mark there.</param>
internal sealed record MatchedPart(string? Field, string Value, string Words, IReadOnlyList<string> Texts, IReadOnlyList<string> Written);

/// <summary>
/// Says which parts of a rule an event met, by the engine itself: every test of the rule is compiled as a rule of its own, so
/// that fields, values and log sources mean here what they meant when the alert was raised. Not thread-safe.
/// </summary>
internal sealed class MatchExplainer
{
    private const int MostEntities = 12;
    private const int MostTests = 400;
    private const int MostValue = 160;

    private readonly List<(SigmaRule Rule, SigmaTest Test, int Whole)> _tests = [];
    private readonly PayloadEvents _events = new();
    private readonly SigmaDetector _detector;
    private readonly DetectionSession _session;
    private readonly Dictionary<SigmaTest, string> _words = [];
    private readonly Dictionary<RegexMatch, Regex> _expressions = [];
    private readonly HashSet<AlertEntity> _entities = [];
    private readonly int _rules;

    /// <param name="rules">The rule, or those that a correlation looks at.</param>
    public MatchExplainer(IReadOnlyList<SigmaRule> rules)
    {
        _rules = rules.Count;
        foreach (var (rule, index) in rules.Select((rule, index) => (rule, index)))
            _tests.AddRange(Affirmed(rule.Condition).Distinct().Take(MostTests).Select(test => (rule, test, index)));
        _detector = SigmaDetector.Compile(
            [.. rules, .. _tests.Select(each => each.Rule with { Condition = each.Test })],
            new() { LogSources = LogSourceMap.Default.Entries, Fields = [.. _tests.Select(each => each.Test.Field).OfType<string>().Concat(AlertEntity.Fields).Distinct()] });
        _session = _detector.CreateSession();
    }

    /// <summary>Whom and what the events that were explained name.</summary>
    public IReadOnlyList<AlertEntity> Entities => [.. _entities.Take(MostEntities)];

    /// <summary>The parts that an event met; null where it cannot be read, or none of the rules matches it as it is.</summary>
    public IReadOnlyList<MatchedPart>? Explain(AlertEvidence evidence)
    {
        if (evidence.Seen.Length == 0) return null;
        List<MatchedPart>? parts = null;
        var format = evidence.Seen.AsSpan().TrimStart() is ['{', ..] ? PayloadFormat.Ndjson : PayloadFormat.HecRaw;
        _events.Read(format, Encoding.UTF8.GetBytes(evidence.Seen), evidence.At, record =>
        {
            var met = _session.Detect(record).ToArray();
            _entities.UnionWith(AlertEntity.AllOf(_session.FieldText));
            var whole = met.Where(rule => rule < _rules).ToHashSet();
            if (whole.Count == 0) return;
            parts ??= [];
            foreach (var rule in met.Where(rule => rule >= _rules))
            {
                var test = _tests[rule - _rules];
                if (whole.Contains(test.Whole)) parts.Add(Part(test.Rule, test.Test, evidence.Seen));
            }
        });
        return parts?.DistinctBy(part => (part.Field, part.Value)).ToList();
    }

    private MatchedPart Part(SigmaRule rule, SigmaTest test, string raw)
    {
        if (!_words.TryGetValue(test, out var words))
            _words[test] = words = RuleExplainer.Explain(rule with { Condition = test }, LogSourceMap.Default, []).Condition.Words;
        // Of a field with several values the first is not always the one that met the test.
        var value = test.Field is { } field ? _session.FieldText(field) : null;
        switch (test.Match)
        {
            case TextMatch { Pattern: var pattern }:
                var literals = pattern.Parts.Where(part => part.Kind == PatternPartKind.Literal).Select(part => part.Text).ToList();
                var isIt = value is not null && literals.TrueForAll(literal => value.Contains(literal, StringComparison.OrdinalIgnoreCase));
                return new(test.Field, Cut(isIt ? value! : string.Join(" … ", literals)), words, literals, literals);
            case RegexMatch regex:
                // An object or array is looked through as JSON, which stands so in the event.
                if (!_expressions.TryGetValue(regex, out var expression)) _expressions[regex] = expression = SigmaRegex.Compile(regex);
                var found = (value is null ? null : Found(expression, value)) ?? Found(expression, raw);
                return new(test.Field, Cut(found ?? value ?? words), words, found is null ? [] : [found], [regex.Expression]);
            case NumberMatch number:
                return new(test.Field, Cut(value ?? number.Text), words, value is null ? [] : [value], [number.Text]);
            case NetworkMatch network:
                return new(test.Field, Cut(value ?? words), words, value is null ? [] : [value], [network.Network.ToString()]);
            default:
                return new(test.Field, Cut(value ?? words), words, value is null ? [] : [value], []);
        }
    }

    private static string? Found(Regex expression, string text) =>
        expression.Match(text) is { Success: true, Length: > 0 } match ? match.Value : null;

    // What a rule says must not be there is met by absence; it is nothing to show in an event.
    internal static IEnumerable<SigmaTest> Affirmed(SigmaExpression expression) => expression switch
    {
        SigmaTest test => [test],
        SigmaAll all => all.Operands.SelectMany(Affirmed),
        SigmaAny any => any.Operands.SelectMany(Affirmed),
        _ => [],
    };

    private static string Cut(string text) => text.Length <= MostValue ? text : text[..MostValue] + "…";
}
