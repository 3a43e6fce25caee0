using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Triage of Kent's alerts by keys alone: take on, close, the next opens, take back; several at once; two people at once; measures.</summary>
[Collection(HouseCollection.Name)]
public sealed class TriagePageTests(House house)
{
    [Fact]
    public async Task Alerts_ByKeysAlone_AreClosedOneAfterAnotherAndTakenBack()
    {
        await AlertsAsync("triage-keys");
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/alerts?q=triage-keys");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("a");
        await Assertions.Expect(Rows(page).First.GetByText("me", new() { Exact = true })).ToBeVisibleAsync();
        await Rows(page).First.Locator("a.wh-row-link").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/alerts/*-*");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Triage" })).ToContainTextAsync("With");
        var first = new Uri(page.Url).AbsolutePath;

        await page.Keyboard.PressAsync("3");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Radio, new() { NameRegex = House.Words("False positive") })).ToBeCheckedAsync();
        await Axe.AssertCleanAsync(page);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say in a sentence why");
        await page.Keyboard.TypeAsync("The mailbox forwards to the officer's own archive.");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath is var path && path != first && path.Length > "/alerts/".Length);
        await Assertions.Expect(page.GetByText("One alert closed as false positive")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Triage" })).ToContainTextAsync("Nobody has it");
        await Axe.AssertCleanAsync(page);

        await page.Keyboard.PressAsync("u");
        await page.WaitForURLAsync($"**{first}*");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Triage" })).ToContainTextAsync("Open");
        await page.GetByText("3 decisions").ClickAsync();
        await Assertions.Expect(page.GetByText("took the decision back")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("own archive")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Alerts_Selected_AreClosedTogetherAndStandAmongTheClosed()
    {
        await AlertsAsync("triage-bulk");
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/alerts?q=triage-bulk");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Assertions.Expect(page.GetByText("2 selected")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("2");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Close 2 alerts");
        await page.Keyboard.TypeAsync("A planned exercise.");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByText("2 alerts closed as benign true positive")).ToBeVisibleAsync();
        await House.OpenAsync(page, "/alerts?status=closed&q=triage-bulk");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(2);
        await Assertions.Expect(Rows(page).First).ToContainTextAsync("Benign");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Alert_OfTwoPeopleAtOnce_IsDecidedByTheFirstAndTheOtherIsTold()
    {
        await AlertsAsync("triage-two");
        var one = await house.AsAsync(Personas.KentOfficer);
        var other = await house.AsAsync(Personas.KentOfficer);
        foreach (var page in new[] { one, other })
        {
            await House.OpenAsync(page, "/alerts?q=triage-two");
            await Assertions.Expect(Rows(page)).ToHaveCountAsync(3);
        }

        await one.Keyboard.PressAsync("j");
        await one.Keyboard.PressAsync("a");
        await Assertions.Expect(one.GetByText("One alert now with")).ToBeVisibleAsync();
        await other.Keyboard.PressAsync("j");
        await other.Keyboard.PressAsync("1");
        await other.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("It is what it says.");
        await other.Keyboard.PressAsync("Enter");

        await Assertions.Expect(other.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else decided on it in the meantime");
        await one.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    [Fact]
    public async Task Measures_OfKent_ShowItsTimesBesideTheOthers()
    {
        await AlertsAsync("triage-measures");
        foreach (var width in new[] { 1440, 390 })
        {
            var page = await house.AsAsync(Personas.KentOfficer, options => options.ViewportSize = new ViewportSize { Width = width, Height = 900 });
            await House.OpenAsync(page, "/measures?days=7");
            await Assertions.Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "Other forces" })).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { NameRegex = House.Words("False alarms by rule") })).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
            await Axe.AssertCleanAsync(page);
            await page.Context.CloseAsync();
        }
    }

    private static ILocator Rows(IPage page) => page.Locator(".wh-list tbody tr");

    /// <summary>Three alerts of Kent about users of a name, as its collector delivers them.</summary>
    private async Task AlertsAsync(string name)
    {
        using var deliveries = await Deliveries.OfKentAsync(house);
        await deliveries.PostAsync("microsoft-365", [.. Enumerable.Range(1, 3).Select(number => Deliveries.InboxRule($"{name}{number}@kent.example"))]);

        // Alerts come a moment after the answer.
        var officer = await house.AsAsync(Personas.KentOfficer);
        for (var tries = 0; tries < 150; tries++)
        {
            var answer = await officer.APIRequest.GetAsync($"/api/v1/alerts?q={name}");
            if ((await answer.JsonAsync())!.Value.GetArrayLength() == 3)
            {
                await officer.Context.CloseAsync();
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"The alerts about {name} were not raised within fifteen seconds.");
    }
}
