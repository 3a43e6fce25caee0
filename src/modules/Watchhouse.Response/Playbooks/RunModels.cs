using Watchhouse.Cacao;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Playbooks;

internal sealed record PlaybookModel(Guid Id, string Name, string Description, int Severity, int Steps, int EstateSteps, IReadOnlyList<string> Labels, DateTimeOffset Modified);

internal sealed record RunRow(Guid Id, ForceId Force, string Name, string Status, string Severity, string StartedBy, DateTimeOffset StartedAt, DateTimeOffset ChangedAt, Guid? AlertId, Guid? IncidentId);

/// <summary>A step that somebody has to do something about.</summary>
internal sealed record WaitingStep(string Step, string Name, string Kind, string? Action, IReadOnlyList<string> Choices);

internal sealed record EntryModel(DateTimeOffset At, string By, string Step, string Kind, string Words);

internal sealed record DecisionModel(string Person, bool Agrees, string Reason, DateTimeOffset At);

internal sealed record ActionModel(Guid Id, Guid Run, ForceId Force, string Step, string StepName, string Kind, string Target, string Detail, Guid? Undoes, string Severity, string State,
    string Words, string Changes, string Effects, bool CanBeUndone, string RequestedBy, DateTimeOffset RequestedAt, string Why, int Needed, DateTimeOffset ExpiresAt, Guid? Authority,
    int Sent, string Request, string Answer, bool HasUndo, IReadOnlyList<DecisionModel> Decisions)
{
    public static ActionModel Of(EstateRequest request, IEnumerable<EstateDecision> decisions) => new(request.Id, request.RunId, request.ForceId, request.Step, request.StepName,
        request.Kind.ToString(), request.Target, request.Detail, request.Undoes, request.Severity.ToString(), request.State.ToString(), request.Words, request.Changes, request.Effects,
        request.CanBeUndone, request.RequestedBy, request.RequestedAt, request.Why, request.Needed, request.ExpiresAt, request.AuthorityId, request.Sent, request.Request, request.Answer,
        request.Undo is not null, [.. decisions.Where(each => each.RequestId == request.Id).OrderBy(each => each.At).Select(each => new DecisionModel(each.Person, each.Agrees, each.Reason, each.At))]);
}

internal sealed record RunModel(RunRow Run, uint Version, IReadOnlyList<WaitingStep> Waiting, IReadOnlyDictionary<string, string> Variables, IReadOnlyDictionary<string, CacaoPassage> Passed,
    IReadOnlyList<ActionModel> Actions, IReadOnlyList<EntryModel> Entries);

/// <summary>A run with everything that a screen draws.</summary>
internal sealed record RunDetail(RunModel Model, CacaoPlaybook Playbook, CacaoRun State, IReadOnlyList<EstateRequest> Requests);

internal sealed record AuthorityModel(Guid Id, ForceId Force, string Purpose, IReadOnlyList<string> Kinds, string Target, int MostPerDay, string LeastSeverity, DateTimeOffset Until,
    DateTimeOffset GrantedAt, string GrantedBy, string? ConfirmedBy, DateTimeOffset? RevokedAt, string? RevokedBecause, string State, bool MayConfirm, uint Version);
