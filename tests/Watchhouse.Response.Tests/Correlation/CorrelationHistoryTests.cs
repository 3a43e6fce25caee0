using CsCheck;
using Watchhouse.Platform.Tenancy;
using static Watchhouse.Response.Tests.Correlation.CorrelationHouse;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Correlation;

/// <summary>Alerts in any order, with a program that dies and starts again: what is found is what was there.</summary>
public sealed class CorrelationHistoryTests
{
    private static readonly ForceId[] Forces = [Kent, Essex, Surrey, ForceId.Of("DVC")];
    private static readonly TimeSpan Window = TimeSpan.FromDays(14);

    private sealed record Step(int Force, int Value, int Day, bool Dies, bool Restarts);

    [Fact]
    public Task Candidates_OfAnyHistory_HoldEveryGroupOfEnoughForcesAndNoOther() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 60], Gen.Int[0, 3], Gen.Int[0, 3], (force, value, day, dies, restarts) => new Step(force, value, day, dies == 0, restarts == 0))
            .Array[1, 24].SampleAsync(async history =>
            {
                await using var house = await CorrelationHouse.StartAsync();
                foreach (var step in history)
                {
                    house.Alerts.Add(Forces[step.Force], Start.AddDays(step.Day), named: [("domain", $"d{step.Value}.example")]);
                    if (step.Restarts) house.Restart();
                    house.Alerts.FailAfter = step.Dies ? step.Day % 4 : -1;
                    try
                    {
                        await house.PassAsync();
                    }
                    catch (IOException)
                    {
                        house.Restart();
                    }

                    house.Alerts.FailAfter = -1;
                }

                house.Restart();
                await house.PassAsync();
                var traces = await house.TracesAsync();
                Assert.Equal(history.Length, traces.Count);
                foreach (var value in traces.GroupBy(trace => trace.Value))
                {
                    // By hand: days in order, cut where more than the window lies between two.
                    var ordered = value.OrderBy(trace => trace.At).ToList();
                    for (var from = 0; from < ordered.Count;)
                    {
                        var until = from + 1;
                        while (until < ordered.Count && ordered[until].At - ordered[until - 1].At <= Window) until++;
                        var group = ordered[from..until];
                        var isEnough = group.Select(trace => trace.ForceId).Distinct().Count() >= 2;
                        Assert.All(group, trace => Assert.Equal(isEnough, trace.CandidateId is not null));
                        from = until;
                    }
                }

                // No candidate rests on one force alone.
                Assert.All(traces.Where(trace => trace.CandidateId is not null).GroupBy(trace => trace.CandidateId), group => Assert.True(group.Select(trace => trace.ForceId).Distinct().Count() >= 2));
            }, iter: 12, threads: 1);
}
