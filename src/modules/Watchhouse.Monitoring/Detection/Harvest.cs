using Watchhouse.Monitoring.Alerts.Products;

namespace Watchhouse.Monitoring.Detection;

/// <summary>What a stretch of the journal brought.</summary>
internal sealed class Harvest
{
    /// <summary>Distinct entities of one rule, force and day that are counted apart between two writings.</summary>
    private const int MostTestingKeys = 20_000;

    /// <summary>What becomes alerts, in the order in which it was found.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>Alerts that products delivered, in the order in which they came.</summary>
    public List<ProductFinding> Products { get; } = [];

    /// <summary>Matches of rules in testing.</summary>
    public Dictionary<TestingKey, (long Events, DateTimeOffset Last)> Testing { get; } = [];

    /// <summary>Matches that exceptions suppressed, by exception and force.</summary>
    public Dictionary<(Guid Exception, string Force), (long Events, DateTimeOffset Last)> Suppressed { get; } = [];

    public bool IsEmpty => Findings.Count == 0 && Products.Count == 0 && Testing.Count == 0 && Suppressed.Count == 0;

    public void AddTesting(Finding finding)
    {
        var key = new TestingKey(finding.Force, finding.RuleKey, DateOnly.FromDateTime(finding.At.UtcDateTime), finding.Entity);
        if (Testing.Count >= MostTestingKeys && !Testing.ContainsKey(key)) key = key with { Entity = TestingKey.Other };
        var (events, last) = Testing.GetValueOrDefault(key);
        Testing[key] = (events + 1, finding.At > last ? finding.At : last);
    }

    public void AddSuppressed(Guid exception, string force, DateTimeOffset at)
    {
        var (events, last) = Suppressed.GetValueOrDefault((exception, force));
        Suppressed[(exception, force)] = (events + 1, at > last ? at : last);
    }

    public void Clear()
    {
        Findings.Clear();
        Products.Clear();
        Testing.Clear();
        Suppressed.Clear();
    }
}

/// <summary>What matches of rules in testing are counted by.</summary>
internal sealed record TestingKey(string Force, string Rule, DateOnly Day, AlertEntity Entity)
{
    /// <summary>Stands for entities beyond the bound.</summary>
    public static readonly AlertEntity Other = new("other", "(other)");
}
