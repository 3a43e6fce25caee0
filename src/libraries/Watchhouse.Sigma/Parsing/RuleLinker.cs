namespace Watchhouse.Sigma;

/// <summary>Follows what documents say of each other: filters are put on rules, and correlations must find what they name.</summary>
internal static class RuleLinker
{
    public static SigmaRuleSet Link(IEnumerable<ParsedDocument> parsed)
    {
        var documents = parsed.ToList();
        var reports = documents.Select(each => each.Report).ToArray();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < documents.Count; index++)
        {
            if (documents[index].Document is not { } document) continue;
            if (document.Id is { } id && known.TryGetValue(id, out var first) && documents[first].Document!.Id == id)
            {
                var other = documents[first].Report;
                Reject(index, document.Line, $"The id {id} is that of {other.File}:{other.Line} too; only the first is used.");
                continue;
            }

            foreach (var key in new[] { document.Id, document.Name }.OfType<string>()) known.TryAdd(key, index);
        }

        ApplyFilters();
        CheckCorrelations();
        return new SigmaRuleSet
        {
            Rules = [.. documents.Select(each => each.Document).OfType<SigmaRule>()],
            Correlations = [.. documents.Select(each => each.Document).OfType<SigmaCorrelation>()],
            Reports = reports,
        };

        void Reject(int index, int line, string reason)
        {
            documents[index] = documents[index] with { Document = null, Filter = null };
            reports[index] = reports[index] with { State = RuleState.Rejected, Reason = reason, Line = line };
        }

        void ApplyFilters()
        {
            for (var index = 0; index < documents.Count; index++)
            {
                if (documents[index].Filter is not { } filter) continue;
                var missing = (filter.Rules ?? []).Where(rule => !known.ContainsKey(rule)).ToArray();
                if (missing.Length > 0)
                {
                    Reject(index, filter.Line, $"The filter is for {string.Join(", ", missing)}, which is not among the rules.");
                    continue;
                }

                var targets = filter.Rules is null
                    ? Enumerable.Range(0, documents.Count)
                    : filter.Rules.Select(rule => known[rule]).Distinct();
                foreach (var target in targets)
                {
                    if (documents[target].Document is SigmaRule rule && Covers(filter.LogSource, rule.LogSource))
                        documents[target] = documents[target] with { Document = rule with { Condition = Combine.All([rule.Condition, filter.Condition]) } };
                }
            }
        }

        // A correlation whose rule fell away falls away too, so this goes on until nothing changes.
        void CheckCorrelations()
        {
            var changed = true;
            while (changed)
            {
                changed = false;
                for (var index = 0; index < documents.Count; index++)
                {
                    if (documents[index].Document is not SigmaCorrelation correlation) continue;
                    var missing = correlation.Rules.Where(rule => !known.TryGetValue(rule, out var at) || documents[at].Document is null).ToArray();
                    if (missing.Length == 0) continue;
                    Reject(index, correlation.Line, $"The correlation names {string.Join(", ", missing)}, which is not among the rules that can be used.");
                    changed = true;
                }
            }

            for (var index = 0; index < documents.Count; index++)
            {
                if (documents[index].Document is SigmaCorrelation correlation && Reaches(correlation, index, []))
                    Reject(index, correlation.Line, "The correlation leads back to itself.");
            }
        }

        bool Reaches(SigmaCorrelation from, int target, HashSet<int> seen) => from.Rules.Any(rule =>
            known.TryGetValue(rule, out var at)
            && (at == target || (seen.Add(at) && documents[at].Document is SigmaCorrelation next && Reaches(next, target, seen))));
    }

    // The filter's log source covers the rule's when every part that it sets is the rule's.
    private static bool Covers(SigmaLogSource filter, SigmaLogSource rule) =>
        (filter.Product is null || filter.Product == rule.Product)
        && (filter.Category is null || filter.Category == rule.Category)
        && (filter.Service is null || filter.Service == rule.Service);
}
