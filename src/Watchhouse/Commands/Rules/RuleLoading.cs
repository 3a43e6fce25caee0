using Watchhouse.Commands.Detect;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Rules;

/// <summary>What the rule commands read rules from.</summary>
internal sealed record RuleInput
{
    public required IReadOnlyList<string> Paths { get; init; }

    public IReadOnlyList<string> Mappings { get; init; } = [];

    public string? Values { get; init; }

    public IReadOnlyList<string> Pipelines { get; init; } = [];

    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>Rules as read, with the table of log sources that they are looked at by.</summary>
internal sealed record ReadRules(SigmaRuleSet Set, LogSourceMap Sources)
{
    /// <summary>The reports, in which rules that can never match say so. Costs as much as a tenth of reading them.</summary>
    public IReadOnlyList<RuleReport> Reports() => RuleCoverage.Reports(Set, Sources);
}

/// <summary>Rules ready to detect with.</summary>
internal sealed record LoadedRules(ReadRules Read, SigmaDetector Detector, CorrelationFeed? Correlations)
{
    public int Loaded => Read.Set.Reports.Count(report => report.State is RuleState.Live or RuleState.Applied);

    public IReadOnlyList<RuleReport> Rejected => [.. Read.Set.Reports.Where(report => report.State is not (RuleState.Live or RuleState.Applied))];
}

/// <summary>Reads what the options of the rule commands name.</summary>
internal static class RuleLoading
{
    /// <exception cref="FormatException">A table, list or pipeline file cannot be used; the message says where.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ReadRules Read(RuleInput input)
    {
        var options = new SigmaLoadOptions
        {
            Threads = input.Threads,
            Pipelines = SigmaPipeline.InOrder(input.Pipelines.Select(file => SigmaPipeline.Read(File.ReadAllText(file), file))),
        };
        if (input.Values is { } values) options = options with { ValueLists = ValueLists.Read(File.ReadAllText(values), values) };
        var sources = LogSourceMap.Default;
        foreach (var file in input.Mappings) sources = sources.With(LogSourceMap.Read([(File.ReadAllText(file), file)]));
        return new(SigmaLoader.Load(input.Paths, options), sources);
    }

    public static LoadedRules Load(RuleInput input)
    {
        var read = Read(input);
        var set = read.Set;
        var engine = set.Correlations.Count == 0 ? null : new CorrelationEngine(set.Rules, set.Correlations, CorrelationFeed.Options);
        var fields = engine is null ? [] : Enumerable.Range(0, set.Rules.Count).Where(engine.Uses).SelectMany(engine.FieldsOf).Distinct().ToList();
        var detector = SigmaDetector.Compile(set.Rules, new() { LogSources = read.Sources.Entries, Fields = fields });
        detector.Prepare();
        return new(read, detector, engine is null ? null : new(engine, set.Correlations));
    }
}
