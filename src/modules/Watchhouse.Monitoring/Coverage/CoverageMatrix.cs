using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>What a force's sources delivered within the time.</summary>
internal sealed record ForceArrivals(ForceId Force, EntrySet Entries);

/// <summary>
/// Which techniques are covered for which forces: rules that run against what arrives. Forces with the same arrivals and no rules of
/// their own are reckoned once. Pure.
/// </summary>
internal sealed class CoverageMatrix
{
    private readonly IReadOnlyList<AttackTechnique> _techniques;
    private readonly Dictionary<string, int> _placeOf;
    private readonly int[][] _placesOfRule;
    private readonly List<(IReadOnlyList<ForceId> Forces, EntrySet Arrived, bool[] Counts, bool[] Fed, bool[] Covered)> _profiles = [];

    public CoverageMatrix(CoverageRules index, AttackFacts facts, IReadOnlyList<ForceArrivals> forces, string? part)
    {
        _techniques = facts.Techniques;
        _placeOf = _techniques.Select((technique, place) => (technique.Id, place)).ToDictionary(each => each.Id, each => each.place, StringComparer.Ordinal);
        Rules = [.. index.Rules.Where(rule => part is null || rule.Needs.Any(need => CoveragePart.Of(need.Source) == part))];
        _placesOfRule = [.. Rules.Select(rule => rule.Techniques.SelectMany(Places).Distinct().ToArray())];
        EntryNames = index.EntryNames;
        ForceCount = forces.Count;
        var own = index.Program.Segments.Select(segment => segment.Force).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var group in forces.GroupBy(force => force.Entries.Key + (own.Contains(force.Force.Value) ? force.Force.Value : "")))
        {
            var arrived = group.First().Entries;
            var name = group.First().Force.Value;
            var (counts, fed, covered) = (new bool[Rules.Count], new bool[Rules.Count], new bool[_techniques.Count]);
            for (var at = 0; at < Rules.Count; at++)
            {
                counts[at] = Rules[at].CountsFor(name);
                fed[at] = counts[at] && Rules[at].IsFedBy(arrived);
                if (!fed[at] || !Rules[at].IsLive) continue;
                foreach (var place in _placesOfRule[at]) covered[place] = true;
            }

            _profiles.Add(([.. group.Select(force => force.Force)], arrived, counts, fed, covered));
        }
    }

    /// <summary>Rules of the part that was asked for.</summary>
    public IReadOnlyList<CoverageRule> Rules { get; }

    public IReadOnlyList<string> EntryNames { get; }

    public int ForceCount { get; }

    public int LiveRules => CountUnits(at => Rules[at].IsLive && _profiles.Exists(profile => profile.Counts[at]));

    public int FedRules => CountUnits(at => Rules[at].IsLive && _profiles.Exists(profile => profile.Fed[at]));

    /// <summary>All techniques, in the order of their ids.</summary>
    public IReadOnlyList<TechniqueCoverage> Techniques()
    {
        var live = new HashSet<Guid>?[_techniques.Count];
        var (fed, testing, data) = (new HashSet<Guid>?[_techniques.Count], new HashSet<Guid>?[_techniques.Count], new bool[_techniques.Count]);
        for (var at = 0; at < Rules.Count; at++)
        {
            var (counts, isFed) = (false, false);
            foreach (var profile in _profiles)
            {
                counts |= profile.Counts[at];
                isFed |= profile.Fed[at];
            }

            if (!counts) continue;
            foreach (var place in _placesOfRule[at])
            {
                if (Rules[at].IsLive) (live[place] ??= []).Add(Rules[at].Unit);
                else (testing[place] ??= []).Add(Rules[at].Unit);
                if (isFed && Rules[at].IsLive) (fed[place] ??= []).Add(Rules[at].Unit);
                data[place] |= isFed && !Rules[at].IsLive;
            }
        }

        var forces = new int[_techniques.Count];
        foreach (var profile in _profiles)
        {
            for (var place = 0; place < forces.Length; place++) forces[place] += profile.Covered[place] ? profile.Forces.Count : 0;
        }

        var subs = _techniques.Select((technique, place) => (technique.Parent, place)).Where(each => each.Parent is not null).ToLookup(each => each.Parent, each => each.place);
        return [.. _techniques.Select((technique, place) => new TechniqueCoverage(
            technique.Id, technique.Name, technique.Tactics, StateOf(forces[place], live[place] is not null, data[place]), forces[place],
            live[place]?.Count ?? 0, fed[place]?.Count ?? 0, testing[place]?.Count ?? 0,
            subs[technique.Id].Count(), subs[technique.Id].Count(sub => forces[sub] > 0)))];
    }

    /// <summary>Kinds of sources that would put live rules to use, those that would most first.</summary>
    /// <param name="most">How many.</param>
    /// <param name="technique">Only rules of this one; null for all.</param>
    public IReadOnlyList<UnlockingSource> Unlocking(int most, string? technique = null)
    {
        var only = technique is null ? -1 : _placeOf.GetValueOrDefault(technique, -2);
        var found = new Dictionary<(string?, string?), (Sigma.SigmaLogSource Source, EntrySet Entries, HashSet<Guid> Rules, HashSet<int> Techniques, HashSet<ForceId> Forces)>();
        foreach (var profile in _profiles)
        {
            for (var at = 0; at < Rules.Count; at++)
            {
                var rule = Rules[at];
                if (!rule.IsLive || !profile.Counts[at] || profile.Fed[at] || (only != -1 && !_placesOfRule[at].Contains(only))) continue;
                if (Lacking(rule, profile.Arrived) is not { } need) continue;
                var key = (need.Source.Product, need.Source.Category ?? need.Source.Service);
                if (!found.TryGetValue(key, out var sum))
                    found[key] = sum = (need.Source, new EntrySet(EntryNames.Count), [], [], []);
                sum.Entries.UnionWith(need.Entries);
                sum.Rules.Add(rule.Unit);
                foreach (var place in _placesOfRule[at])
                {
                    if (!profile.Covered[place]) sum.Techniques.Add(place);
                }

                sum.Forces.UnionWith(profile.Forces);
            }
        }

        return [.. found.Values.OrderByDescending(sum => sum.Rules.Count).ThenByDescending(sum => sum.Forces.Count)
            .ThenBy(sum => sum.Source.ToString(), StringComparer.Ordinal).Take(most)
            .Select(sum => new UnlockingSource(
                CoveragePart.Words(sum.Source), sum.Source.ToString(), [.. sum.Entries.Places.Select(place => EntryNames[place]).Where(name => name.Length > 0)],
                sum.Rules.Count, sum.Techniques.Count, sum.Forces.Count))];
    }

    /// <summary>Forces for which a technique is covered, or is not.</summary>
    public IReadOnlyList<ForceId> ForcesOf(string technique, bool covered) =>
        [.. _profiles.Where(profile => profile.Covered[_placeOf[technique]] == covered).SelectMany(profile => profile.Forces).Order()];

    /// <summary>The rules of a technique and its sub-techniques that run over the events of at least one of the forces.</summary>
    public IReadOnlyList<TechniqueRule> RulesOf(string technique)
    {
        var place = _placeOf[technique];
        var rules = new Dictionary<Guid, TechniqueRule>();
        for (var at = 0; at < Rules.Count; at++)
        {
            if (!_placesOfRule[at].Contains(place) || !_profiles.Exists(profile => profile.Counts[at])) continue;
            var rule = Rules[at];
            var forces = _profiles.Where(profile => profile.Fed[at]).Sum(profile => profile.Forces.Count);
            // Copies of a rule with forces' own value lists are one rule.
            if (rules.TryGetValue(rule.Unit, out var other)) rules[rule.Unit] = other with { Forces = other.Forces + forces };
            else rules.Add(rule.Unit, new(rule.Unit, rule.Key, rule.Title, rule.Level, ForceId.Centre, rule.IsLive ? "live" : "testing", forces,
                [.. rule.Needs.Select(need => CoveragePart.Words(need.Source)).Distinct()]));
        }

        return [.. rules.Values.OrderBy(rule => rule.State == "testing").ThenBy(rule => rule.Forces == 0)
            .ThenByDescending(rule => Enum.TryParse<Sigma.SigmaLevel>(rule.Level, ignoreCase: true, out var level) ? (int)level : 0).ThenBy(rule => rule.Title, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Entries of the log-source table that the rules of a technique look at.</summary>
    public IReadOnlySet<string> EntriesOf(string technique)
    {
        var place = _placeOf[technique];
        return Rules.Where((_, at) => _placesOfRule[at].Contains(place)).SelectMany(rule => rule.Needs).SelectMany(need => need.Entries.Places)
            .Distinct().Select(entry => EntryNames[entry]).ToHashSet(StringComparer.Ordinal);
    }

    // The one need that is not met: one kind of source is enough where all else that the rule needs arrives.
    private static EventNeed? Lacking(CoverageRule rule, EntrySet arrived)
    {
        EventNeed? lacking = null;
        foreach (var need in rule.Needs)
        {
            if (need.Entries.Meets(arrived)) continue;
            if (lacking is not null || need.Entries.IsEmpty) return null;
            lacking = need;
        }

        return lacking;
    }

    // A rule about a sub-technique is one about its technique.
    private IEnumerable<int> Places(AttackTechnique technique) =>
        technique.Parent is { } parent ? [_placeOf[technique.Id], _placeOf[parent]] : [_placeOf[technique.Id]];

    private CoverageState StateOf(int forces, bool hasRules, bool hasData) =>
        forces > 0 && forces == ForceCount ? CoverageState.Covered
        : forces > 0 ? CoverageState.Partly
        : hasRules ? CoverageState.RulesOnly
        : hasData ? CoverageState.DataOnly : CoverageState.Nothing;

    private int CountUnits(Func<int, bool> chosen) => Enumerable.Range(0, Rules.Count).Where(chosen).Select(at => Rules[at].Unit).Distinct().Count();
}
