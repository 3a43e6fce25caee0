using System.Globalization;
using CsCheck;

namespace Watchhouse.Sigma.Tests;

/// <summary>The engine, which keeps running totals and forgets, agrees with one that recomputes everything from all events.</summary>
public sealed class CorrelationAgreementTests
{
    private sealed record Arrival(int Rule, long Second, string? Group, string Value, string Owner);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static readonly Gen<Arrival[]> Stream = Gen.Select(
        Gen.Int[0, 2], Gen.Int[-8, 25], OneOf("g", "h", null), OneOf("1", "2", "3", "10"), OneOf("north", "south"))
        .Select((rule, step, group, value, owner) => new Arrival(rule, step, group, value, owner)).Array[1, 60]
        .Select(steps =>
        {
            // Time goes on in steps, some of them backwards: within and beyond the lateness of thirty seconds.
            var now = 1_000L;
            return steps.Select(each => each with { Second = now += each.Second }).ToArray();
        });

    private static readonly Gen<string> Condition = OneOf(
        "event_count|{gte: 3}", "event_count|{gt: 1, lt: 4}", "event_count|{eq: 2}", "event_count|{lte: 2}",
        "value_count|{field: V, gte: 2}", "value_count|{field: V, eq: 3}", "value_sum|{field: V, gt: 12}", "value_avg|{field: V, gte: 5}",
        "value_median|{field: V, gte: 3}", "value_percentile|{field: V, percentile: 90, gt: 8}", "temporal|", "temporal|{gte: 2}", "temporal_ordered|");

    [Fact]
    public void Observe_AnyStream_AgreesWithQuadraticEvaluator() => Gen.Select(Condition, Gen.Int[1, 40], Stream).Sample(
        (condition, span, arrivals) =>
        {
            var set = Rules(condition, span);
            var engine = new CorrelationEngine(set.Rules, set.Correlations, new() { Lateness = TimeSpan.FromSeconds(30) });
            var plain = new PlainCorrelation(set.Correlations[0], span, lateness: 30);
            for (var at = 0; at < arrivals.Length; at++)
            {
                var arrival = arrivals[at];
                var fields = new Dictionary<string, string> { ["V"] = arrival.Value };
                if (arrival.Group is not null) fields["G"] = arrival.Group;
                var firings = new List<CorrelationFiring>();
                engine.Observe(new(arrival.Owner, arrival.Rule, DateTimeOffset.FromUnixTimeSeconds(arrival.Second), fields, at.ToString(CultureInfo.InvariantCulture)), firings);
                var found = firings.Select(each => (each.To.ToUnixTimeSeconds(), Math.Round(each.Value, 6), each.EventCount)).ToArray();
                if (!found.SequenceEqual(plain.Observe(arrival.Owner, arrival.Rule, arrival.Second, arrival.Group, arrival.Value))) return false;

                // A restart at any moment changes nothing.
                if (at % 7 != 3) continue;
                var state = engine.Save();
                engine = new(set.Rules, set.Correlations, new() { Lateness = TimeSpan.FromSeconds(30) });
                engine.Restore(state);
            }

            return true;
        },
        iter: 5_000,
        print: each => $"{each.Item1} in {each.Item2} s: {string.Join("; ", each.Item3.Select(a => $"{a.Rule}@{a.Second} {a.Group} {a.Value} {a.Owner}"))}");

    private static SigmaRuleSet Rules(string condition, int span)
    {
        var parts = condition.Split('|');
        var rules = string.Concat(Enumerable.Range(0, 3).Select(at => $"title: r{at}\nname: r{at}\nlogsource: {{product: t}}\ndetection: {{s: {{X: {at}}}, condition: s}}\n---\n"));
        var wanted = parts[1].Length == 0 ? "" : $", condition: {parts[1]}";
        var set = SigmaLoader.Parse($"{rules}title: c\ncorrelation: {{type: {parts[0]}, rules: [r0, r1], group-by: [G], timespan: {span}s{wanted}}}\n", "c.yml");
        Assert.Single(set.Correlations);
        return set;
    }

    /// <summary>Everything from scratch for each event: what the documentation of the engine says, and nothing else.</summary>
    private sealed class PlainCorrelation(SigmaCorrelation rule, int span, int lateness)
    {
        private readonly Dictionary<string, long> _newest = [];
        private readonly Dictionary<(string, string), List<(int Rule, long Second, string Value)>> _events = [];
        private readonly Dictionary<(string, string), List<long>> _fired = [];
        private readonly Dictionary<(string, string), bool> _held = [];

        public List<(long, double, long)> Observe(string owner, int source, long second, string? group, string value)
        {
            // The third rule is not looked at, so its events do not move the owner's time either.
            if (source > 1) return [];
            if (_newest.TryGetValue(owner, out var newest) && newest - second > lateness) return [];
            _newest[owner] = Math.Max(newest, second);
            if (group is null) return [];
            var key = (owner, group);
            if (!_events.TryGetValue(key, out var events))
            {
                _events.Add(key, events = []);
                _fired.Add(key, []);
                _held.Add(key, false);
            }

            events.Add((source, second, value));
            var firings = new List<(long, double, long)>();
            var last = events.Max(each => each.Second);
            foreach (var end in events.Select(each => each.Second).Where(each => each >= second && each - second <= span).Distinct().Order())
            {
                var window = events.Where(each => each.Second <= end && each.Second >= end - span).ToArray();
                var (number, holds) = Evaluate(window);
                var near = _fired[key].Exists(fired => Math.Abs(fired - end) < span);
                if (holds && !(near && (_held[key] || end != last)))
                {
                    firings.Add((end, Math.Round(number, 6), window.Length));
                    _fired[key].Add(end);
                }

                if (end == last) _held[key] = holds;
            }

            return firings;
        }

        private (double, bool) Evaluate((int Rule, long Second, string Value)[] window)
        {
            var numbers = window.Select(each => double.Parse(each.Value, CultureInfo.InvariantCulture)).Order().ToArray();
            var different = window.Select(each => each.Rule).Distinct().Count();
            switch (rule.Type)
            {
                case CorrelationType.EventCount: return Judge(window.Length);
                case CorrelationType.ValueCount: return Judge(window.Select(each => each.Value).Distinct().Count());
                case CorrelationType.ValueSum: return Judge(numbers.Sum());
                case CorrelationType.ValueAverage: return Judge(numbers.Average());
                case CorrelationType.ValueMedian: return Judge((numbers[(numbers.Length - 1) / 2] + numbers[numbers.Length / 2]) / 2);
                case CorrelationType.ValuePercentile: return Judge(Percentile(numbers, rule.Percentile));
                case CorrelationType.Temporal: return rule.Bounds.Count > 0 ? Judge(different) : (different, different == 2);
                default: return (different, window.Any(a => a.Rule == 0 && window.Any(b => b.Rule == 1 && b.Second >= a.Second)));
            }
        }

        private static double Percentile(double[] sorted, double percentile)
        {
            var rank = percentile / 100 * (sorted.Length - 1);
            var below = sorted[(int)rank];
            return (int)rank + 1 < sorted.Length ? below + ((sorted[(int)rank + 1] - below) * (rank - (int)rank)) : below;
        }

        private (double, bool) Judge(double value) => (value, rule.Bounds.All(bound => bound.Operator switch
        {
            CorrelationOperator.Greater => value > bound.Value,
            CorrelationOperator.GreaterOrEqual => value >= bound.Value,
            CorrelationOperator.Less => value < bound.Value,
            CorrelationOperator.LessOrEqual => value <= bound.Value,
            CorrelationOperator.Equal => value == bound.Value,
            _ => value != bound.Value,
        }));
    }
}
