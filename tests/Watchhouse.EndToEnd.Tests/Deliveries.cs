using Microsoft.Playwright;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Events of a force, delivered by a collector that its administrator makes.</summary>
internal sealed class Deliveries : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _key;

    private Deliveries(Uri address, string key) => (_client, _key) = (new HttpClient { BaseAddress = address }, key);

    public static async Task<Deliveries> OfKentAsync(House house)
    {
        var page = await house.AsAsync(Personas.KentAdministrator);
        var answer = await page.APIRequest.PostAsync("/api/v1/forces/KNT/clients", new()
        {
            DataObject = new { name = $"Collector (test {Guid.NewGuid():N})", role = "Collector" },
            Headers = new Dictionary<string, string> { ["Origin"] = house.Address.GetLeftPart(UriPartial.Authority) },
        });
        Assert.True(answer.Ok, await answer.TextAsync());
        var key = (await answer.JsonAsync())!.Value.GetProperty("secret").GetProperty("key").GetString()!;
        await page.Context.CloseAsync();
        return new(house.Address, key);
    }

    public async Task PostAsync(string source, params string[] events)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingest/v1/events/{source}") { Content = new StringContent(string.Join('\n', events)) };
        request.Headers.Authorization = new("Bearer", _key);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 300, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _client.Dispose();
}
