using Microsoft.Playwright;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Collectors of Kent: set up by a form, looked at, mended, switched off and removed. What they ask is a fake.</summary>
[Collection(HouseCollection.Name)]
public sealed class CollectorPageTests(House house)
{
    [Fact]
    public async Task Collector_SetUpByTheForm_FetchesAndShowsItsGapByKeyAndInWords()
    {
        var tenant = house.Microsoft.Tenant();
        var now = DateTimeOffset.UtcNow;
        // One blob can be fetched, the other has gone: that is a gap.
        tenant.Blobs.Add(new FakeBlob("here", "Audit.Exchange", now.AddHours(-5), now.AddHours(-5), now.AddDays(6), ["{\"Id\":\"1\",\"Operation\":\"FileAccessed\"}"]));
        tenant.Blobs.Add(new FakeBlob("gone", "Audit.Exchange", now.AddHours(-9), now.AddHours(-9), now.AddHours(-1), ["{\"Id\":\"2\"}"]));
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/sources");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "How events come in" }).GetByRole(AriaRole.Link, new() { Name = "Collectors" }).ClickAsync();
        await page.WaitForURLAsync("**/sources/collectors");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up collector" }).First.ClickAsync();

        var form = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(form.GetByText("ActivityFeed.Read,")).ToBeVisibleAsync();
        var name = $"Office of Kent {Guid.NewGuid():N}"[..24];
        await form.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await form.GetByLabel("Tenant id").FillAsync("no GUID");
        await form.GetByLabel("Application (client) id").FillAsync(tenant.ClientId.ToString());
        foreach (var other in new[] { "Audit.AzureActiveDirectory", "Audit.SharePoint", "Audit.General" }) await form.GetByLabel(other).UncheckAsync();
        await form.GetByLabel("Client secret").First.CheckAsync();
        await form.Locator("input[type=password]").FillAsync(tenant.Secret);
        await form.GetByLabel("Last day").FillAsync(now.AddDays(20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await Axe.AssertCleanAsync(page);
        await form.GetByRole(AriaRole.Button, new() { Name = "Set up collector" }).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("The tenant's id is a GUID");
        await form.GetByLabel("Tenant id").FillAsync(tenant.Id.ToString());
        await form.GetByRole(AriaRole.Button, new() { Name = "Set up collector" }).ClickAsync();

        await page.WaitForURLAsync("**collector=**");
        await ReloadUntilAsync(page, async () => await page.GetByText("Fetching").CountAsync() > 0 && await page.Locator(".wh-coverage-bar button[data-kind=gap]").CountAsync() > 0);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = name })).ToBeVisibleAsync();
        await page.Locator(".wh-coverage-bar button[data-kind=gap]").FocusAsync();
        await Assertions.Expect(page.Locator(".wh-coverage-said")).ToContainTextAsync("could not be fetched");
        await Assertions.Expect(page.Locator(".wh-gaps li")).ToHaveCountAsync(1);
        await page.GetByText("The same as a table").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Coverage as a table" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "Gap" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Newest lines of the ledger" }).GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("Audit.Exchange");
        // Twenty days are less than thirty.
        await Assertions.Expect(page.Locator(".wh-detail").GetByText("Lapses in")).ToBeVisibleAsync();
        Assert.DoesNotContain(tenant.Secret, await page.ContentAsync(), StringComparison.Ordinal);
        await Axe.AssertCleanAsync(page);

        // The source that it feeds leads back to it.
        await page.Locator(".wh-detail").GetByRole(AriaRole.Link, new() { Name = "office-365" }).ClickAsync();
        await ReloadUntilAsync(page, async () => await page.Locator("#source-feeders").CountAsync() > 0);
        await Assertions.Expect(page.Locator(".wh-gaps").GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Collector_ThatIsRefused_SaysWhatToDoAndIsMendedSwitchedOffAndRemoved()
    {
        var tenant = house.Microsoft.Tenant();
        tenant.Consent = false;
        var page = await house.AsAsync(Personas.KentOfficer);
        var (id, name) = await MakeAsync(page, tenant);
        await House.OpenAsync(page, $"/sources/collectors?collector={id}&show=attention");
        await ReloadUntilAsync(page, async () => await page.Locator(".wh-detail .wh-notice").CountAsync() > 0);
        await Assertions.Expect(page.Locator(".wh-detail .wh-notice")).ToContainTextAsync("AuditLog.Read.All");
        await Assertions.Expect(page.Locator("tr[aria-current=true]")).ToContainTextAsync("Met a problem");

        tenant.Consent = true;
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It runs as soon as there is room")).ToBeVisibleAsync();
        await ReloadUntilAsync(page, async () => await page.Locator(".wh-detail .wh-notice").CountAsync() == 0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Replace credential" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        Assert.Equal("", await dialog.Locator("input[type=password]").InputValueAsync());
        await dialog.Locator("input[type=password]").FillAsync("another secret");
        await dialog.GetByLabel("Last day").FillAsync(DateTime.UtcNow.AddYears(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Replace credential" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The credential is replaced")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("Microsoft keeps these events for 30 days");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch on" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run now" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("its coverage ledger");
        await Axe.AssertCleanAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove collector" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The collector is removed")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words(name) })).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Change_OfWhatSomebodyElseChangedMeanwhile_IsRefusedInASentence()
    {
        var page = await house.AsAsync(Personas.KentOfficer);
        var (id, _) = await MakeAsync(page, house.Microsoft.Tenant());
        await House.OpenAsync(page, $"/sources/collectors?collector={id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("My name for it");
        var other = await page.APIRequest.PutAsync($"/api/v1/collectors/{id}", new() { DataObject = new { everySeconds = 900 }, Headers = Origin() });
        Assert.True(other.Ok, await other.TextAsync());

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change collector" }).ClickAsync();

        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else changed this collector");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep as it is" }).ClickAsync();
        await House.OpenAsync(page, $"/sources/collectors?collector={id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("How often")).ToHaveValueAsync("900");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("My name for it");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change collector" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "My name for it" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Collectors_ToTheCentreOnAPhoneInTheDark_AreSeenAndNotTouched()
    {
        var officer = await house.AsAsync(Personas.KentOfficer);
        var (id, name) = await MakeAsync(officer, house.Microsoft.Tenant());
        await officer.Context.CloseAsync();
        var page = await house.AsAsync(Personas.DutyManager, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        await House.OpenAsync(page, "/sources/collectors");
        await Axe.AssertCleanAsync(page);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words(name) }).ClickAsync();
        await page.WaitForURLAsync($"**collector={id}**");

        await Assertions.Expect(page.GetByText("Only the information security officer and the IT lead of Kent Police")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch off" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await Axe.AssertCleanAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "30 days" }).ClickAsync();
        await page.WaitForURLAsync("**days=30**");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "30 days" })).ToHaveAttributeAsync("aria-current", "true");
        await page.Context.CloseAsync();
    }

    private Dictionary<string, string> Origin() => new() { ["Origin"] = house.Address.GetLeftPart(UriPartial.Authority) };

    private async Task<(string Id, string Name)> MakeAsync(IPage page, FakeTenant tenant)
    {
        var name = $"Audits {Guid.NewGuid():N}"[..16];
        var answer = await page.APIRequest.PostAsync("/api/v1/collectors", new()
        {
            DataObject = new
            {
                kind = "DirectoryAudits",
                name,
                source = "entra-audits",
                tenantId = tenant.Id,
                clientId = tenant.ClientId,
                credentialKind = "Secret",
                credential = tenant.Secret,
                credentialExpiresAt = DateTimeOffset.UtcNow.AddYears(1),
            },
            Headers = Origin(),
        });
        Assert.True(answer.Ok, await answer.TextAsync());
        return ((await answer.JsonAsync())!.Value.GetProperty("id").GetString()!, name);
    }

    /// <summary>A collector runs a moment after it was told to; a person would wait for the page to look again.</summary>
    private static async Task ReloadUntilAsync(IPage page, Func<Task<bool>> isSo)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            await House.OpenAsync(page, page.Url);
            if (await isSo()) return;
            await Task.Delay(500);
        }

        Assert.Fail($"It did not come within thirty seconds:\n{await page.Locator("main").InnerTextAsync()}");
    }
}
