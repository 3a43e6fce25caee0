using System.Globalization;
using Watchhouse.Monitoring.Alerts.Explaining;
using Watchhouse.Platform.Ui;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Alerts;

/// <summary>Alerts in words. Pure.</summary>
internal static class AlertWords
{
    /// <summary>The four words of the screens; what is for information only is shown as low.</summary>
    public static Severity Severity(string level) => level switch
    {
        "critical" => Platform.Ui.Severity.Critical,
        "high" => Platform.Ui.Severity.High,
        "medium" => Platform.Ui.Severity.Medium,
        _ => Platform.Ui.Severity.Low,
    };

    /// <summary>What happened, in a paragraph.</summary>
    public static string Happened(AlertExplanation shown, string force)
    {
        var alert = shown.Detail.Alert;
        if (shown.Detail.Product is { } said)
        {
            var meant = said.Description.Length > 0 ? " " + OneLine(said.Description) : "";
            return $"At {force}, {said.Product} raised '{alert.Title}'{Whom(alert)}, over what happened {Span(alert)}.{meant}";
        }

        // The watch over sources and collectors rests on no single event; its title says what it found.
        if (alert.Events == 0 && shown.Rule is null) return $"At {force}, since {HouseTime.Exact(alert.FirstAt)}: {OneLine(alert.Title)}";
        var events = alert.Events == 1 ? "one event" : $"{Number(alert.Events)} events";
        var about = alert.EntityKind switch
        {
            "source" => $"from the source {alert.Entity}",
            "group" => $"that have {alert.Entity} in common",
            "app" => $"about the application {alert.Entity}",
            _ => $"about the {alert.EntityKind} {alert.Entity}",
        };
        var sources = shown.Detail.Evidence.Select(each => each.Source).Distinct().ToList();
        var from = alert.EntityKind == "source" || sources.Count == 0 ? ""
            : sources.Count == 1 ? $" {(alert.Events == 1 ? "It" : "They")} came from the source {sources[0]}."
            : $" They came from the sources {string.Join(", ", sources.Take(4))}{(sources.Count > 4 ? " and more" : "")}.";
        var meaning = shown.Rule?.Description is { Length: > 0 } description ? " " + OneLine(description) : "";
        return $"At {force}, {events} {about} met the rule '{alert.Title}' {Span(alert)}.{from}{meaning}";
    }

    /// <summary>'the same user', for the number of other forces.</summary>
    public static string SameEntity(string kind) => kind switch
    {
        "group" => "the same values",
        "app" => "the same application",
        _ => $"the same {kind}",
    };

    public static string Kind(string kind) => kind switch
    {
        "user" => "User",
        "host" => "Host",
        "address" => "Address",
        "app" => "Application",
        "group" => "Values in common",
        _ => "Source",
    };

    /// <summary>Why parts of an event are not shown.</summary>
    public static string Unexplained(AlertEvidence evidence, SigmaDocument? rule) =>
        evidence.Raw.Length == 0 ? "This event came before a restart; its bytes are not kept with the alert."
        : evidence.RawCut ? "Only its first 16 KiB are kept with the alert, too little to read it."
        : rule is null ? "No rule of this name is in use any more."
        : "The rule as it is now does not match this event any more.";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Whom(AlertRow alert) => alert.EntityKind switch
    {
        "source" => "",
        "app" => $" about the application {alert.Entity}",
        _ => $" about the {alert.EntityKind} {alert.Entity}",
    };

    private static string Span(AlertRow alert)
    {
        var (first, last) = (HouseTime.Local(alert.FirstAt), HouseTime.Local(alert.LastAt));
        if (last - first < TimeSpan.FromMinutes(1)) return $"at {HouseTime.Clock(first)} on {HouseTime.Date(first)}";
        return first.Date == last.Date
            ? $"between {HouseTime.Clock(first)} and {HouseTime.Clock(last)} on {HouseTime.Date(first)}"
            : $"between {HouseTime.Clock(first)} on {HouseTime.Date(first)} and {HouseTime.Clock(last)} on {HouseTime.Date(last)}";
    }

    private static string OneLine(string text)
    {
        var line = text.Trim().ReplaceLineEndings(" ");
        return line.EndsWith('.') ? line : line + ".";
    }
}
