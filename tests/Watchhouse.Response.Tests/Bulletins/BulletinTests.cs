using System.Text.Json;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Bulletins;
using Watchhouse.Response.Incidents;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Bulletins.BulletinHouse;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Bulletins;

/// <summary>One bulletin goes to every force; each answers once, for itself, and the rest are chased.</summary>
public sealed class BulletinTests
{
    private static readonly ForceId Manchester = ForceId.Of("GMP");

    [Fact]
    public Task Bulletin_FromDraftToWithdrawal_IsAnsweredAndCounted() => FromDraftToWithdrawalAsync(null);

    [Fact]
    public async Task Bulletin_FromDraftToWithdrawalOnPostgres_IsAnsweredAndCounted()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await FromDraftToWithdrawalAsync(database.ConnectionString);
    }

    private static async Task FromDraftToWithdrawalAsync(string? postgres)
    {
        await using var house = await BulletinHouse.StartAsync(postgres);
        var forces = await house.ForcesAsync();
        var id = Ok(await house.Bulletins.DraftAsync(Manager, house.Options(), Now));
        Assert.Empty(await house.Queries.ListAsync(Officer, null, null, Now));
        Assert.Equal(FailureKind.NotFound, (await house.Queries.FindAsync(Officer, id, null, Now)).Failure?.Kind);
        Ok(await house.Bulletins.EditAsync(Manager, id, house.Options("Update edge devices tonight"), null, Now));
        Ok(await house.Bulletins.PublishAsync(Manager, id, null, Now));
        Refused(await house.Bulletins.PublishAsync(Manager, id, null, Now), "is published already");
        Refused(await house.Bulletins.EditAsync(Manager, id, house.Options(), null, Now), "Correct it");

        // Every force is told in the same transaction, with a delegation or without.
        Assert.Equal(forces, (await house.NoticesAsync()).Select(each => each.Force).Order());
        var row = Assert.Single(await house.Queries.ListAsync(Officer, true, null, Now));
        Assert.Equal(("Update edge devices tonight", "Unseen", new AnsweredCount(0, forces.Count)), (row.Title, row.Own!.Reply, row.Answered));
        Assert.Equal(1, await house.Queries.CountWaitingAsync(Officer, Now));

        Ok(await house.Bulletins.SeeAsync(Officer, id, Now));
        Ok(await house.Bulletins.SeeAsync(Second, id, Now));
        Ok(await house.Bulletins.AcknowledgeAsync(Officer, id, 1, Now));
        Ok(await house.Bulletins.AnswerAsync(Stranger, id, BulletinReply.NotAffected, "We have no such device.", 1, Now));
        Assert.Equal(new BulletinCounts(forces.Count, forces.Count - 2, 0, 1, 0, 1, 1, 0), Assert.Single(await house.Queries.ListAsync(Manager, null, null, Now)).Counts);
        Ok(await house.Bulletins.AnswerAsync(Second, id, BulletinReply.Acted, "", 1, Now));
        house.Clock.Move(TimeSpan.FromDays(3));
        var devon = OfficerOf(ForceId.Of("DVC"));
        Ok(await house.Bulletins.AnswerAsync(devon, id, BulletinReply.Acted, "Done on Friday.", null, Now));

        var own = (await house.FindAsync(id, Officer)).Bulletin.Own!;
        Assert.Equal(("Acted", true, false, Officer.Name, Second.Name), (own.Reply, own.IsAnswered, own.IsLate, own.SeenBy.Split(" (")[0], own.AnsweredBy.Split(" (")[0]));
        Assert.Equal(["Acted", "Acknowledged", "Seen"], (await house.FindAsync(id, Officer)).Steps.Select(each => each.Reply));
        var found = await house.FindAsync(id);
        Assert.Equal(new BulletinCounts(forces.Count, forces.Count - 3, 0, 0, 2, 1, 3, 1), found.Bulletin.Counts);
        Assert.Equal((true, "Done on Friday."), found.Receipts.Single(each => each.Force == devon.Home) is var late ? (late.IsLate, late.Words) : default);
        Assert.Contains($"{found.Bulletin.Number},ESX,Not affected,yes,no", BulletinCsv.Of(found), StringComparison.Ordinal);

        Ok(await house.Bulletins.WithdrawAsync(Manager, id, "The maker was wrong.", Now));
        Refused(await house.Bulletins.AnswerAsync(OfficerOf(Manchester), id, BulletinReply.Acted, "", null, Now), "The Centre withdrew this bulletin: The maker was wrong.");
        Refused(await house.Bulletins.ChaseAsync(Manager, id, Now), "was withdrawn");
        Assert.Equal(0, await house.Queries.CountWaitingAsync(OfficerOf(Manchester), Now));
        Assert.Equal(forces.Count, (await house.NoticesAsync()).Count(each => each.Key.EndsWith("/withdrawn", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Change_ThatMayNotBe_IsAnsweredInASentence()
    {
        await using var house = await BulletinHouse.StartAsync();
        Refused(await house.Bulletins.DraftAsync(Manager, house.Options() with { Title = "x" }, Now), "title of 5 to 200");
        Refused(await house.Bulletins.DraftAsync(Manager, house.Options() with { Handling = (IncidentHandling)3 }, Now), "SECRET or above");
        Refused(await house.Bulletins.DraftAsync(Manager, house.Options(addressed: [ForceId.Of("QQQ")]), Now), "There is no force QQQ");
        var soon = Ok(await house.Bulletins.DraftAsync(Manager, house.Options(within: TimeSpan.FromMinutes(10)), Now));
        Refused(await house.Bulletins.PublishAsync(Manager, soon, null, Now), "at least an hour");
        var version = (await house.FindAsync(soon)).Version;
        Ok(await house.Bulletins.EditAsync(Manager, soon, house.Options(), version, Now));
        Refused(await house.Bulletins.PublishAsync(Manager, soon, version, Now), "Somebody else changed this bulletin");
        Refused(await house.Bulletins.ChaseAsync(Manager, soon, Now), "is not published yet");

        var id = await house.PublishedAsync();
        Refused(await house.Bulletins.AnswerAsync(Officer, id, BulletinReply.NotAffected, " ", null, Now), "why it does not affect");
        Refused(await house.Bulletins.AnswerAsync(Officer, id, BulletinReply.Seen, "", null, Now), "Acted or NotAffected");
        Ok(await house.Bulletins.AcknowledgeAsync(Officer, id, null, Now));
        Refused(await house.Bulletins.AcknowledgeAsync(Second, id, null, Now), $"{Officer.Name} (KNT) has acknowledged this for your force already");
        Ok(await house.Bulletins.AnswerAsync(Officer, id, BulletinReply.NotAffected, "We have none.", null, Now));
        Refused(await house.Bulletins.AnswerAsync(Second, id, BulletinReply.NotAffected, "None at all.", null, Now), "has answered this for your force already: not affected");
        // An answer that proves wrong is changed, and both stand in what the force said.
        Refused(await house.Bulletins.AnswerAsync(Second, id, BulletinReply.Acted, "", null, Now), "what has changed");
        Ok(await house.Bulletins.AnswerAsync(Second, id, BulletinReply.Acted, "One was found in a store room, and updated.", null, Now));
        Assert.Equal(3, (await house.FindAsync(id, Officer)).Steps.Count);

        foreach (var stranger in (ActingPrincipal[])[Officer, Stranger, Analyst])
            await Assert.ThrowsAsync<AccessRefusedException>(() => house.Bulletins.WithdrawAsync(stranger, id, "Because.", Now));
        foreach (var reader in (ActingPrincipal[])[Manager, Analyst, Person("kent-auditor", Kent, Role.Auditor)])
            await Assert.ThrowsAsync<AccessRefusedException>(() => house.Bulletins.AcknowledgeAsync(reader, id, null, Now));
    }

    [Fact]
    public async Task Correction_ThatIsMaterial_AsksAnewAndTakesNoAnswerToWhatStoodBefore()
    {
        await using var house = await BulletinHouse.StartAsync();
        var id = await house.PublishedAsync();
        Ok(await house.Bulletins.AnswerAsync(Officer, id, BulletinReply.Acted, "Updated to 1.2.", 1, Now));
        Ok(await house.Bulletins.CorrectAsync(Manager, id, house.Options("Update edge devices to 1.3"), new("A word was misspelt.", false), null, Now));
        Assert.Equal(("Acted", 2), (await house.FindAsync(id, Officer)).Bulletin is var row ? (row.Own!.Reply, row.Revision) : default);

        Ok(await house.Bulletins.CorrectAsync(Manager, id, house.Options("Update edge devices to 1.4"), new("Version 1.3 does not help.", true), null, Now));
        var seen = await house.FindAsync(id, Officer);
        Assert.Equal(("Unseen", 2, "Version 1.3 does not help.", "Update edge devices to 1.4"), (seen.Bulletin.Own!.Reply, seen.Round, seen.Correction, seen.Bulletin.Title));
        Assert.Equal("Updated to 1.2.", Assert.Single(seen.Steps).Words);
        Refused(await house.Bulletins.AnswerAsync(Officer, id, BulletinReply.Acted, "Updated to 1.3.", 1, Now), "has corrected this bulletin since you opened it");
        Assert.Equal(0, (await house.FindAsync(id)).Bulletin.Counts!.Answered);
        Ok(await house.Bulletins.AnswerAsync(Officer, id, BulletinReply.Acted, "Updated to 1.4.", 2, Now));
        Assert.Equal(1, (await house.FindAsync(id)).Bulletin.Counts!.Answered);
    }

    [Fact]
    public async Task Bulletin_WithNothingToDo_IsAnsweredByAcknowledgingIt()
    {
        await using var house = await BulletinHouse.StartAsync();
        var id = await house.PublishedAsync(house.Options() with { Actions = [] });
        Ok(await house.Bulletins.AcknowledgeAsync(Officer, id, 1, Now));
        Assert.True((await house.FindAsync(id, Officer)).Bulletin.Own!.IsAnswered);
        Assert.Equal(1, (await house.FindAsync(id)).Bulletin.Counts!.Answered);
    }

    [Fact]
    public async Task Chase_ByHandAndByTheClock_TellsOnlyTheRestAndEachStepOnce()
    {
        using var directory = new TempDirectory();
        var house = await BulletinHouse.StartAsync(data: directory.FullName);
        var others = (await house.ForcesAsync()).Count - 1;
        var id = await house.PublishedAsync();
        Ok(await house.Bulletins.AnswerAsync(Officer, id, BulletinReply.Acted, "", null, Now));
        Assert.Equal(others, Ok(await house.Bulletins.ChaseAsync(Manager, id, Now)));
        Refused(await house.Bulletins.ChaseAsync(Manager, id, Now), "Give them a quarter of an hour");
        Assert.Equal(0, await house.Chaser.RoundAsync(Now));

        house.Clock.Move(TimeSpan.FromHours(25));
        // The program stops in the middle of it, and is started again.
        house.Fragile.BreaksAfter = 5;
        await Assert.ThrowsAsync<ProgramStoppedException>(() => house.Chaser.RoundAsync(Now));
        var clock = house.Clock;
        await house.DisposeAsync();
        house = await BulletinHouse.StartAsync(data: directory.FullName, clock: clock);
        Assert.Equal(others, await house.Chaser.RoundAsync(Now));
        Assert.Equal(0, await house.Chaser.RoundAsync(Now));

        // It slept through two steps: of those one notice is enough.
        house.Clock.Move(TimeSpan.FromHours(24));
        Assert.Equal(others, await house.Chaser.RoundAsync(Now));
        var chases = (await house.NoticesAsync()).Where(each => each.Key.Contains("/chase/", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(chases, each => each.Force == Kent);
        Assert.All(chases.GroupBy(each => each.Force), each => Assert.Equal(3, each.Count()));
        Assert.Equal(others, (await house.FindAsync(id)).Receipts.Count(each => each.Chases == 3));
        await house.DisposeAsync();
    }

    [Fact]
    public async Task Force_SeesItsOwnAnswerAndANumber_NeverAnothersAnswer()
    {
        await using var house = await BulletinHouse.StartAsync();
        var id = await house.PublishedAsync();
        Ok(await house.Bulletins.AnswerAsync(Stranger, id, BulletinReply.NotAffected, "The clerk keeps it switched off.", null, Now));
        var seen = JsonSerializer.Serialize(await house.FindAsync(id, Officer)) + JsonSerializer.Serialize(await house.Queries.ListAsync(Officer, null, null, Now));
        Assert.DoesNotContain("clerk", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ESX", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("essex", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, (await house.FindAsync(id, Officer)).Bulletin.Answered!.Answered);

        // To few forces a number would tell one of them about another.
        var few = await house.PublishedAsync(house.Options("For two forces only", null, Kent, Essex));
        Ok(await house.Bulletins.AnswerAsync(Stranger, few, BulletinReply.Acted, "", null, Now));
        var own = await house.FindAsync(few, Officer);
        Assert.Null(own.Bulletin.Answered);
        Assert.DoesNotContain("ESX", JsonSerializer.Serialize(own), StringComparison.Ordinal);
        var devon = OfficerOf(ForceId.Of("DVC"));
        Assert.Equal(FailureKind.NotFound, (await house.Queries.FindAsync(devon, few, null, Now)).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await house.Bulletins.AcknowledgeAsync(devon, few, null, Now)).Failure?.Kind);
    }

    [Fact]
    public async Task Answer_OfAForceThatCameOfTwo_CountsForBoth()
    {
        await using var house = await BulletinHouse.StartAsync();
        var id = await house.PublishedAsync();
        Ok(await house.Bulletins.AcknowledgeAsync(Officer, id, null, Now));
        // What was Kent's passes to Essex, as when one force takes another over.
        await house.PassAsync(Kent, Essex);
        Assert.Single(await house.Queries.ListAsync(Stranger, null, null, Now));
        Assert.Equal(1, await house.Queries.CountWaitingAsync(Stranger, Now));
        Assert.Equal("Unseen", (await house.FindAsync(id, Stranger)).Bulletin.Own!.Reply);

        Ok(await house.Bulletins.AnswerAsync(Stranger, id, BulletinReply.Acted, "In both houses.", 1, Now));
        var counts = (await house.FindAsync(id)).Bulletin.Counts!;
        Assert.Equal((2, 2), (counts.Acted, counts.Answered));
        Assert.Equal(0, await house.Queries.CountWaitingAsync(Stranger, Now));
        Assert.Equal(FailureKind.NotFound, (await house.Queries.FindAsync(Officer, id, null, Now)).Failure?.Kind);
        Assert.Equal((await house.ForcesAsync()).Count - 2, Ok(await house.Bulletins.ChaseAsync(Manager, id, Now)));
    }

    [Fact]
    public async Task Answer_OfTwoAtOnce_IsTakenOnce()
    {
        await using var house = await BulletinHouse.StartAsync();
        var id = await house.PublishedAsync();
        var done = await Task.WhenAll(house.Bulletins.AnswerAsync(Officer, id, BulletinReply.Acted, "", null, Now), house.Bulletins.AnswerAsync(Second, id, BulletinReply.Acted, "", null, Now));
        Assert.Single(done, each => each.Succeeded);
        Assert.Single((await house.FindAsync(id, Officer)).Steps);
    }
}
