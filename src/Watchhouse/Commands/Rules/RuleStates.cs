using System.Globalization;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Rules;

/// <summary>States of rules in words.</summary>
internal static class RuleStates
{
    public static string Word(RuleState state) => state switch
    {
        RuleState.Live => "live",
        RuleState.Rejected => "rejected",
        RuleState.PlaceholderMissing => "placeholder-missing",
        RuleState.SourceNeverArrives => "source-never-arrives",
        RuleState.FieldNeverArrives => "field-never-arrives",
        _ => "applied",
    };

    /// <summary>One line: how many rules there are, and what has become of them.</summary>
    public static string Sum(IReadOnlyList<RuleReport> reports)
    {
        var invariant = CultureInfo.InvariantCulture;
        var parts = new List<string>();
        Part(RuleState.Live, "live", "live");
        Part(RuleState.Applied, "filter or pipeline is applied", "filters and pipelines are applied");
        Part(RuleState.PlaceholderMissing, "lacks a value list", "lack a value list");
        Part(RuleState.SourceNeverArrives, "can never match for want of a source", "can never match for want of a source");
        Part(RuleState.FieldNeverArrives, "can never match for want of a field", "can never match for want of a field");
        Part(RuleState.Rejected, "is rejected", "are rejected");
        return string.Create(invariant, $"{reports.Count:N0} {(reports.Count == 1 ? "rule" : "rules")}: {string.Join(", ", parts)}");

        void Part(RuleState state, string one, string many)
        {
            var count = reports.Count(report => report.State == state);
            if (count > 0) parts.Add(string.Create(invariant, $"{count:N0} {(count == 1 ? one : many)}"));
        }
    }
}
