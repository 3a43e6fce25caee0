using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Retention and holds of Devon and Cornwall, by its senior information risk owner.</summary>
[Collection(HouseCollection.Name)]
public sealed class RetentionPageTests(House house)
{
    [Fact]
    public async Task Retention_BeforeItIsSet_SaysWhatItDeletes()
    {
        var page = await house.AsAsync(Personas.DevonOwner);
        await House.OpenAsync(page, "/sources/retention");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set retention" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Table").FillAsync("SigninLogs");
        await dialog.GetByRole(AriaRole.Spinbutton).FillAsync("0");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set retention" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("1 to 36,525 days");
        await dialog.GetByRole(AriaRole.Spinbutton).FillAsync("365");

        var before = DateTime.UtcNow.AddDays(-365).ToString("d MMMM yyyy", System.Globalization.CultureInfo.GetCultureInfo("en-GB"));
        await Assertions.Expect(dialog.Locator(".wh-notice")).ToContainTextAsync($"Events of SigninLogs of before {before} are deleted within a day");
        await Axe.AssertCleanAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set retention" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "SigninLogs" });
        await Assertions.Expect(row).ToContainTextAsync("1 year (365 days)");
        await Axe.AssertCleanAsync(page);

        await row.GetByRole(AriaRole.Button).ClickAsync();
        await dialog.GetByLabel("without end").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep without end" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Every event is kept without end")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Hold_PlacedForACase_StandsUntilItIsReleasedWithAReason()
    {
        var page = await house.AsAsync(Personas.DevonOwner);
        await House.OpenAsync(page, "/sources/retention");
        await page.GetByRole(AriaRole.Button, new() { Name = "Place hold" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var why = $"Case {Guid.NewGuid():N}";
        await dialog.GetByLabel("First day").FillAsync("2026-11-03");
        await dialog.GetByLabel("Last day").FillAsync("2026-11-09");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Place hold" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say why");
        await dialog.GetByLabel("Why").FillAsync(why);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Place hold" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = why });
        await Assertions.Expect(row).ToContainTextAsync("3 Nov 2026 to 9 Nov 2026");

        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("they stay until one does");
        await dialog.GetByLabel("Why it is released").FillAsync("The case is closed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Release hold" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The hold is released")).ToBeVisibleAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("With released") }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("The case is closed");
        await Axe.AssertCleanAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Retention_ToSomebodyWhoOnlySeesSources_CanBeReadAndNotSet()
    {
        var page = await house.AsAsync(Personas.DutyManager, options => options.ViewportSize = new ViewportSize { Width = 390, Height = 844 });
        await House.OpenAsync(page, "/sources/retention?force=KNT");

        await Assertions.Expect(page.GetByText("Only the information security officer and the senior information risk owner")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Set retention" })).ToHaveCountAsync(0);
        await Axe.AssertCleanAsync(page);
        await page.Context.CloseAsync();
    }
}
