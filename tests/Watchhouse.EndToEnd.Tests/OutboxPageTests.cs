using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>A force reads in the house what it is told, and says that it knows.</summary>
[Collection(HouseCollection.Name)]
public sealed class OutboxPageTests(House house)
{
    [Fact]
    public async Task Notice_OfAnActionThatWaits_IsAcknowledgedByTheForce()
    {
        var officer = await house.AsAsync(Personas.KentOfficer);
        var manager = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(manager, "/playbooks");
        await manager.GetByRole(AriaRole.Link, new() { Name = "Lost or stolen device" }).ClickAsync();
        await manager.GetByRole(AriaRole.Button, new() { Name = "Start playbook" }).ClickAsync();
        var start = manager.GetByRole(AriaRole.Dialog);
        await start.GetByLabel("Force").SelectOptionAsync("KNT");
        await start.GetByLabel("Account").FillAsync("told.laptop@kent.example");
        await start.GetByRole(AriaRole.Button, new() { Name = "Start playbook" }).ClickAsync();
        await manager.WaitForURLAsync("**/runs/*");
        foreach (var step in (string[])["Take the report", "Preserve evidence first"])
        {
            await manager.GetByRole(AriaRole.Article, new() { Name = step }).GetByRole(AriaRole.Button, new() { Name = "Step is done" }).ClickAsync();
            await SayAsync(manager, "Done and written down.", "Record as done");
            await Assertions.Expect(manager.GetByRole(AriaRole.Article, new() { Name = step })).ToHaveCountAsync(0);
        }

        await manager.GetByRole(AriaRole.Article, new() { Name = "End the person's sessions" }).GetByRole(AriaRole.Button, new() { Name = "Ask the force" }).ClickAsync();
        await SayAsync(manager, "The laptop was unlocked.", "Ask the force");
        await Assertions.Expect(manager.GetByText("Waits for the force").First).ToBeVisibleAsync();

        await House.OpenAsync(officer, "/outbox");
        var buttons = officer.GetByRole(AriaRole.Button, new() { NameRegex = House.Words("Acknowledge: An action") });
        await Assertions.Expect(buttons.First).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(officer);
        await Assertions.Expect(officer.GetByText("told.laptop")).ToHaveCountAsync(0);
        var before = await buttons.CountAsync();
        await buttons.First.ClickAsync();
        await Assertions.Expect(buttons).ToHaveCountAsync(before - 1);

        await House.OpenAsync(officer, "/outbox?show=acknowledged");
        await Assertions.Expect(officer.GetByRole(AriaRole.Row).Filter(new() { HasText = "waits for your decision" }).First).ToBeVisibleAsync();
    }

    private static async Task SayAsync(IPage page, string text, string act)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).First.FillAsync(text);
        await dialog.GetByRole(AriaRole.Button, new() { Name = act }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }
}
