using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Watchhouse.Sigma;

/// <summary>
/// Finds the plan for an event. What decides (channel, event id, workload, …) is reduced to a few small numbers, and
/// events with the same numbers take the same plan: the table of log sources is walked once for each combination.
/// </summary>
internal sealed class SourceRouter
{
    private const int MostPlans = 4096;

    private readonly DetectorProgram _program;
    private readonly IReadOnlyList<LogSourceEntry> _entries;
    private readonly int[] _deciderOfPath;
    private readonly List<(int[] Paths, Dictionary<string, int> Codes, LiteralIndex Values)> _deciders = [];
    private readonly Test[][] _tests;
    private readonly (SigmaLogSource Source, int[] Units)[] _unitsOfSource;
    private readonly ConcurrentDictionary<ulong, RoutePlan> _plans = new();
    private readonly ConcurrentDictionary<string, RoutePlan> _plansByName = new();

    // Whatever is done to a registry key is a registry event too (Sigma taxonomy, "registry_event").
    private static readonly HashSet<string?> RegistryCategories = ["registry_add", "registry_set", "registry_delete", "registry_rename"];

    private readonly record struct Test(int Decider, int[] Codes);

    public SourceRouter(DetectorProgram program, IReadOnlyList<LogSourceEntry> entries, bool ignoreSources)
    {
        _program = program;
        _entries = entries;
        IgnoresSources = ignoreSources;
        _unitsOfSource = [.. Enumerable.Range(0, program.Units.Length).GroupBy(unit => program.Units[unit].LogSource).Select(group => (group.Key, group.ToArray()))];
        _deciderOfPath = new int[program.Paths.Count];
        Array.Fill(_deciderOfPath, -1);
        var deciders = new Dictionary<string, int>();
        foreach (var group in entries.SelectMany(entry => entry.When).GroupBy(condition => condition.Path))
        {
            var codes = new Dictionary<string, int>();
            foreach (var value in group.SelectMany(condition => condition.Values)) codes.TryAdd(Key(value), codes.Count + 1);
            var paths = program.PathsOf(group.Key);
            foreach (var path in paths) _deciderOfPath[path] = _deciders.Count;
            deciders.Add(group.Key, _deciders.Count);
            _deciders.Add((paths, codes, new([.. codes.Select(code => Literal.Of(PatternShape.Exact, System.Text.Encoding.Latin1.GetBytes(code.Key), code.Value))])));
        }

        _tests = [.. entries.Select(entry => entry.When.Select(condition => new Test(
            deciders[condition.Path], [.. condition.Values.Select(value => _deciders[deciders[condition.Path]].Codes[Key(value)])])).ToArray())];
    }

    public bool IgnoresSources { get; }

    /// <summary>Every plan that events have asked for so far.</summary>
    public IEnumerable<RoutePlan> Plans => _plansByName.Values;

    /// <summary>The plan for an event whose members have been walked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RoutePlan Route(DetectionSession session)
    {
        if (IgnoresSources) return _plansByName.GetOrAdd("all", name => RoutePlan.Build(_program, name, [.. Enumerable.Range(0, _program.Units.Length)], _entries));
        ulong key = 0;
        foreach (var path in session.Paths)
        {
            var decider = _deciderOfPath[path];
            if (decider < 0) continue;
            // A sum, because the order of an event's members means nothing.
            var sink = new CodeSink { Decider = decider };
            session.VisitValues(path, _deciders[decider].Values, ref sink);
            key += sink.Key + Mix(decider, 0);
        }

        return _plans.TryGetValue(key, out var plan) ? plan : RouteSlowly(session, key);
    }

    /// <summary>
    /// The plan for an event that says its own log source; an empty part is "none", and a|b is any of them. Who labels
    /// events names their fields too, so the table's other names do not apply.
    /// </summary>
    public RoutePlan RouteLabelled(string product, string category, string service)
    {
        string?[] Parts(string text) => [.. text.Split('|', StringSplitOptions.RemoveEmptyEntries).DefaultIfEmpty(null)];
        var categories = Parts(category).ToList();
        if (categories.Exists(RegistryCategories.Contains)) categories.Add("registry_event");
        var sources = (from p in Parts(product) from c in categories from s in Parts(service) select new SigmaLogSource(p, c, s)).Distinct().ToList();
        return PlanFor(sources, []);
    }

    private RoutePlan RouteSlowly(DetectionSession session, ulong key)
    {
        var seen = new HashSet<int>?[_deciders.Count];
        foreach (var path in session.Paths)
        {
            var decider = _deciderOfPath[path];
            if (decider < 0) continue;
            var sink = new SetSink { Codes = seen[decider] ??= [] };
            session.VisitValues(path, _deciders[decider].Values, ref sink);
        }

        var met = new List<LogSourceEntry>();
        for (var index = 0; index < _entries.Count; index++)
        {
            if (_tests[index].All(test => seen[test.Decider] is { } codes && (test.Codes.Length == 0 || test.Codes.Any(codes.Contains))))
                met.Add(_entries[index]);
        }

        var plan = PlanFor([.. met.SelectMany(entry => entry.Sources).Distinct()], met);
        // Combinations come from a finite table, but a flood of odd ones must not fill the memory.
        if (_plans.Count < MostPlans) _plans.TryAdd(key, plan);
        return plan;
    }

    private RoutePlan PlanFor(List<SigmaLogSource> sources, List<LogSourceEntry> entries)
    {
        var name = (sources.Count == 0 ? "(unknown source)" : string.Join(", ", sources))
            + (entries.Count == 0 ? "" : " by " + string.Join(", ", entries.Select(entry => entry.Name)));
        if (_plansByName.TryGetValue(name, out var known)) return known;
        var members = new List<int>();
        foreach (var (source, units) in _unitsOfSource)
        {
            if (Fits(source, sources)) members.AddRange(units);
        }

        var plan = RoutePlan.Build(_program, name, members, entries);
        return _plansByName.Count < MostPlans ? _plansByName.GetOrAdd(name, plan) : plan;
    }

    /// <summary>A rule applies when every part that it sets is that of one of the event's sources.</summary>
    public static bool Fits(SigmaLogSource rule, IReadOnlyList<SigmaLogSource> sources) =>
        rule is { Product: null, Category: null, Service: null } || sources.Any(source =>
            (rule.Product is null || Same(rule.Product, source.Product))
            && (rule.Category is null || Same(rule.Category, source.Category))
            && (rule.Service is null || Same(rule.Service, source.Service)));

    private static bool Same(string left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Key(string value) => System.Text.Encoding.Latin1.GetString(TextFold.Fold(value));

    private static ulong Mix(int decider, int code)
    {
        var mixed = (((ulong)(uint)decider << 32) | (uint)code) * 0x9E3779B97F4A7C15;
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9;
        return mixed ^ (mixed >> 32);
    }

    private struct CodeSink : ILiteralSink
    {
        public int Decider;
        public ulong Key;

        public bool Hit(int payload)
        {
            Key += Mix(Decider, payload);
            return false;
        }
    }

    private struct SetSink : ILiteralSink
    {
        public HashSet<int> Codes;

        public readonly bool Hit(int payload)
        {
            Codes.Add(payload);
            return false;
        }
    }
}
