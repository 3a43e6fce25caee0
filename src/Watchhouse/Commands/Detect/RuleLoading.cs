using Watchhouse.Sigma;

namespace Watchhouse.Commands.Detect;

/// <summary>Rules ready to detect with, and the reports of those that are not.</summary>
internal sealed record LoadedRules(SigmaDetector Detector, CorrelationFeed? Correlations, IReadOnlyList<RuleReport> Reports)
{
    public int Loaded => Reports.Count(report => report.State is RuleState.Live or RuleState.Applied);

    public IReadOnlyList<RuleReport> Rejected => [.. Reports.Where(report => report.State is not (RuleState.Live or RuleState.Applied))];
}

/// <summary>Reads what the options of the rule commands name.</summary>
internal static class RuleLoading
{
    public static LoadedRules Load(
        IReadOnlyList<string> paths, IReadOnlyList<string> mappings, string? values, int threads)
    {
        var options = new SigmaLoadOptions { Threads = threads };
        if (values is not null) options = options with { ValueLists = ValueLists.Read(File.ReadAllText(values), values) };
        var set = SigmaLoader.Load(paths, options);
        var sources = LogSourceMap.Default;
        foreach (var file in mappings) sources = sources.With(LogSourceMap.Read([(File.ReadAllText(file), file)]));
        var engine = set.Correlations.Count == 0 ? null : new CorrelationEngine(set.Rules, set.Correlations, CorrelationFeed.Options);
        var fields = engine is null ? [] : Enumerable.Range(0, set.Rules.Count).Where(engine.Uses).SelectMany(engine.FieldsOf).Distinct().ToList();
        var detector = SigmaDetector.Compile(set.Rules, new() { LogSources = sources.Entries, Fields = fields });
        detector.Prepare();
        return new(detector, engine is null ? null : new(engine, set.Correlations), set.Reports);
    }
}
