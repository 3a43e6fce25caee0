using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Alerts.Triage;

/// <summary>Triage in words. Pure.</summary>
internal static class TriageWords
{
    public static string Status(string status) => status switch
    {
        TriageStates.New => "New",
        TriageStates.Open => "Open",
        TriageStates.Waiting => "Waiting for the force",
        _ => "Closed",
    };

    public static string Verdict(string verdict) => verdict switch
    {
        Verdicts.TruePositive => "True positive",
        Verdicts.Benign => "Benign true positive",
        Verdicts.FalsePositive => "False positive",
        Verdicts.Undetermined => "Undetermined",
        _ => "",
    };

    public static string Meaning(string verdict) => verdict switch
    {
        Verdicts.TruePositive => "It is what the rule looks for, and harmful.",
        Verdicts.Benign => "It happened as the rule says, and was meant to.",
        Verdicts.FalsePositive => "It is not what the rule looks for.",
        _ => "It cannot be found out.",
    };

    public static Tone Tone(string status, string verdict) => (status, verdict) switch
    {
        (TriageStates.Closed, Verdicts.TruePositive) => Platform.Ui.Tone.Danger,
        (TriageStates.Waiting, _) => Platform.Ui.Tone.Warning,
        (TriageStates.Open, _) => Platform.Ui.Tone.Good,
        _ => Platform.Ui.Tone.Neutral,
    };

    /// <summary>In a narrow column: the verdict where there is one.</summary>
    public static string Short(string status, string verdict) => (status, verdict) switch
    {
        (TriageStates.Waiting, _) => "Waiting",
        (TriageStates.Closed, Verdicts.TruePositive) => "True",
        (TriageStates.Closed, Verdicts.Benign) => "Benign",
        (TriageStates.Closed, Verdicts.FalsePositive) => "False alarm",
        (TriageStates.Closed, Verdicts.Undetermined) => "Unclear",
        _ => Status(status),
    };

    public static string Icon(AlertStepRow step) => step.Act switch
    {
        "assign" => "Person",
        "open" => "FolderOpen",
        "wait" => "Clock",
        "close" => "CheckmarkCircle",
        _ => "ArrowUndo",
    };

    public static string Step(AlertStepRow step) => step.Act switch
    {
        "assign" when step.NewOwner.Length == 0 => $"{step.By} gave it back",
        "assign" when step.NewOwner == step.By => $"{step.By} took it on",
        "assign" => $"{step.By} gave it to {step.NewOwner}",
        "open" => step.OldStatus == TriageStates.Closed ? $"{step.By} opened it again" : $"{step.By} looks after it",
        "wait" => $"{step.By} waits for the force",
        "close" => $"{step.By} closed it: {Verdict(step.NewVerdict).ToLowerInvariant()}{(step.OldVerdict.Length > 0 ? $", before: {Verdict(step.OldVerdict).ToLowerInvariant()}" : "")}",
        _ => $"{step.By} took the decision back",
    };
}
