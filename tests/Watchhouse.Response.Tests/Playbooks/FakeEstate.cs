using System.Collections.Concurrent;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Tests.Playbooks;

internal enum Behaviour
{
    Proven,
    Pending,
    Refuses,
    FailsBefore,
    FailsAfter,
    DiesBefore,
    DiesAfter,
    NeverAnswers,
}

/// <summary>
/// An estate that does again what it is sent again, so that a test sees it, and that fails as told. Looking tells the truth, or
/// nothing; that nothing will come of it is known seldom, as it is of the real ones.
/// </summary>
internal sealed class FakeEstate : IEstateExecutor
{
    public ConcurrentQueue<(ForceId Force, EstateAction Action, Guid Operation)> Done { get; } = new();

    public ConcurrentQueue<(ForceId Force, EstateAction Action)> Undone { get; } = new();

    public Func<Behaviour> Next { get; set; } = () => Behaviour.Pending;

    /// <summary>Whether a look finds out how things are.</summary>
    public Func<bool> Sees { get; set; } = () => true;

    /// <summary>Whether a look that does not see it done knows that nothing will come of it.</summary>
    public Func<bool> Knows { get; set; } = () => false;

    /// <summary>Ends the program in the middle of a call.</summary>
    public Action Die { get; set; } = () => { };

    public bool IsPossible { get; set; } = true;

    public int Sent { get; private set; }

    public Task<bool> CanAsync(ForceId force, EstateActionKind kind, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<EstatePlan> PlanAsync(ForceId force, EstateAction action, CancellationToken cancellationToken) =>
        Task.FromResult(new EstatePlan(IsPossible, $"{action.Kind} of {action.Target}.", "Somebody notices.", true));

    public async Task<EstateAnswer> ExecuteAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken)
    {
        Sent++;
        var behaviour = Next();
        if (behaviour == Behaviour.Refuses) return new(EstateState.Refused, "The estate refused it.", "POST", "403");
        if (behaviour == Behaviour.FailsBefore) throw new HttpRequestException("The line is dead.");
        if (behaviour == Behaviour.DiesBefore) throw Dead();
        Done.Enqueue((force, action, operation));
        switch (behaviour)
        {
            case Behaviour.FailsAfter: throw new HttpRequestException("The answer was lost.");
            case Behaviour.DiesAfter: throw Dead();
            case Behaviour.NeverAnswers: await Task.Delay(Timeout.Infinite, CancellationToken.None); break;
        }

        return new(behaviour == Behaviour.Proven ? EstateState.Proven : EstateState.PendingProof, "It is under way.", "POST", "202", "as it was");
    }

    public Task<EstateAnswer> ProveAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken)
    {
        if (!Sees()) return Task.FromResult(new EstateAnswer(EstateState.Unknown, "It cannot be seen.", "GET", "503"));
        var isSo = Done.Any(each => each.Operation == operation) && !Undone.Any(each => each.Force == force && each.Action == action);
        return Task.FromResult(isSo ? new EstateAnswer(EstateState.Proven, "It was seen.", "GET", "200") : new EstateAnswer(Knows() ? EstateState.Refused : EstateState.PendingProof, "It is not to be seen.", "GET", "200"));
    }

    public Task<EstateAnswer> UndoAsync(ForceId force, EstateAction action, string undo, CancellationToken cancellationToken)
    {
        if (Undone.Contains((force, action))) return Task.FromResult(new EstateAnswer(EstateState.Proven, $"Put back {undo}.", "GET", "200"));
        Undone.Enqueue((force, action));
        return Task.FromResult(new EstateAnswer(EstateState.PendingProof, "It is being put back.", "DELETE", "202"));
    }

    private OperationCanceledException Dead()
    {
        Die();
        return new OperationCanceledException("The program ended.");
    }
}
