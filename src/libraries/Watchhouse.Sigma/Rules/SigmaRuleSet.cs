namespace Watchhouse.Sigma;

/// <summary>What has become of a rule. Nothing is dropped silently: every document read has one.</summary>
public enum RuleState
{
    /// <summary>Compiled and looked at.</summary>
    Live,

    /// <summary>Could not be read or used; the reason says why.</summary>
    Rejected,

    /// <summary>A placeholder of |expand has no value list.</summary>
    PlaceholderMissing,

    /// <summary>No mapping says where such events come from, so none can arrive.</summary>
    SourceNeverArrives,

    /// <summary>A field that the rule cannot do without is not carried by its source.</summary>
    FieldNeverArrives,

    /// <summary>A filter or pipeline: works on other rules and matches nothing itself.</summary>
    Applied,
}

/// <summary>The state of one document.</summary>
/// <param name="File">Path of its file.</param>
/// <param name="Line">Line on which it starts or on which the fault lies, from 1.</param>
/// <param name="Id">Its id, where it could be read.</param>
/// <param name="Title">Its title, where it could be read.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Reason">A sentence; null for a live rule. For a filter or pipeline, what of it has no effect.</param>
public sealed record RuleReport(string File, int Line, string? Id, string? Title, RuleState State, string? Reason);

/// <summary>Rules as read, with filters applied and placeholders put in, and a report for every document.</summary>
public sealed record SigmaRuleSet
{
    /// <summary>Detection rules that can be compiled.</summary>
    public required IReadOnlyList<SigmaRule> Rules { get; init; }

    /// <summary>Correlation rules; every rule that they name is in the set.</summary>
    public required IReadOnlyList<SigmaCorrelation> Correlations { get; init; }

    /// <summary>One report for every document, good or bad, in order of file and line.</summary>
    public required IReadOnlyList<RuleReport> Reports { get; init; }
}

/// <summary>How rules are read.</summary>
public sealed record SigmaLoadOptions
{
    /// <summary>Value lists for |expand, by name without percent signs. They differ from force to force.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ValueLists { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Processing pipelines, applied in this order to rules with their filters: see <see cref="SigmaPipeline.InOrder"/>.</summary>
    public IReadOnlyList<SigmaPipeline> Pipelines { get; init; } = [];

    /// <summary>Greatest number of threads that read files.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Greatest size of a rule file in bytes.</summary>
    public int FileBytes { get; init; } = 4 * 1024 * 1024;
}
