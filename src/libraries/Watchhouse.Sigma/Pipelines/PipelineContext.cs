namespace Watchhouse.Sigma;

/// <summary>A rule or correlation on its way through the pipelines, which act on it as one.</summary>
internal sealed class PipelineContext
{
    private PipelineContext(IReadOnlyList<SigmaPipeline> pipelines)
    {
        foreach (var pipeline in pipelines)
        {
            foreach (var (name, values) in pipeline.Variables) Variables[name] = values;
        }
    }

    public RuleDraft? Draft { get; private init; }

    public SigmaCorrelation? Correlation { get; set; }

    /// <summary>Log sources of the rules that a correlation leads to.</summary>
    public IReadOnlyList<SigmaLogSource> Sources { get; private init; } = [];

    /// <summary>Ids of items that have acted on the rule.</summary>
    public HashSet<string> Applied { get; } = new(StringComparer.Ordinal);

    /// <summary>What set_state has set.</summary>
    public Dictionary<string, string> State { get; } = new(StringComparer.Ordinal);

    /// <summary>Values for placeholders.</summary>
    public Dictionary<string, IReadOnlyList<string>> Variables { get; } = new(StringComparer.Ordinal);

    public SigmaDocument Document => Draft is null ? Correlation! : Draft.Head;

    public static void Run(IReadOnlyList<SigmaPipeline> pipelines, RuleDraft draft) =>
        new PipelineContext(pipelines) { Draft = draft }.Run(pipelines);

    public static SigmaCorrelation Run(IReadOnlyList<SigmaPipeline> pipelines, SigmaCorrelation correlation, IReadOnlyList<SigmaLogSource> sources)
    {
        var context = new PipelineContext(pipelines) { Correlation = correlation, Sources = sources };
        context.Run(pipelines);
        return context.Correlation!;
    }

    /// <summary>Changes what every kind of document has.</summary>
    public void Change(Func<IReadOnlyList<string>, IReadOnlyList<string>> fields)
    {
        if (Draft is not null) Draft.Head = Draft.Head with { Fields = fields(Draft.Head.Fields) };
        else Correlation = Correlation! with { Fields = fields(Correlation!.Fields) };
    }

    public SigmaFormatException Failure(PipelineItem item, string reason) => new(Document.Line, $"{reason} (pipeline {item.Origin})");

    private void Run(IReadOnlyList<SigmaPipeline> pipelines)
    {
        foreach (var item in pipelines.SelectMany(pipeline => pipeline.Items)) item.Run(this);
    }
}
