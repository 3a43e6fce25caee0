using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Correlation;

/// <summary>A trace, as it is compared.</summary>
internal readonly record struct Trace(ForceId Force, Guid Alert, DateTimeOffset At, string Level);

/// <summary>What is the same in several forces, and whether that is enough for a candidate. It does not matter in which order alerts come. Pure.</summary>
internal static class CorrelationRules
{
    /// <summary>The things by which an alert is compared, without those that every estate has.</summary>
    /// <param name="seen">The alert.</param>
    /// <param name="about">Alerts of its force about its entity within the window of sequences, itself among them, by time.</param>
    /// <param name="policy">What counts.</param>
    public static IReadOnlyList<AlertIndicator> Keys(AlertSighting seen, IReadOnlyList<AlertBrief> about, CorrelationPolicy policy)
    {
        var keys = seen.Indicators.Where(each => each.Value.Length <= AlertTrace.LongestValue && !policy.IsCommon(each.Kind, each.Value)).ToList();
        // A source is a name of the force's own: what is told of it follows no attacker.
        if (seen.Alert.EntityKind != "source") keys.AddRange(Sequences(seen.Alert.Id, about, policy.SequenceSteps).Select(each => new AlertIndicator(SightingKinds.Sequence, each)));
        return [.. keys.Distinct()];
    }

    /// <summary>
    /// The sequences of techniques that an alert is a part of: steps that follow one another about one entity, a step that repeats itself
    /// taken once, all of them different. A step with several techniques is written with a plus.
    /// </summary>
    public static IReadOnlyList<string> Sequences(Guid alert, IReadOnlyList<AlertBrief> about, int length)
    {
        var steps = new List<(string Step, bool IsIts)>();
        foreach (var each in about.OrderBy(each => each.FirstAt).ThenBy(each => each.Id))
        {
            if (each.Techniques.Count == 0) continue;
            var step = string.Join('+', each.Techniques.Order(StringComparer.Ordinal).Take(4));
            var isIts = each.Id == alert;
            if (steps.Count > 0 && steps[^1].Step == step) steps[^1] = (step, steps[^1].IsIts || isIts);
            else steps.Add((step, isIts));
        }

        var found = new List<string>();
        for (var at = 0; at + length <= steps.Count; at++)
        {
            var part = steps.GetRange(at, length);
            if (!part.Exists(step => step.IsIts) || part.Select(step => step.Step).Distinct(StringComparer.Ordinal).Count() < length) continue;
            var value = string.Join(" > ", part.Select(step => step.Step));
            if (value.Length <= AlertTrace.LongestValue) found.Add(value);
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Traces of one thing, in groups: within a group each is no further than the window from the next.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Groups<T>(IEnumerable<T> traces, Func<T, DateTimeOffset> at, TimeSpan window)
    {
        var groups = new List<IReadOnlyList<T>>();
        var group = new List<T>();
        foreach (var each in traces.OrderBy(at))
        {
            if (group.Count > 0 && at(each) - at(group[^1]) > window)
            {
                groups.Add(group);
                group = [];
            }

            group.Add(each);
        }

        if (group.Count > 0) groups.Add(group);
        return groups;
    }

    /// <summary>Whether a group is worth a person's look.</summary>
    public static bool IsEnough(IReadOnlyCollection<Trace> group, CorrelationPolicy policy)
    {
        var forces = group.Select(each => each.Force).Distinct().Count();
        return forces >= (group.Any(each => Grade(each.Level) >= Severity.Medium) ? policy.Forces : policy.ForcesOfLowAlerts);
    }

    private static string Moment(DateTimeOffset when) => HouseTime.Local(when).ToString("d MMM HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    public static Severity Grade(string level) => Enum.TryParse<Severity>(level, true, out var severity) ? severity : Severity.Low;

    public static string Words(string kind) => kind switch
    {
        SightingKinds.Address => "address",
        SightingKinds.Domain => "domain",
        "mail" => "mail address",
        "hash" => "file",
        SightingKinds.App => "application",
        SightingKinds.Sequence => "sequence of techniques",
        SightingKinds.Actor => "actor",
        _ => kind,
    };

    /// <summary>Why, in a sentence.</summary>
    public static string Explain(string kind, string value, int forces, int alerts, DateTimeOffset first, DateTimeOffset last)
    {
        var where = $"in {(alerts == 1 ? "1 alert" : $"{alerts} alerts")} of {(forces == 1 ? "1 force" : $"{forces} forces")}, from {Moment(first)} to {Moment(last)} in London";
        return kind switch
        {
            SightingKinds.Sequence => $"The techniques {value.Replace(" > ", ", then ", StringComparison.Ordinal)}, about one user or device each, {where}.",
            SightingKinds.Actor => $"Rules for the group {value} of ATT&CK, {where}.",
            _ => $"The {Words(kind)} {value}, {where}.",
        };
    }
}
