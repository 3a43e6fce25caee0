using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>
/// The way into forces' estates, with a bound on how long anything is waited for. A demonstration acts on an imaginary estate and
/// never on a real one.
/// </summary>
internal sealed class EstateDoor(IEnumerable<IEstateExecutor> executors, DemonstrationEstate imaginary, DemonstrationMode mode, TimeProvider clock)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly IEstateExecutor? _executor = mode.On ? imaginary : executors.LastOrDefault();

    public async Task<EstatePlan> PlanAsync(ForceId force, EstateAction action, CancellationToken cancellationToken)
    {
        const string ByHand = "Do it by hand in the estate, and record the step as done.";
        if (_executor is null) return new(false, $"This house has no way into forces' estates. {ByHand}", "", false);
        try
        {
            if (!await WithinAsync(stop => _executor.CanAsync(force, action.Kind, stop), cancellationToken))
                return new(false, $"{force} has not let this house do this in its estate. {ByHand}", "", false);
            return await WithinAsync(stop => _executor.PlanAsync(force, action, stop), cancellationToken);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return new(false, "The force's estate did not answer, so it is not known what the action would do. Try again, or do it by hand.", "", false);
        }
    }

    /// <summary>Sends it. Whatever goes wrong on the way, it may have been done.</summary>
    public Task<EstateAnswer> SendAsync(EstateRequest request, string? undo, CancellationToken cancellationToken) => AskAsync(
        (executor, stop) => undo is null
            ? executor.ExecuteAsync(request.ForceId, request.Action, request.Id, stop)
            : executor.UndoAsync(request.ForceId, request.Action, undo, stop), cancellationToken);

    /// <summary>Looks whether the action's effect is there.</summary>
    public Task<EstateAnswer> ProveAsync(EstateRequest request, Guid operation, CancellationToken cancellationToken) =>
        AskAsync((executor, stop) => executor.ProveAsync(request.ForceId, request.Action, operation, stop), cancellationToken);

    private async Task<EstateAnswer> AskAsync(Func<IEstateExecutor, CancellationToken, Task<EstateAnswer>> ask, CancellationToken cancellationToken)
    {
        if (_executor is null) return new(EstateState.Unknown, "This house has no way into the estate any more.", "", "");
        try
        {
            return await WithinAsync(stop => ask(_executor, stop), cancellationToken);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return new(EstateState.Unknown, e is TimeoutException ? "The estate did not answer in time." : "The estate could not be asked.", "", RunOperations.Cut(e.Message, 500));
        }
    }

    // An executor that does not stop when it is told to is left behind: its answer is asked for by a look, not waited for.
    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await Task.Run(() => call(stop.Token), cancellationToken).WaitAsync(Longest, clock, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
