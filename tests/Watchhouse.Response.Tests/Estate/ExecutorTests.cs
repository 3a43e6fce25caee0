using Watchhouse.Response.Estate;

namespace Watchhouse.Response.Tests.Estate;

/// <summary>What each kind of action does to an estate, and what it must never do.</summary>
public sealed class ExecutorTests
{
    public static TheoryData<string, string, bool> Kinds => new()
    {
        { nameof(EstateActionKind.RevokeSessions), "", false },
        { nameof(EstateActionKind.DisableAccount), "", true },
        { nameof(EstateActionKind.RemoveConsent), "", false },
        { nameof(EstateActionKind.RemoveConsent), "sign-in", true },
        { nameof(EstateActionKind.IsolateDevice), "", true },
        { nameof(EstateActionKind.BlockAddress), "", true },
        { nameof(EstateActionKind.RemoveInboxRule), "", true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Action_FromPlanToUndo_IsDoneOnceAndProvenAndPutBack(string name, string detail, bool undoes)
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(Enum.Parse<EstateActionKind>(name), house.Fake, detail);
        var operation = house.Operation();
        var decided = house.Clock.GetUtcNow().AddSeconds(-30);
        var executor = house.Executor();
        Assert.True(await executor.CanAsync(EstateHouse.Kent, deed.Action.Kind, EstateHouse.Now));

        var plan = await executor.PlanAsync(EstateHouse.Kent, deed.Action, EstateHouse.Now);
        Assert.True(plan.IsPossible, plan.Changes);
        Assert.Equal(undoes, plan.CanBeUndone);
        Assert.Equal(EstateState.PendingProof, (await executor.ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Empty(house.Fake.Effects);

        var done = await executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
        Assert.True(done.State == EstateState.PendingProof, done.Words);
        Assert.True(deed.IsSo(decided));
        Assert.Equal(undoes, done.Undo is not null);
        Assert.All(house.Fake.Effects, effect => Assert.Equal(operation.ToString(), effect.Operation));
        Assert.DoesNotContain("token-", done.Request + done.Answer + done.Words, StringComparison.Ordinal);

        // The same again, and as after a restart.
        Assert.NotEqual(EstateState.Refused, (await executor.ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.NotEqual(EstateState.Refused, (await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(deed.Items, house.Fake.Effects.Count);
        Assert.Equal(EstateState.Proven, (await house.Executor().ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);

        var undone = await executor.UndoAsync(EstateHouse.Kent, deed.Action, done.Undo ?? "{}", EstateHouse.Now);
        Assert.True(undone.State == (undoes ? EstateState.PendingProof : EstateState.Refused), undone.Words);
        if (!undoes) return;
        // The rule comes back under another id; everything else is as it was.
        Assert.Equal(deed.Action.Kind == EstateActionKind.RemoveInboxRule, deed.IsSo(decided));
        Assert.Equal(EstateState.Proven, (await house.Executor().UndoAsync(EstateHouse.Kent, deed.Action, done.Undo!, EstateHouse.Now)).State);
        Assert.Equal(deed.Items + 1, house.Fake.Effects.Count);
    }

    [Theory]
    [InlineData(nameof(EstateActionKind.RevokeSessions))]
    [InlineData(nameof(EstateActionKind.DisableAccount))]
    [InlineData(nameof(EstateActionKind.RemoveInboxRule))]
    public async Task Account_ThatTheForceNamed_IsTouchedByNoneOfItsNames(string name)
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var id = house.Fake.User("Break.Glass@kent.police.uk");
        var rule = house.Fake.Rule("Break.Glass@kent.police.uk", "Sync");
        Assert.True((await house.Operations.SetLimitsAsync(EstateHouse.Officer(EstateHouse.Kent), new LimitsInput { Never = [" break.glass@KENT.police.uk "] }, null, EstateHouse.Now)).Succeeded);

        foreach (var target in new[] { "break.glass@kent.police.uk", id, id.ToUpperInvariant() })
        {
            var action = new EstateAction(Enum.Parse<EstateActionKind>(name), target, rule);
            var plan = await house.Executor().PlanAsync(EstateHouse.Kent, action, EstateHouse.Now);
            Assert.False(plan.IsPossible);
            Assert.Contains("never touched", plan.Changes, StringComparison.Ordinal);
            Assert.Equal(EstateState.Refused, (await house.Executor().ExecuteAsync(EstateHouse.Kent, action, house.Operation(), EstateHouse.Now)).State);
        }

        Assert.Empty(house.Fake.Effects);
        Assert.DoesNotContain(house.Fake.Asked, asked => !asked.StartsWith("GET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("WindowsServer2022", false, "", false)]
    [InlineData("WindowsServer2022", true, "", true)]
    [InlineData("WindowsServer2022", true, "Domain Controller", false)]
    [InlineData("Linux", false, "", false)]
    [InlineData("SomethingNew", false, "", false)]
    [InlineData("Windows10", false, "", true)]
    public async Task Isolation_OfAServer_OnlyWhereTheForceAllowsIt(string platform, bool allowed, string tag, bool possible)
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        await house.Operations.SetLimitsAsync(EstateHouse.Officer(EstateHouse.Kent), new LimitsInput { ServersToo = allowed, Never = ["dc01"] }, null, EstateHouse.Now);
        house.Fake.Machine("srv1.kent.police.uk", platform, tag.Length > 0 ? [tag] : []);
        house.Fake.Machine("dc01.kent.police.uk", "Windows11");

        foreach (var (device, expected) in new[] { ("srv1", possible), ("dc01.kent.police.uk", false) })
        {
            var action = new EstateAction(EstateActionKind.IsolateDevice, device);
            Assert.Equal(expected, (await house.Executor().PlanAsync(EstateHouse.Kent, action, EstateHouse.Now)).IsPossible);
            var answer = await house.Executor().ExecuteAsync(EstateHouse.Kent, action, house.Operation(), EstateHouse.Now);
            Assert.True(expected == (answer.State == EstateState.PendingProof), answer.Words);
        }
    }

    [Theory]
    [InlineData("10.1.2.3", "not an address of the public internet")]
    [InlineData("192.168.0.1", "not an address of the public internet")]
    [InlineData("::1", "not an address of the public internet")]
    [InlineData("010.0.0.1", "leading zeros")]
    [InlineData("203.0.113.0/24", "no ranges")]
    [InlineData("login.microsoftonline.com", "microsoftonline.com")]
    [InlineData("https://www.kent.police.uk/x", "police.uk")]
    [InlineData("mail.partner.example", "never touched")]
    [InlineData("not an address", "Name an IP address")]
    [InlineData("file:///etc/passwd", "Name an IP address")]
    public async Task Block_OfWhatTheForceRestsOn_IsRefused(string target, string words)
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        await house.Operations.SetLimitsAsync(EstateHouse.Officer(EstateHouse.Kent), new LimitsInput { Never = ["partner.example"] }, null, EstateHouse.Now);

        var answer = await house.Executor().ExecuteAsync(EstateHouse.Kent, new EstateAction(EstateActionKind.BlockAddress, target), house.Operation(), EstateHouse.Now);

        Assert.Equal(EstateState.Refused, answer.State);
        Assert.Contains(words, answer.Words, StringComparison.Ordinal);
        Assert.Empty(house.Fake.Asked);
    }

    [Fact]
    public async Task StateOfOthers_FoundAsWanted_IsNeitherSentNorUndone()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        house.Fake.User("blocked@kent.police.uk", enabled: false);
        house.Fake.Indicators["7"] = new() { ["id"] = "7", ["indicatorValue"] = "evil.example", ["action"] = "Block", ["description"] = "By hand" };
        house.Fake.Indicators["8"] = new() { ["id"] = "8", ["indicatorValue"] = "good.example", ["action"] = "Allowed", ["description"] = "By hand" };

        var account = await house.Executor().ExecuteAsync(EstateHouse.Kent, new EstateAction(EstateActionKind.DisableAccount, "blocked@kent.police.uk"), house.Operation(), EstateHouse.Now);
        var block = await house.Executor().ExecuteAsync(EstateHouse.Kent, new EstateAction(EstateActionKind.BlockAddress, "evil.example"), house.Operation(), EstateHouse.Now);
        var allowed = await house.Executor().ExecuteAsync(EstateHouse.Kent, new EstateAction(EstateActionKind.BlockAddress, "good.example"), house.Operation(), EstateHouse.Now);

        Assert.Equal((EstateState.Proven, null), (account.State, account.Undo));
        Assert.Equal((EstateState.Proven, null), (block.State, block.Undo));
        Assert.Equal(EstateState.Refused, allowed.State);
        Assert.Empty(house.Fake.Effects);
    }

    [Fact]
    public async Task Consent_OfTheHouseItselfOrOfMicrosoft_IsNotRemoved()
    {
        await using var house = await EstateHouse.StartAsync();
        var own = await house.RegisterAsync();
        house.Fake.Applications[own.ClientId.ToString()] = new() { ["id"] = "own", ["appId"] = own.ClientId.ToString(), ["displayName"] = "Watchhouse" };
        var microsoft = house.Fake.Application("Office", 2, "f8cdef31-a31e-4b4a-93e4-5f571e91255a");

        foreach (var target in new[] { own.ClientId.ToString(), microsoft })
            Assert.Equal(EstateState.Refused, (await house.Executor().ExecuteAsync(
                EstateHouse.Kent, new EstateAction(EstateActionKind.RemoveConsent, target), house.Operation(), EstateHouse.Now)).State);
        Assert.Empty(house.Fake.Effects);
    }

    [Fact]
    public async Task OtherForce_OrKindThatIsOff_ReachesNothing()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync(EstateActionKind.DisableAccount);
        house.Fake.User("somebody@kent.police.uk");
        var disable = new EstateAction(EstateActionKind.DisableAccount, "somebody@kent.police.uk");

        Assert.False(await house.Executor().CanAsync(EstateHouse.Essex, EstateActionKind.DisableAccount, EstateHouse.Now));
        Assert.False(await house.Executor().CanAsync(EstateHouse.Kent, EstateActionKind.RevokeSessions, EstateHouse.Now));
        Assert.Equal(EstateState.Refused, (await house.Executor().ExecuteAsync(EstateHouse.Essex, disable, house.Operation(), EstateHouse.Now)).State);
        var off = await house.Executor().ExecuteAsync(EstateHouse.Kent, disable with { Kind = EstateActionKind.RevokeSessions }, house.Operation(), EstateHouse.Now);
        Assert.Contains("has not switched on", off.Words, StringComparison.Ordinal);
        Assert.Empty(house.Fake.Asked);
    }

    [Fact]
    public async Task Guest_SessionsAreRefused_WithWhatToDo()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        house.Fake.User("someone_other.example#EXT#@kent.police.uk", type: "Guest");

        var answer = await house.Executor().ExecuteAsync(
            EstateHouse.Kent, new EstateAction(EstateActionKind.RevokeSessions, "someone_other.example#EXT#@kent.police.uk"), house.Operation(), EstateHouse.Now);

        Assert.Equal(EstateState.Refused, answer.State);
        Assert.Contains("is a guest", answer.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_OfADeviceThatSomebodyElseReleased_SendsNothing()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var deed = Deed.Of(EstateActionKind.IsolateDevice, house.Fake);
        var operation = house.Operation();
        var done = await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);
        Assert.Equal(EstateState.PendingProof, (await house.Executor().UndoAsync(EstateHouse.Kent, deed.Action, done.Undo!, EstateHouse.Now)).State);

        var again = await house.Executor().UndoAsync(EstateHouse.Kent, deed.Action, done.Undo!, EstateHouse.Now);
        var proof = await house.Executor().ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now);

        Assert.Equal(EstateState.Proven, again.State);
        // It was isolated and is not any more: that is no proof that it is.
        Assert.Equal(EstateState.PendingProof, proof.State);
        Assert.Equal(2, house.Fake.Effects.Count);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task Sessions_WhereTheClocksDisagree_AreProvenByTheClockOfTheDirectory(int minutes)
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync();
        var clock = new MovingClock(house.Clock.GetUtcNow().AddMinutes(minutes));
        house.Fake.Clock = clock;
        var deed = Deed.Of(EstateActionKind.RevokeSessions, house.Fake);
        // Somebody revoked a minute before this was decided, which is after it by the other clock.
        house.Fake.Users[deed.Action.Target]["signInSessionsValidFromDateTime"] = clock.GetUtcNow().AddMinutes(-1).ToString("O");
        var operation = house.Operation();
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(EstateState.PendingProof, (await house.Executor().ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(EstateState.PendingProof, (await house.Executor().ExecuteAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Equal(EstateState.Proven, (await house.Executor().ProveAsync(EstateHouse.Kent, deed.Action, operation, EstateHouse.Now)).State);
        Assert.Single(house.Fake.Effects);
    }

    [Fact]
    public async Task Operation_WithoutATimeInItsId_IsAFaultOfTheCaller()
    {
        await using var house = await EstateHouse.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => house.Executor().ExecuteAsync(
            EstateHouse.Kent, new EstateAction(EstateActionKind.RevokeSessions, "a@b.uk"), Guid.NewGuid(), EstateHouse.Now));
    }
}
