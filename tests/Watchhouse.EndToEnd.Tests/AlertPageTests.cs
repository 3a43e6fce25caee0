using System.Text.Json;
using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Alerts of Kent, from events that its collector delivers: the queue, the keys, the page of one alert, its source.</summary>
[Collection(HouseCollection.Name)]
public sealed class AlertPageTests(House house)
{
    [Fact]
    public async Task Queue_WhileItIsOpen_SaysWhatIsNewAndShowsItAtAKey()
    {
        var key = await CollectorAsync();
        await DeliverAsync(key, "first@kent.example", "second@kent.example");
        var page = await house.AsAsync(Personas.KentOfficer);
        await ArrivedAsync(page, "second@kent.example");
        await House.OpenAsync(page, "/alerts");
        // The row in hand stays in hand.
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        var inHand = await FocusedRowAsync(page);
        Assert.NotNull(inHand);

        await DeliverAsync(key, "third@kent.example");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = House.Words("new alert") })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "third@kent.example" })).ToHaveCountAsync(0);
        Assert.Equal(inHand, await FocusedRowAsync(page));

        await page.Keyboard.PressAsync("n");
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("third@kent.example");
        Assert.Equal(inHand, await FocusedRowAsync(page));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Alert_OpenedByKeys_ShowsItsEventAndComesBackToTheRow()
    {
        await DeliverAsync(await CollectorAsync(), "keys@kent.example");
        var page = await house.AsAsync(Personas.KentOfficer);
        await ArrivedAsync(page, "keys@kent.example");
        await House.OpenAsync(page, "/alerts?entity=keys%40kent.example");

        await page.Keyboard.PressAsync("/");
        Assert.Equal("INPUT", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        await page.Keyboard.PressAsync("Escape");
        await page.EvaluateAsync("() => document.activeElement.blur()");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.GetByText("1 selected")).ToBeVisibleAsync();
        await page.Locator("a.wh-row-link").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/alerts/*-*");
        await Assertions.Expect(page.GetByText("met the rule 'Inbox rule sends mail outside policing'")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".wh-met mark").Filter(new() { HasText = "New-InboxRule" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Recommendation to the force")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Raw event" })).ToContainTextAsync("collector@mail.example");
        await Axe.AssertCleanAsync(page);
        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Raw event" })).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("Escape");
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/alerts");
        await page.WaitForFunctionAsync("() => document.activeElement?.closest('tr[data-key]')");
        Assert.Contains("entity=keys", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#wh-keys")).ToContainTextAsync("Show new alerts");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Alert_OnAPhoneInTheDark_IsOneColumnAndAccessible()
    {
        await DeliverAsync(await CollectorAsync(), "phone@kent.example");
        var page = await house.AsAsync(Personas.KentOfficer, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        await ArrivedAsync(page, "phone@kent.example");
        await House.OpenAsync(page, "/alerts?entity=phone%40kent.example");
        await Axe.AssertCleanAsync(page);
        await page.Locator("a.wh-row-link").First.ClickAsync();
        await Assertions.Expect(page.GetByText("Recommendation to the force")).ToBeVisibleAsync();

        await Assertions.Expect(page.Locator(".wh-list")).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await Axe.AssertCleanAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task View_ThatAPersonKeeps_IsThereAgainAndGoesWhenRemoved()
    {
        var page = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(page, "/alerts?level=high&since=7d");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save view" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("High this week");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save view" }).ClickAsync();
        await House.OpenAsync(page, "/alerts");
        await page.GetByRole(AriaRole.Link, new() { Name = "High this week" }).ClickAsync();
        await page.WaitForURLAsync("**level=high**");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove view" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "High this week" })).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Sources_OfKent_ShowTheSourceWithWhatWasNotTaken()
    {
        var key = await CollectorAsync();
        using var client = new HttpClient { BaseAddress = house.Address };
        await PostAsync(client, key, "door-control", "{\"door\":1}\nno JSON at all\n");
        await PostAsync(client, key, "door-control", "{\"door\":2}\n");
        foreach (var (persona, width) in new[] { (Personas.KentOfficer, 1440), (Personas.DutyManager, 390) })
        {
            var page = await house.AsAsync(persona, options => options.ViewportSize = new ViewportSize { Width = width, Height = 844 });
            await CountedAsync(page, "door-control");
            await House.OpenAsync(page, "/sources?of=KNT&source=door-control");
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "door-control" })).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("no JSON at all")).ToBeVisibleAsync();
            await Axe.AssertCleanAsync(page);
            await page.GetByRole(AriaRole.Link, new() { Name = "Close source" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("door-control") }).First).ToBeVisibleAsync();
            await Axe.AssertCleanAsync(page);
            await page.Context.CloseAsync();
        }
    }

    private static Task<string?> FocusedRowAsync(IPage page) =>
        page.EvaluateAsync<string?>("() => document.activeElement?.closest('tr[data-key]')?.dataset.key ?? null");

    /// <summary>The key of a new collector of Kent, made by its administrator.</summary>
    private async Task<string> CollectorAsync()
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

    private async Task DeliverAsync(string key, params string[] users)
    {
        using var client = new HttpClient { BaseAddress = house.Address };
        foreach (var user in users)
        {
            await PostAsync(client, key, "microsoft-365", JsonSerializer.Serialize(new
            {
                CreationTime = DateTimeOffset.UtcNow.AddMinutes(-1),
                Id = Guid.NewGuid(),
                Operation = "New-InboxRule",
                RecordType = 1,
                Workload = "Exchange",
                UserId = user,
                ClientIP = "203.0.113.77",
                ResultStatus = "True",
                Parameters = new[] { new { Name = "Name", Value = "Sent items" }, new { Name = "ForwardTo", Value = "collector@mail.example" } },
            }));
        }
    }

    private static async Task PostAsync(HttpClient client, string key, string source, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingest/v1/events/{source}") { Content = new StringContent(body) };
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode < 300, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>What a source delivered is counted together and written down some seconds after the answer.</summary>
    private static async Task CountedAsync(IPage page, string source)
    {
        for (var tries = 0; tries < 150; tries++)
        {
            var sources = await page.APIRequest.GetAsync("/api/v1/ingest/sources");
            var rejects = await page.APIRequest.GetAsync("/api/v1/ingest/rejects");
            if ((await sources.TextAsync()).Contains(source, StringComparison.Ordinal)
                && (await rejects.TextAsync()).Contains(source, StringComparison.Ordinal)) return;
            await Task.Delay(200);
        }

        Assert.Fail($"Source {source} was not counted within thirty seconds.");
    }

    /// <summary>Alerts come a moment after the answer.</summary>
    private static async Task ArrivedAsync(IPage page, string entity)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var answer = await page.APIRequest.GetAsync($"/api/v1/alerts?entity={Uri.EscapeDataString(entity)}");
            if ((await answer.JsonAsync())!.Value.GetArrayLength() > 0) return;
            await Task.Delay(100);
        }

        Assert.Fail($"No alert about {entity} was raised within ten seconds.");
    }
}
