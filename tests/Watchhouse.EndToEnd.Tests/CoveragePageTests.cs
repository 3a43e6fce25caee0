using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>The matrix of ATT&amp;CK with what Kent's collector delivers, and exceptions made from an alert of it.</summary>
[Collection(HouseCollection.Name)]
public sealed class CoveragePageTests(House house)
{
    [Fact]
    public async Task Matrix_OfKent_ShowsATechniqueWithItsRulesAndTheSourceThatFeedsThem()
    {
        await DeliverAsync("coverage@kent.example");
        var page = await house.AsAsync(Personas.KentOfficer);
        await CoveredAsync(page, "T1114.003");
        await House.OpenAsync(page, "/coverage");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Credential Access" })).ToBeVisibleAsync();
        // The matrix scrolls in itself; the page stays as wide as the window.
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await Axe.AssertCleanAsync(page);

        await page.GetByRole(AriaRole.Searchbox).FillAsync("Email Forwarding");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**q=Email**");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("T1114.003: Covered") }).ClickAsync();
        await page.WaitForURLAsync("**technique=T1114.003**");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = House.Words("T1114.003 Email Forwarding Rule") })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Inbox rule sends mail outside policing").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "m365" }).First).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForURLAsync(url => !url.Contains("technique", StringComparison.Ordinal));

        await page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("Missing sources") }).ClickAsync();
        await page.WaitForURLAsync("**view=sources**");
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "New techniques" })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Matrix_OnAPhoneInTheDark_IsAListByTactic()
    {
        var page = await house.AsAsync(Personas.DutyManager, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        await House.OpenAsync(page, "/coverage");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Tactics" }).GetByRole(AriaRole.Link, new() { Name = "Exfiltration" }).ClickAsync();
        await page.WaitForURLAsync("**tactic=exfiltration**");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Persistence" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Exfiltration" })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Exception_FromAnAlert_IsCountedMadeExtendedAndWithdrawn()
    {
        await DeliverAsync("exception@kent.example");
        var page = await house.AsAsync(Personas.KentOfficer);
        var alert = await AlertAsync(page, "exception@kent.example");
        await House.OpenAsync(page, $"/alerts/{alert}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Make an exception" }).ClickAsync();
        await page.WaitForURLAsync("**/exceptions/new?alert=*");

        // By its rule and whom it is about, as the report of noisy rules links, the same is proposed.
        var rule = (await (await page.APIRequest.GetAsync($"/api/v1/alerts/{alert}")).JsonAsync())!.Value.GetProperty("alert").GetProperty("rule").GetString()!;
        await House.OpenAsync(page, $"/exceptions/new?rule={Uri.EscapeDataString(rule)}&entity=exception%40kent.example");

        // Whom it is about and what met the rule is chosen, and what it would have done is counted at once.
        await Assertions.Expect(page.GetByText("It would have suppressed", new() { Exact = false })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("whom the alert is about is 'exception@kent.example'", new() { Exact = false })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("met the rule").First).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make exception" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("5 to 400 characters");
        await page.GetByLabel("Reason").FillAsync("The archive mailbox of the force.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make exception" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Make exception" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath.StartsWith("/exceptions/0", StringComparison.Ordinal));
        await Assertions.Expect(page.GetByText("The archive mailbox of the force.")).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Extend exception" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Why is it still needed?").FillAsync("Archived until spring.");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Extend exception" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Archived until spring.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw exception" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw exception" }).ClickAsync();
        await Assertions.Expect(page.Locator(".wh-detail").GetByText("Withdrawn").First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Exception_OfTheCentre_TurnsARuleOffForOneForce()
    {
        var page = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(page, "/exceptions/new");
        await page.GetByLabel("Words of its title, or its id").FillAsync("Inbox rule sends mail outside policing");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { NameRegex = House.Words("Inbox rule sends mail outside policing") })).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { NameRegex = House.Words("Durham") }).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = House.Words("The whole rule") }).CheckAsync();
        await page.GetByLabel("Reason").FillAsync("Durham has a rule of its own for this.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make exception" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("is off for 1 force");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Make exception" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath.StartsWith("/exceptions/0", StringComparison.Ordinal));
        await Assertions.Expect(page.GetByText("nothing that it looks for is seen there")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw exception" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Withdraw exception" }).ClickAsync();
        await Assertions.Expect(page.Locator(".wh-detail").GetByText("Withdrawn").First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private async Task DeliverAsync(string user)
    {
        using var deliveries = await Deliveries.OfKentAsync(house);
        // Under the name that the test of the matrix looks for.
        await deliveries.PostAsync("m365", Deliveries.InboxRule(user));
    }

    // Detection looks at it within moments, and what it has seen is written down within seconds.
    private static async Task CoveredAsync(IPage page, string technique)
    {
        for (var tries = 0; tries < 120; tries++)
        {
            var answer = await page.APIRequest.GetAsync($"/api/v1/coverage/techniques/{technique}");
            if (answer.Ok && (await answer.JsonAsync())!.Value.GetProperty("technique").GetProperty("state").GetString() == "Covered") return;
            await Task.Delay(500);
        }

        Assert.Fail($"{technique} was not covered within a minute.");
    }

    private static async Task<string> AlertAsync(IPage page, string entity)
    {
        for (var tries = 0; tries < 120; tries++)
        {
            var answer = await page.APIRequest.GetAsync($"/api/v1/alerts?entity={Uri.EscapeDataString(entity)}");
            if (answer.Ok && (await answer.JsonAsync())!.Value is { } list && list.GetArrayLength() > 0) return list[0].GetProperty("id").GetString()!;
            await Task.Delay(500);
        }

        Assert.Fail($"No alert about {entity} was raised within a minute.");
        return "";
    }
}
