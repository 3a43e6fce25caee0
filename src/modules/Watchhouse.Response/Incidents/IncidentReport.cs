using System.Globalization;
using System.Text;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Incidents;

/// <summary>A part of a report: lines of text, or a table.</summary>
internal sealed record ReportSection(string Heading, IReadOnlyList<string> Lines)
{
    public IReadOnlyList<string> Columns { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];
}

/// <summary>An incident as chief officers read it: what happened, what was done, what is open. Pure.</summary>
internal sealed record IncidentReport(string Marking, string Title, string Subtitle, IReadOnlyList<ReportSection> Sections)
{
    public static IncidentReport Of(IncidentModel model)
    {
        var incident = model.Incident;
        var sections = new List<ReportSection>
        {
            new("In short", [model.Summary.Length > 0 ? model.Summary : "No summary was written."])
            {
                Columns = ["What", "How it stands"],
                Rows =
                [
                    ["State", incident.Status], ["Severity", $"{incident.Severity} (impact {Lower(model.Impact)}, urgency {Spaced(model.Urgency)})"],
                    ["National category", Category(model.Category)], ["Opened", $"{When(incident.OpenedAt)} by {model.OpenedBy}"],
                    ["Contained", model.ContainedAt is { } contained ? $"{When(contained)}, {Length(contained - incident.OpenedAt)} after it was opened" : "not yet"],
                    ["Closed", incident.ClosedAt is { } closed ? $"{When(closed)}, {Length(closed - incident.OpenedAt)} after it was opened" : "not yet"], ["Owner", incident.Owner ?? "nobody"],
                ],
            },
        };
        if (model.Alerts.Count + model.Entities.Count > 0)
        {
            sections.Add(new("Whom and what it touches", [])
            {
                Columns = ["Kind", "Name", "How it is known"],
                Rows =
                [
                    .. model.Alerts.GroupBy(alert => (alert.EntityKind, alert.Entity)).Select(group => (IReadOnlyList<string>)[group.Key.EntityKind, group.Key.Entity, string.Join("; ", group.Select(alert => alert.Title).Distinct())]),
                    .. model.Entities.Select(entity => (IReadOnlyList<string>)[entity.Kind, entity.Value, entity.Note]),
                ],
            });
        }

        sections.Add(new("What happened", model.IsCut ? ["The oldest entries are left out."] : [])
        {
            Columns = ["When", "What", "Who"],
            Rows = [.. model.Entries.Reverse().Select(entry => (IReadOnlyList<string>)[When(entry.HappenedAt), entry.Words, entry.By])],
        });
        sections.Add(model.Tasks.Count == 0 ? new("What is to be done", ["No task was given."]) : new("What is to be done", [])
        {
            Columns = ["Task", "Who", "Due", "Done"],
            Rows = [.. model.Tasks.Select(task => (IReadOnlyList<string>)[task.Title, task.Owner, task.Due?.ToString("d MMM yyyy", CultureInfo.InvariantCulture) ?? "", task.DoneAt is { } done ? When(done) : "open"])],
        });
        if (model.Files.Count + model.Links.Count > 0)
        {
            sections.Add(new("Files and linked incidents", [])
            {
                Columns = ["Name", "What it is", "SHA-256"],
                Rows =
                [
                    .. model.Files.Select(file => (IReadOnlyList<string>)[file.Name, file.RemovedAt is { } removed ? $"removed {When(removed)}" : file.Note, file.Sha256]),
                    .. model.Links.Select(link => (IReadOnlyList<string>)[$"{link.Reference}: {link.Title}", link.Why, ""]),
                ],
            });
        }

        sections.Add(new("What was learnt", [model.Review.Length > 0 ? model.Review : "The review is not written yet."]));
        return new(model.Instructions.Length > 0 ? $"{model.Handling} — {model.Instructions}" : model.Handling, incident.Title, $"Incident {incident.Reference}, {incident.Force}", sections);
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder().Append("**").Append(Marking).Append("**\n\n# ").Append(Title).Append("\n\n").Append(Subtitle).Append('\n');
        foreach (var section in Sections)
        {
            text.Append("\n## ").Append(section.Heading).Append('\n');
            foreach (var line in section.Lines) text.Append('\n').Append(line).Append('\n');
            if (section.Columns.Count == 0) continue;
            text.Append('\n');
            Row(text, section.Columns);
            Row(text, [.. section.Columns.Select(_ => "---")]);
            foreach (var row in section.Rows) Row(text, row);
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" "))).Append(" |\n");

    private static string Category(CategoryModel category) =>
        category.Confirmed is { } confirmed ? $"{IncidentRules.Category(confirmed)}, confirmed by {category.ConfirmedBy} under {category.ConfirmedUnder}"
        : category.Proposed is { } proposed ? $"{IncidentRules.Category(proposed)}, proposed by the Centre, not confirmed"
        : "none";

    private static string When(DateTimeOffset at) => HouseTime.Local(at).ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    private static string Length(TimeSpan span) => span < TimeSpan.FromHours(1) ? $"{(int)span.TotalMinutes} min"
        : span < TimeSpan.FromDays(2) ? $"{(int)span.TotalHours} h {span.Minutes} min" : $"{(int)span.TotalDays} days";

    private static string Lower(string word) => word.ToLowerInvariant();

    private static string Spaced(string word) => word == nameof(IncidentUrgency.CanWait) ? "can wait" : Lower(word);
}
