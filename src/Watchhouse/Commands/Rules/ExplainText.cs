using System.Globalization;
using Spectre.Console;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Rules;

/// <summary>Explanations for people: sections under headings, the condition as a tree.</summary>
internal sealed class ExplainText(IAnsiConsole console, SigmaRuleSet set)
{
    private const int MostShown = 40;

    public void Write(IEnumerable<ExplainedRule> rules)
    {
        foreach (var rule in rules)
        {
            console.Write(new Rule(Safe(rule.Report.Title ?? rule.Report.File)).LeftJustified());
            Line($"{rule.Report.File}:{rule.Report.Line}   id {rule.Report.Id ?? "-"}   level {(rule.Document is null ? "-" : Detect.MatchWriter.LevelText(rule.Document.Level))}");
            Line($"Status: {RuleStates.Word(rule.Report.State)}{(rule.Report.Reason is { } reason ? $". {reason}" : "")}");
            if (rule is { Document: SigmaRule detection, Explanation: { } explanation }) Write(detection, explanation);
            if (rule.Document is SigmaCorrelation correlation) Write(correlation);
            if (rule.Measure is { } measure) Write(measure);
            console.WriteLine();
        }
    }

    private void Write(SigmaRule rule, RuleExplanation explanation)
    {
        Heading("Matches an event when");
        var tree = new Tree(Safe(explanation.Condition.Words));
        Add(tree, explanation.Condition.Parts);
        console.Write(tree);

        Heading("Looked at when");
        if (explanation.Watched is null)
        {
            Line("For every event of its log source: nothing in it must be there for it to match.");
        }
        else
        {
            Line("One of these is seen in an event of its log source:");
            foreach (var text in explanation.Watched.Take(MostShown))
            {
                var shared = text.SharedBy == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"   ({text.SharedBy} other rules watch for it)");
                Line($"  {text.Field ?? "any value"} {text.How}{(text.Text.Length == 0 ? "" : $" '{text.Text}'")}{shared}");
            }

            if (explanation.Watched.Count > MostShown) Line($"  and {explanation.Watched.Count - MostShown} more");
        }

        Heading($"Log source {rule.LogSource}");
        if (explanation.Arrival.Entries.Count == 0) Line("No entry of the tables brings such events.");
        foreach (var entry in explanation.Arrival.Entries)
        {
            Line($"  {entry.Name}: {string.Join(" and ", entry.When.Select(condition => condition.Values.Length == 0
                ? $"{condition.Path} is there" : $"{condition.Path} is {string.Join(" or ", condition.Values)}"))}");
        }

        Heading("Fields");
        foreach (var group in explanation.Fields.GroupBy(place => (place.Field, Paths: string.Join(", ", place.Paths), place.Carried)))
        {
            var carried = group.Key.Carried switch { true => "carried", false => "NEVER carried", null => "not known whether carried" };
            Line($"  {group.Key.Field}: looked for as {group.Key.Paths}; {carried} by {string.Join(", ", group.Select(place => place.Entry).Take(6))}");
        }

        if (rule.Placeholders.Count > 0)
        {
            Heading("Value lists");
            Line($"  {string.Join(", ", rule.Placeholders)}");
        }

        if (explanation.Expressions.Count > 0)
        {
            Heading("Regular expressions");
            foreach (var expression in explanation.Expressions) Line($"  {expression}");
        }

        Heading("Cost");
        var often = explanation.Watched is null ? "always evaluated" : string.Create(CultureInfo.InvariantCulture, $"evaluated for about {explanation.Likelihood:P1} of events, by guess");
        Line(string.Create(CultureInfo.InvariantCulture,
            $"  {explanation.Tests:N0} different tests, of which {explanation.SharedTests:N0} are made for some of {explanation.OtherRules:N0} other rules anyway; {often}."));
    }

    private void Write(SigmaCorrelation correlation)
    {
        Heading("Fires when");
        var bounds = string.Join(" and ", correlation.Bounds.Select(bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Operator} {bound.Value}")));
        var fields = correlation.ValueFields.Count == 0 ? "" : $" of {string.Join(", ", correlation.ValueFields)}";
        Line($"  {correlation.Type}{fields}{(bounds.Length == 0 ? "" : $": {bounds}")}{(correlation.RuleCondition is { } condition ? $": {condition}" : "")}, within {correlation.Timespan} of event time");
        Line($"  for each {(correlation.GroupBy.Count == 0 ? "force" : $"force and {string.Join(", ", correlation.GroupBy)}")}");
        Line("  It fires again only after its condition was seen not to hold, or a whole timespan later.");
        Heading("Looks at");
        foreach (var name in correlation.Rules)
        {
            var known = set.Rules.Concat<SigmaDocument>(set.Correlations).FirstOrDefault(document => document.Id == name || document.Name == name);
            Line($"  {name}: {known?.Title}");
        }

        foreach (var (alias, rules) in correlation.Aliases) Line($"  {alias} is {string.Join(", ", rules.Select(rule => $"{rule.Value} of {rule.Key}"))}");
        Line(correlation.Generate ? "  They report their own matches too." : "  They do not report their own matches.");
    }

    private void Write(RuleMeasure measure)
    {
        Heading("Measured");
        Line(string.Create(CultureInfo.InvariantCulture,
            $"  {measure.Events:N0} events: looked at {measure.LookedAt:N0} times, {measure.Matches:N0} matches, {measure.NanosecondsAnEvent:N0} ns an event for this rule alone."));
    }

    private static void Add(IHasTreeNodes tree, IReadOnlyList<ConditionWords> parts)
    {
        foreach (var part in parts.Take(MostShown)) Add(tree.AddNode(Safe(part.Words)), part.Parts);
        if (parts.Count > MostShown) tree.AddNode($"and {(parts.Count - MostShown).ToString(CultureInfo.InvariantCulture)} more (all are in --format json)");
    }

    private void Heading(string text)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{Safe(text)}[/]");
    }

    private void Line(string text) => console.WriteLine(RuleConsole.Printable(text));

    private static string Safe(string text) => Markup.Escape(RuleConsole.Printable(text));
}
