using Microsoft.Playwright;

namespace Watchhouse.EndToEnd.Tests;

[Collection(HouseCollection.Name)]
public sealed class PlaybookTests(House house)
{
    [Fact]
    public async Task Run_AskedForByTheCentre_IsApprovedByTheForceAndProvenOnBothScreens()
    {
        var manager = await house.AsAsync(Personas.DutyManager);
        var officer = await house.AsAsync(Personas.KentOfficer, options => options.ViewportSize = new ViewportSize { Width = 390, Height = 844 });
        await House.OpenAsync(manager, "/playbooks");
        await manager.GetByRole(AriaRole.Link, new() { Name = "Lost or stolen device" }).ClickAsync();
        await manager.GetByRole(AriaRole.Button, new() { Name = "Start playbook" }).ClickAsync();
        var start = manager.GetByRole(AriaRole.Dialog);
        await start.GetByLabel("Force").SelectOptionAsync("KNT");
        await start.GetByLabel("Account").FillAsync("lost.laptop@kent.example");
        await start.GetByRole(AriaRole.Button, new() { Name = "Start playbook" }).ClickAsync();
        await manager.WaitForURLAsync("**/runs/*");

        await DoneAsync(manager, "Take the report");
        await DoneAsync(manager, "Preserve evidence first");
        var step = manager.GetByRole(AriaRole.Article, new() { Name = "End the person's sessions" });
        await step.GetByRole(AriaRole.Button, new() { Name = "Ask the force" }).ClickAsync();
        await SayAsync(manager, "The laptop was unlocked.", "Ask the force");
        await Assertions.Expect(step.GetByText("Waits for the force").First).ToBeVisibleAsync();

        await House.OpenAsync(officer, "/approvals");
        var card = officer.GetByRole(AriaRole.Article).Filter(new() { HasText = "lost.laptop@kent.example" });
        await Assertions.Expect(card.GetByText("What people notice")).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await SayAsync(officer, "Yes, end them.", "Approve action");
        await Assertions.Expect(card).ToHaveCountAsync(0);

        // Nobody loads the manager's page again: it hears of the approval and of the proof.
        await Assertions.Expect(manager.GetByText("Proven").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(manager.GetByRole(AriaRole.Article, new() { Name = "What is the device?" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Authority_GrantedByTheForce_IsListedAndRevoked()
    {
        var owner = await house.AsAsync(Personas.DevonOwner);
        await House.OpenAsync(owner, "/authorities");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Grant authority" }).First.ClickAsync();
        var dialog = owner.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Purpose").FillAsync("Ending sessions at night");
        await dialog.GetByLabel("End all sessions").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Grant authority" }).ClickAsync();
        var row = owner.GetByRole(AriaRole.Row).Filter(new() { HasText = "Ending sessions at night" });
        await Assertions.Expect(row.GetByText("In force")).ToBeVisibleAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await SayAsync(owner, "The night watch has changed.", "Revoke authority");

        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    private static async Task DoneAsync(IPage page, string step)
    {
        await page.GetByRole(AriaRole.Article, new() { Name = step }).GetByRole(AriaRole.Button, new() { Name = "Step is done" }).ClickAsync();
        await SayAsync(page, "Done and written down.", "Record as done");
        await Assertions.Expect(page.GetByRole(AriaRole.Article, new() { Name = step })).ToHaveCountAsync(0);
    }

    private static async Task SayAsync(IPage page, string text, string act)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).First.FillAsync(text);
        await dialog.GetByRole(AriaRole.Button, new() { Name = act }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }
}
