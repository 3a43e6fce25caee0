using Microsoft.Extensions.Logging;
using Watchhouse.Platform.Data;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Detection;

/// <summary>The rules that are in use: those of the nation's data, and those laid into the house's folder <c>rules</c>.</summary>
internal sealed partial class RuleBook(HouseDirectory directory, ILogger<RuleBook> log)
{
    /// <summary>The compiled rules.</summary>
    public SigmaDetector Detector { get; private set; } = SigmaDetector.Compile([]);

    /// <summary>What has become of each document.</summary>
    public IReadOnlyList<RuleReport> Reports { get; private set; } = [];

    /// <summary>The rules as read, for showing them.</summary>
    public SigmaRuleSet Set => _set;

    private static readonly CorrelationOptions Bounds = new() { GroupsPerOwner = 10_000, EventsPerGroup = 2_000, EventsPerFiring = 50 };

    private SigmaRuleSet _set = new() { Rules = [], Correlations = [], Reports = [] };

    /// <summary>Reads and compiles. A rule that cannot be used is told of in the log, and the rest is in use.</summary>
    public void Open(string nationalData)
    {
        string[] folders = [.. new[] { Path.Combine(nationalData, "detections"), Path.Combine(directory.Path, "rules") }.Where(Directory.Exists)];
        _set = SigmaLoader.Load(folders, new());
        Detector = SigmaDetector.Compile(_set.Rules, new() { LogSources = LogSourceMap.Default.Entries, Fields = Fields(CreateCorrelations()) });
        Detector.Prepare();
        Reports = RuleCoverage.Reports(_set, LogSourceMap.Default);
        foreach (var report in Reports.Where(report => report.State is not (RuleState.Live or RuleState.Applied)))
            NotInUse(log, Path.GetFileName(report.File), report.Line, report.State, report.Reason ?? "");
        InUse(log, _set.Rules.Count, _set.Correlations.Count);
    }

    /// <summary>An engine for the correlations, without state.</summary>
    public CorrelationEngine CreateCorrelations() => new(_set.Rules, _set.Correlations, Bounds);

    private List<string> Fields(CorrelationEngine engine) =>
        [.. Enumerable.Range(0, _set.Rules.Count).Where(engine.Uses).SelectMany(engine.FieldsOf).Concat(AlertEntity.Fields).Distinct()];

    [LoggerMessage(1, LogLevel.Information, "{Rules} rules and {Correlations} correlations are in use.")]
    private static partial void InUse(ILogger log, int rules, int correlations);

    [LoggerMessage(2, LogLevel.Warning, "The rule at {File}:{Line} is not in use ({State}): {Reason}")]
    private static partial void NotInUse(ILogger log, string file, int line, RuleState state, string reason);
}
