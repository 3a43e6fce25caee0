using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>
/// Correlation rules (Sigma correlation rules specification 2.1) over a stream of matches. Windows slide in event time and
/// are kept for each owner and group; late and out-of-order events join the windows they belong to. A group that has fired
/// fires again only after its condition was seen not to hold, or a whole timespan later. Pure: no clock, no input or
/// output; not thread-safe.
/// </summary>
public sealed partial class CorrelationEngine
{
    private readonly CorrelationOptions _options;
    private readonly CorrelationProgram[] _programs;
    private readonly List<(int Program, int Source)>?[] _ofRule;
    private readonly List<(int Program, int Source)>?[] _ofCorrelation;
    private readonly Dictionary<string, (LinkedListNode<CorrelationGroup> Node, int Program)>[] _groups;
    private readonly Dictionary<string, LinkedList<CorrelationGroup>>[] _order;
    private readonly Dictionary<string, long> _watermarks = [];
    private long _arrivals;
    private long _events;
    private CorrelationCounters _counters = new();

    /// <summary>Makes an engine for the correlations of a set.</summary>
    /// <param name="rules">Rules whose indexes inputs name.</param>
    /// <param name="correlations">Correlations, each of whose rules is in one of the lists.</param>
    /// <param name="options">Bounds.</param>
    public CorrelationEngine(IReadOnlyList<SigmaRule> rules, IReadOnlyList<SigmaCorrelation> correlations, CorrelationOptions? options = null)
    {
        _options = options ?? new();
        _ofRule = new List<(int, int)>?[rules.Count];
        _ofCorrelation = new List<(int, int)>?[correlations.Count];
        var known = new Dictionary<string, (bool IsRule, int Index)>();
        for (var at = 0; at < rules.Count; at++) Name(rules[at], (true, at));
        for (var at = 0; at < correlations.Count; at++) Name(correlations[at], (false, at));
        _programs = [.. correlations.Select(Compile)];
        _groups = [.. correlations.Select(_ => new Dictionary<string, (LinkedListNode<CorrelationGroup>, int)>())];
        _order = [.. correlations.Select(_ => new Dictionary<string, LinkedList<CorrelationGroup>>())];

        void Name(SigmaDocument document, (bool, int) place)
        {
            foreach (var key in new[] { document.Id, document.Name }.OfType<string>()) known.TryAdd(key, place);
        }

        CorrelationProgram Compile(SigmaCorrelation correlation, int program)
        {
            var sources = new List<(bool IsRule, int Index)>();
            var sequence = new List<int>();
            foreach (var name in correlation.Rules)
            {
                var place = known.TryGetValue(name, out var found) ? found : throw new ArgumentException($"'{correlation.Title}' names {name}, which is not given.", nameof(correlations));
                if (!sources.Contains(place))
                {
                    sources.Add(place);
                    ((place.IsRule ? _ofRule : _ofCorrelation)[place.Index] ??= []).Add((program, sources.Count - 1));
                }

                sequence.Add(sources.IndexOf(place));
            }

            return new(correlation, [.. sources.Select(each => each.IsRule ? (SigmaDocument)rules[each.Index] : correlations[each.Index])], sequence);
        }
    }

    /// <summary>What is held, and what had to be left out.</summary>
    public CorrelationCounters Counters => _counters with { Groups = _groups.Sum(each => (long)each.Count), Events = _events };

    /// <summary>True where some correlation looks at the rule.</summary>
    public bool Uses(int rule) => _ofRule[rule] is not null;

    /// <summary>True where the rule does not report its own matches: correlations look at it, and none of them says generate.</summary>
    public bool Suppresses(int rule) => _ofRule[rule] is { } users && users.TrueForAll(user => !_programs[user.Program].Rule.Generate);

    /// <summary>As <see cref="Suppresses(int)"/>, for a correlation that others look at.</summary>
    public bool Suppresses(SigmaCorrelation correlation) =>
        Array.FindIndex(_programs, program => ReferenceEquals(program.Rule, correlation)) is >= 0 and var at
        && _ofCorrelation[at] is { } users && users.TrueForAll(user => !_programs[user.Program].Rule.Generate);

    /// <summary>Fields that inputs of a rule should carry: those that its correlations, and the correlations on those, group by or compute with.</summary>
    public IReadOnlyList<string> FieldsOf(int rule)
    {
        var fields = new List<string>();
        var seen = new HashSet<(int, int)>();
        Gather(_ofRule[rule]);
        return [.. fields.Distinct()];

        void Gather(List<(int Program, int Source)>? users)
        {
            foreach (var user in users ?? [])
            {
                if (!seen.Add(user)) continue;
                fields.AddRange(_programs[user.Program].GroupFields(user.Source).Concat(_programs[user.Program].Rule.ValueFields));
                Gather(_ofCorrelation[user.Program]);
            }
        }
    }

    /// <summary>Takes a match and adds what it makes come true to <paramref name="firings"/>.</summary>
    public void Observe(CorrelationInput input, ICollection<CorrelationFiring> firings)
    {
        if (_ofRule[input.Rule] is not { } users) return;
        _watermarks.TryGetValue(input.Owner, out var watermark);
        if (input.Time is null) _counters = _counters with { WithoutTime = _counters.WithoutTime + 1 };
        var ticks = input.Time?.UtcTicks ?? watermark;
        if (ticks < watermark && watermark - ticks > _options.Lateness.Ticks)
        {
            _counters = _counters with { TooLate = _counters.TooLate + 1 };
            return;
        }

        if (ticks > watermark) Advance(input.Owner, ticks, firings);
        foreach (var (program, source) in users)
            Enter(program, source, input.Owner, ticks, name => input.Fields.GetValueOrDefault(name), [input.Reference], firings);
    }

    /// <summary>
    /// Says that an owner's time has come this far though nothing matched: windows whose condition asks for absence are
    /// decided once they have been over for as long as events may be late, and what nothing can join any more is forgotten.
    /// </summary>
    public void Advance(string owner, DateTimeOffset time, ICollection<CorrelationFiring> firings) => Advance(owner, time.UtcTicks, firings);

    /// <summary>Decides every window that is still open: the stream has ended.</summary>
    public void End(ICollection<CorrelationFiring> firings)
    {
        for (var program = 0; program < _programs.Length; program++)
        {
            if (!_programs[program].AsksForAbsence) continue;
            foreach (var (node, _) in _groups[program].Values.ToArray()) Decide(program, node.Value, long.MaxValue, firings);
        }
    }

    private void Advance(string owner, long ticks, ICollection<CorrelationFiring> firings)
    {
        if (_watermarks.TryGetValue(owner, out var before) && ticks <= before) return;
        _watermarks[owner] = ticks;
        var horizon = ticks > _options.Lateness.Ticks ? ticks - _options.Lateness.Ticks : long.MinValue;
        for (var program = 0; program < _programs.Length; program++)
        {
            if (!_order[program].TryGetValue(owner, out var order)) continue;
            if (_programs[program].AsksForAbsence)
            {
                foreach (var group in order.ToArray()) Decide(program, group, horizon, firings);
            }

            // The group untouched for longest stands first.
            var oldest = horizon == long.MinValue ? long.MinValue : horizon - _programs[program].Rule.Timespan.Ticks;
            while (order.First is { } first && first.Value.Newest < oldest && first.Value.Open.Count == 0) Remove(program, first);
        }
    }

    private void Enter(
        int program, int source, string owner, long ticks, Func<string, string?> field, IReadOnlyList<string> references, ICollection<CorrelationFiring> firings)
    {
        var definition = _programs[program];
        var names = definition.GroupFields(source);
        var values = new string[names.Count];
        for (var at = 0; at < names.Count; at++)
        {
            if (field(names[at]) is not { } value)
            {
                _counters = _counters with { WithoutGroup = _counters.WithoutGroup + 1 };
                return;
            }

            values[at] = value;
        }

        string? computed = null;
        if (definition.NeedsValue)
        {
            var parts = definition.Rule.ValueFields.Select(field).ToArray();
            computed = parts.Contains(null) ? null : parts.Length == 1 ? parts[0] : Key(parts!);
            if (computed is null || (definition.NeedsNumber && CorrelationGroup.Number(computed) is null))
            {
                _counters = _counters with { WithoutValue = _counters.WithoutValue + 1 };
                return;
            }
        }

        var group = GroupFor(program, owner, values);
        var index = group.Insert(new(ticks, _arrivals++, source, computed, references));
        _events++;
        index -= Trim(program, group, owner);
        if (index < 0) return;
        if (definition.AsksForAbsence)
        {
            group.Open.Add(ticks);
            return;
        }

        Judge(program, group, index, ticks, field, firings);
    }

    // The new event is part of every window that ends with it or with an event up to a timespan later.
    private void Judge(
        int program, CorrelationGroup group, int index, long ticks, Func<string, string?> field, ICollection<CorrelationFiring> firings)
    {
        var definition = _programs[program];
        var span = definition.Rule.Timespan.Ticks;
        for (var end = index; end < group.Items.Count && group.Items[end].Ticks - ticks <= span; end++)
        {
            // Of events of one moment, the last one sees the whole window.
            if (end + 1 < group.Items.Count && group.Items[end + 1].Ticks == group.Items[end].Ticks) continue;
            var from = group.FirstAt(group.Items[end].Ticks - span);
            var (value, holds) = definition.Evaluate(group, from, end);
            var latest = end == group.Items.Count - 1;
            var at = group.Items[end].Ticks;
            if (holds && !(group.HasFiredNear(at, span) && (group.Held || !latest)))
                Fire(program, group, from, end, at, value, field, firings);
            if (latest) group.Held = holds;
        }
    }

    private void Decide(int program, CorrelationGroup group, long horizon, ICollection<CorrelationFiring> firings)
    {
        var definition = _programs[program];
        var span = definition.Rule.Timespan.Ticks;
        group.Open.Sort();
        while (group.Open.Count > 0 && group.Open[0] <= horizon - Math.Min(span, horizon))
        {
            var start = group.Open[0];
            group.Open.RemoveAt(0);
            var from = group.FirstAt(start);
            var to = group.FirstAt(start + span + 1) - 1;
            if (to < from) continue;
            var (value, holds) = definition.Evaluate(group, from, to);
            if (holds && !group.HasFiredNear(start + span, span)) Fire(program, group, from, to, start + span, value, _ => null, firings);
        }
    }

    private void Fire(
        int program, CorrelationGroup group, int from, int to, long at, double value, Func<string, string?> field, ICollection<CorrelationFiring> firings)
    {
        var definition = _programs[program];
        var kept = at - (2 * definition.Rule.Timespan.Ticks) - _options.Lateness.Ticks;
        group.NoteFiring(at, kept, _options.EventsPerGroup);
        var window = group.Items.GetRange(from, to - from + 1);
        var names = definition.Rule.GroupBy.Select((name, place) => (name, group.Values[place])).ToDictionary(each => each.name, each => each.Item2);
        var firing = new CorrelationFiring(
            definition.Rule,
            group.Owner,
            names,
            new(window[0].Ticks, TimeSpan.Zero),
            new(at, TimeSpan.Zero),
            value,
            window.Count,
            [.. window.SelectMany(item => item.References).Distinct().Take(_options.EventsPerFiring)]);
        firings.Add(firing);
        // A correlation on this one may group by something else: it takes that from the event that completed the window.
        foreach (var (next, source) in _ofCorrelation[program] ?? [])
            Enter(next, source, group.Owner, at, name => names.GetValueOrDefault(name) ?? field(name), firing.References, firings);
    }

    private static string Key(IEnumerable<string> parts) =>
        string.Concat(parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Length}:{part}")));
}
