namespace Watchhouse.Sigma;

/// <summary>
/// Follows what documents say of each other: filters are put on rules, pipelines change them, their conditions are put
/// together, and correlations must find what they name.
/// </summary>
internal sealed class RuleLinker
{
    private readonly SigmaLoadOptions _options;
    private readonly List<ParsedDocument> _documents;
    private readonly RuleReport[] _reports;
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    private RuleLinker(IEnumerable<ParsedDocument> parsed, SigmaLoadOptions options)
    {
        _options = options;
        _documents = [.. parsed];
        _reports = [.. _documents.Select(each => each.Report)];
    }

    public static SigmaRuleSet Link(IEnumerable<ParsedDocument> parsed, SigmaLoadOptions options)
    {
        var linker = new RuleLinker(parsed, options);
        linker.Name();
        linker.ApplyFilters();
        linker.Finish();
        linker.ChangeCorrelations();
        linker.CheckCorrelations();
        return new SigmaRuleSet
        {
            Rules = [.. linker._documents.Select(each => each.Document).OfType<SigmaRule>()],
            Correlations = [.. linker._documents.Select(each => each.Document).OfType<SigmaCorrelation>()],
            Reports = [.. linker._reports, .. options.Pipelines.Select(pipeline => pipeline.Report())],
        };
    }

    private void Name()
    {
        for (var index = 0; index < _documents.Count; index++)
        {
            if (_documents[index].Document is not { } document) continue;
            if (document.Id is { } id && _known.TryGetValue(id, out var first) && _documents[first].Document!.Id == id)
            {
                var other = _documents[first].Report;
                Reject(index, document.Line, $"The id {id} is that of {other.File}:{other.Line} too; only the first is used.");
                continue;
            }

            foreach (var key in new[] { document.Id, document.Name }.OfType<string>()) _known.TryAdd(key, index);
        }
    }

    private void ApplyFilters()
    {
        for (var index = 0; index < _documents.Count; index++)
        {
            if (_documents[index].Filter is not { } filter) continue;
            var missing = (filter.Rules ?? []).Where(rule => !_known.ContainsKey(rule)).ToArray();
            if (missing.Length > 0 && missing.Length == filter.Rules!.Count)
            {
                Reject(index, filter.Line, $"The filter is for {string.Join(", ", missing)}, which is not among the rules.");
                continue;
            }

            var targets = filter.Rules is null
                ? Enumerable.Range(0, _documents.Count)
                : filter.Rules.Where(_known.ContainsKey).Select(rule => _known[rule]).Distinct();
            var covered = 0;
            foreach (var target in targets)
            {
                if (_documents[target].Draft is not { } draft || !Covers(filter.LogSource, draft.Head.LogSource)) continue;
                draft.Sections.Add(filter.Section with { Filter = index });
                draft.Placeholders.UnionWith(filter.Placeholders);
                covered++;
            }

            if (missing.Length > 0) Remark(index, $"Not among the rules: {string.Join(", ", missing)}.");
            if (covered == 0) Remark(index, $"No rule is covered: none that the filter is for has the log source {filter.LogSource}.");
        }
    }

    private void Finish()
    {
        var unmet = new bool[_documents.Count];
        Parallel.For(0, _documents.Count, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, index =>
        {
            if (_documents[index].Draft is not { } draft) return;
            try
            {
                if (_options.Pipelines.Count > 0) PipelineContext.Run(_options.Pipelines, draft);
                var (rule, missing) = draft.Build();
                foreach (var section in draft.Unmet) unmet[section.Filter!.Value] = true;
                _documents[index] = _documents[index] with { Document = rule, Draft = null };
                if (missing is not null) _reports[index] = _reports[index] with { State = RuleState.PlaceholderMissing, Reason = missing };
            }
            catch (SigmaFormatException e)
            {
                Reject(index, e.Line, e.Message);
            }
        });
        for (var index = 0; index < unmet.Length; index++)
        {
            if (!unmet[index]) continue;
            var names = string.Join(", ", _documents[index].Filter!.Section.Missing.Distinct().Order(StringComparer.Ordinal));
            var reason = $"There is no value list named {names}, which the filter's |expand needs: rules work without the filter.";
            _reports[index] = _reports[index] with { State = RuleState.PlaceholderMissing, Reason = reason };
        }
    }

    private void ChangeCorrelations()
    {
        if (_options.Pipelines.Count == 0) return;
        for (var index = 0; index < _documents.Count; index++)
        {
            if (_documents[index].Document is not SigmaCorrelation correlation) continue;
            try
            {
                var changed = PipelineContext.Run(_options.Pipelines, correlation, [.. Sources(correlation, [])]);
                _documents[index] = _documents[index] with { Document = changed };
            }
            catch (SigmaFormatException e)
            {
                Reject(index, e.Line, e.Message);
            }
        }
    }

    // Log sources of the rules that a correlation leads to in the end.
    private IEnumerable<SigmaLogSource> Sources(SigmaCorrelation correlation, HashSet<int> seen) => correlation.Rules
        .Where(rule => _known.TryGetValue(rule, out var at) && seen.Add(at))
        .Select(rule => _documents[_known[rule]].Document)
        .SelectMany(document => document switch
        {
            SigmaRule rule => [rule.LogSource],
            SigmaCorrelation next => Sources(next, seen),
            _ => Enumerable.Empty<SigmaLogSource>(),
        });

    // A correlation whose rule fell away falls away too, so this goes on until nothing changes.
    private void CheckCorrelations()
    {
        var changed = true;
        while (changed)
        {
            changed = false;
            for (var index = 0; index < _documents.Count; index++)
            {
                if (_documents[index].Document is not SigmaCorrelation correlation) continue;
                var missing = correlation.Rules.Where(rule => !_known.TryGetValue(rule, out var at) || _documents[at].Document is null).ToArray();
                if (missing.Length == 0) continue;
                Reject(index, correlation.Line, $"The correlation names {string.Join(", ", missing)}, which is not among the rules that can be used.");
                changed = true;
            }
        }

        for (var index = 0; index < _documents.Count; index++)
        {
            if (_documents[index].Document is SigmaCorrelation correlation && Fault(correlation) is { } reason)
            {
                Reject(index, correlation.Line, reason);
                changed = true;
            }
        }

        var circular = Enumerable.Range(0, _documents.Count)
            .Where(index => _documents[index].Document is SigmaCorrelation correlation && Reaches(correlation, index, [])).ToArray();
        foreach (var index in circular) Reject(index, _documents[index].Document!.Line, "The correlation leads back to itself.");
        // Whoever looks at one of those has lost it.
        if (changed || circular.Length > 0) CheckCorrelations();
    }

    // What its names in conditions and aliases lead to must be rules that it looks at.
    private string? Fault(SigmaCorrelation correlation)
    {
        var documents = correlation.Rules.Select(rule => _documents[_known[rule]].Document!).ToArray();
        foreach (var (alias, fields) in correlation.Aliases)
        {
            var stranger = fields.Keys.FirstOrDefault(name => !correlation.Rules.Contains(name) && !Array.Exists(documents, document => document.Id == name || document.Name == name));
            if (stranger is not null) return $"The alias '{alias}' names {stranger}, which the correlation does not look at.";
        }

        if (correlation.RuleCondition is null) return null;
        try
        {
            _ = CorrelationProgram.ParseCondition(correlation, [.. Enumerable.Range(0, documents.Length)], at => documents[at]);
            return null;
        }
        catch (SigmaFormatException e)
        {
            return e.Message;
        }
    }

    private bool Reaches(SigmaCorrelation from, int target, HashSet<int> seen) => from.Rules.Any(rule =>
        _known.TryGetValue(rule, out var at)
        && (at == target || (seen.Add(at) && _documents[at].Document is SigmaCorrelation next && Reaches(next, target, seen))));

    private void Reject(int index, int line, string reason)
    {
        _documents[index] = _documents[index] with { Document = null, Filter = null, Draft = null };
        _reports[index] = _reports[index] with { State = RuleState.Rejected, Reason = reason, Line = line };
    }

    private void Remark(int index, string sentence) =>
        _reports[index] = _reports[index] with { Reason = _reports[index].Reason is { } before ? $"{before} {sentence}" : sentence };

    // The filter's log source covers the rule's when every part that it sets is the rule's.
    private static bool Covers(SigmaLogSource filter, SigmaLogSource rule) =>
        (filter.Product is null || filter.Product == rule.Product)
        && (filter.Category is null || filter.Category == rule.Category)
        && (filter.Service is null || filter.Service == rule.Service);
}
