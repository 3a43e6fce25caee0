namespace Watchhouse.Sigma;

/// <summary>
/// Which entries of the table have had events so far, and which fields were seen in them: by the name of the entry; null
/// where fields were not counted, and then what the table says of them holds.
/// </summary>
public sealed record SeenSources(IReadOnlyDictionary<string, IReadOnlySet<string>?> Entries);

/// <summary>Whether a rule can match anything that arrives.</summary>
/// <param name="State">Live, SourceNeverArrives or FieldNeverArrives.</param>
/// <param name="Reason">A sentence; null for a live rule.</param>
/// <param name="Fields">Fields that the rule needs and that never arrive.</param>
/// <param name="Entries">Entries of the table that bring events for the rule.</param>
public sealed record RuleArrival(RuleState State, string? Reason, IReadOnlyList<string> Fields, IReadOnlyList<LogSourceEntry> Entries);

/// <summary>
/// Tells of rules whether they can ever match, so that a rule that is read well and yet detects nothing is seen. Says no
/// only where it is certain: of fields, only where the table says all that an entry's records carry.
/// </summary>
public static class RuleCoverage
{
    /// <summary>What of a rule arrives.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="map">The table of log sources.</param>
    /// <param name="seen">What has arrived so far; null asks what can arrive at all.</param>
    public static RuleArrival Of(SigmaRule rule, LogSourceMap map, SeenSources? seen = null)
    {
        var known = map.Entries.Where(entry => SourceRouter.Fits(rule.LogSource, entry.Sources)).ToArray();
        // A rule without a log source is asked of every event, known to the table or not.
        if (rule.LogSource is { Product: null, Category: null, Service: null }) return new(RuleState.Live, null, [], known);
        if (known.Length == 0)
        {
            return new(
                RuleState.SourceNeverArrives,
                $"No entry of the log-source tables brings events of {rule.LogSource}, so none can arrive: add an entry that says how they are recognised.",
                [],
                []);
        }

        var arriving = seen is null ? known : [.. known.Where(entry => seen.Entries.ContainsKey(entry.Name))];
        if (arriving.Length == 0)
        {
            return new(
                RuleState.SourceNeverArrives,
                $"No event of {rule.LogSource} has arrived so far (they would be of {Names(known)}).",
                [],
                known);
        }

        var lacking = new List<(LogSourceEntry Entry, string Fields)>();
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entry in arriving)
        {
            var fields = seen?.Entries[entry.Name];
            var absent = new SortedSet<string>(StringComparer.Ordinal);
            if (CanHold(rule.Condition, field => Carried(entry, fields, field), absent).True) return new(RuleState.Live, null, [], known);
            lacking.Add((entry, string.Join(", ", absent)));
            missing.UnionWith(absent);
        }

        var sentences = lacking.GroupBy(each => each.Fields).Select(group => $"{group.Key} is not in events of {Names([.. group.Select(each => each.Entry)])}");
        return new(
            RuleState.FieldNeverArrives,
            $"The rule needs what {(seen is null ? "never arrives" : "has not arrived so far")}: {string.Join("; ", sentences)}.",
            [.. missing],
            known);
    }

    /// <summary>Whether events of an entry carry what a rule cannot do without. The entry is one of its log source.</summary>
    public static bool CanMeet(SigmaRule rule, LogSourceEntry entry) =>
        entry.Carries is null || CanHold(rule.Condition, entry.MayCarry, new HashSet<string>()).True;

    /// <summary>The reports of a set, in which live rules that can never match have that state instead, and correlations that wait for them.</summary>
    public static IReadOnlyList<RuleReport> Reports(SigmaRuleSet set, LogSourceMap map, SeenSources? seen = null)
    {
        var states = new Dictionary<(string, int), RuleArrival>();
        var dead = new Dictionary<string, RuleState>(StringComparer.Ordinal);
        foreach (var rule in set.Rules)
        {
            var arrival = Of(rule, map, seen);
            if (arrival.State != RuleState.Live) Note(rule, arrival);
        }

        // A correlation on a correlation comes after it only by chance.
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var correlation in set.Correlations)
            {
                if (states.ContainsKey((correlation.File, correlation.Line))) continue;
                var gone = correlation.Rules.Where(dead.ContainsKey).ToArray();
                var needsAll = correlation is { Type: CorrelationType.Temporal or CorrelationType.TemporalOrdered, RuleCondition: null, Bounds.Count: 0 };
                if (gone.Length == 0 || (!needsAll && gone.Length < correlation.Rules.Count) || correlation.RuleCondition is not null) continue;
                Note(correlation, new(dead[gone[0]], $"It looks at {string.Join(", ", gone)}, which can never match.", [], []));
                changed = true;
            }
        }

        return [.. set.Reports.Select(report => report.State == RuleState.Live && states.TryGetValue((report.File, report.Line), out var arrival)
            ? report with { State = arrival.State, Reason = arrival.Reason }
            : report)];

        void Note(SigmaDocument document, RuleArrival arrival)
        {
            states[(document.File, document.Line)] = arrival;
            foreach (var name in new[] { document.Id, document.Name }.OfType<string>()) dead.TryAdd(name, arrival.State);
        }
    }

    private static bool Carried(LogSourceEntry entry, IReadOnlySet<string>? seen, string field)
    {
        if (seen is null) return entry.MayCarry(field);
        return seen.Contains(field) || (entry.Fields.TryGetValue(field, out var others) && others.Any(seen.Contains));
    }

    // Whether the condition can be true, and whether it can be false, for an event without the fields that are not carried.
    // Tests are taken as independent, so "cannot" is certain and "can" is not.
    private static (bool True, bool False) CanHold(SigmaExpression expression, Func<string, bool> carried, ISet<string> absent)
    {
        switch (expression)
        {
            case SigmaNot not:
            {
                var (isTrue, isFalse) = CanHold(not.Operand, carried, absent);
                return (isFalse, isTrue);
            }

            case SigmaAll all:
            {
                var parts = all.Operands.Select(each => CanHold(each, carried, absent)).ToArray();
                return (Array.TrueForAll(parts, part => part.True), Array.Exists(parts, part => part.False));
            }

            case SigmaAny any:
            {
                var parts = any.Operands.Select(each => CanHold(each, carried, absent)).ToArray();
                return (Array.Exists(parts, part => part.True), Array.TrueForAll(parts, part => part.False));
            }

            case SigmaTest { Field: { } field } test when !carried(field):
                absent.Add(field);
                return test.Match is NullMatch or ExistsMatch { Expected: false } ? (true, false) : (false, true);
            case SigmaTest { Match: FieldMatch match } when !carried(match.OtherField):
                absent.Add(match.OtherField);
                return (false, true);
            default:
                return (true, true);
        }
    }

    private static string Names(LogSourceEntry[] entries) => entries.Length <= 4
        ? string.Join(", ", entries.Select(entry => $"'{entry.Name}'"))
        : string.Join(", ", entries.Take(3).Select(entry => $"'{entry.Name}'")) + $" and {entries.Length - 3} more";
}
