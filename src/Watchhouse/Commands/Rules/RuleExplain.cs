using Watchhouse.Sigma;

namespace Watchhouse.Commands.Rules;

/// <summary>A document that was asked for: its report, the rule or correlation where it could be read, and what it was measured to cost.</summary>
internal sealed record ExplainedRule(RuleReport Report, SigmaDocument? Document, RuleExplanation? Explanation, RuleMeasure? Measure);

/// <summary><c>watchhouse rules explain</c>.</summary>
internal static class RuleExplain
{
    /// <summary>0; 1 where the rule is rejected; 2 where it is not found.</summary>
    public static int Run(string asked, RuleInput input, IReadOnlyList<string> events, bool json)
    {
        var isFile = File.Exists(asked);
        if (!isFile && input.Paths.Count == 0)
        {
            Console.Error.WriteLine($"There is no file '{asked}'. To find a rule by id or name, say where: --rules PATH.");
            return 2;
        }

        var read = RuleLoading.Read(isFile ? input with { Paths = [asked, .. input.Paths.Where(path => Path.GetFullPath(path) != Path.GetFullPath(asked))] } : input);
        var set = read.Set;
        var documents = set.Rules.Concat<SigmaDocument>(set.Correlations).ToLookup(document => (document.File, document.Line));
        var found = read.Reports()
            .Select(report => (Report: report, Document: documents[(report.File, report.Line)].FirstOrDefault()))
            .Where(each => isFile
                ? Path.GetFullPath(each.Report.File) == Path.GetFullPath(asked)
                : each.Report.Id == asked || each.Document?.Name == asked || each.Report.Title == asked)
            .Select(each => Explain(each.Report, each.Document, read, events)).ToList();
        if (found.Count == 0)
        {
            Console.Error.WriteLine(isFile ? $"{asked} holds no rule." : $"No rule has the id, name or title '{asked}' in {string.Join(", ", input.Paths)}.");
            return 2;
        }

        if (json) ExplainJson.Write(found);
        else new ExplainText(RuleConsole.Create(), read.Set).Write(found);
        return found.Exists(each => each.Report.State == RuleState.Rejected) ? 1 : 0;
    }

    private static ExplainedRule Explain(RuleReport report, SigmaDocument? document, ReadRules read, IReadOnlyList<string> events) => document is SigmaRule rule
        ? new(report, rule, RuleExplainer.Explain(rule, read.Sources, read.Set.Rules), events.Count == 0 ? null : RuleMeasure.Of(rule, read.Sources, events))
        : new(report, document, null, null);
}
