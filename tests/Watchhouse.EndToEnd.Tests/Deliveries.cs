using System.Text.Json;
using Microsoft.Playwright;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Events of a force, delivered by a collector that its administrator makes.</summary>
internal sealed class Deliveries : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _key;

    private readonly string _force;

    private Deliveries(Uri address, string key, string force) => (_client, _key, _force) = (new HttpClient { BaseAddress = address }, key, force);

    public static Task<Deliveries> OfKentAsync(House house) => OfAsync(house, "KNT");

    public static async Task<Deliveries> OfAsync(House house, string force)
    {
        var page = await house.AsAsync($"force-administrator.1@{force.ToLowerInvariant()}.demonstration.invalid");
        var answer = await page.APIRequest.PostAsync($"/api/v1/forces/{force}/clients", new()
        {
            DataObject = new { name = $"Collector (test {Guid.NewGuid():N})", role = "Collector" },
            Headers = new Dictionary<string, string> { ["Origin"] = house.Address.GetLeftPart(UriPartial.Authority) },
        });
        Assert.True(answer.Ok, await answer.TextAsync());
        var key = (await answer.JsonAsync())!.Value.GetProperty("secret").GetProperty("key").GetString()!;
        await page.Context.CloseAsync();
        return new(house.Address, key, force);
    }

    public async Task PostAsync(string source, params string[] events)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingest/v1/events/{source}") { Content = new StringContent(string.Join('\n', events)) };
        request.Headers.Authorization = new("Bearer", _key);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 300, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>That a rule in somebody's mailbox forwards outside, as Microsoft 365 writes it.</summary>
    public static string InboxRule(string user, string to = "collector@mail.example", string address = "203.0.113.77") => JsonSerializer.Serialize(new
    {
        CreationTime = DateTimeOffset.UtcNow.AddMinutes(-1), Id = Guid.NewGuid(), Operation = "New-InboxRule", RecordType = 1, Workload = "Exchange",
        UserId = user, ClientIP = address, ResultStatus = "True",
        Parameters = new[] { new { Name = "Name", Value = "Sent items" }, new { Name = "ForwardTo", Value = to } },
    });

    /// <summary>Delivers that a mailbox of somebody forwards outside, and waits for the alert about it.</summary>
    /// <param name="page">Of somebody who sees the force's alerts.</param>
    /// <param name="user">Whose mailbox.</param>
    /// <param name="to">Where it forwards to.</param>
    /// <param name="address">From where the rule was made.</param>
    /// <returns>The alert's id.</returns>
    public async Task<string> InboxRuleAsync(IPage page, string user, string to = "collector@mail.example", string address = "203.0.113.77")
    {
        await PostAsync("microsoft-365", InboxRule(user, to, address));
        for (var tries = 0; tries < 120; tries++)
        {
            var answer = await page.APIRequest.GetAsync($"/api/v1/alerts?entity={Uri.EscapeDataString(user)}&force={_force}");
            if (answer.Ok && (await answer.JsonAsync())!.Value is { } list && list.GetArrayLength() > 0) return list[0].GetProperty("id").GetString()!;
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"No alert about {user} was raised within a minute.");
        return "";
    }

    public void Dispose() => _client.Dispose();
}
