using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices;

/// <summary>A force reads and acknowledges what its people are told; nobody else sees that there is something.</summary>
public sealed class OutboxTests
{
    private static readonly ActingPrincipal Administrator = new()
    {
        Kind = PrincipalKind.Person, Subject = "kent-administrator", Name = "Test administrator", Home = Kent, Roles = [Role.ForceAdministrator],
    };

    [Fact]
    public Task Notice_AcknowledgedByTheForce_LeavesTheListAndKeepsTheFirstName() => IsAcknowledgedAsync(null);

    [Fact]
    public async Task Notice_AcknowledgedOnPostgres_LeavesTheListAndKeepsTheFirstName()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await IsAcknowledgedAsync(database.ConnectionString);
    }

    [Fact]
    public async Task Notice_OfAnotherForce_IsNeitherSeenNorAcknowledged()
    {
        await using var house = await RunHouse.StartAsync();
        var notice = await TellAsync(house, "one");
        Assert.Empty(await house.Get<Outbox>().ListAsync(Stranger, null, null, Now));
        // The Centre holds a delegation of the force for response, and yet its notices are the force's own.
        Assert.Empty(await house.Get<Outbox>().ListAsync(Analyst, null, null, Now));
        foreach (var other in (ActingPrincipal[])[Stranger, Analyst])
            Assert.Equal(FailureKind.NotFound, (await house.Get<Outbox>().AcknowledgeAsync(other, notice, Now)).Failure?.Kind);
        Assert.Null(Assert.Single(await house.Get<Outbox>().ListAsync(Officer, true, null, Now)).AcknowledgedAt);
    }

    [Fact]
    public async Task Administrator_OfTheForce_ReadsButDoesNotAcknowledge()
    {
        await using var house = await RunHouse.StartAsync();
        var notice = await TellAsync(house, "one");
        Assert.Equal(notice, Assert.Single(await house.Get<Outbox>().ListAsync(Administrator, true, null, Now)).Id);
        await Assert.ThrowsAsync<AccessRefusedException>(() => house.Get<Outbox>().AcknowledgeAsync(Administrator, notice, Now));
    }

    [Fact]
    public async Task Notice_AcknowledgedByTwoAtOnce_BearsOneName()
    {
        await using var house = await RunHouse.StartAsync();
        var notice = await TellAsync(house, "one");
        var done = await Task.WhenAll(house.Get<Outbox>().AcknowledgeAsync(Officer, notice, Now), house.Get<Outbox>().AcknowledgeAsync(Second, notice, Now));
        Assert.Contains(done, each => each.Succeeded);
        var after = Assert.Single(await house.Get<Outbox>().ListAsync(Officer, false, null, Now));
        if (!done[0].Succeeded) Assert.Equal(Second.Name, after.AcknowledgedBy);
        if (!done[1].Succeeded) Assert.Equal(Officer.Name, after.AcknowledgedBy);
    }

    [Fact]
    public async Task Notice_WithAKeyThatIsThere_IsNotStoredAgain()
    {
        await using var house = await RunHouse.StartAsync();
        await TellAsync(house, "same");
        await TellAsync(house, "same");
        Assert.Single(await house.Get<Outbox>().ListAsync(Officer, null, null, Now));
    }

    private static async Task IsAcknowledgedAsync(string? postgres)
    {
        await using var house = await RunHouse.StartAsync(postgres);
        var outbox = house.Get<Outbox>();
        var first = await TellAsync(house, "first");
        house.Clock.Move(TimeSpan.FromMinutes(1));
        var second = await TellAsync(house, "second");
        var waiting = await outbox.ListAsync(Officer, true, null, Now);
        Assert.Equal([second, first], waiting.Select(each => each.Id));
        Assert.Equal(["Information security officer"], waiting[0].To);

        Ok(await outbox.AcknowledgeAsync(Officer, first, Now));
        Ok(await outbox.AcknowledgeAsync(Second, first, Now));

        Assert.Equal([second], (await outbox.ListAsync(Officer, true, null, Now)).Select(each => each.Id));
        var read = Assert.Single(await outbox.ListAsync(Officer, false, null, Now));
        Assert.Equal((first, Officer.Name), (read.Id, read.AcknowledgedBy));
        Assert.Equal(2, (await outbox.ListAsync(Officer, null, null, Now)).Count);
        Assert.Equal([first], (await outbox.ListAsync(Officer, null, null, Now, before: second)).Select(each => each.Id));
        Assert.Empty(await outbox.ListAsync(Officer, null, null, Now, before: first));
        // Another organisation's notice is no place to begin at.
        Assert.Empty(await outbox.ListAsync(Stranger, null, null, Now, before: second));
    }

    private static async Task<Guid> TellAsync(RunHouse house, string key)
    {
        await using var session = await house.OpenAsync();
        await new NoticeQueue().AddAsync(session, new Notice(Kent, key, "approval", "high", "Something waits for your decision.", "/approvals") { Roles = [Role.SecurityOfficer] }, Now);
        Ok(await session.CommitAsync(Now));
        return await session.Db.Set<QueuedNotice>().Where(each => each.ForceId == Kent && each.Key == key).Select(each => each.Id).SingleAsync(Now);
    }
}
