using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Playbooks;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Playbooks;

public sealed class ApprovalTests
{
    [Fact]
    public Task Action_ApprovedByTheForce_IsDoneOnceAndTheRunGoesOnWhenItIsProven() => IsDoneOnceAsync(null);

    [Fact]
    public async Task Action_ApprovedOnPostgres_IsDoneOnceAndTheRunGoesOnWhenItIsProven()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await IsDoneOnceAsync(database.ConnectionString);
    }

    private static async Task IsDoneOnceAsync(string? postgres)
    {
        await using var house = await RunHouse.StartAsync(postgres);
        var run = await house.TokenTheftAsync();
        var request = await house.AskAsync(run, EstateActionKind.RevokeSessions);
        await house.WorkAsync();
        Assert.Empty(house.Estate.Done);
        Assert.Equal($"approval/{run}/{(await house.RequestAsync(request)).Step}", Assert.Single(await NoticesAsync(house)).Key);

        Ok(await house.Requests.DecideAsync(Officer, request, true, "It is a theft.", Now));
        await house.WorkAsync();
        Assert.Equal(RequestState.PendingProof, (await house.RequestAsync(request)).State);
        Assert.Contains((await house.RequestAsync(request)).Step, await house.WaitingAsync(run));
        house.Clock.Move(TimeSpan.FromSeconds(6));
        await house.WorkAsync();

        Assert.Equal(RequestState.Proven, (await house.RequestAsync(request)).State);
        Assert.Equal((Kent, new EstateAction(EstateActionKind.RevokeSessions, "officer@kent.example"), request), Assert.Single(house.Estate.Done));
        Assert.DoesNotContain((await house.RequestAsync(request)).Step, await house.WaitingAsync(run));
    }

    [Fact]
    public async Task Decision_ThatMayNotBe_IsAnsweredInASentence()
    {
        await using var house = await RunHouse.StartAsync();
        var run = await house.TokenTheftAsync();
        var request = await house.AskAsync(run, EstateActionKind.RevokeSessions, Officer);

        Refused(await house.Requests.DecideAsync(Officer, request, true, "I think so.", Now), "You asked for this yourself");
        Assert.Equal(FailureKind.NotFound, (await house.Requests.DecideAsync(Stranger, request, true, "I think so.", Now)).Failure!.Kind);
        await Assert.ThrowsAsync<AccessRefusedException>(() => house.Requests.DecideAsync(Analyst, request, true, "I think so.", Now));
        await Assert.ThrowsAsync<AccessRefusedException>(() => house.Requests.DecideAsync(Lead, request, true, "I think so.", Now));
        Refused(await house.Requests.DecideAsync(Owner, request, true, "", Now), "3 to 1,000");
        Ok(await house.Requests.DecideAsync(Owner, request, true, "It is a theft.", Now));
        Refused(await house.Requests.DecideAsync(Owner, request, true, "Again.", Now), "You have decided on this already");
        Refused(await house.Requests.DecideAsync(Second, request, true, "Me too.", Now), "decided already, and is under way");
        await house.WorkAsync();
        Assert.Single(house.Estate.Done);

        var late = await house.AskAsync(run, EstateActionKind.BlockAddress);
        house.Clock.Move(TimeSpan.FromHours(9));
        Refused(await house.Requests.DecideAsync(Owner, late, true, "Better late.", Now), "The time to decide has passed");
        await house.WorkAsync();
        Assert.Equal(RequestState.Expired, (await house.RequestAsync(late)).State);
        Refused(await house.Requests.DecideAsync(Owner, late, true, "Better late.", Now), "The time to decide has passed");
        Assert.Single(house.Estate.Done);
    }

    [Fact]
    public async Task Destructive_NeedsTwoDifferentPeople_AndItsUndoing()
    {
        await using var house = await RunHouse.StartAsync();
        house.Estate.Next = () => Behaviour.Proven;
        var run = Ok(await house.Runs.StartAsync(Analyst, new(house.Playbook("Ransomware precursor"), Kent, Severity.Critical) { Variables = new Dictionary<string, string> { ["device"] = "PC-17", ["account"] = "a", ["address"] = "b" } }, Now));
        for (var step = 0; step < 2; step++) Ok(await house.Runs.CompleteAsync(Analyst, run, (await house.WaitingAsync(run))[0], true, "Done.", null, Now));
        var request = await house.AskAsync(run, EstateActionKind.IsolateDevice);

        Ok(await house.Requests.DecideAsync(Officer, request, true, "Cut it off.", Now));
        await house.WorkAsync();
        Assert.Empty(house.Estate.Done);
        Refused(await house.Requests.DecideAsync(Officer, request, true, "Really.", Now), "another person decides next");
        Ok(await house.Requests.DecideAsync(Owner, request, true, "Cut it off.", Now));
        await house.WorkAsync();
        Assert.Single(house.Estate.Done);

        var undo = Ok(await house.Requests.AskUndoAsync(Analyst, request, "It is clean.", Now));
        Refused(await house.Requests.AskUndoAsync(Analyst, request, "It is clean.", Now), "its undoing is under way");
        Ok(await house.Requests.DecideAsync(Officer, undo, true, "Clean.", Now));
        await house.WorkAsync();
        Assert.Empty(house.Estate.Undone);
        Ok(await house.Requests.DecideAsync(Owner, undo, true, "Clean.", Now));
        await house.WorkAsync();
        Assert.Equal("PC-17", Assert.Single(house.Estate.Undone).Action.Target);
        // It is asked for again until it is seen to be back, which does nothing twice.
        Assert.Equal(RequestState.PendingProof, (await house.RequestAsync(undo)).State);
        house.Clock.Move(TimeSpan.FromSeconds(6));
        await house.WorkAsync();
        Assert.Single(house.Estate.Undone);
        Assert.Equal(RequestState.Proven, (await house.RequestAsync(undo)).State);
    }

    [Fact]
    public async Task Undoing_ThatIsNotSeenWithinItsHour_IsNotAskedForAgain()
    {
        await using var house = await RunHouse.StartAsync();
        house.Estate.Next = () => Behaviour.Proven;
        var request = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Ok(await house.Requests.DecideAsync(Officer, request, true, "It is a theft.", Now));
        await house.WorkAsync();
        var undo = Ok(await house.Requests.AskUndoAsync(Analyst, request, "It is clean.", Now));
        Ok(await house.Requests.DecideAsync(Officer, undo, true, "Clean.", Now));
        await house.WorkAsync();
        Assert.Single(house.Estate.Undone);
        // The program stood still for a day, and the force did it again by hand meanwhile.
        house.Estate.Undone.Clear();
        house.Clock.Move(TimeSpan.FromDays(1));
        await house.WorkAsync();
        Assert.Empty(house.Estate.Undone);
        Assert.Equal(RequestState.Unproven, (await house.RequestAsync(undo)).State);
        Ok(await house.Requests.AskUndoAsync(Analyst, request, "It is still to be undone.", Now));
    }

    [Fact]
    public async Task Authority_OfTheForce_CoversWithinItsLimitsAlone()
    {
        await using var house = await RunHouse.StartAsync();
        house.Estate.Next = () => Behaviour.Proven;
        var authority = Ok(await house.Authorities.GrantAsync(Officer, Limits(house, ["RevokeSessions"], "*@kent.example", 1), Now));
        var first = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Assert.Equal(authority, (await house.RequestAsync(first)).AuthorityId);
        await house.WorkAsync();
        Assert.Single(house.Estate.Done);

        var second = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Assert.Equal(RequestState.Waiting, (await house.RequestAsync(second)).State);
        house.Clock.Move(TimeSpan.FromHours(25));
        var other = await house.AskAsync(await house.TokenTheftAsync(account: "x@elsewhere.example"), EstateActionKind.RevokeSessions);
        Assert.Equal(RequestState.Waiting, (await house.RequestAsync(other)).State);

        var revoked = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Assert.Equal(RequestState.Approved, (await house.RequestAsync(revoked)).State);
        Ok(await house.Authorities.RevokeAsync(Owner, authority, "No longer.", Now));
        await house.WorkAsync();
        Assert.Equal(RequestState.Waiting, (await house.RequestAsync(revoked)).State);
        Assert.Single(house.Estate.Done);
        // That it waits for people now, people are told.
        await using var session = await house.OpenAsync();
        Assert.Single(await session.Db.Set<QueuedNotice>().Where(each => each.Key.EndsWith("/lapsed")).ToListAsync(Now), each => each.Link == $"/approvals/{revoked}");
    }

    [Fact]
    public async Task Action_ThatWasNotSentBeforeTheProgramDied_IsSentAfterTheLook()
    {
        await using var house = await RunHouse.StartAsync();
        using var life = new CancellationTokenSource();
        house.Estate.Next = () => house.Estate.Sent == 1 ? Behaviour.DiesBefore : Behaviour.Pending;
        house.Estate.Die = life.Cancel;
        var request = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Ok(await house.Requests.DecideAsync(Officer, request, true, "It is a theft.", Now));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => house.Work.StepAsync(request, life.Token));
        Assert.Equal(RequestState.Sending, (await house.RequestAsync(request)).State);
        for (var round = 0; round < 3; round++)
        {
            house.Clock.Move(TimeSpan.FromMinutes(2));
            await house.WorkAsync();
        }

        Assert.Single(house.Estate.Done);
        Assert.Equal((RequestState.Proven, 2), ((await house.RequestAsync(request)).State, (await house.RequestAsync(request)).Sent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Action_WhoseAuthorityIsRevokedWhileItsAnswerIsLost_IsNotSentAgainWithoutTheForce(bool looksAreCertain)
    {
        await using var house = await RunHouse.StartAsync();
        using var life = new CancellationTokenSource();
        house.Estate.Next = () => house.Estate.Sent == 1 ? Behaviour.DiesBefore : Behaviour.Pending;
        house.Estate.Die = life.Cancel;
        house.Estate.Knows = () => looksAreCertain;
        var authority = Ok(await house.Authorities.GrantAsync(Officer, Limits(house, ["RevokeSessions"], "*", 5), Now));
        var request = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => house.Work.StepAsync(request, life.Token));
        Ok(await house.Authorities.RevokeAsync(Owner, authority, "No longer.", Now));
        for (var round = 0; round < 10; round++)
        {
            house.Clock.Move(TimeSpan.FromMinutes(2));
            await house.WorkAsync();
        }

        Assert.Equal(1, house.Estate.Sent);
        if (!looksAreCertain)
        {
            // It may still arrive, so it is not said to wait for anybody; and it does arrive.
            Assert.Equal(RequestState.Unknown, (await house.RequestAsync(request)).State);
            Assert.Contains("no longer covers it (It was revoked.), so it is not sent again", (await house.RequestAsync(request)).Words, StringComparison.Ordinal);
            house.Estate.Done.Enqueue((Kent, new(EstateActionKind.RevokeSessions, "officer@kent.example"), request));
            house.Clock.Move(TimeSpan.FromMinutes(2));
            await house.WorkAsync();
            Assert.Equal(RequestState.Proven, (await house.RequestAsync(request)).State);
            return;
        }

        Assert.Equal(RequestState.Waiting, (await house.RequestAsync(request)).State);
        house.Clock.Move(TimeSpan.FromHours(2));
        Ok(await house.Requests.DecideAsync(Officer, request, true, "It is a theft.", Now));
        await house.WorkAsync();
        house.Clock.Move(TimeSpan.FromSeconds(6));
        await house.WorkAsync();
        Assert.Single(house.Estate.Done);
        Assert.Equal(RequestState.Proven, (await house.RequestAsync(request)).State);
    }

    [Fact]
    public async Task Action_SeenNotToBeDoneAfterItsHour_IsOverAndNotLookedAtForEver()
    {
        await using var house = await RunHouse.StartAsync();
        house.Estate.Next = () => Behaviour.FailsBefore;
        house.Estate.Sees = () => false;
        house.Estate.Knows = () => true;
        var run = await house.TokenTheftAsync();
        var request = await house.AskAsync(run, EstateActionKind.RevokeSessions);
        Ok(await house.Requests.DecideAsync(Officer, request, true, "It is a theft.", Now));
        await house.WorkAsync();
        house.Clock.Move(TimeSpan.FromMinutes(61));
        house.Estate.Sees = () => true;
        await house.WorkAsync();
        var found = await house.RequestAsync(request);
        Assert.Equal((RequestState.Expired, null), (found.State, found.NextAt));
        Assert.Contains("seen that nothing had been done", found.Words, StringComparison.Ordinal);
        Assert.Equal(1, house.Estate.Sent);
        // Its step waits again, so it can be asked for anew.
        Assert.NotEqual(request, await house.AskAsync(run, EstateActionKind.RevokeSessions));
    }

    [Fact]
    public async Task Action_SeenNotToBeDoneAndRevokedBeforeItsRepeat_IsLookedAtOnceMore()
    {
        await using var house = await RunHouse.StartAsync();
        house.Estate.Next = () => Behaviour.FailsBefore;
        var authority = Ok(await house.Authorities.GrantAsync(Officer, Limits(house, ["RevokeSessions"], "*", 5), Now));
        var request = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Assert.True(await house.Work.StepAsync(request, Now));
        house.Clock.Move(TimeSpan.FromMinutes(2));
        Assert.True(await house.Work.StepAsync(request, Now));
        Assert.Equal((RequestState.Approved, 1), ((await house.RequestAsync(request)).State, (await house.RequestAsync(request)).Sent));
        Ok(await house.Authorities.RevokeAsync(Owner, authority, "No longer.", Now));
        house.Estate.Done.Enqueue((Kent, new(EstateActionKind.RevokeSessions, "officer@kent.example"), request));
        await house.WorkAsync();
        Assert.Equal((RequestState.Proven, 1), ((await house.RequestAsync(request)).State, house.Estate.Sent));
    }

    [Fact]
    public async Task Action_ThatIsNeverProven_IsToldOfAndCanBeGivenUp()
    {
        await using var house = await RunHouse.StartAsync();
        house.Estate.Sees = () => false;
        var run = await house.TokenTheftAsync();
        var request = await house.AskAsync(run, EstateActionKind.RevokeSessions);
        Refused(await house.Requests.GiveUpAsync(Analyst, request, "It takes too long.", Now), "Withdraw it");
        Ok(await house.Requests.DecideAsync(Officer, request, true, "It is a theft.", Now));
        await house.WorkAsync();
        var step = (await house.RequestAsync(request)).Step;
        Refused(await house.Runs.CompleteAsync(Officer, run, step, true, "Seen in the portal.", null, Now), "no longer wait for its proof");
        for (var round = 0; round < 40; round++)
        {
            house.Clock.Move(TimeSpan.FromMinutes(5));
            await house.WorkAsync();
        }

        await using (var session = await house.OpenAsync())
            Assert.Single(await session.Db.Set<QueuedNotice>().Where(each => each.Key == $"approval/{request}/unproven").ToListAsync(Now));
        Assert.Equal(FailureKind.NotFound, (await house.Requests.GiveUpAsync(Stranger, request, "Not ours.", Now)).Failure!.Kind);
        Ok(await house.Requests.GiveUpAsync(Officer, request, "The portal shows that it is done.", Now));
        Refused(await house.Requests.GiveUpAsync(Officer, request, "Again.", Now), "It is over already");
        Ok(await house.Runs.CompleteAsync(Officer, run, step, true, "Seen in the portal.", null, Now));

        // Nobody gives another up: after a week it is no longer looked for.
        var other = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Ok(await house.Requests.DecideAsync(Officer, other, true, "It is a theft.", Now));
        await house.WorkAsync();
        house.Clock.Move(TimeSpan.FromDays(8));
        await house.WorkAsync();
        Assert.Equal((RequestState.Unproven, null), ((await house.RequestAsync(other)).State, (await house.RequestAsync(other)).NextAt));
    }

    [Fact]
    public async Task Run_ForAnIncidentOfAnotherForce_IsNotBegun()
    {
        await using var house = await RunHouse.StartAsync();
        var incidents = house.Get<Response.Incidents.IncidentOperations>();
        var theirs = Ok(await incidents.OpenAsync(Stranger, new() { Force = Essex, Title = "Theirs alone" }, Now));
        var ours = Ok(await incidents.OpenAsync(Officer, new() { Force = Kent, Title = "Ours alone" }, Now));
        var nation = Ok(await incidents.OpenAsync(Analyst, new() { Force = Platform.Tenancy.ForceId.Centre, Title = "Both of us", Parts = [Kent] }, Now));
        Task<Outcome<Guid>> Start(Guid incident) => house.Runs.StartAsync(Analyst, new(house.Playbook("Wave of phishing"), Kent, Severity.High) { IncidentId = incident }, Now);
        Refused(await Start(theirs), "no such incident of KNT");
        var first = Ok(await Start(ours));
        var second = Ok(await Start(nation));
        Assert.Equal([second, first], (await house.Get<RunQueries>().ListAsync(Officer, null, null, null, Now)).Select(each => each.Id));
        Assert.Equal([first], (await house.Get<RunQueries>().ListAsync(Officer, null, null, null, Now, before: second)).Select(each => each.Id));
    }

    [Fact]
    public async Task Authority_OverDestructiveActions_HoldsWhenASecondPersonConfirmedIt()
    {
        await using var house = await RunHouse.StartAsync();
        var authority = Ok(await house.Authorities.GrantAsync(Officer, Limits(house, ["IsolateDevice"], "PC-*", 3), Now));
        Refused(await house.Authorities.ConfirmAsync(Officer, authority, null, Now), "somebody else of the force confirms it");
        Assert.Equal(FailureKind.NotFound, (await house.Authorities.ConfirmAsync(Stranger, authority, null, Now)).Failure!.Kind);
        Assert.Equal("A second person has not confirmed it.", await UncoveredAsync(house, authority));
        Ok(await house.Authorities.ConfirmAsync(Owner, authority, null, Now));
        Assert.Null(await UncoveredAsync(house, authority));
        Refused(await house.Authorities.GrantAsync(Officer, Limits(house, ["Everything"], "*", 3), Now), "kinds of actions");
        Refused(await house.Authorities.GrantAsync(Officer, Limits(house, ["BlockAddress"], "*", 0), Now), "1 to 1,000");
    }

    [Theory]
    [InlineData(nameof(Behaviour.FailsAfter), 1, nameof(RequestState.Proven))]
    [InlineData(nameof(Behaviour.FailsBefore), 3, nameof(RequestState.Unknown))]
    [InlineData(nameof(Behaviour.Refuses), 1, nameof(RequestState.Rejected))]
    public async Task Executor_ThatFails_IsLookedAtBeforeAnythingIsSentAgain(string behaviour, int sent, string end)
    {
        await using var house = await RunHouse.StartAsync();
        house.Estate.Next = () => Enum.Parse<Behaviour>(behaviour);
        var request = await house.AskAsync(await house.TokenTheftAsync(), EstateActionKind.RevokeSessions);
        Ok(await house.Requests.DecideAsync(Officer, request, true, "It is a theft.", Now));
        for (var round = 0; round < 10; round++)
        {
            await house.WorkAsync();
            house.Clock.Move(TimeSpan.FromMinutes(2));
        }

        Assert.Equal((sent, end), (house.Estate.Sent, (await house.RequestAsync(request)).State.ToString()));
        Assert.True(house.Estate.Done.Count <= 1);
    }

    [Fact]
    public async Task Step_DecidedAndDoneByHand_IsRecordedAndStaleChangesAreRefused()
    {
        await using var house = await RunHouse.StartAsync();
        var run = await house.TokenTheftAsync();
        var found = await house.FindAsync(run);
        var step = await house.StepAsync(run, EstateActionKind.BlockAddress);
        Ok(await house.Runs.CompleteAsync(Lead, run, step, false, "The firewall was down.", found.Model.Version, Now));
        Refused(await house.Runs.CompleteAsync(Officer, run, step, true, "I did it.", found.Model.Version, Now), "Somebody else went on");
        Refused(await house.Runs.CompleteAsync(Officer, run, step, true, "I did it.", null, Now), "does not wait");
        var asked = await house.AskAsync(run, EstateActionKind.RevokeSessions);
        Refused(await house.Runs.CompleteAsync(Officer, run, (await house.RequestAsync(asked)).Step, true, "By hand.", null, Now), "waits for the force or is under way");
        Assert.Equal(FailureKind.NotFound, (await house.Runs.StopAsync(Stranger, run, "Not ours.", null, Now)).Failure!.Kind);
        Ok(await house.Runs.StopAsync(Officer, run, "A false alarm.", null, Now));
        Assert.Equal(RequestState.Withdrawn, (await house.RequestAsync(asked)).State);
        Assert.Contains((await house.FindAsync(run)).Model.Entries, entry => entry.Kind == "failed" && entry.Words.Contains("The firewall was down.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Playbooks_OfTheNation_AreAllUsable()
    {
        await using var house = await RunHouse.StartAsync();
        var files = Directory.GetFiles(RepositoryRoot.File("national/playbooks"), "*.json");
        Assert.True(files.Length >= 10);
        Assert.All(files, file => Assert.Null(PlaybookBook.Read(file).Fault));
        Assert.Equal(files.Length, house.Get<PlaybookBook>().All.Count);
        foreach (var each in house.Get<PlaybookBook>().All)
        {
            var layout = FlowLayout.Of(each.Playbook);
            Assert.All(each.Playbook.Steps.Keys, step => Assert.Contains(layout.Nodes, node => node.Id == step));
            Assert.Equal(layout.Nodes.Count, layout.Nodes.Select(node => (node.Column, node.Row)).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*@kent.example", "A@KENT.example", true)]
    [InlineData("*@kent.example", "a@kent.example.evil", false)]
    [InlineData("PC-*-7", "pc-1-7", true)]
    [InlineData("PC-*-7", "PC-7", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("exact", "exact", true)]
    [InlineData("exact", "exactly", false)]
    public void Pattern_OfTargets_FitsAsItSays(string pattern, string text, bool expected) => Assert.Equal(expected, RequestRules.Fits(pattern, text));

    private static async Task<string?> UncoveredAsync(RunHouse house, Guid id)
    {
        await using var session = await house.OpenAsync();
        var authority = await session.Db.Set<StandingAuthority>().SingleAsync(each => each.Id == id, Now);
        return RequestRules.Uncovered(authority, Kent, new(EstateActionKind.IsolateDevice, "PC-1"), Severity.Critical, 0, house.Clock.GetUtcNow());
    }

    private static async Task<List<QueuedNotice>> NoticesAsync(RunHouse house)
    {
        await using var session = await house.OpenAsync();
        return await session.Db.Set<QueuedNotice>().AsNoTracking().ToListAsync(Now);
    }

    private static AuthorityOptions Limits(RunHouse house, string[] kinds, string target, int most) => new()
    {
        Purpose = "At night and at weekends", Kinds = kinds, Target = target, MostPerDay = most, LeastSeverity = Severity.High, Until = house.Clock.GetUtcNow().AddDays(90),
    };
}
