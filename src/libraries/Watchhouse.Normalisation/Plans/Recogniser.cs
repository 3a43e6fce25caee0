namespace Watchhouse.Normalisation;

/// <summary>Conditions under which a record is of one kind: all must hold.</summary>
internal sealed record RecogniserRule(int Plan, IReadOnlyList<MappingCondition> Conditions);

/// <summary>
/// Says which of the rules is the first that fits a record. A rule is looked at only where the member that it is anchored to is
/// there, and, where that must have certain values, has one of them.
/// </summary>
internal sealed class Recogniser
{
    private readonly Condition[][] _conditions;
    private readonly int[] _plans;
    private readonly (NameMap Names, int[][] Rules)?[] _byValue;
    private readonly int[][] _byPresence;

    public Recogniser(IReadOnlyList<RecogniserRule> rules)
    {
        var builder = new PathTree.Builder();
        _plans = [.. rules.Select(rule => rule.Plan)];
        int Slot(MappingCondition condition) => builder.Slot(PathTree.Split(condition.Path));
        static IEnumerable<string> Values(MappingCondition condition) => condition.Values.Select(value => value.ToLowerInvariant());
        _conditions = [.. rules.Select(rule => rule.Conditions
            .Select(each => new Condition(Slot(each), each.Values.Length == 0 ? null : new NameMap([.. Values(each)])))
            .ToArray())];
        Paths = builder.Build();
        var anchors = rules.Select((rule, number) => (Number: number, Anchor: rule.Conditions.OrderBy(each => each.Values.Length == 0).First()))
            .ToLookup(rule => Slot(rule.Anchor));
        _byValue = new (NameMap, int[][])?[Paths.SlotCount];
        _byPresence = new int[Paths.SlotCount][];
        for (var slot = 0; slot < Paths.SlotCount; slot++)
        {
            _byPresence[slot] = [.. anchors[slot].Where(anchor => anchor.Anchor.Values.Length == 0).Select(anchor => anchor.Number)];
            var values = anchors[slot].SelectMany(rule => Values(rule.Anchor).Select(value => (value, rule.Number))).ToLookup(pair => pair.value, pair => pair.Number);
            if (values.Count == 0) continue;
            _byValue[slot] = (new NameMap([.. values.Select(group => group.Key)]), [.. values.Select(group => group.Distinct().ToArray())]);
        }
    }

    public PathTree Paths { get; }

    /// <summary>The plan of the first rule that holds, or -1.</summary>
    /// <param name="lookup">The values that were found.</param>
    /// <param name="filled">The slots that are there.</param>
    /// <param name="only">The plans to choose from; null for all.</param>
    public int First(SlotValues lookup, ReadOnlySpan<int> filled, int[]? only)
    {
        var best = int.MaxValue;
        foreach (var slot in filled)
        {
            foreach (var rule in _byPresence[slot]) Try(rule, lookup, only, ref best);
            if (_byValue[slot] is not var (names, rules) || !lookup.TryGet(slot, out var value)) continue;
            if (names.Find(value, NameMap.Hash(value)) is >= 0 and var at)
            {
                foreach (var rule in rules[at]) Try(rule, lookup, only, ref best);
            }
        }

        return best == int.MaxValue ? -1 : _plans[best];
    }

    private void Try(int rule, SlotValues lookup, int[]? only, ref int best)
    {
        if (rule >= best || (only is not null && !only.Contains(_plans[rule]))) return;
        foreach (var (slot, values) in _conditions[rule])
        {
            if (!lookup.IsPresent(slot)) return;
            if (values is not null && !(lookup.TryGet(slot, out var value) && values.Find(value, NameMap.Hash(value)) >= 0)) return;
        }

        best = rule;
    }

    private readonly record struct Condition(int Slot, NameMap? Values);
}
