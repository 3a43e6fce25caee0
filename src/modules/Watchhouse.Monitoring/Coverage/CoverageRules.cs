using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>Events that a rule cannot do without: any of these entries brings them.</summary>
internal sealed record EventNeed(SigmaLogSource Source, EntrySet Entries);

/// <summary>A rule as coverage sees it.</summary>
/// <param name="Unit">Id of its record.</param>
/// <param name="Force">The one force over whose events it runs; null for all.</param>
/// <param name="IsLive">Whether it raises alerts; else it is in testing.</param>
/// <param name="Needs">All of which must arrive.</param>
/// <param name="CountsFor">Whether it is the one that runs over a force's events.</param>
internal sealed record CoverageRule(
    Guid Unit, string Key, string Title, string Level, string? Force, bool IsLive, IReadOnlyList<AttackTechnique> Techniques,
    IReadOnlyList<EventNeed> Needs, Func<string, bool> CountsFor)
{
    public bool IsFedBy(EntrySet arrived)
    {
        foreach (var need in Needs)
        {
            if (!need.Entries.Meets(arrived)) return false;
        }

        return Needs.Count > 0;
    }
}

/// <summary>
/// The rules that run, with their techniques and the entries of the log-source table that bring what they need. Made once for each
/// program. Immutable.
/// </summary>
internal sealed class CoverageRules
{
    private readonly Dictionary<SigmaLogSource, IReadOnlyList<int>> _bySource = [];
    private readonly LogSourceMap _map;
    private readonly AttackFacts _facts;
    private readonly List<CoverageRule> _rules = [];
    private readonly SortedSet<string> _unknown = new(StringComparer.Ordinal);

    private CoverageRules(RuleProgram program, AttackFacts facts, LogSourceMap map)
    {
        (_facts, _map, Program) = (facts, map, program);
        EntryNames = [.. map.Entries.Select(entry => entry.Name), ""];
        var place = 0;
        foreach (var segment in program.Segments)
        {
            foreach (var rule in segment.Set.Rules) Add(segment, rule, place++);
            foreach (var correlation in segment.Set.Correlations) Add(segment, correlation);
        }
    }

    public RuleProgram Program { get; }

    /// <summary>Names of the entries by place; the last, empty one stands for events that no entry knows.</summary>
    public IReadOnlyList<string> EntryNames { get; }

    /// <summary>Rules that say something themselves.</summary>
    public IReadOnlyList<CoverageRule> Rules => _rules;

    /// <summary>Techniques in tags that this version of ATT&amp;CK does not have.</summary>
    public IReadOnlyCollection<string> UnknownTags => _unknown;

    /// <summary>Live rules that name no technique.</summary>
    public int Untagged { get; private set; }

    public static CoverageRules Of(RuleProgram program, AttackFacts facts, LogSourceMap map) => new(program, facts, map);

    public EntrySet NewSet() => new(EntryNames.Count);

    private void Add(RuleSegment segment, SigmaRule rule, int place)
    {
        if (!Program.IsSilent(place)) Add(segment, rule, !Program.IsTesting(place), [NeedOf(rule)], force => Program.CountsFor(place, force));
    }

    private void Add(RuleSegment segment, SigmaCorrelation correlation)
    {
        if (Program.IsSilent(correlation)) return;
        Add(segment, correlation, !Program.IsTesting(correlation), NeedsOf(correlation, segment.Set, depth: 4),
            force => segment.Force is { } one ? one == force : Program.CountsFor(correlation, force));
    }

    private void Add(RuleSegment segment, SigmaDocument document, bool isLive, IReadOnlyList<EventNeed> needs, Func<string, bool> countsFor)
    {
        var techniques = _facts.Named(document.Tags, _unknown);
        if (techniques.Count == 0)
        {
            if (isLive) Untagged++;
            return;
        }

        _rules.Add(new(
            Guid.Parse(document.File), document.Id ?? document.Name ?? document.Title, document.Title, document.Level.ToString().ToLowerInvariant(),
            segment.Force, isLive, techniques, needs, countsFor));
    }

    private EventNeed NeedOf(SigmaRule rule)
    {
        var set = NewSet();
        foreach (var place in PlacesOf(rule.LogSource))
        {
            if (RuleCoverage.CanMeet(rule, _map.Entries[place])) set.Add(place);
        }

        if (rule.LogSource is { Product: null, Category: null, Service: null }) set.Add(EntryNames.Count - 1);
        return new(rule.LogSource, set);
    }

    // A correlation in time needs all of its rules, one that counts any of them.
    private List<EventNeed> NeedsOf(SigmaCorrelation correlation, SigmaRuleSet set, int depth)
    {
        var needs = new List<EventNeed>();
        if (depth == 0) return needs;
        foreach (var name in correlation.Rules)
        {
            needs.AddRange(set.Rules.Where(rule => rule.Id == name || rule.Name == name).Select(NeedOf));
            needs.AddRange(set.Correlations.Where(other => other != correlation && (other.Id == name || other.Name == name))
                .SelectMany(other => NeedsOf(other, set, depth - 1)));
        }

        var needsAll = correlation is { Type: CorrelationType.Temporal or CorrelationType.TemporalOrdered, RuleCondition: null, Bounds.Count: 0 };
        if (needsAll || needs.Count < 2) return needs;
        var any = NewSet();
        foreach (var need in needs) any.UnionWith(need.Entries);
        return [new(needs[0].Source, any)];
    }

    private IReadOnlyList<int> PlacesOf(SigmaLogSource source)
    {
        if (_bySource.TryGetValue(source, out var known)) return known;
        var fitting = _map.EntriesOf(source).ToHashSet();
        return _bySource[source] = [.. Enumerable.Range(0, _map.Entries.Count).Where(place => fitting.Contains(_map.Entries[place]))];
    }
}
