using CsCheck;
using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Tests.Estate;

/// <summary>What the answers of an executor are worth when the other side fails.</summary>
public sealed class EstateFaultTests
{
    // One that never answers costs its time limit each time; it has a test of its own.
    private static readonly EstateFault[] Faults = [.. Enum.GetValues<EstateFault>().Where(fault => fault != EstateFault.Silent)];

    private static readonly Gen<(int What, EstateFault[] Reads, EstateFault[] Changes)[]> Steps = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, Faults.Length - 1].Select(i => Faults[i]).Array[0, 3], Gen.Int[0, Faults.Length - 1].Select(i => Faults[i]).Array[0, 4]).Array[1, 8];

    [Theory]
    [MemberData(nameof(ExecutorTests.Kinds), MemberType = typeof(ExecutorTests))]
    public async Task AnyOrderOfFailures_AtMostOneChangeTakesEffect_AndProvenIsTrue(string name, string detail, bool undoes)
    {
        _ = undoes;
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        await Steps.SampleAsync(async steps =>
        {
            var deed = Deed.Of(Enum.Parse<EstateActionKind>(name), house.Fake, detail);
            var decided = house.Clock.GetUtcNow();
            var operation = house.Operation();
            house.Fake.Effects.Clear();
            var executor = house.Executor();
            var proven = false;
            foreach (var (what, reads, changes) in steps)
            {
                foreach (var fault in reads) house.Fake.Faults.Enqueue(fault);
                foreach (var fault in changes) house.Fake.ChangeFaults.Enqueue(fault);
                EstateAnswer? answer = null;
                switch (what)
                {
                    case 0:
                        executor = house.Executor();
                        break;
                    case 1:
                        house.Clock.Advance(TimeSpan.FromMinutes(20));
                        break;
                    case <= 4:
                        answer = await executor.ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
                        break;
                    default:
                        answer = await executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
                        break;
                }

                house.Fake.Faults.Clear();
                house.Fake.ChangeFaults.Clear();
                if (answer is null) continue;
                Assert.NotEmpty(answer.Words);
                if (answer.State == EstateState.Proven) Assert.True(deed.IsSo(decided), answer.Words);
                proven |= answer.State == EstateState.Proven;
            }

            Assert.True(house.Fake.Effects.GroupBy(effect => effect).All(each => each.Count() == 1), "Something was done twice.");
            Assert.True(house.Fake.Effects.Count <= deed.Items);
            if (proven) Assert.Equal(deed.Items, house.Fake.Effects.Count);

            // Once all is calm it comes to its end, and is still done once.
            house.Clock.Advance(TimeSpan.FromMinutes(20));
            await executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
            Assert.Equal(EstateState.Proven, (await executor.ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
            Assert.Equal(deed.Items, house.Fake.Effects.Count);
        }, iter: 60, threads: 1);
        Assert.Empty(house.Fake.Stolen);
    }

    [Theory]
    [InlineData(nameof(EstateFault.Forbidden), nameof(EstateState.Refused), "User.EnableDisableAccount.All")]
    [InlineData(nameof(EstateFault.NotFound), nameof(EstateState.Refused), "knows nothing by that name")]
    [InlineData(nameof(EstateFault.Conflict), nameof(EstateState.PendingProof), "under way")]
    [InlineData(nameof(EstateFault.Overloaded), nameof(EstateState.Unknown), "may have been done")]
    [InlineData(nameof(EstateFault.BrokenAfter), nameof(EstateState.Unknown), "may have been done")]
    [InlineData(nameof(EstateFault.LostAfter), nameof(EstateState.Unknown), "may have been done")]
    [InlineData(nameof(EstateFault.Silent), nameof(EstateState.Unknown), "may have been done")]
    [InlineData(nameof(EstateFault.NoJson), nameof(EstateState.Unknown), "may have been done")]
    [InlineData(nameof(EstateFault.Redirect), nameof(EstateState.Refused), "not followed")]
    public async Task Change_ThatFails_IsAnsweredWithWhatIsKnown(string name, string state, string words)
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(EstateActionKind.DisableAccount, house.Fake);
        house.Fake.ChangeFaults.Enqueue(Enum.Parse<EstateFault>(name));

        var answer = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, house.Operation(), EstateHouse.Now);

        Assert.Equal(Enum.Parse<EstateState>(state), answer.State);
        Assert.Contains(words, answer.Words, StringComparison.Ordinal);
        // The state before is kept wherever something may have been changed.
        Assert.Equal(answer.State == EstateState.Unknown, answer.Undo is not null);
        Assert.Single(house.Fake.Asked, asked => asked.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Empty(house.Fake.Stolen);
    }

    [Fact]
    public async Task Change_AfterAWaitThatWasAskedFor_IsDoneOnce()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(EstateActionKind.DisableAccount, house.Fake);
        foreach (var fault in new[] { EstateFault.Throttle, EstateFault.Unauthorised, EstateFault.Throttle }) house.Fake.ChangeFaults.Enqueue(fault);
        var begin = house.Clock.GetUtcNow();

        var answer = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, house.Operation(), EstateHouse.Now);

        Assert.Equal(EstateState.PendingProof, answer.State);
        Assert.True(house.Clock.GetUtcNow() - begin >= TimeSpan.FromSeconds(44), "It did not wait as asked.");
        Assert.Single(house.Fake.Effects);
    }

    [Fact]
    public async Task Change_ThatIsThrottledOnAndOn_IsUnknownAndChangesNothing()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(EstateActionKind.RevokeSessions, house.Fake);
        for (var i = 0; i < 9; i++) house.Fake.ChangeFaults.Enqueue(EstateFault.Throttle);

        var answer = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, house.Operation(), EstateHouse.Now);

        Assert.Equal(EstateState.Unknown, answer.State);
        Assert.Contains("wait 7 seconds", answer.Words, StringComparison.Ordinal);
        Assert.Empty(house.Fake.Effects);
    }

    [Theory]
    [MemberData(nameof(ExecutorTests.Kinds), MemberType = typeof(ExecutorTests))]
    public async Task Success_ThatChangedNothing_StaysPendingAndIsSentAgainOnlyAfterItsTime(string name, string detail, bool undoes)
    {
        _ = undoes;
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(Enum.Parse<EstateActionKind>(name), house.Fake, detail);
        for (var i = 0; i < deed.Items; i++) house.Fake.ChangeFaults.Enqueue(EstateFault.Lied);
        var operation = house.Operation();
        var executor = house.Executor();

        Assert.Equal(EstateState.PendingProof, (await executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(EstateState.PendingProof, (await executor.ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(EstateState.PendingProof, (await executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Empty(house.Fake.Effects);

        house.Clock.Advance(TimeSpan.FromMinutes(16));
        await executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
        Assert.Equal(EstateState.Proven, (await executor.ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(deed.Items, house.Fake.Effects.Count);
    }

    [Fact]
    public async Task Isolation_UnderWay_IsPendingUntilDefenderSaysHowItEnded()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        house.Fake.MachineStatus = "Pending";
        var deed = Deed.Of(EstateActionKind.IsolateDevice, house.Fake);
        var operation = house.Operation();

        Assert.Equal(EstateState.PendingProof, (await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(EstateState.PendingProof, (await house.Executor().ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        var other = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, house.Operation(), EstateHouse.Now);
        Assert.Equal((EstateState.PendingProof, null), (other.State, other.Undo));
        Assert.Single(house.Fake.Effects);

        house.Fake.Actions[0]["status"] = "Failed";
        var failed = await house.Executor().ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
        Assert.Equal(EstateState.Refused, failed.State);
        Assert.Contains("Failed", failed.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Isolation_ThatDefenderSaysIsUnderWay_IsPendingAndNotUndone()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(EstateActionKind.IsolateDevice, house.Fake);
        var machine = house.Fake.Machines.Single().Key;
        // The list of actions lags behind what Defender knows.
        house.Fake.Actions.Add(new() { ["type"] = "Isolate", ["status"] = "Pending", ["machineId"] = machine, ["requestorComment"] = "By hand", ["creationDateTimeUtc"] = "2026-11-25T08:00:00Z" });
        house.Fake.HiddenActions = 1;

        var answer = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, house.Operation(), EstateHouse.Now);

        Assert.Equal((EstateState.PendingProof, null), (answer.State, answer.Undo));
        Assert.Contains("ActiveRequestAlreadyExists", answer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameOperation_TwiceAtOnce_IsDoneOnce()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(EstateActionKind.RevokeSessions, house.Fake);
        var (operation, executor) = (house.Operation(), house.Executor());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)));

        Assert.Single(house.Fake.Effects);
    }

    [Fact]
    public async Task Consent_ThatStopsInTheMiddle_GoesOnWithTheRest()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(EstateActionKind.RemoveConsent, house.Fake);
        house.Fake.ChangeFaults.Enqueue(EstateFault.None);
        house.Fake.ChangeFaults.Enqueue(EstateFault.Overloaded);
        var operation = house.Operation();

        var half = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
        Assert.Equal(EstateState.Unknown, half.State);
        Assert.Contains("1 of 3 grants", half.Words, StringComparison.Ordinal);
        Assert.Single(house.Fake.Effects);

        Assert.Equal(EstateState.PendingProof, (await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(EstateState.Proven, (await house.Executor().ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(3, house.Fake.Effects.Count);
    }

    [Theory]
    [InlineData("AADSTS7000222: The provided client secret keys are expired.", "the client secret has expired")]
    [InlineData("AADSTS65001: no consent", "no consent")]
    public async Task Token_ThatIsRefused_SaysWhyAndChangesNothing(string error, string words)
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        house.Fake.SignInError = error;
        var deed = Deed.Of(EstateActionKind.DisableAccount, house.Fake);

        var answer = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, house.Operation(), EstateHouse.Now);

        Assert.Equal(EstateState.Refused, answer.State);
        Assert.Contains(words, answer.Words, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", answer.Words, StringComparison.Ordinal);
        Assert.Empty(house.Fake.Asked);
    }
}
