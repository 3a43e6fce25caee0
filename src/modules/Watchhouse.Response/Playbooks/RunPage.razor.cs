using Microsoft.AspNetCore.Components;
using Watchhouse.Cacao;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Playbooks;

public sealed partial class RunPage
{
    private RunDetail? _run;
    private Deed? _deed;
    private string _forceName = "";
    private bool _mayWork;
    private bool _planning;

    [Parameter] public Guid Id { get; set; }

    [Inject] private RunOperations Operations { get; set; } = default!;

    [Inject] private RequestOperations Requests { get; set; } = default!;

    [Inject] private Toasts Toasts { get; set; } = default!;

    private IReadOnlyList<CacaoStep> Waiting => _run is null ? [] : [.. _run.State.Waiting.Select(thread => _run.Playbook.Steps[thread.Step])];

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var found = await Queries.FindAsync(principal, Id, Reason, cancellationToken, Again);
        if (!found.Succeeded) return found.Failure;
        _run = found.Value;
        var force = _run.Model.Run.Force;
        _mayWork = principal.May(Permissions.RunsWork, force);
        _forceName = (await Directory.ListAsync(cancellationToken)).FirstOrDefault(each => each.Id == force)?.Name ?? force.Value;
        return null;
    }

    // Requests come the newest first. A step that a loop came back to begins anew: what was done before it belongs to its round.
    private EstateRequest? Latest(string step) =>
        _run!.Requests.FirstOrDefault(each => each.Step == step && each.Undoes is null) is { State: not RequestState.Proven } latest ? latest : null;

    private void Complete(CacaoStep step, bool succeeded) => _deed = new($"Record '{step.Name}' as {(succeeded ? "done" : "not done")}?", succeeded ? "Record as done" : "Record as not done", "Note", $"'{step.Name}' is recorded",
        async (principal, text) => (await Operations.CompleteAsync(principal, Id, step.Id, succeeded, text, null, CancellationToken.None)).Failure)
    {
        Keep = "Record nothing",
        Hint = succeeded ? "What was done, by whom, and where the evidence lies." : "Why it could not be done, and what that leaves open.",
    };

    private void Decide(CacaoStep step, string choice) => _deed = new($"{step.Name} {FlowWords.Choice(choice)}", $"Decide: {FlowWords.Choice(choice).ToLowerInvariant()}", "Reason", $"'{step.Name}' is decided",
        async (principal, text) => (await Operations.DecideAsync(principal, Id, step.Id, choice, text, null, CancellationToken.None)).Failure)
    {
        Keep = "Decide nothing",
        Lines = [CacaoIds.Fill(step.Description, _run!.State.Variables)],
        Hint = "What the decision rests on.",
    };

    private void Assign(CacaoVariable variable)
    {
        var name = CacaoIds.Plain(variable.Name).Trim('[', ']');
        _deed = new($"What is the {name}?", "Set value", variable.Description, $"The {name} is set",
            async (principal, text) => (await Operations.AssignAsync(principal, Id, variable.Name, text, null, CancellationToken.None)).Failure)
        {
            Keep = "Keep value",
            Text = _run!.State.Variables.GetValueOrDefault(variable.Name, ""),
        };
    }

    private async Task AskAsync(CacaoStep step)
    {
        if (_planning || await ActAsync() is not { } actor) return;
        _planning = true;
        try
        {
            var planned = await Requests.PlanAsync(actor, Id, step.Id, Leaving);
            if (!planned.Succeeded || !planned.Value.Plan.IsPossible)
            {
                Toasts.Say(planned.Failure?.Message ?? planned.Value!.Plan.Changes, ToastTone.Problem);
                return;
            }

            var (action, plan) = (planned.Value.Action, planned.Value.Plan);
            var needed = RequestRules.Needed(action.Kind) == 2 ? "Two different people of the force decide." : "One person of the force decides.";
            _deed = new($"Ask the force: {FlowWords.Kind(action.Kind).ToLowerInvariant()} of {action.Target}?", "Ask the force", "Why it is needed", "The force was asked",
                async (principal, text) => (await Requests.AskAsync(principal, Id, step.Id, text, CancellationToken.None)).Failure)
            {
                Keep = "Ask nothing",
                Lines = [$"The dry run says: {plan.Changes}", plan.Effects, plan.CanBeUndone ? "It can be undone." : "It cannot be undone.", $"{needed} A standing authority of the force may cover it."],
                Hint = "Who decides reads this.",
            };
        }
        catch (AccessRefusedException refused)
        {
            State = LoadState.From(refused.Failure);
        }
        finally
        {
            _planning = false;
        }
    }

    private void GiveUp(EstateRequest request) => _deed = new($"Stop waiting for the proof of '{request.StepName}'?", "Stop waiting", "What you found in the estate", "It is no longer waited for",
        async (principal, text) => (await Requests.GiveUpAsync(principal, request.Id, text, CancellationToken.None)).Failure) { Keep = "Go on waiting" };

    private void Withdraw(EstateRequest request) => _deed = new($"Withdraw '{request.StepName}'?", "Withdraw request", "Reason", "The request is withdrawn",
        async (principal, text) => (await Requests.WithdrawAsync(principal, request.Id, text, CancellationToken.None)).Failure) { Keep = "Keep request" };

    private void Undo(EstateRequest request) => _deed = new($"Ask the force to undo '{request.StepName}'?", "Ask to undo", "Why it can be undone", "The force was asked to undo it",
        async (principal, text) => (await Requests.AskUndoAsync(principal, request.Id, text, CancellationToken.None)).Failure)
    {
        Keep = "Leave it as it is",
        Lines = [$"What was done to {request.Target} is put back, when the force approves: the same number of people decide as before."],
    };

    private void Stop() => _deed = new("Stop this run?", "Stop run", "Reason", "The run is stopped",
        async (principal, text) => (await Operations.StopAsync(principal, Id, text, null, CancellationToken.None)).Failure)
    {
        Keep = "Go on",
        Danger = true,
        Lines = ["What waits for approval is withdrawn. What is under way in the estate goes on to its proof."],
    };

    private Task DoneAsync(string said)
    {
        Toasts.Say(said);
        return RefreshAsync();
    }

    private static string Icon(EntryModel entry) => entry.Kind switch
    {
        "done" or "approved" or "ended" => "Checkmark",
        "failed" or "refused" or "stopped" or "withdrawn" => "Dismiss",
        "decided" => "BranchFork",
        "action" => "Flash",
        _ => "Circle",
    };

    private static Tone ToneOf(EntryModel entry) => entry.Kind switch
    {
        "done" or "approved" => Tone.Good,
        "failed" or "refused" => Tone.Warning,
        "action" or "decided" => Tone.Accent,
        _ => Tone.Neutral,
    };
}
