using Watchhouse.Response.Notices.Sending;
using Watchhouse.Response.Notices.Settings;
using Watchhouse.Platform.Ui;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>Mail and text through GOV.UK Notify, which fails in the ways that it does.</summary>
public sealed class NotifyTests
{
    [Fact]
    public Task Notice_OnSqlite_ReachesPeopleOnceAndSaysThatItArrived() => ReachesAsync(null);

    [Fact]
    public async Task Notice_OnPostgres_ReachesPeopleOnceAndSaysThatItArrived()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Now);
        await ReachesAsync(database.ConnectionString);
    }

    [Fact]
    public async Task Notify_ThatAsksToWait_IsLeftAloneForSoLong()
    {
        await using var notify = await FakeNotify.StartAsync();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(notify, text: false));
        await house.PersonAsync(Kent);
        await house.PersonAsync(Kent);
        notify.Next = () => NotifyFault.Throttle;
        await house.TellAsync(Kent);
        await house.RoundAsync();
        // Two messages wait, and one answer was enough to know it for both, but for one that was under way.
        Assert.InRange(notify.Requests, 1, 2);
        notify.Next = () => NotifyFault.None;
        await house.LaterAsync(TimeSpan.FromSeconds(200));
        Assert.Empty(notify.Taken);
        await house.LaterAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(2, notify.Taken.Count);
    }

    [Theory]
    [InlineData(NotifyFault.Broken, DeliveryState.Retrying, "500")]
    [InlineData(NotifyFault.WrongKey, DeliveryState.Retrying, "key")]
    [InlineData(NotifyFault.BadNumber, DeliveryState.Dead, "no valid one")]
    [InlineData(NotifyFault.NotOnTheList, DeliveryState.Dead, "may not write")]
    [InlineData(NotifyFault.Slow, DeliveryState.Unclear, "in time")]
    [InlineData(NotifyFault.LostAfter, DeliveryState.Unclear, "broke off")]
    [InlineData(NotifyFault.LostBefore, DeliveryState.Unclear, "broke off")]
    [InlineData(NotifyFault.Nonsense, DeliveryState.Unclear, "no sense")]
    internal async Task Fault_OfOneCall_HasADefinedAnswer(NotifyFault fault, DeliveryState state, string words)
    {
        await using var notify = await FakeNotify.StartAsync();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(notify, text: false));
        var person = await house.PersonAsync(Kent);
        notify.Next = () => fault;
        await house.TellAsync(Kent);
        await house.RoundAsync();
        var failed = Assert.Single(await house.DeliveriesAsync());
        Assert.Equal(state, failed.State);
        Assert.Contains(words, failed.Words, StringComparison.Ordinal);
        // What Notify wrote quotes addresses: none of it is kept.
        Assert.DoesNotContain("@", failed.Words, StringComparison.Ordinal);
        notify.Next = () => NotifyFault.None;
        await house.LaterAsync(TimeSpan.FromMinutes(5));
        await house.LaterAsync(TimeSpan.FromMinutes(5));
        var after = Assert.Single(await house.DeliveriesAsync());
        if (state == DeliveryState.Dead)
        {
            Assert.Equal(DeliveryState.Dead, after.State);
            Assert.Empty(notify.Taken);
            // A person with the right sends it again, and nobody else.
            var operations = house.Get<DeliveryOperations>();
            Refused(await operations.AgainAsync(Stranger, after.Id, Now), "nothing at this address");
            Ok(await operations.AgainAsync(person, after.Id, Now));
            await house.RoundAsync();
            Refused(await operations.AgainAsync(person, after.Id, Now), "not given up");
        }

        Assert.Equal(DeliveryState.Sent, Assert.Single(await house.DeliveriesAsync()).State);
        // Whatever happened on the way, it is there once, under one reference.
        Assert.Equal(after.Reference, Assert.Single(notify.Taken).Reference);
    }

    [Fact]
    public async Task Text_ThatCouldNotBeBrought_IsSentAgainAndAtLastGivenUp()
    {
        await using var notify = await FakeNotify.StartAsync();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(notify, mail: false));
        var person = await house.PersonAsync(Kent);
        await house.PreferAsync(person, new PreferenceInput(null, Severity.Low, "07700 900 123"));
        await house.TellAsync(Kent);
        await house.RoundAsync();
        Assert.Equal("07700900123", Assert.Single(notify.Taken).To);
        for (var hour = 0; hour < 40; hour++)
        {
            foreach (var taken in notify.Taken) taken.Status = "temporary-failure";
            await house.LaterAsync(TimeSpan.FromHours(1));
        }

        var dead = Assert.Single(await house.DeliveriesAsync());
        Assert.Equal((DeliveryState.Dead, DeliveryRules.MostAttempts), (dead.State, dead.Attempts));
        Assert.Contains("telephone", dead.Words, StringComparison.Ordinal);
        Assert.Equal(DeliveryRules.MostAttempts, notify.Taken.Count);
        Assert.Single(notify.Taken.Select(each => each.Reference).Distinct());
    }

    private static async Task ReachesAsync(string? postgres)
    {
        await using var notify = await FakeNotify.StartAsync();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(notify), postgres);
        var texted = await house.PersonAsync(Kent);
        await house.PersonAsync(Kent);
        await house.PersonAsync(Essex);
        await house.PreferAsync(texted, new PreferenceInput(Severity.Critical, Severity.High, "+44 7700 900123"));
        var notice = await house.TellAsync(Kent);
        await house.RoundAsync();

        Assert.Equal(["email", "sms"], notify.Taken.Select(each => each.Type).Order(StringComparer.Ordinal));
        Assert.All(notify.Taken, each => Assert.Equal("https://watchhouse.example/approvals", each.Fields["link"]!.ToString()));
        var sent = await house.DeliveriesAsync(notice);
        Assert.All(sent, each => Assert.Equal(DeliveryState.Sent, each.State));
        foreach (var taken in notify.Taken) taken.Status = taken.Type == "sms" ? "permanent-failure" : "delivered";
        await house.LaterAsync(TimeSpan.FromMinutes(2));
        var told = (await house.DeliveriesAsync(notice)).ToDictionary(each => each.Channel);
        Assert.Equal(DeliveryState.Delivered, told[NoticeChannel.NotifyEmail].State);
        Assert.Equal(DeliveryState.Dead, told[NoticeChannel.NotifyText].State);
        await house.LaterAsync(TimeSpan.FromDays(1));
        Assert.Equal(2, notify.Taken.Count);

        var row = Assert.Single(await house.Get<Response.Notices.Outbox>().ListAsync(texted, null, null, Now));
        Assert.Equal("E-mail: 1 arrived; Text: 1 given up", DeliveryWords.Sums(row.Messages));
        Assert.Empty(await house.Get<Response.Notices.Outbox>().ListAsync(Stranger, null, null, Now));
        Refused(await house.Get<DeliveryOperations>().OfAsync(Stranger, notice, null, Now), "nothing at this address");
        Assert.Equal(2, Ok(await house.Get<DeliveryOperations>().OfAsync(texted, notice, null, Now)).Count);
    }
}
