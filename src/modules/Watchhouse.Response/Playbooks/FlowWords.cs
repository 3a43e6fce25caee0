using Watchhouse.Cacao;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>How screens say what is stored of runs and actions.</summary>
internal static class FlowWords
{
    public static string Kind(EstateActionKind kind) => kind switch
    {
        EstateActionKind.RevokeSessions => "End all sessions",
        EstateActionKind.DisableAccount => "Disable account",
        EstateActionKind.RemoveConsent => "Remove consent",
        EstateActionKind.IsolateDevice => "Isolate device",
        EstateActionKind.BlockAddress => "Block address",
        EstateActionKind.RemoveInboxRule => "Remove mailbox rule",
        _ => kind.ToString(),
    };

    public static string Would(EstateAction action) => action.Kind switch
    {
        EstateActionKind.RevokeSessions => $"Every session of {action.Target} ends.",
        EstateActionKind.DisableAccount => $"{action.Target} can no longer sign in.",
        EstateActionKind.RemoveConsent => $"The application {action.Target} loses what people consented to.",
        EstateActionKind.IsolateDevice => $"{action.Target} is cut off from everything but Defender.",
        EstateActionKind.BlockAddress => $"{action.Target} is refused to the force's users.",
        EstateActionKind.RemoveInboxRule => $"The rule {action.Detail} of {action.Target} is removed.",
        _ => $"{action.Kind} of {action.Target}.",
    };

    public static string Effects(EstateActionKind kind) => kind switch
    {
        EstateActionKind.RevokeSessions => "The person signs in again on every device within the hour.",
        EstateActionKind.DisableAccount => "The person cannot work until the account is enabled again.",
        EstateActionKind.RemoveConsent => "Whatever uses the application stops working.",
        EstateActionKind.IsolateDevice => "The device reaches nothing of the force. Whoever sits at it cannot work.",
        EstateActionKind.BlockAddress => "What lies behind the address cannot be reached.",
        EstateActionKind.RemoveInboxRule => "Mail arrives as it did before the rule.",
        _ => "",
    };

    public static string Choice(string choice) => choice switch
    {
        "true" => "Yes",
        "false" => "No",
        CacaoInterpreter.None => "None of these",
        _ => char.ToUpperInvariant(choice[0]) + choice[1..].Replace('_', ' '),
    };

    public static string State(RequestState state) => state switch
    {
        RequestState.Waiting => "Waits for the force",
        RequestState.Approved => "Approved",
        RequestState.Sending => "Under way",
        RequestState.Unknown => "May be done",
        RequestState.PendingProof => "Pending proof",
        RequestState.Proven => "Proven",
        RequestState.Rejected => "Not done",
        RequestState.Refused => "Refused by the force",
        RequestState.Expired => "Expired",
        RequestState.Unproven => "Not proven",
        _ => "Withdrawn",
    };

    public static Tone Tone(RequestState state) => state switch
    {
        RequestState.Waiting or RequestState.Unknown or RequestState.Unproven => Platform.Ui.Tone.Warning,
        RequestState.Proven => Platform.Ui.Tone.Good,
        RequestState.Rejected => Platform.Ui.Tone.Danger,
        RequestState.Refused or RequestState.Expired or RequestState.Withdrawn => Platform.Ui.Tone.Neutral,
        _ => Platform.Ui.Tone.Accent,
    };

    public static string Status(RunStatus status) => status switch
    {
        RunStatus.Running => "Under way",
        RunStatus.Ended => "Done",
        RunStatus.Failed => "Failed",
        _ => "Stopped",
    };

    public static Tone Tone(RunStatus status) => status switch
    {
        RunStatus.Running => Platform.Ui.Tone.Accent,
        RunStatus.Ended => Platform.Ui.Tone.Good,
        RunStatus.Failed => Platform.Ui.Tone.Danger,
        _ => Platform.Ui.Tone.Neutral,
    };
}
