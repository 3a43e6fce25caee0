using Watchhouse.Response.Notices;
using Watchhouse.Response.Notices.Sending;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>Mail through a server that fails in the ways that mail servers do.</summary>
public sealed class SmtpTests
{
    [Theory]
    [InlineData(SmtpFault.None, DeliveryState.Sent)]
    [InlineData(SmtpFault.Greylisted, DeliveryState.Retrying)]
    [InlineData(SmtpFault.NoMailbox, DeliveryState.Dead)]
    [InlineData(SmtpFault.DropsAfterData, DeliveryState.Retrying)]
    [InlineData(SmtpFault.DropsAtOnce, DeliveryState.Retrying)]
    [InlineData(SmtpFault.WrongSender, DeliveryState.Retrying)]
    internal async Task Mail_ThatMeetsAFault_IsRepeatedUnderItsOneId(SmtpFault fault, DeliveryState state)
    {
        await using var smtp = FakeSmtp.Start();
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(smtp));
        await house.PersonAsync(Kent);
        smtp.Next = () => fault;
        await house.TellAsync(Kent);
        await house.RoundAsync();
        var first = Assert.Single(await house.DeliveriesAsync());
        Assert.Equal(state, first.State);
        Assert.DoesNotContain("@", first.Words, StringComparison.Ordinal);
        smtp.Next = () => SmtpFault.None;
        await house.LaterAsync(TimeSpan.FromMinutes(5));
        if (state == DeliveryState.Dead)
        {
            Assert.Empty(smtp.Taken);
            return;
        }

        Assert.Equal(DeliveryState.Sent, Assert.Single(await house.DeliveriesAsync()).State);
        Assert.Equal(fault == SmtpFault.DropsAfterData ? 2 : 1, smtp.Taken.Count);
        Assert.Equal([$"<{first.Reference}@watchhouse.example>"], smtp.Taken.Select(each => FakeSmtp.Header(each.Text, "Message-Id")).Distinct());
        var text = smtp.Taken.First().Text;
        Assert.Equal(NoticeWords.Subject, FakeSmtp.Header(text, "Subject"));
        Assert.Equal("auto-generated", FakeSmtp.Header(text, "Auto-Submitted"));
        Assert.Contains("\r\nhttps://watchhouse.example/approvals\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ThatIsDown_HoldsUpNoOtherChannel()
    {
        await using var receiver = await FakeReceiver.StartAsync();
        await using var smtp = FakeSmtp.Start();
        smtp.Next = () => SmtpFault.DropsAtOnce;
        await using var house = await NoticeHouse.StartAsync(NoticeHouse.With(smtp));
        var officer = await house.PersonAsync(Kent);
        await EndpointTests.AddAsync(house, officer, $"{receiver.Address}/hook");
        await house.TellAsync(Kent);
        await house.RoundAsync();
        Assert.Single(receiver.Got);
        for (var hour = 0; hour < 12; hour++) await house.LaterAsync(TimeSpan.FromHours(1));
        var dead = (await house.DeliveriesAsync()).Single(each => each.Channel == NoticeChannel.Smtp);
        Assert.Equal((DeliveryState.Dead, DeliveryRules.MostAttempts), (dead.State, dead.Attempts));
    }
}
