using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Alerts.Triage;

/// <summary>Where an alert stands.</summary>
internal static class TriageStates
{
    /// <summary>Nobody has looked after it.</summary>
    public const string New = "new";

    /// <summary>Somebody looks after it.</summary>
    public const string Open = "open";

    /// <summary>The force was asked something, or is to act.</summary>
    public const string Waiting = "waiting";

    /// <summary>It was said what it was.</summary>
    public const string Closed = "closed";

    public static readonly IReadOnlyList<string> All = [New, Open, Waiting, Closed];
}

/// <summary>What an alert was.</summary>
internal static class Verdicts
{
    public const string TruePositive = "truePositive";

    /// <summary>It happened as the rule says, and was meant to: a test, a planned change.</summary>
    public const string Benign = "benignTruePositive";

    public const string FalsePositive = "falsePositive";
    public const string Undetermined = "undetermined";

    public static readonly IReadOnlyList<string> All = [TruePositive, Benign, FalsePositive, Undetermined];
}

/// <summary>What somebody wants to do with an alert.</summary>
internal enum TriageAct
{
    /// <summary>Give it to somebody; nobody for an empty owner.</summary>
    Assign,

    /// <summary>Look after it, again where it waited or was closed.</summary>
    Open,
    Wait,
    Close,
}

/// <summary>What is to be decided.</summary>
internal sealed record TriageOrder(TriageAct Act)
{
    public const int LongestReason = 1000;

    public string Owner { get; init; } = "";

    public string OwnerName { get; init; } = "";

    public string? Verdict { get; init; }

    public string Reason { get; init; } = "";
}

/// <summary>An alert's state as far as people decide it.</summary>
internal sealed record TriageState(string Status, string Owner, string OwnerName, string Verdict)
{
    public static TriageState Of(Alert alert) => new(alert.Status, alert.Owner, alert.OwnerName, alert.Verdict);
}

/// <summary>Which decision follows which. Pure.</summary>
internal static class TriageRules
{
    // From, act, to. What is not here is refused with a sentence.
    private static readonly Dictionary<(string From, TriageAct Act), string> Table = new()
    {
        [(TriageStates.New, TriageAct.Assign)] = TriageStates.Open,
        [(TriageStates.Open, TriageAct.Assign)] = TriageStates.Open,
        [(TriageStates.Waiting, TriageAct.Assign)] = TriageStates.Waiting,
        [(TriageStates.New, TriageAct.Open)] = TriageStates.Open,
        [(TriageStates.Waiting, TriageAct.Open)] = TriageStates.Open,
        [(TriageStates.Closed, TriageAct.Open)] = TriageStates.Open,
        [(TriageStates.New, TriageAct.Wait)] = TriageStates.Waiting,
        [(TriageStates.Open, TriageAct.Wait)] = TriageStates.Waiting,
        [(TriageStates.New, TriageAct.Close)] = TriageStates.Closed,
        [(TriageStates.Open, TriageAct.Close)] = TriageStates.Closed,
        [(TriageStates.Waiting, TriageAct.Close)] = TriageStates.Closed,
        [(TriageStates.Closed, TriageAct.Close)] = TriageStates.Closed,
    };

    /// <summary>What stands against the order itself, whatever alert it is about.</summary>
    public static Failure? Fault(TriageOrder order)
    {
        if (order.Reason.Length > TriageOrder.LongestReason) return Failure.Invalid($"Give the reason in at most {TriageOrder.LongestReason} characters.", "reason");
        if (order.Act == TriageAct.Close)
        {
            if (order.Verdict is null || !Verdicts.All.Contains(order.Verdict))
                return Failure.Invalid($"Say what it was: {string.Join(", ", Verdicts.All)}.", "verdict");
            if (string.IsNullOrWhiteSpace(order.Reason)) return Failure.Invalid("Say in a sentence why: the next person who meets such an alert reads it.", "reason");
        }

        return order.Act == TriageAct.Wait && string.IsNullOrWhiteSpace(order.Reason)
            ? Failure.Invalid("Say what the force was asked, or is to do.", "reason") : null;
    }

    /// <summary>The state after the order.</summary>
    /// <param name="before">As it is.</param>
    /// <param name="order">A faultless one.</param>
    /// <param name="me">Id of who decides; has what nobody has when it is opened, waits or closes.</param>
    /// <param name="myName">Their name.</param>
    public static Outcome<TriageState> After(TriageState before, TriageOrder order, string me, string myName)
    {
        if (!Table.TryGetValue((before.Status, order.Act), out var status))
            return Failure.Conflict(before.Status == TriageStates.Closed ? "It is closed. Open it again first, with a reason."
                : order.Act == TriageAct.Wait ? "It waits for the force already." : "Somebody looks after it already.");
        if (before.Status == TriageStates.Closed && order.Act == TriageAct.Open && string.IsNullOrWhiteSpace(order.Reason))
            return Failure.Invalid("Say why a closed alert is opened again.", "reason");
        if (order.Act == TriageAct.Assign)
        {
            if (before.Owner == order.Owner && (before.Status == status || order.Owner.Length == 0))
                return Failure.Conflict(order.Owner.Length == 0 ? "Nobody has it already." : $"{before.OwnerName} has it already.");
            // Given back, it stands as if nobody had looked; what waits for the force goes on waiting.
            var back = order.Owner.Length == 0 && before.Status == TriageStates.Open ? TriageStates.New : status;
            return new TriageState(back, order.Owner, order.OwnerName, "");
        }

        var (owner, name) = before.Owner.Length == 0 ? (me, myName) : (before.Owner, before.OwnerName);
        var after = new TriageState(status, owner, name, order.Act == TriageAct.Close ? order.Verdict! : "");
        return after == before && order.Act == TriageAct.Close
            ? Failure.Conflict("It is closed with this verdict already.") : after;
    }
}
