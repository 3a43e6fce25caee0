using System.Text.Json;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Playbooks;

/// <summary>
/// The imaginary estates of the demonstration's imaginary forces. Proof comes some seconds after the answer, as it does elsewhere; and as an
/// estate is not the house's, it is as it was when the house starts again: what was done stands in a file of its own.
/// </summary>
internal sealed class DemonstrationEstate(TimeProvider clock, HouseDirectory directory) : IEstateExecutor
{
    private const int MostKept = 10_000;
    private readonly Lock _gate = new();
    private Dictionary<string, DateTimeOffset>? _done;

    private string File => Path.Combine(directory.Path, "demonstration-estate.json");

    public Task<bool> CanAsync(ForceId force, EstateActionKind kind, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<EstatePlan> PlanAsync(ForceId force, EstateAction action, CancellationToken cancellationToken) =>
        Task.FromResult(new EstatePlan(true, FlowWords.Would(action), FlowWords.Effects(action.Kind), CanUndo(action.Kind)));

    public Task<EstateAnswer> ExecuteAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var done = Open();
            if (done.Count >= MostKept) done.Clear();
            // The same again does nothing twice.
            if (done.TryAdd(Key(force, action), clock.GetUtcNow())) Keep(done);
        }

        return Task.FromResult(new EstateAnswer(EstateState.PendingProof, "The imaginary estate took it on.", $"{action.Kind} {action.Target}", "202 Accepted", CanUndo(action.Kind) ? "as before" : null));
    }

    public Task<EstateAnswer> ProveAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken)
    {
        DateTimeOffset? at;
        lock (_gate) at = Open().TryGetValue(Key(force, action), out var known) ? known : null;
        return Task.FromResult(at is null || clock.GetUtcNow() - at < TimeSpan.FromSeconds(4)
            ? new EstateAnswer(EstateState.PendingProof, "It is not to be seen yet.", $"Look at {action.Target}", "")
            : new EstateAnswer(EstateState.Proven, "It was seen in the imaginary estate.", $"Look at {action.Target}", "200 OK"));
    }

    public Task<EstateAnswer> UndoAsync(ForceId force, EstateAction action, string undo, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var done = Open();
            if (done.Remove(Key(force, action))) Keep(done);
        }

        return Task.FromResult(new EstateAnswer(EstateState.Proven, "The imaginary estate is as it was before.", $"Undo {action.Kind} {action.Target}", "200 OK"));
    }

    private static bool CanUndo(EstateActionKind kind) => kind != EstateActionKind.RevokeSessions;

    private static string Key(ForceId force, EstateAction action) => $"{force}/{action.Kind}/{action.Target}/{action.Detail}";

    private Dictionary<string, DateTimeOffset> Open()
    {
        if (_done is not null) return _done;
        try
        {
            return _done = System.IO.File.Exists(File) ? JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(System.IO.File.ReadAllBytes(File)) ?? [] : [];
        }
        catch (JsonException)
        {
            // Nothing real is lost with it.
            return _done = [];
        }
    }

    private void Keep(Dictionary<string, DateTimeOffset> done)
    {
        var fresh = File + ".new";
        System.IO.File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(done));
        System.IO.File.Move(fresh, File, overwrite: true);
    }
}
