using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>The Centre's watch: planned, taken, and handed over with a note that the next one has read.</summary>
[Collection(HouseCollection.Name)]
public sealed class ShiftPageTests(House house)
{
    private const string Analyst = "nmc-analyst.1@nmc.demonstration.invalid";

    [Fact]
    public async Task Watch_IsTakenAndHandedOver_OnTwoScreens()
    {
        var manager = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(manager, "/shifts/plan");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Show shifts" }).ClickAsync();
        await Assertions.Expect(manager.GetByText("56 shifts would be planned")).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(manager);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Plan rota" }).ClickAsync();
        await manager.WaitForURLAsync("**/shifts?from=*");
        await Assertions.Expect(manager.GetByText("Team A").First).ToBeVisibleAsync();

        await House.OpenAsync(manager, "/shifts");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Take the watch" }).ClickAsync();
        await Assertions.Expect(manager.GetByText("has it since")).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(manager);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Write hand-over note" }).ClickAsync();
        await manager.WaitForURLAsync("**/shifts/notes/*");
        await House.SettledAsync(manager);
        await Assertions.Expect(manager.GetByLabel("What the next one has to know")).ToHaveValueAsync(House.Words("Approvals that wait for a force"));
        await Axe.AssertCleanAsync(manager);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Give note" }).ClickAsync();
        await manager.WaitForURLAsync("**/shifts");

        var analyst = await house.AsAsync(Analyst, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        await House.OpenAsync(analyst, "/shifts");
        await Axe.AssertCleanAsync(analyst);
        Assert.True(await analyst.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await analyst.GetByRole(AriaRole.Link, new() { Name = "Read the note and take the watch" }).ClickAsync();
        await analyst.GetByRole(AriaRole.Button, new() { Name = "I have read it: take the watch" }).ClickAsync();
        await analyst.WaitForURLAsync("**/shifts");
        await Assertions.Expect(analyst.GetByRole(AriaRole.Button, new() { Name = "Write hand-over note" })).ToBeVisibleAsync();
        // The other screen hears of it by itself.
        await Assertions.Expect(manager.Locator(".wh-watch-who")).ToContainTextAsync("NMC analyst NMC 1", new() { Timeout = 30_000 });
        await analyst.Context.CloseAsync();
        await manager.Context.CloseAsync();
    }
}
