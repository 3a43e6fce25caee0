using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Notices.Sending;
using Watchhouse.Response.Notices.Settings;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>Webhooks and Teams workflows of a force.</summary>
public sealed class EndpointTests
{
    [Fact]
    public async Task Webhook_PostedAnew_IsSignedAndKeepsItsId()
    {
        await using var receiver = await FakeReceiver.StartAsync();
        await using var house = await NoticeHouse.StartAsync();
        var officer = await house.PersonAsync(Kent);
        var made = await AddAsync(house, officer, $"{receiver.Address}/hook");
        var answers = new Queue<int>([500, 0, 302, 401, 204]);
        receiver.Next = () => answers.Dequeue();
        await house.TellAsync(Kent);
        await house.RoundAsync();
        for (var hour = 0; hour < 4; hour++) await house.LaterAsync(TimeSpan.FromHours(1));

        Assert.Equal(5, receiver.Got.Count);
        var id = Assert.Single(receiver.Got.Select(each => each.Id).Distinct());
        var delivery = Assert.Single(await house.DeliveriesAsync());
        Assert.Equal((DeliveryState.Delivered, delivery.Id.ToString()), (delivery.State, id));
        Assert.Equal(5, receiver.Got.Select(each => each.Signature).Distinct().Count());
        var last = receiver.Got.Last();
        Assert.True(WebhookSignature.Verify(Encoding.UTF8.GetBytes(made.Secret!), last.Body, last.Signature, house.Clock.GetUtcNow()));
        using var body = JsonDocument.Parse(last.Body);
        Assert.Equal(["id", "force", "kind", "severity", "words", "link", "createdAt"], body.RootElement.EnumerateObject().Select(each => each.Name));
    }

    [Fact]
    public async Task Secret_Replaced_SignsWithBothForADay()
    {
        await using var receiver = await FakeReceiver.StartAsync();
        await using var house = await NoticeHouse.StartAsync();
        var officer = await house.PersonAsync(Kent);
        var old = await AddAsync(house, officer, $"{receiver.Address}/hook");
        var anew = Ok(await house.Get<EndpointOperations>().RotateAsync(officer, old.Endpoint.Id, Now));
        await house.TellAsync(Kent);
        await house.RoundAsync();
        var both = receiver.Got.Last();
        foreach (var secret in new[] { old.Secret!, anew.Secret! }) Assert.True(Holds(house, secret, both));
        Assert.False(Holds(house, "whsec_another", both));
        house.Clock.Move(EndpointOperations.ChangesOver);
        await house.TellAsync(Kent);
        await house.RoundAsync();
        Assert.False(Holds(house, old.Secret!, receiver.Got.Last()));
        Assert.True(Holds(house, anew.Secret!, receiver.Got.Last()));
    }

    [Fact]
    public async Task Teams_Card_IsASentenceAndALink()
    {
        await using var receiver = await FakeReceiver.StartAsync();
        receiver.Next = () => 202;
        await using var house = await NoticeHouse.StartAsync();
        var officer = await house.PersonAsync(Kent);
        Ok(await house.Get<EndpointOperations>().CreateAsync(officer, new EndpointInput("Desk", "Teams", $"{receiver.Address}/workflows/1?sig=secret"), Now));
        await house.TellAsync(Kent);
        await house.RoundAsync();
        using var card = JsonDocument.Parse(Assert.Single(receiver.Got).Body);
        var content = card.RootElement.GetProperty("attachments")[0].GetProperty("content");
        Assert.Equal("Something waits for your decision.", content.GetProperty("body")[0].GetProperty("text").GetString());
        Assert.Equal("https://watchhouse.example/approvals", content.GetProperty("actions")[0].GetProperty("url").GetString());
        Assert.Null(Assert.Single(receiver.Got).Signature);
        Assert.Equal(DeliveryState.Sent, Assert.Single(await house.DeliveriesAsync()).State);
    }

    [Fact]
    public async Task Endpoint_ThatAnswersWithAWait_IsLeftAloneForSoLong()
    {
        await using var receiver = await FakeReceiver.StartAsync();
        receiver.Next = () => 429;
        await using var house = await NoticeHouse.StartAsync();
        await AddAsync(house, await house.PersonAsync(Kent), $"{receiver.Address}/hook");
        await house.TellAsync(Kent);
        await house.RoundAsync();
        await house.LaterAsync(TimeSpan.FromSeconds(590));
        Assert.Single(receiver.Got);
        await house.LaterAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, receiver.Got.Count);
    }

    [Fact]
    public async Task Endpoint_OverHttp_IsTheForcesAloneAndShowsItsSecretOnce()
    {
        await using var receiver = await FakeReceiver.StartAsync();
        await using var house = await NoticeHouse.StartAsync();
        var officer = await house.House.PersonAsync(Kent, Role.SecurityOfficer);
        var lead = await house.House.PersonAsync(Kent, Role.ItLead);
        var other = await house.House.PersonAsync(Essex, Role.SecurityOfficer);
        const string Endpoints = "/api/v1/notifications/endpoints";
        var body = new { name = "Case system", channel = "webhook", address = $"{receiver.Address}/hook/secret-part" };
        using var refused = await house.House.SendAsync(lead, HttpMethod.Post, Endpoints, body);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        foreach (var address in new[] { "http://hooks.example.org/", "https://10.0.0.1/", "https://169.254.169.254/latest" })
        {
            using var wrong = await house.House.SendAsync(officer, HttpMethod.Post, Endpoints, new { name = "x", channel = "Webhook", address });
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }

        using var made = await house.House.SendAsync(officer, HttpMethod.Post, Endpoints, body);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var answer = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Now));
        var id = answer.RootElement.GetProperty("endpoint").GetProperty("id").GetGuid();
        var secret = answer.RootElement.GetProperty("secret").GetString()!;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        foreach (var (person, sees) in new[] { (officer, true), (lead, false), (other, false) })
        {
            using var list = await house.House.SendAsync(person, HttpMethod.Get, "/api/v1/notifications");
            var text = await list.Content.ReadAsStringAsync(Now);
            Assert.Equal(sees, text.Contains("Case system", StringComparison.Ordinal));
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-part", text, StringComparison.Ordinal);
        }

        foreach (var (method, path) in new[] { (HttpMethod.Put, ""), (HttpMethod.Post, "/secret"), (HttpMethod.Post, "/test"), (HttpMethod.Delete, "") })
        {
            using var hidden = await house.House.SendAsync(other, method, $"{Endpoints}/{id}{path}", method == HttpMethod.Delete ? null : new { });
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        using var stale = await house.House.SendAsync(officer, HttpMethod.Put, $"{Endpoints}/{id}", new { name = "Other", version = 99 });
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        using var test = await house.House.SendAsync(officer, HttpMethod.Post, $"{Endpoints}/{id}/test", new { });
        Assert.Equal(HttpStatusCode.OK, test.StatusCode);
        using var soon = await house.House.SendAsync(officer, HttpMethod.Post, $"{Endpoints}/{id}/test", new { });
        Assert.Equal(HttpStatusCode.Conflict, soon.StatusCode);
        await house.RoundAsync();
        Assert.Contains("This is a test", Encoding.UTF8.GetString(Assert.Single(receiver.Got).Body), StringComparison.Ordinal);

        // What was to go to an endpoint that was removed is not sent, and says so.
        await house.TellAsync(Kent);
        await house.Get<NoticeFanOut>().RoundAsync(Now);
        using var removed = await house.House.SendAsync(officer, HttpMethod.Delete, $"{Endpoints}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await house.RoundAsync();
        Assert.Single(receiver.Got);
        Assert.Equal(DeliveryState.Cancelled, (await house.DeliveriesAsync())[^1].State);
    }

    internal static async Task<EndpointMade> AddAsync(NoticeHouse house, ActingPrincipal officer, string address, Severity? least = null) =>
        Ok(await house.Get<EndpointOperations>().CreateAsync(officer, new EndpointInput("Hook", "Webhook", address, least), Now));

    private static bool Holds(NoticeHouse house, string secret, Posted posted) =>
        WebhookSignature.Verify(Encoding.UTF8.GetBytes(secret), posted.Body, posted.Signature, house.Clock.GetUtcNow());
}
