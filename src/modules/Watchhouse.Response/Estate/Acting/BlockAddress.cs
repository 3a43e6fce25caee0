using System.Globalization;
using System.Text.Json;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>
/// Blocks an address: <c>POST /api/indicators</c> of Defender, with the operation in the description. That request also changes an
/// indicator that is there, so it is looked for first. The detail is the number of days, 30 when left out.
/// </summary>
internal sealed class BlockAddress : IEstateKind
{
    private const int UsualDays = 30;
    private const int MostDays = 365;

    public EstateActionKind Kind => EstateActionKind.BlockAddress;

    public async Task<EstatePlan> PlanAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        var (address, days, why) = Read(visit, action);
        if (address is null) return EstateVisit.Impossible(why);
        var there = await FindAsync(visit, address, stop);
        if (there.Find(IsBlock) is { ValueKind: JsonValueKind.Object }) return EstateVisit.Impossible($"{address.Value} is blocked already. There is nothing to do.");
        return there.Count > 0
            ? EstateVisit.Impossible(Otherwise(address, there[0]))
            : new EstatePlan(true, $"{address.Value} is blocked on every device of the force that Defender watches, for {days} days.",
                "Whoever opens it is told that the force's administrator blocked it. It holds where network protection is in block mode, and shows after up to 48 hours.", true);
    }

    public async Task<EstateAnswer> ExecuteAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (address, days, why) = Read(visit, action);
        if (address is null) return EstateVisit.Refused(why);
        var there = await FindAsync(visit, address, stop);
        if (there.Find(each => IsBlock(each) && IsOf(each, operation.Mark)) is { ValueKind: JsonValueKind.Object } mine)
            return EstateVisit.Seen($"{address.Value} is blocked.") with { Undo = Undo(operation, mine) };
        if (there.Find(IsBlock) is { ValueKind: JsonValueKind.Object })
            return EstateVisit.Seen($"{address.Value} was found blocked by another indicator; nothing was sent, and that one is not removed automatically.");
        if (there.Count > 0) return EstateVisit.Refused(Otherwise(address, there[0]));
        var (answer, fate, body) = await visit.SendAsync(operation.Id, address.Value, HttpMethod.Post, "api/indicators", new
        {
            indicatorValue = address.Value,
            indicatorType = address.Type,
            action = "Block",
            title = "Blocked by the force",
            description = $"{operation.Mark}: approved by the force.",
            severity = "High",
            generateAlert = true,
            expirationTime = operation.DecidedAt.AddDays(days).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        }, $"Defender says that {address.Value} is blocked for {days} days.", null, stop);
        if (fate == Fate.UnderWay) return answer with { State = EstateState.Refused, Words = $"Defender has an indicator for {address.Value} that this application did not make and may not change. A person of the force looks at it in Defender." };
        // Found again by its description where the answer was lost or names none.
        return fate is Fate.Done or Fate.Unknown ? answer with { Undo = Undo(operation, body) } : answer;
    }

    public async Task<EstateAnswer> ProveAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (address, _, why) = Read(visit, action);
        if (address is null) return EstateVisit.NotSeen(why);
        var there = await FindAsync(visit, address, stop);
        return there.Find(IsBlock) is { ValueKind: JsonValueKind.Object } block
            ? EstateVisit.Seen($"Defender has the indicator that blocks {address.Value}.") with { Undo = IsOf(block, operation.Mark) ? Undo(operation, block) : null }
            : EstateVisit.NotSeen($"Defender has no indicator that blocks {address.Value}.");
    }

    public async Task<EstateAnswer> UndoAsync(EstateVisit visit, EstateAction action, EstateUndo undo, CancellationToken stop)
    {
        var (address, _, why) = Read(visit, action);
        if (address is null) return EstateVisit.Refused(why);
        var mark = new EstateOperation(undo.Operation).Mark;
        var there = await FindAsync(visit, address, stop);
        if (there.Find(each => IsOf(each, mark)) is not { ValueKind: JsonValueKind.Object } mine || mine.Text("id") is not { } id)
            return there.Exists(IsBlock)
                ? EstateVisit.Refused($"{address.Value} is blocked by an indicator that this action did not make. It is not removed automatically.")
                : EstateVisit.Seen($"Defender has no indicator of this action for {address.Value}.");
        return (await visit.SendAsync(undo.Operation, "undo " + id, HttpMethod.Delete, $"api/indicators/{Uri.EscapeDataString(id)}", null,
            $"Defender says that {address.Value} is no longer blocked by this action.", null, stop)).Answer;
    }

    private static (BlockedAddress? Address, int Days, string Why) Read(EstateVisit visit, EstateAction action)
    {
        var days = UsualDays;
        if (action.Detail.Length > 0 && (!int.TryParse(action.Detail, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > MostDays))
            return (null, 0, $"The detail is the number of days for which the address is blocked, 1 to {MostDays}.");
        var (address, why) = BlockedAddress.Read(action.Target, visit.Limits);
        return (address, days, why);
    }

    private static async Task<List<JsonElement>> FindAsync(EstateVisit visit, BlockedAddress address, CancellationToken stop)
    {
        var filter = $"indicatorValue eq '{address.Value.Replace("'", "''", StringComparison.Ordinal)}'";
        var list = await visit.Api.ListAsync($"api/indicators?$filter={Uri.EscapeDataString(filter)}", stop)
            ?? throw new EstateReadException(EstateState.Unknown, "The indicators of Defender could not be listed. It is tried again later.", "GET api/indicators", "404");
        return list.FindAll(each => string.Equals(each.Text("indicatorValue"), address.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsBlock(JsonElement indicator) => indicator.Text("action") is "Block" or "BlockAndRemediate" or "AlertAndBlock";

    private static bool IsOf(JsonElement indicator, string mark) => indicator.Text("description")?.StartsWith(mark, StringComparison.Ordinal) == true;

    private string? Undo(EstateOperation operation, JsonElement indicator) => new EstateUndo(Kind, operation.Id, indicator.Text("id") ?? "unknown").Keep();

    private static string Otherwise(BlockedAddress address, JsonElement indicator) =>
        $"Defender has an indicator for {address.Value} with the action {indicator.Text("action")}. A person of the force decides which of the two holds.";
}
