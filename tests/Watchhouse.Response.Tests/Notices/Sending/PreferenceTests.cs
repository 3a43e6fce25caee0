using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Notices.Sending;
using Watchhouse.Response.Notices.Settings;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>How people choose to be told, and what keeps to it.</summary>
public sealed class PreferenceTests
{
    [Fact]
    public async Task QuietHours_HoldWhatCanWaitAndNothingElse()
    {
        await using var smtp = FakeSmtp.Start();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(smtp));
        var person = await house.PersonAsync(Kent);
        // From an hour ago until an hour from now, wherever the day is.
        var local = HouseTime.Local(house.Clock.GetUtcNow());
        await house.PreferAsync(person, new PreferenceInput(Severity.Low, null, null, local.AddHours(-1).ToString("HH:mm", null), local.AddHours(1).ToString("HH:mm", null)));
        var waits = await house.TellAsync(Kent);
        await house.TellAsync(Kent, "critical");
        await house.TellAsync(Kent, "medium", category: 2);
        await house.RoundAsync();
        Assert.Equal(2, smtp.Taken.Count);
        var held = Assert.Single(await house.DeliveriesAsync(waits));
        Assert.Equal((DeliveryState.Held, 0), (held.State, held.Attempts));
        await house.LaterAsync(TimeSpan.FromMinutes(55));
        Assert.Equal(2, smtp.Taken.Count);
        await house.LaterAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(3, smtp.Taken.Count);
    }

    [Fact]
    public async Task Channel_ThatIsNotSetUp_LeavesTheOutboxAlone()
    {
        await using var house = await NoticeHouse.StartAsync();
        var person = await house.PersonAsync(Kent);
        var notice = await house.TellAsync(Kent);
        await house.RoundAsync();
        Assert.Empty(await house.DeliveriesAsync());
        var row = Assert.Single(await house.Get<Outbox>().ListAsync(person, true, null, Now));
        Assert.Equal((notice, 0), (row.Id, row.Messages.Count));
        Assert.Equal(0, await house.Get<NoticeFanOut>().RoundAsync(Now));
        Refused(await house.Get<NoticeTests>().MeAsync(person, Now), "Outbox");
        var view = await house.Get<NotificationQueries>().ReadAsync(person, Now);
        Assert.All(view.Channels.Where(each => each.Channel is not ("Webhook" or "Teams")), each => Assert.False(each.IsSetUp));
    }

    [Fact]
    public async Task Number_OfAPerson_IsSealedAndShownByItsEnd()
    {
        await using var notify = await FakeNotify.StartAsync();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(notify));
        var person = await house.House.PersonAsync(Kent, Role.SecurityOfficer);
        using var wrong = await house.House.SendAsync(person, HttpMethod.Put, "/api/v1/notifications/preferences", new { textFrom = "High", phone = "12" });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var none = await house.House.SendAsync(person, HttpMethod.Put, "/api/v1/notifications/preferences", new { textFrom = "High" });
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        using var set = await house.House.SendAsync(person, HttpMethod.Put, "/api/v1/notifications/preferences", new { emailFrom = "Low", textFrom = "High", phone = "07700 900123", quietFrom = "22:00", quietUntil = "07:00" });
        var text = await set.Content.ReadAsStringAsync(Now);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Contains("… 123", System.Text.Json.Nodes.JsonNode.Parse(text)!["phone"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("900123", text, StringComparison.Ordinal);
        await using var session = await house.OpenAsync();
        Assert.DoesNotContain("900123", (await session.Db.Set<NoticePreference>().AsNoTracking().SingleAsync(Now)).SealedPhone!, StringComparison.Ordinal);

        using var test = await house.House.SendAsync(person, HttpMethod.Post, "/api/v1/notifications/test", new { });
        Assert.Equal(HttpStatusCode.OK, test.StatusCode);
        await house.RoundAsync();
        Assert.Equal(2, notify.Taken.Count);
        Assert.Contains(notify.Taken, each => each.To == "07700900123");
    }

    [Fact]
    public async Task Person_WhoLeft_IsSentNothingMore()
    {
        await using var smtp = FakeSmtp.Start();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(smtp));
        var person = await house.PersonAsync(Kent);
        await house.TellAsync(Kent);
        await house.Get<NoticeFanOut>().RoundAsync(Now);
        await using (var session = await house.OpenAsync())
        {
            var id = new PersonId(Guid.Parse(person.Subject));
            (await session.Db.Set<Person>().SingleAsync(each => each.Id == id, Now)).Status = PersonStatus.Suspended;
            Ok(await session.CommitAsync(Now));
        }

        await house.RoundAsync();
        Assert.Empty(smtp.Taken);
        Assert.Equal(DeliveryState.Cancelled, Assert.Single(await house.DeliveriesAsync()).State);
    }

    [Fact]
    public async Task Choices_OfWhoeverLeft_AreForgottenAndNoOthers()
    {
        await using var house = await NoticeHouse.StartAsync();
        var (leaves, stays) = (await house.PersonAsync(Kent), await house.PersonAsync(Kent));
        foreach (var person in new[] { leaves, stays }) await house.PreferAsync(person, new PreferenceInput(Severity.High, null, "07700 900123"));
        await using (var session = await house.OpenAsync())
        {
            var id = new PersonId(Guid.Parse(leaves.Subject));
            (await session.Db.Set<Person>().SingleAsync(each => each.Id == id, Now)).Status = PersonStatus.Left;
            Ok(await session.CommitAsync(Now));
        }

        Assert.Equal(1, await house.Get<PreferencePruning>().RoundAsync(Now));
        await using var after = await house.OpenAsync();
        Assert.Equal(stays.Subject, (await after.Db.Set<NoticePreference>().AsNoTracking().SingleAsync(Now)).PersonId.ToString());
    }

    [Fact]
    public async Task Notice_SpreadWhileSomebodyAcknowledges_StandsInNobodysWay()
    {
        await using var smtp = FakeSmtp.Start();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(smtp));
        var person = await house.PersonAsync(Kent);
        for (var round = 0; round < 5; round++)
        {
            var notice = await house.TellAsync(Kent);
            var spreading = new[] { house.Get<NoticeFanOut>().RoundAsync(Now), house.Get<NoticeFanOut>().RoundAsync(Now) };
            Ok(await house.Get<Outbox>().AcknowledgeAsync(person, notice, Now));
            await Task.WhenAll(spreading);
            Assert.Single(await house.DeliveriesAsync(notice));
        }
    }
}
