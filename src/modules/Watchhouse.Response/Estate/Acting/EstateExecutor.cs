using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>Acts through Microsoft Graph and Defender for Endpoint.</summary>
internal sealed class EstateExecutor(EstateDoor door, IEnumerable<IEstateKind> kinds) : IEstateExecutor
{
    private readonly Dictionary<EstateActionKind, IEstateKind> _kinds = kinds.ToDictionary(kind => kind.Kind);

    public Task<bool> CanAsync(ForceId force, EstateActionKind kind, CancellationToken cancellationToken) => door.IsOpenAsync(force, kind, cancellationToken);

    public async Task<EstatePlan> PlanAsync(ForceId force, EstateAction action, CancellationToken cancellationToken)
    {
        if (Fault(action) is { } fault) return EstateVisit.Impossible(fault);
        try
        {
            return await door.EnterAsync(force, action.Kind, visit => _kinds[action.Kind].PlanAsync(visit, action, cancellationToken), cancellationToken);
        }
        catch (EstateReadException e)
        {
            return EstateVisit.Impossible(e.Message);
        }
    }

    public async Task<EstateAnswer> ExecuteAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken)
    {
        var decided = EstateOperation.Of(operation);
        if (Fault(action) is { } fault) return EstateVisit.Refused(fault);
        using var pass = await door.Sent.EnterAsync(operation, cancellationToken);
        return await AnswerAsync(force, action, visit => _kinds[action.Kind].ExecuteAsync(visit, action, decided, cancellationToken), e => e.State, cancellationToken);
    }

    public async Task<EstateAnswer> ProveAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken)
    {
        var decided = EstateOperation.Of(operation);
        if (Fault(action) is { } fault) return EstateVisit.Refused(fault);
        // Not to be able to look says nothing about what was done.
        return await AnswerAsync(force, action, visit => _kinds[action.Kind].ProveAsync(visit, action, decided, cancellationToken), _ => EstateState.Unknown, cancellationToken);
    }

    public async Task<EstateAnswer> UndoAsync(ForceId force, EstateAction action, string undo, CancellationToken cancellationToken)
    {
        if (Fault(action) is { } fault) return EstateVisit.Refused(fault);
        if (EstateUndo.Read(undo, action.Kind) is not { } kept) return EstateVisit.Refused("What was kept of the state before cannot be read. A person puts things back.");
        using var pass = await door.Sent.EnterAsync(kept.Operation, cancellationToken);
        return await AnswerAsync(force, action, visit => _kinds[action.Kind].UndoAsync(visit, action, kept, cancellationToken), e => e.State, cancellationToken);
    }

    private async Task<EstateAnswer> AnswerAsync(
        ForceId force, EstateAction action, Func<EstateVisit, Task<EstateAnswer>> work, Func<EstateReadException, EstateState> state, CancellationToken stop)
    {
        try
        {
            return await door.EnterAsync(force, action.Kind, work, stop);
        }
        catch (EstateReadException e)
        {
            return new EstateAnswer(state(e), e.Message, e.Request, e.Answer);
        }
    }

    private string? Fault(EstateAction action) =>
        !_kinds.ContainsKey(action.Kind) ? "There is no such kind of action."
        : string.IsNullOrWhiteSpace(action.Target) || action.Target.Length > 2_000 ? "Say what it is done to."
        : null;
}
