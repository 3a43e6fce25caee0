using System.Globalization;
using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>Rules in words. Pure.</summary>
internal static class RuleWordsOnScreen
{
    public static string State(RuleStage state) => state.ToString();

    public static Tone ToneOf(RuleStage state) => state switch
    {
        RuleStage.Live => Tone.Good,
        RuleStage.Testing => Tone.Accent,
        _ => Tone.Neutral,
    };

    /// <summary>What the state means for events that arrive.</summary>
    public static string Meaning(RuleStage state) => state switch
    {
        RuleStage.Draft => "It is being written and does not run.",
        RuleStage.Testing => "It runs and its matches are counted, but it raises no alert.",
        RuleStage.Live => "It runs and raises alerts.",
        _ => "It does not run any more and is kept for the record.",
    };

    /// <summary>Why a rule that should run can match nothing, in two or three words.</summary>
    public static string? Unusable(RuleHealth? health) => health?.State switch
    {
        "rejected" => "Cannot be read",
        "placeholder-missing" => "List missing",
        "source-never-arrives" => "No source",
        "field-never-arrives" => "Field missing",
        _ => null,
    };

    /// <summary>The button that moves a rule.</summary>
    public static string Move(RuleStage from, RuleStage to) => to switch
    {
        RuleStage.Testing => from == RuleStage.Live ? "Take back to testing" : "Put to testing",
        RuleStage.Live => "Put live",
        RuleStage.Retired => "Retire rule",
        _ => from == RuleStage.Retired ? "Make it a draft again" : "Take back to draft",
    };

    /// <summary>What follows from it.</summary>
    public static string Follows(RuleStage to, bool isNational) => to switch
    {
        RuleStage.Testing => $"It runs over {Whose(isNational)} events within seconds. Its matches are counted and raise no alert.",
        RuleStage.Live => $"It raises alerts about {Whose(isNational)} events within seconds.",
        RuleStage.Retired => "It stops within seconds. Its alerts and its history stay, and it can be made a draft again.",
        _ => "It does not run while it is a draft.",
    };

    public static string Origin(RuleDetail detail) => detail.Rule.Source switch
    {
        RuleOrigin.National => $"The nation's detections, which the program brings ({detail.Path})",
        RuleOrigin.Release => $"Release {detail.Rule.SourceName} ({detail.Path})",
        RuleOrigin.Folder => $"The folder 'rules' of the data directory ({detail.Path})",
        _ => "Written here",
    };

    /// <summary>'windows / process_creation'.</summary>
    public static string LogSource(string source) => source.Length == 0 ? "none"
        : string.Join(" / ", source.Split('/').Where(part => part != "*")) is { Length: > 0 } words ? words : "any";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share is > 0 and < 0.01 ? "under 1 %" : $"{Math.Round(share * 100).ToString("0", CultureInfo.InvariantCulture)} %";

    private static string Whose(bool isNational) => isNational ? "every force's" : "your force's";
}
