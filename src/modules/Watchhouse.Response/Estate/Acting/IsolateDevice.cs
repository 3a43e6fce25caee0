using System.Text.Json;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>
/// Isolates: <c>POST /api/machines/{id}/isolate</c>. Defender keeps a list of actions with their comments; the operation stands in the
/// comment and is looked for there. A second isolation of an isolated device would hang, so the list is read before anything is sent.
/// </summary>
internal sealed class IsolateDevice : IEstateKind
{
    public EstateActionKind Kind => EstateActionKind.IsolateDevice;

    public async Task<EstatePlan> PlanAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        var (device, why) = await EstateDevice.FindAsync(visit, action.Target, stop);
        if (device is null) return EstateVisit.Impossible(why);
        var state = await StateAsync(visit, device, stop);
        if (state.Isolated || state.Open(Isolate) is not null)
            return EstateVisit.Impossible($"{device.Words} is isolated already, or about to be. There is nothing to do.");
        return new EstatePlan(true, $"{device.Words} is cut off from the network, but for Defender.",
            "Who works at it loses network and mail at once and is told so by Windows. A device that is switched off is isolated when it comes on. "
            + (device.Health == "Active" ? "" : $"Defender says of it: {device.Health}."), true);
    }

    public async Task<EstateAnswer> ExecuteAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (device, why) = await EstateDevice.FindAsync(visit, action.Target, stop);
        if (device is null) return EstateVisit.Refused(why);
        var state = await StateAsync(visit, device, stop);
        if (state.Of(operation.Mark, Isolate) is { } mine) return Told(device, mine, state, operation);
        if (state.Isolated) return EstateVisit.Seen($"{device.Words} was found isolated by another action; nothing was sent, and it is not released automatically.");
        if (state.Open(Isolate) is { } other) return EstateVisit.NotSeen($"An isolation of {device.Words} by somebody else is under way ({other.Status}); nothing was sent, and it is not released automatically.");
        var (answer, fate, body) = await visit.SendAsync(operation.Id, device.Id, HttpMethod.Post, $"api/machines/{device.Id}/isolate",
            new { Comment = $"{operation.Mark}: approved by the force.", IsolationType = "Full" },
            $"Defender takes the isolation of {device.Words} in hand.", new EstateUndo(Kind, operation.Id, device.Id), stop);
        // It may answer with the action of somebody else that was under way.
        return fate == Fate.Done && body.Text("requestorComment") is { } comment && !comment.Contains(operation.Mark, StringComparison.Ordinal)
            ? answer with { Words = $"An isolation of {device.Words} by somebody else is under way; it is not released automatically.", Undo = null }
            : answer;
    }

    public async Task<EstateAnswer> ProveAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (device, why) = await EstateDevice.FindAsync(visit, action.Target, stop);
        if (device is null) return EstateVisit.NotSeen(why);
        var state = await StateAsync(visit, device, stop);
        if (state.Isolated) return EstateVisit.Seen($"Defender says that {device.Words} is isolated.");
        return state.Of(operation.Mark, Isolate) is { } mine ? Told(device, mine, state, operation)
            : state.Open(Isolate) is { } other ? EstateVisit.NotSeen($"The isolation of {device.Words} is {other.Status}.")
            : EstateVisit.NotSeen($"Defender has no isolation of {device.Words} that has been done.");
    }

    public async Task<EstateAnswer> UndoAsync(EstateVisit visit, EstateAction action, EstateUndo undo, CancellationToken stop)
    {
        var (device, why) = await EstateDevice.FindAsync(visit, undo.Id, stop);
        if (device is null) return EstateVisit.Refused(why);
        var state = await StateAsync(visit, device, stop);
        if (state.Open(Release) is not null) return EstateVisit.NotSeen($"The release of {device.Words} is under way.");
        if (state.Open(Isolate) is null && !state.Isolated) return EstateVisit.Seen($"Defender says that {device.Words} is not isolated.");
        return (await visit.SendAsync(undo.Operation, "undo " + device.Id, HttpMethod.Post, $"api/machines/{device.Id}/unisolate",
            new { Comment = $"Undo of {new EstateOperation(undo.Operation).Mark}" }, $"Defender takes the release of {device.Words} in hand.", null, stop)).Answer;
    }

    private const string Isolate = "Isolate";
    private const string Release = "Unisolate";

    private static EstateAnswer Told(EstateDevice device, MachineAction mine, Machine state, EstateOperation operation)
    {
        var undo = new EstateUndo(EstateActionKind.IsolateDevice, operation.Id, device.Id).Keep();
        return mine.Status switch
        {
            "Succeeded" when state.Isolated => EstateVisit.Seen($"Defender says that {device.Words} is isolated.") with { Undo = undo },
            "Succeeded" => EstateVisit.NotSeen($"{device.Words} was isolated, and has been released since.") with { Undo = undo },
            "Failed" or "TimeOut" or "Cancelled" => EstateVisit.Refused($"Defender did not isolate {device.Words}: the action is {mine.Status}. Try again as a new action, or cut it off otherwise."),
            _ => EstateVisit.NotSeen($"The isolation of {device.Words} is under way ({mine.Status}).") with { Undo = undo },
        };
    }

    private static async Task<Machine> StateAsync(EstateVisit visit, EstateDevice device, CancellationToken stop)
    {
        var list = await visit.Api.ListAsync($"api/machineactions?$filter={Uri.EscapeDataString($"machineId eq '{device.Id}'")}", stop)
            ?? throw new EstateReadException(EstateState.Unknown, $"The actions on {device.Words} could not be listed. It is tried again later.", "GET api/machineactions", "404");
        return new Machine([.. list.Where(each => each.Text("machineId") == device.Id).Select(Read).OrderByDescending(each => each.At)]);
    }

    private static MachineAction Read(JsonElement one) =>
        new(one.Text("type") ?? "", one.Text("status") ?? "", one.Text("requestorComment") ?? "", one.Moment("creationDateTimeUtc") ?? DateTimeOffset.MinValue);

    private sealed record MachineAction(string Type, string Status, string Comment, DateTimeOffset At);

    /// <summary>A device's actions, the newest first.</summary>
    private sealed record Machine(IReadOnlyList<MachineAction> Actions)
    {
        public bool Isolated => Actions.FirstOrDefault(each => each is { Status: "Succeeded", Type: Isolate or Release }) is { Type: Isolate };

        public MachineAction? Of(string mark, string type) => Actions.FirstOrDefault(each => each.Type == type && each.Comment.StartsWith(mark, StringComparison.Ordinal));

        public MachineAction? Open(string type) => Actions.FirstOrDefault(each => each.Type == type && each.Status is "Pending" or "InProgress");
    }
}
