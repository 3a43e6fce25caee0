using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Watchhouse.Sigma;

namespace Watchhouse.Commands.Rules;

/// <summary><c>watchhouse rules check</c>.</summary>
internal static class RuleCheck
{
    // Sources that a house does not have are many rules with one reason; those are summed.
    private const int MostTitles = 3;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>0; 1 where a rule is rejected; 2 where nothing could be read.</summary>
    public static int Run(RuleInput input, bool json)
    {
        var reports = RuleLoading.Read(input).Reports();
        if (reports.Count <= input.Pipelines.Count)
        {
            Console.Error.WriteLine($"There is no rule in {string.Join(", ", input.Paths)}: rules are in files ending in .yml or .yaml.");
            return 2;
        }

        if (json) WriteJson(reports);
        else WriteTable(reports, RuleConsole.Create());
        return reports.Any(report => report.State == RuleState.Rejected) ? 1 : 0;
    }

    private static void WriteJson(IReadOnlyList<RuleReport> reports)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        foreach (var report in reports)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    file = report.File,
                    line = report.Line,
                    id = report.Id,
                    title = report.Title,
                    status = RuleStates.Word(report.State),
                    reason = report.Reason,
                },
                Json));
        }
    }

    private static void WriteTable(IReadOnlyList<RuleReport> reports, IAnsiConsole console)
    {
        foreach (var state in new[] { RuleState.Rejected, RuleState.PlaceholderMissing, RuleState.FieldNeverArrives, RuleState.SourceNeverArrives, RuleState.Applied })
        {
            var those = reports.Where(report => report.State == state).ToArray();
            if (those.Length == 0) continue;
            var table = new Table().Border(TableBorder.Simple).Title($"{RuleStates.Word(state)} ({those.Length.ToString(CultureInfo.InvariantCulture)})");
            if (state == RuleState.SourceNeverArrives) Grouped(table, those);
            else Listed(table, those);
            console.Write(table);
        }

        console.WriteLine(RuleStates.Sum(reports) + ".");
    }

    private static void Listed(Table table, RuleReport[] reports)
    {
        table.AddColumns("Where", "Rule", "Reason");
        foreach (var report in reports)
            table.AddRow(Safe($"{report.File}:{report.Line.ToString(CultureInfo.InvariantCulture)}"), Safe(report.Title ?? report.Id ?? "-"), Safe(report.Reason ?? ""));
    }

    private static void Grouped(Table table, RuleReport[] reports)
    {
        table.AddColumns("Rules", "Reason", "Such as");
        foreach (var group in reports.GroupBy(report => report.Reason).OrderByDescending(group => group.Count()))
        {
            table.AddRow(
                group.Count().ToString(CultureInfo.InvariantCulture), Safe(group.Key ?? ""), Safe(string.Join("; ", group.Take(MostTitles).Select(report => report.Title))));
        }
    }

    private static string Safe(string text) => Markup.Escape(RuleConsole.Printable(text));
}
