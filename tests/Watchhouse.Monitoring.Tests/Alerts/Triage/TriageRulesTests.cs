using Watchhouse.Monitoring.Alerts.Triage;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Tests.Alerts.Triage;

/// <summary>Which decision follows which.</summary>
public sealed class TriageRulesTests
{
    private static readonly TriageState New = new(TriageStates.New, "", "", "");
    private static readonly TriageState Mine = new(TriageStates.Open, "me", "Me", "");
    private static readonly TriageState Waiting = new(TriageStates.Waiting, "me", "Me", "");
    private static readonly TriageState Closed = new(TriageStates.Closed, "me", "Me", Verdicts.FalsePositive);

    [Fact]
    public void After_EachOrderOnEachState_FollowsTheTable()
    {
        var assign = new TriageOrder(TriageAct.Assign) { Owner = "you", OwnerName = "You" };
        var back = new TriageOrder(TriageAct.Assign);
        var open = new TriageOrder(TriageAct.Open);
        var openWhy = open with { Reason = "It came again." };
        var wait = new TriageOrder(TriageAct.Wait) { Reason = "Asked the person." };
        var close = new TriageOrder(TriageAct.Close) { Verdict = Verdicts.Benign, Reason = "A test." };
        (TriageState From, TriageOrder Order, string To)[] cases =
        [
            (New, assign, "open you "), (New, back, "conflict"), (New, open, "open me "), (New, wait, "waiting me "), (New, close, "closed me benignTruePositive"),
            (Mine, assign, "open you "), (Mine, back, "new  "), (Mine, open, "conflict"), (Mine, wait, "waiting me "), (Mine, close, "closed me benignTruePositive"),
            (Waiting, assign, "waiting you "), (Waiting, back, "waiting  "), (Waiting, open, "open me "), (Waiting, wait, "conflict"), (Waiting, close, "closed me benignTruePositive"),
            (Closed, assign, "conflict"), (Closed, back, "conflict"), (Closed, open, "invalid"), (Closed, openWhy, "open me "), (Closed, wait, "conflict"),
            (Closed, close, "closed me benignTruePositive"), (Closed, close with { Verdict = Verdicts.FalsePositive }, "conflict"),
        ];

        foreach (var (from, order, to) in cases)
        {
            var after = TriageRules.After(from, order, "me", "Me");
            var said = after.Succeeded ? $"{after.Value.Status} {after.Value.Owner} {after.Value.Verdict}"
                : after.Failure.Kind == FailureKind.Invalid ? "invalid" : "conflict";
            Assert.Equal((from, order, to), (from, order, said));
        }
    }

    [Fact]
    public void After_AnyHistory_NeverClosesWithoutVerdictAndOwner()
    {
        var random = new Random(7);
        for (var history = 0; history < 500; history++)
        {
            var state = New;
            for (var step = 0; step < 12; step++)
            {
                var order = new TriageOrder((TriageAct)random.Next(4))
                {
                    Owner = random.Next(2) == 0 ? "" : "you", Verdict = Verdicts.All[random.Next(4)], Reason = random.Next(2) == 0 ? "" : "why",
                };
                if (TriageRules.Fault(order) is not null) continue;
                if (TriageRules.After(state, order, "me", "Me") is { Succeeded: true, Value: var after }) state = after;
                Assert.Equal(state.Status == TriageStates.Closed, state.Verdict.Length > 0);
                if (state.Status is TriageStates.Closed or TriageStates.Open) Assert.NotEmpty(state.Owner);
            }
        }
    }

    [Theory]
    [InlineData("Close", null, "why", "verdict")]
    [InlineData("Close", "maybe", "why", "verdict")]
    [InlineData("Close", "falsePositive", " ", "reason")]
    [InlineData("Wait", null, "", "reason")]
    public void Fault_OfAnOrderThatLacksSomething_NamesTheField(string act, string? verdict, string reason, string field) =>
        Assert.Equal(field, TriageRules.Fault(new TriageOrder(Enum.Parse<TriageAct>(act)) { Verdict = verdict, Reason = reason })?.Field);
}
