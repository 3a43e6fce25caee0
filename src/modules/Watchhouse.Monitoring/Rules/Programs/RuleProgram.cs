using System.Collections.Frozen;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules.Programs;

/// <summary>Rules that were put together, with correlations of their own: those for all forces, or those of one.</summary>
/// <param name="Name">Its name in the saved state of correlations.</param>
/// <param name="Force">The one force whose events it is for; null for all.</param>
/// <param name="First">Place of its first rule among the detector's.</param>
/// <param name="Set">Its rules and correlations.</param>
internal sealed record RuleSegment(string Name, string? Force, int First, SigmaRuleSet Set);

/// <summary>
/// All rules compiled into one: one detector whatever the number of forces, and what of its matches counts for whom.
/// Immutable.
/// </summary>
internal sealed class RuleProgram
{
    private static readonly CorrelationOptions Bounds = new() { GroupsPerOwner = 10_000, EventsPerGroup = 2_000, EventsPerFiring = 50 };
    private static readonly FrozenSet<Guid> None = FrozenSet<Guid>.Empty;

    private readonly int[] _segmentOf;
    private readonly Guid[] _unitOf;
    private readonly bool[] _testing;
    private readonly bool[] _silent;
    private readonly Dictionary<SigmaCorrelation, (Guid Unit, bool Testing, bool Silent)> _correlations = new(ReferenceEqualityComparer.Instance);
    private readonly FrozenDictionary<string, FrozenSet<Guid>> _replaced;

    public RuleProgram(
        IReadOnlyList<RuleSegment> segments, IReadOnlyCollection<Guid> testing, IReadOnlyDictionary<string, FrozenSet<Guid>> replaced,
        IReadOnlyDictionary<Guid, RuleHealth> health, IEnumerable<string> fields)
    {
        Segments = segments;
        Health = health;
        _replaced = replaced.ToFrozenDictionary(StringComparer.Ordinal);
        var rules = segments.SelectMany(segment => segment.Set.Rules).ToList();
        (_segmentOf, _unitOf) = (new int[rules.Count], new Guid[rules.Count]);
        (_testing, _silent) = (new bool[rules.Count], new bool[rules.Count]);
        var asked = new HashSet<string>(fields, StringComparer.Ordinal);
        for (var at = 0; at < segments.Count; at++)
        {
            var (segment, engine) = (segments[at], Engine(segments[at]));
            foreach (var correlation in segment.Set.Correlations) Place(segment, correlation, testing);
            for (var local = 0; local < segment.Set.Rules.Count; local++)
            {
                var place = segment.First + local;
                var rule = segment.Set.Rules[local];
                (_segmentOf[place], _unitOf[place]) = (at, Guid.Parse(rule.File));
                _testing[place] = testing.Contains(_unitOf[place]);
                _silent[place] = IsSilent(segment, rule, _testing[place], testing);
                if (engine.Uses(local)) asked.UnionWith(engine.FieldsOf(local));
            }
        }

        Fields = asked.ToFrozenSet(StringComparer.Ordinal);
        Detector = SigmaDetector.Compile(rules, new() { LogSources = LogSourceMap.Default.Entries, Fields = [.. asked] });
        Rules = rules.Count;
        Correlations = segments.Sum(segment => segment.Set.Correlations.Count);
    }

    /// <summary>A program without rules.</summary>
    public static RuleProgram Empty { get; } =
        new([], [], FrozenDictionary<string, FrozenSet<Guid>>.Empty, FrozenDictionary<Guid, RuleHealth>.Empty, []);

    public SigmaDetector Detector { get; }

    public IReadOnlyList<RuleSegment> Segments { get; }

    /// <summary>What has become of each rule.</summary>
    public IReadOnlyDictionary<Guid, RuleHealth> Health { get; }

    /// <summary>Fields that can be asked for as rules find them.</summary>
    public IReadOnlySet<string> Fields { get; }

    /// <summary>Number of documents that match events, a rule counted once for each force that has lists of its own for it.</summary>
    public int Rules { get; }

    public int Correlations { get; }

    /// <summary>An engine for the correlations of a segment, without state.</summary>
    public static CorrelationEngine Engine(RuleSegment segment) => new(segment.Set.Rules, segment.Set.Correlations, Bounds);

    /// <summary>The rules that look at a force's events, its own first; for showing them.</summary>
    public SigmaRuleSet SetFor(string force)
    {
        var sets = Segments.Where(segment => segment.Force is null || segment.Force == force).OrderBy(segment => segment.Force is null).Select(segment => segment.Set).ToList();
        return new() { Rules = [.. sets.SelectMany(set => set.Rules)], Correlations = [.. sets.SelectMany(set => set.Correlations)], Reports = [] };
    }

    /// <summary>The segment of a match.</summary>
    public int SegmentOf(int match) => _segmentOf[match];

    /// <summary>Whether a match on an event of this force counts: the rule is for it, and no copy with the force's own lists goes before it.</summary>
    public bool CountsFor(int match, string force)
    {
        var segment = Segments[_segmentOf[match]];
        return segment.Force is null ? !Replaced(force).Contains(_unitOf[match]) : segment.Force == force;
    }

    /// <summary>As <see cref="CountsFor(int, string)"/>, for a correlation of a segment that is for all forces.</summary>
    public bool CountsFor(SigmaCorrelation correlation, string force) => !Replaced(force).Contains(_correlations[correlation].Unit);

    public bool IsTesting(int match) => _testing[match];

    public bool IsTesting(SigmaCorrelation correlation) => _correlations[correlation].Testing;

    /// <summary>Whether a rule says nothing itself, because correlations look at it. One in testing does not silence a live rule.</summary>
    public bool IsSilent(int match) => _silent[match];

    public bool IsSilent(SigmaCorrelation correlation) => _correlations[correlation].Silent;

    private FrozenSet<Guid> Replaced(string force) => _replaced.TryGetValue(force, out var units) ? units : None;

    private void Place(RuleSegment segment, SigmaCorrelation correlation, IReadOnlyCollection<Guid> testing)
    {
        var unit = Guid.Parse(correlation.File);
        _correlations.Add(correlation, (unit, testing.Contains(unit), IsSilent(segment, correlation, testing.Contains(unit), testing)));
    }

    private static bool IsSilent(RuleSegment segment, SigmaDocument document, bool isTesting, IReadOnlyCollection<Guid> testing)
    {
        if (segment.Set.Correlations.Count == 0) return false;
        var looking = segment.Set.Correlations
            .Where(each => each.Rules.Any(name => name == document.Id || name == document.Name) && (isTesting || !testing.Contains(Guid.Parse(each.File)))).ToList();
        return looking.Count > 0 && looking.TrueForAll(each => !each.Generate);
    }
}
