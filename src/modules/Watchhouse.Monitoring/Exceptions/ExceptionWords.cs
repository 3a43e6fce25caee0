using System.Globalization;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>Exceptions in words. Pure.</summary>
internal static class ExceptionWords
{
    /// <summary>Suppressed matches in 30 days from which on an exception is one that fires a lot.</summary>
    public const long Often = 1_000;

    public static IReadOnlyList<(ExceptionTest Test, string Words)> Tests { get; } =
    [
        (ExceptionTest.Equal, "is"), (ExceptionTest.OneOf, "is one of"), (ExceptionTest.StartsWith, "starts with"),
        (ExceptionTest.EndsWith, "ends with"), (ExceptionTest.Contains, "contains"), (ExceptionTest.Cidr, "lies in the network"),
    ];

    public static string State(string state) => state switch
    {
        "inForce" => "In force",
        "expiring" => "Expires soon",
        "expired" => "Expired",
        _ => "Withdrawn",
    };

    public static Tone ToneOf(string state) => state switch
    {
        "inForce" => Tone.Good,
        "expiring" => Tone.Warning,
        _ => Tone.Neutral,
    };

    public static bool IsOver(ExceptionRow row) => row.State is "expired" or "removed";

    /// <summary>The condition in one sentence.</summary>
    public static string Condition(ExceptionRow row) => row.WholeRule ? "The whole rule is off." : Sentence(row.Condition);

    public static string Sentence(IEnumerable<ExceptionPart> parts)
    {
        var words = parts.Select(Part).ToList();
        return words.Count == 0 ? "" : string.Join(" and ", words) + ".";
    }

    public static string Part(ExceptionPart part) => $"{Field(part.Field)} {part.Test switch
    {
        ExceptionTest.OneOf => $"is one of {string.Join(", ", part.Value.Split('\n').Select(line => $"'{line.TrimEnd('\r')}'"))}",
        ExceptionTest.StartsWith => $"starts with '{part.Value}'",
        ExceptionTest.EndsWith => $"ends with '{part.Value}'",
        ExceptionTest.Contains => $"contains '{part.Value}'",
        ExceptionTest.Cidr => $"lies in {part.Value}",
        _ => $"is '{part.Value}'",
    }}";

    public static string Field(string field) => field switch
    {
        ExceptionPart.Entity => "whom the alert is about",
        ExceptionPart.Source => "the source",
        _ => field,
    };

    /// <summary>What an exception would have done, in a sentence.</summary>
    public static string Preview(ExceptionPreviewAnswer answer)
    {
        if (answer.Alerts == 0) return $"The rule has raised no alert for these forces in the last {answer.Days} days, so what it would do cannot be shown.";
        var of = $"{Number(answer.Suppressed)} of {(answer.Cut ? "the newest " : "")}{Number(answer.Alerts)} {(answer.Alerts == 1 ? "alert" : "alerts")} of the rule in the last {answer.Days} days";
        var partly = answer.Partly > 0 ? $" Of {Number(answer.Partly)} more, some events would have been left out." : "";
        var unknown = answer.Unknown > 0 ? $" For {Number(answer.Unknown)} it cannot be said: their events are not kept well enough." : "";
        return (answer.Suppressed == 0 ? $"It would have suppressed none of {(answer.Cut ? "the newest " : "")}{Number(answer.Alerts)} {(answer.Alerts == 1 ? "alert" : "alerts")} of the rule in the last {answer.Days} days."
            : answer.Suppressed == answer.Alerts && answer.Alerts > 1 ? $"It would have suppressed all of {of[(of.IndexOf(" of ", StringComparison.Ordinal) + 4)..]}: look whether it is too wide."
            : $"It would have suppressed {of}.") + partly + unknown;
    }

    /// <summary>What a reviewer should know of how often it fires; null where nothing stands out.</summary>
    public static string? Review(ExceptionRow row, DateTimeOffset now)
    {
        if (IsOver(row)) return null;
        if (row.Suppressed == 0 && now - row.CreatedAt > TimeSpan.FromDays(14)) return "It has suppressed nothing in the time that it has been in force. Withdraw it if what it is for is gone.";
        var days = Math.Max(1, (now - row.CreatedAt).TotalDays);
        return row.Suppressed / days * 30 >= Often ? "It suppresses a great deal. A change of the rule itself would be seen by all, and tested." : null;
    }

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
