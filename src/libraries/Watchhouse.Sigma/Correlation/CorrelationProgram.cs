using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>One correlation with everything resolved that it names.</summary>
internal sealed class CorrelationProgram
{
    private readonly SigmaExpression? _condition;
    private readonly string[][] _groupFields;

    public CorrelationProgram(SigmaCorrelation rule, IReadOnlyList<SigmaDocument> sources, IReadOnlyList<int> sequence)
    {
        Rule = rule;
        Sequence = sequence;
        SourceCount = sources.Count;
        _groupFields = [.. sources.Select(source => rule.GroupBy.Select(name => FieldOf(rule, source, name)).ToArray())];
        if (rule.RuleCondition is not null)
        {
            _condition = ParseCondition(rule, sequence, source => sources[source]);
            AsksForAbsence = HasNot(_condition);
        }

        // What decides whether saved state still fits.
        Fingerprint = string.Join(
            '\n',
            [rule.Id ?? "", rule.Name ?? "", rule.Type.ToString(), rule.Timespan.ToString(), rule.RuleCondition ?? "", .. rule.Rules, "by", .. rule.GroupBy,
             "of", .. rule.ValueFields, .. _groupFields.SelectMany(each => each)]);
    }

    public SigmaCorrelation Rule { get; }

    /// <summary>The sources in the order of the rule's list; a source that is listed twice stands twice.</summary>
    public IReadOnlyList<int> Sequence { get; }

    public int SourceCount { get; }

    public bool AsksForAbsence { get; }

    public string Fingerprint { get; }

    public bool NeedsValue => Rule.Type is not (CorrelationType.EventCount or CorrelationType.Temporal or CorrelationType.TemporalOrdered);

    public bool NeedsNumber => NeedsValue && Rule.Type != CorrelationType.ValueCount;

    /// <summary>Fields whose values make the group, for events of a source.</summary>
    public IReadOnlyList<string> GroupFields(int source) => _groupFields[source];

    /// <summary>The value computed over a window of items, and whether the condition holds for it.</summary>
    public (double Value, bool Holds) Evaluate(CorrelationGroup group, int from, int to)
    {
        var last = to == group.Items.Count - 1;
        switch (Rule.Type)
        {
            case CorrelationType.EventCount:
                return Judge(to - from + 1);
            case CorrelationType.ValueCount:
                return Judge(last ? group.LastWindow(Rule.Timespan.Ticks).Distinct : Window(group, from, to).Select(item => item.Value).Distinct().Count());
            case CorrelationType.ValueSum:
                return Judge(last ? group.LastWindow(Rule.Timespan.Ticks).Sum : Numbers(group, from, to).Sum());
            case CorrelationType.ValueAverage:
                return Judge((last ? group.LastWindow(Rule.Timespan.Ticks).Sum : Numbers(group, from, to).Sum()) / (to - from + 1));
            case CorrelationType.ValuePercentile:
                return Judge(Percentile([.. Numbers(group, from, to).Order()], Rule.Percentile));
            case CorrelationType.ValueMedian:
                return Judge(Percentile([.. Numbers(group, from, to).Order()], 50));
        }

        Span<bool> present = stackalloc bool[SourceCount];
        for (var at = from; at <= to; at++) present[group.Items[at].Source] = true;
        var different = present.Count(true);
        if (_condition is not null) return (different, Holds(_condition, present));
        if (Rule.Type == CorrelationType.TemporalOrdered) return (different, InOrder(group, from, to));
        return Rule.Bounds.Count > 0 ? Judge(different) : (different, different == SourceCount);
    }

    /// <summary>The condition of rule names as tests of sources, by number; a rule may be named by its id or its name.</summary>
    /// <exception cref="SigmaFormatException">It cannot be read, or names a rule that the correlation does not look at.</exception>
    public static SigmaExpression ParseCondition(SigmaCorrelation rule, IReadOnlyList<int> sequence, Func<int, SigmaDocument> source)
    {
        var identifiers = new Dictionary<string, SigmaExpression>();
        for (var at = 0; at < rule.Rules.Count; at++)
        {
            var test = new SigmaTest(sequence[at].ToString(CultureInfo.InvariantCulture), new ExistsMatch(true));
            var document = source(sequence[at]);
            foreach (var name in new[] { rule.Rules[at], document.Id, document.Name }.OfType<string>()) identifiers.TryAdd(name, test);
        }

        return ConditionParser.Parse(rule.RuleCondition!, identifiers, rule.Line);
    }

    private static string FieldOf(SigmaCorrelation rule, SigmaDocument source, string name)
    {
        if (!rule.Aliases.TryGetValue(name, out var fields)) return name;
        if (source.Name is { } given && fields.TryGetValue(given, out var byName)) return byName;
        return source.Id is { } id && fields.TryGetValue(id, out var byId) ? byId : name;
    }

    private static IEnumerable<CorrelationItem> Window(CorrelationGroup group, int from, int to) => group.Items.Skip(from).Take(to - from + 1);

    private static IEnumerable<double> Numbers(CorrelationGroup group, int from, int to) =>
        Window(group, from, to).Select(item => CorrelationGroup.Number(item.Value)).OfType<double>();

    // Linear interpolation between the two nearest ranks, as spreadsheets and numerical libraries do by default.
    private static double Percentile(double[] sorted, double percentile)
    {
        var rank = percentile / 100 * (sorted.Length - 1);
        var below = (int)Math.Floor(rank);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (rank - below));
    }

    private (double Value, bool Holds) Judge(double value)
    {
        foreach (var bound in Rule.Bounds)
        {
            var holds = bound.Operator switch
            {
                CorrelationOperator.Greater => value > bound.Value,
                CorrelationOperator.GreaterOrEqual => value >= bound.Value,
                CorrelationOperator.Less => value < bound.Value,
                CorrelationOperator.LessOrEqual => value <= bound.Value,
                CorrelationOperator.Equal => value == bound.Value,
                _ => value != bound.Value,
            };
            if (!holds) return (value, false);
        }

        return (value, true);
    }

    // Each at or after the one before, whatever order events of the same moment arrived in; an event serves once.
    private bool InOrder(CorrelationGroup group, int from, int to)
    {
        var taken = new HashSet<long>();
        var time = long.MinValue;
        foreach (var source in Sequence)
        {
            var found = false;
            for (var at = from; at <= to && !found; at++)
            {
                var item = group.Items[at];
                if (item.Source != source || item.Ticks < time || !taken.Add(item.Order)) continue;
                (time, found) = (item.Ticks, true);
            }

            if (!found) return false;
        }

        return true;
    }

    private static bool Holds(SigmaExpression expression, ReadOnlySpan<bool> present)
    {
        switch (expression)
        {
            case SigmaTest test:
                return present[int.Parse(test.Field!, CultureInfo.InvariantCulture)];
            case SigmaNot not:
                return !Holds(not.Operand, present);
            case SigmaAll all:
                foreach (var operand in all.Operands)
                {
                    if (!Holds(operand, present)) return false;
                }

                return true;
            case SigmaAny any:
                foreach (var operand in any.Operands)
                {
                    if (Holds(operand, present)) return true;
                }

                return false;
            default:
                throw new InvalidOperationException("A condition of rule names holds names, and, or, not.");
        }
    }

    private static bool HasNot(SigmaExpression expression) => expression switch
    {
        SigmaNot => true,
        SigmaAll all => all.Operands.Any(HasNot),
        SigmaAny any => any.Operands.Any(HasNot),
        _ => false,
    };
}
