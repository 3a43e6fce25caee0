using System.Collections.Concurrent;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>The imaginary estates of the demonstration's imaginary forces. Proof comes some seconds after the answer, as it does elsewhere.</summary>
internal sealed class DemonstrationEstate(TimeProvider clock) : IEstateExecutor
{
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<(ForceId, EstateAction), DateTimeOffset> _done = new();

    public Task<bool> CanAsync(ForceId force, EstateActionKind kind, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<EstatePlan> PlanAsync(ForceId force, EstateAction action, CancellationToken cancellationToken) =>
        Task.FromResult(new EstatePlan(true, FlowWords.Would(action), FlowWords.Effects(action.Kind), CanUndo(action.Kind)));

    public Task<EstateAnswer> ExecuteAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken)
    {
        if (_done.Count >= MostKept) _done.Clear();
        _done[(force, action)] = clock.GetUtcNow();
        return Task.FromResult(new EstateAnswer(EstateState.PendingProof, "The imaginary estate took it on.", $"{action.Kind} {action.Target}", "202 Accepted", CanUndo(action.Kind) ? "as before" : null));
    }

    public Task<EstateAnswer> ProveAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken) => Task.FromResult(
        !_done.TryGetValue((force, action), out var at) ? new EstateAnswer(EstateState.Refused, "The imaginary estate is as it was before.", $"Look at {action.Target}", "")
        : clock.GetUtcNow() - at < TimeSpan.FromSeconds(4) ? new EstateAnswer(EstateState.PendingProof, "It is not to be seen yet.", $"Look at {action.Target}", "")
        : new EstateAnswer(EstateState.Proven, "It was seen in the imaginary estate.", $"Look at {action.Target}", "200 OK"));

    public Task<EstateAnswer> UndoAsync(ForceId force, EstateAction action, string undo, CancellationToken cancellationToken)
    {
        _done.TryRemove((force, action), out _);
        return Task.FromResult(new EstateAnswer(EstateState.Proven, "The imaginary estate is as it was before.", $"Undo {action.Kind} {action.Target}", "200 OK"));
    }

    private static bool CanUndo(EstateActionKind kind) => kind != EstateActionKind.RevokeSessions;
}
