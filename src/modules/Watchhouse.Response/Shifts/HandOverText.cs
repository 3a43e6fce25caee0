using System.Globalization;
using System.Text;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Shifts;

/// <summary>What is open when somebody hands over, as far as they may see.</summary>
/// <param name="Alerts">Alerts of high and critical level that nobody has taken on; null where the writer reads no alerts.</param>
internal sealed record HandOverFacts(ForceId Force, DateTimeOffset At, IReadOnlyList<OpenClock> Clocks, IReadOnlyList<IncidentRow> Incidents, IReadOnlyList<ActionModel> Approvals, IReadOnlyList<NoticeModel> Notices, IReadOnlyList<AlertBrief>? Alerts);

/// <summary>Writes a hand-over note from what is open. Pure.</summary>
internal static class HandOverText
{
    private const int Most = 50;

    public static string Of(HandOverFacts facts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Hand-over of {facts.Force}, {HouseTime.Exact(facts.At)}\n");
        Section(text, "Incidents whose clock runs", facts.Clocks, clock => $"{clock.Reference} {clock.Force} {clock.Severity}: {clock.Title}. {clock.Forecast}");
        var others = facts.Incidents.Where(row => facts.Clocks.All(clock => clock.Incident != row.Id)).ToList();
        Section(text, "Other incidents that are not closed", others, row => $"{row.Reference} {row.Force} {row.Severity}, {row.Status.ToLowerInvariant()}: {row.Title}. {(row.Owner is { } owner ? $"Owner {owner}." : "Nobody owns it.")}");
        Section(text, "Approvals that wait for a force", facts.Approvals, action => $"{action.Force} {action.Severity}: {action.StepName}, until {HouseTime.Clock(action.ExpiresAt)} on {HouseTime.Date(action.ExpiresAt)}");
        Section(text, "Notices that nobody acknowledged", facts.Notices, notice => $"{HouseTime.Clock(notice.CreatedAt)} {notice.Severity}: {notice.Words}");
        if (facts.Alerts is { } alerts) Section(text, "High and critical alerts that nobody has taken on", alerts, alert => $"{alert.Force} {alert.Level}: {alert.Title}, raised {HouseTime.Clock(alert.RaisedAt)} on {HouseTime.Date(alert.RaisedAt)}");
        else text.Append("\nAlerts that nobody has taken on\n- Not known: the writer's role reads no alerts.\n");
        text.Append("\nWhat else the next one has to know\n- \n");
        return text.ToString();
    }

    private static void Section<T>(StringBuilder text, string heading, IReadOnlyList<T> items, Func<T, string> line)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{heading} ({items.Count})\n");
        if (items.Count == 0) text.Append("- None.\n");
        foreach (var item in items.Take(Most)) text.Append("- ").Append(line(item).ReplaceLineEndings(" ")).Append('\n');
        if (items.Count > Most) text.Append(CultureInfo.InvariantCulture, $"- and {items.Count - Most} more\n");
    }
}
