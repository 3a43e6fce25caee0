using System.Collections.Frozen;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules.Programs;

/// <summary>
/// Puts rules together into a program. National rules are read once for all forces. A rule with placeholders is read once
/// more for each force that has lists of its own for it, together with what refers to it, and takes the national one's place
/// for that force; nothing else is multiplied by the number of forces. Pure.
/// </summary>
internal sealed class RuleProgramBuilder
{
    private readonly List<RuleUnit> _national;
    private readonly ILookup<ForceId, RuleUnit> _own;
    private readonly ILookup<ForceId, UnitList> _lists;
    private readonly List<RuleSegment> _segments = [];
    private readonly Dictionary<string, FrozenSet<Guid>> _replaced = [];
    private readonly Dictionary<Guid, RuleReport> _reports = [];
    private readonly Dictionary<Guid, SortedSet<ForceId>> _liveFor = [];
    private int _rules;

    private RuleProgramBuilder(IReadOnlyCollection<RuleUnit> units, IEnumerable<UnitList> lists)
    {
        _national = [.. units.Where(unit => unit.Owner == ForceId.Centre)];
        _own = units.Where(unit => unit.Owner != ForceId.Centre).ToLookup(unit => unit.Owner);
        _lists = lists.ToLookup(list => list.Owner);
    }

    /// <summary>The program.</summary>
    /// <param name="units">Rules that run, in an order that decides which one counts where two have the same id.</param>
    /// <param name="lists">Value lists.</param>
    /// <param name="fields">Fields that exceptions ask for.</param>
    public static RuleProgram Build(IReadOnlyCollection<RuleUnit> units, IEnumerable<UnitList> lists, IEnumerable<string> fields)
    {
        var builder = new RuleProgramBuilder(units, lists);
        builder.Add("national", null, builder._national, builder.Lists(null), coverage: true);
        foreach (var force in builder._lists.Select(group => group.Key).Where(force => force != ForceId.Centre).Order()) builder.AddExpanded(force);
        foreach (var group in builder._own.OrderBy(group => group.Key)) builder.AddOwn(group.Key, [.. group]);
        FrozenSet<Guid> testing = [.. units.Where(unit => unit.IsTesting).Select(unit => unit.Id)];
        var health = units.ToDictionary(unit => unit.Id, builder.HealthOf);
        return new(builder._segments, testing, builder._replaced, health, [.. fields, .. AlertEntity.Fields]);
    }

    private void AddOwn(ForceId force, IReadOnlyList<RuleUnit> units)
    {
        // Alerts name a rule by its id, so it must not be that of another rule over the same events.
        var taken = _national.SelectMany(unit => unit.Names).ToHashSet(StringComparer.Ordinal);
        var usable = new List<RuleUnit>();
        foreach (var unit in units)
        {
            if (unit.Names.FirstOrDefault(taken.Contains) is not { } name) usable.Add(unit);
            else _reports[unit.Id] = new(unit.Id.ToString(), 1, name, null, RuleState.Rejected, $"A national rule has the id or name {name} too: give this one an id of its own.");
        }

        Add(force.Value, force, usable, Lists(force), coverage: true);
    }

    private void AddExpanded(ForceId force)
    {
        var names = _lists[force].Select(list => list.Name).ToHashSet(StringComparer.Ordinal);
        var affected = _national.Where(unit => unit.Placeholders.Any(names.Contains)).ToHashSet();
        if (affected.Count == 0) return;
        // A correlation and what it looks at go together.
        var correlating = _national.Where(unit => RuleText.HasCorrelation(unit.Text)).ToList();
        for (var before = 0; before != affected.Count;)
        {
            before = affected.Count;
            affected.UnionWith(correlating.Where(unit => affected.Any(each => each.Names.Any(name => unit.Text.Contains(name, StringComparison.Ordinal)))).ToList());
            var looking = affected.Where(unit => RuleText.HasCorrelation(unit.Text)).ToList();
            affected.UnionWith(_national.Where(unit => looking.Any(each => unit.Names.Any(name => each.Text.Contains(name, StringComparison.Ordinal)))).ToList());
        }

        var filters = _national.Where(unit => RuleText.HasFilter(unit.Text) && !affected.Contains(unit));
        Add($"{force} lists", force, [.. _national.Where(affected.Contains), .. filters], Lists(force), coverage: false, only: affected);
        _replaced[force.Value] = [.. affected.Select(unit => unit.Id)];
    }

    private void Add(
        string name, ForceId? force, List<RuleUnit> units, Dictionary<string, IReadOnlyList<string>> lists, bool coverage, HashSet<RuleUnit>? only = null)
    {
        if (units.Count == 0) return;
        // On one thread: the others are for those who wait for an answer.
        var set = SigmaLoader.Parse(units.Select(unit => (unit.Text, unit.Id.ToString())), new() { ValueLists = lists, Threads = 1 });
        _segments.Add(new(name, force?.Value, _rules, set));
        _rules += set.Rules.Count;
        var worst = (coverage ? RuleCoverage.Reports(set, LogSourceMap.Default) : set.Reports)
            .GroupBy(report => Guid.Parse(report.File)).ToDictionary(group => group.Key, Worst);
        foreach (var unit in units)
        {
            if (only?.Contains(unit) == false || !worst.TryGetValue(unit.Id, out var report)) continue;
            var isForAll = force is null || unit.Owner != ForceId.Centre;
            if (isForAll) _reports[unit.Id] = report;
            else if (report.State is RuleState.Live or RuleState.Applied)
            {
                if (!_liveFor.TryGetValue(unit.Id, out var forces)) _liveFor[unit.Id] = forces = [];
                forces.Add(force!.Value);
            }
        }
    }

    private static RuleReport Worst(IEnumerable<RuleReport> reports) => reports.OrderBy(report => report.State switch
    {
        RuleState.Rejected => 0,
        RuleState.PlaceholderMissing => 1,
        RuleState.SourceNeverArrives => 2,
        RuleState.FieldNeverArrives => 3,
        _ => 4,
    }).First();

    private Dictionary<string, IReadOnlyList<string>> Lists(ForceId? force)
    {
        var all = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var group in _lists[ForceId.Centre].GroupBy(list => list.Name)) all[group.Key] = [.. group.SelectMany(list => list.Values).Distinct()];
        if (force is not { } one) return all;
        foreach (var group in _lists[one].GroupBy(list => list.Name)) all[group.Key] = [.. group.SelectMany(list => list.Values).Distinct()];
        return all;
    }

    private RuleHealth HealthOf(RuleUnit unit)
    {
        var good = unit.IsTesting ? "testing" : "live";
        if (!_reports.TryGetValue(unit.Id, out var report)) return new("rejected", "There is no document in the text.", 1, null);
        var forces = _liveFor.TryGetValue(unit.Id, out var some) ? some.ToList() : [];
        return report.State switch
        {
            RuleState.Live or RuleState.Applied => new(good, report.Reason, report.Line, null),
            RuleState.PlaceholderMissing when forces.Count > 0 =>
                new(good, $"{report.Reason} It is in use for the forces that have it.", report.Line, forces),
            // A correlation over such a rule is rejected for all forces, and in use for those that have the list.
            RuleState.Rejected when forces.Count > 0 => new(good, "It looks at a rule that needs a value list, and is in use for the forces that have it.", report.Line, forces),
            RuleState.PlaceholderMissing => new("placeholder-missing", report.Reason, report.Line, []),
            RuleState.Rejected => new("rejected", report.Reason, report.Line, null),
            RuleState.SourceNeverArrives => new("source-never-arrives", report.Reason, report.Line, null),
            _ => new("field-never-arrives", report.Reason, report.Line, null),
        };
    }
}
