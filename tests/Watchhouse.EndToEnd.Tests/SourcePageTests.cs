using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>The page of sources while it stays open, and what the detail of a source says of its clocks.</summary>
[Collection(HouseCollection.Name)]
public sealed class SourcePageTests(House house)
{
    [Fact]
    public async Task Sources_WhileThePageIsOpen_ShowWhatCameAndLeaveFocusAndDetailAlone()
    {
        var key = await ClientKeyAsync();
        var (first, second) = ($"gate-{Guid.NewGuid():N}"[..12], $"mast-{Guid.NewGuid():N}"[..12]);
        // Three hours late, and a clock that is ahead.
        await PostAsync(key, first, $$"""{"timestamp":"{{DateTimeOffset.UtcNow.AddHours(-3):O}}","a":1}""" + "\n" + $$"""{"timestamp":"{{DateTimeOffset.UtcNow.AddHours(1):O}}","a":2}""");
        var page = await house.AsAsync(Personas.KentOfficer);
        // The archive and the book of sources write down what came each in its own time.
        foreach (var book in new[] { "/api/v1/archive/sources", "/api/v1/ingest/sources" })
            await UntilAsync(async () => (await (await page.APIRequest.GetAsync(book)).TextAsync()).Contains(first, StringComparison.Ordinal));
        await House.OpenAsync(page, $"/sources?of=KNT&source={first}");
        var detail = page.Locator(".wh-detail");
        await Assertions.Expect(detail.GetByText("1 came more than an hour after their time; the latest by 3 h")).ToBeVisibleAsync();
        await Assertions.Expect(detail.GetByText("claim to be of the future")).ToContainTextAsync("Set the clock of the sender right");
        await Axe.AssertCleanAsync(page);
        await detail.GetByRole(AriaRole.Link, new() { Name = "Close source" }).FocusAsync();
        await page.EvaluateAsync("() => window.untouched = true");

        await PostAsync(key, second, """{"a":1}""");

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words(second) }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.True(await page.EvaluateAsync<bool>("() => window.untouched && document.activeElement?.getAttribute('aria-label') === 'Close source'"));
        await Assertions.Expect(detail.GetByRole(AriaRole.Heading, new() { Name = first })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Palette_AskedForHolds_GoesToRetention()
    {
        var page = await house.AsAsync(Personas.KentOfficer);
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Combobox).FillAsync("legal hold");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Retention and holds");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/sources/retention");
        await page.Context.CloseAsync();
    }

    private async Task<string> ClientKeyAsync()
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
        return key;
    }

    private async Task PostAsync(string key, string source, string body)
    {
        using var client = new HttpClient { BaseAddress = house.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingest/v1/events/{source}") { Content = new StringContent(body) };
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 300, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; tries < 120; tries++)
        {
            if (await isSo()) return;
            await Task.Delay(500);
        }

        Assert.Fail("It did not come within a minute.");
    }
}
