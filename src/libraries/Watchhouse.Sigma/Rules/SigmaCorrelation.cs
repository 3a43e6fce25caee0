namespace Watchhouse.Sigma;

/// <summary>Types of correlation (Sigma correlation rules specification 2.1; value_median and extended temporal conditions as pySigma has them).</summary>
public enum CorrelationType
{
    /// <summary>Number of events.</summary>
    EventCount,

    /// <summary>Number of distinct values of a field, or of combinations of several.</summary>
    ValueCount,

    /// <summary>All rules, in any order.</summary>
    Temporal,

    /// <summary>All rules, in the order of the list.</summary>
    TemporalOrdered,

    /// <summary>Sum of a numeric field.</summary>
    ValueSum,

    /// <summary>Mean of a numeric field.</summary>
    ValueAverage,

    /// <summary>A percentile of a numeric field.</summary>
    ValuePercentile,

    /// <summary>Median of a numeric field.</summary>
    ValueMedian,
}

/// <summary>Comparison in a correlation's condition.</summary>
public enum CorrelationOperator
{
    /// <summary>gt</summary>
    Greater,

    /// <summary>gte</summary>
    GreaterOrEqual,

    /// <summary>lt</summary>
    Less,

    /// <summary>lte</summary>
    LessOrEqual,

    /// <summary>eq</summary>
    Equal,

    /// <summary>neq</summary>
    NotEqual,
}

/// <summary>One bound of a condition; several are joined by AND.</summary>
public readonly record struct CorrelationBound(CorrelationOperator Operator, double Value);

/// <summary>A correlation rule: matches groups of matches of other rules within a window of event time.</summary>
public sealed record SigmaCorrelation : SigmaDocument
{
    /// <summary>What is computed.</summary>
    public required CorrelationType Type { get; init; }

    /// <summary>Rules or correlations that it looks at, by id or name as written.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>Field names or aliases whose values make a group; empty for one group.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>Length of the sliding window.</summary>
    public required TimeSpan Timespan { get; init; }

    /// <summary>Bounds, joined by AND; for the temporal types, of the number of different rules (none: all of them).</summary>
    public IReadOnlyList<CorrelationBound> Bounds { get; init; } = [];

    /// <summary>Field or fields of the value_ types.</summary>
    public IReadOnlyList<string> ValueFields { get; init; } = [];

    /// <summary>Percentile of value_percentile, 0 to 100.</summary>
    public double Percentile { get; init; } = 50;

    /// <summary>Boolean condition over rule names of a temporal correlation, such as "a and not b"; null for all rules.</summary>
    public string? RuleCondition { get; init; }

    /// <summary>Alias to (rule as written there to field name).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Aliases { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Whether the rules that it looks at report their own matches too.</summary>
    public bool Generate { get; init; }
}
