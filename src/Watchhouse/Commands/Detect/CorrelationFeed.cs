using System.Globalization;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Detect;

/// <summary>A match that correlations want, with the values they need: taken in the worker, looked at in order.</summary>
internal sealed record CorrelationCandidate(int Rule, MatchPlace Place, IReadOnlyDictionary<string, string> Fields);

/// <summary>A firing with its places.</summary>
internal sealed record CorrelationReport(
    SigmaCorrelation Rule, MatchPlace Place, IReadOnlyDictionary<string, string> Group, double Value, long EventCount, IReadOnlyList<MatchPlace> Events);

/// <summary>
/// Correlations over files. Files may be given in any order, so events may be late without bound; what bounds the state
/// is the number of groups and events.
/// </summary>
internal sealed class CorrelationFeed(CorrelationEngine engine, IReadOnlyList<SigmaCorrelation> correlations)
{
    private readonly Dictionary<SigmaCorrelation, long> _fired = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, IReadOnlyList<string>> _fields = [];
    private readonly Lock _lock = new();

    public static CorrelationOptions Options { get; } = new() { Lateness = TimeSpan.FromDays(36_500) };

    public int Rules => correlations.Count;

    public IEnumerable<(SigmaDocument Rule, long Count)> Fired => _fired.Select(each => ((SigmaDocument)each.Key, each.Value));

    public bool Uses(int rule) => engine.Uses(rule);

    public bool Suppresses(int rule) => engine.Suppresses(rule);

    public void Count(SigmaCorrelation rule) => _fired[rule] = _fired.GetValueOrDefault(rule) + 1;

    public Dictionary<string, string> Capture(int rule, DetectionSession session)
    {
        IReadOnlyList<string>? names;
        lock (_lock)
        {
            if (!_fields.TryGetValue(rule, out names)) _fields.Add(rule, names = engine.FieldsOf(rule));
        }

        var values = new Dictionary<string, string>();
        foreach (var name in names)
        {
            if (session.FieldText(name) is { } text) values[name] = text;
        }

        return values;
    }

    public IEnumerable<CorrelationReport> Observe(CorrelationCandidate candidate)
    {
        var firings = new List<CorrelationFiring>();
        engine.Observe(new("", candidate.Rule, candidate.Place.Time, candidate.Fields, Reference(candidate.Place)), firings);
        return Reports(firings, candidate.Place);
    }

    public IEnumerable<CorrelationReport> End()
    {
        var firings = new List<CorrelationFiring>();
        engine.End(firings);
        return Reports(firings, null);
    }

    /// <summary>What was left out, as sentences; none where nothing was.</summary>
    public IEnumerable<string> Counters()
    {
        var counters = engine.Counters;
        if (counters.WithoutGroup > 0) yield return $"{counters.WithoutGroup} matches lacked a field that a correlation groups by.";
        if (counters.WithoutValue > 0) yield return $"{counters.WithoutValue} matches lacked the value that a correlation computes with.";
        if (counters.WithoutTime > 0) yield return $"{counters.WithoutTime} matches had no time and were taken as the newest so far.";
        if (counters.GroupsDropped + counters.EventsDropped > 0)
            yield return $"Correlation state was full: {counters.GroupsDropped} groups and {counters.EventsDropped} events were given up.";
    }

    private IEnumerable<CorrelationReport> Reports(List<CorrelationFiring> firings, MatchPlace? last) => firings
        .Where(firing => !engine.Suppresses(firing.Correlation))
        .Select(firing =>
        {
            var events = firing.References.Select(Place).ToList();
            var place = (last ?? events[^1]) with { Time = firing.To };
            return new CorrelationReport(firing.Correlation, place, firing.Group, firing.Value, firing.EventCount, events);
        });

    private static string Reference(in MatchPlace place) => string.Join(
        '\u001f',
        place.File,
        place.Record.ToString(CultureInfo.InvariantCulture),
        place.Time?.UtcTicks.ToString(CultureInfo.InvariantCulture),
        place.EventId);

    private static MatchPlace Place(string reference)
    {
        var parts = reference.Split('\u001f');
        return new(
            parts[0],
            long.Parse(parts[1], CultureInfo.InvariantCulture),
            parts[2].Length == 0 ? null : new DateTimeOffset(long.Parse(parts[2], CultureInfo.InvariantCulture), TimeSpan.Zero),
            parts[3].Length == 0 ? null : parts[3]);
    }
}
