using Microsoft.Playwright;

namespace Watchhouse.EndToEnd.Tests;

[Collection(HouseCollection.Name)]
public sealed class DelegationTests(House house)
{
    [Fact]
    public async Task ForceSwitch_ByTheDutyManager_ChangesWhatIsAskedAndStandsInTheAddress()
    {
        var page = await house.AsAsync(Personas.DutyManager);

        await page.GetByRole(AriaRole.Button, new() { NameRegex = House.Words("Choose a force") }).ClickAsync();
        await page.GetByPlaceholder("Find a force").FillAsync("Durham");
        await page.Locator("#wh-forces").GetByRole(AriaRole.Link, new() { NameRegex = House.Words("Durham Constabulary") }).ClickAsync();
        await page.WaitForURLAsync("**force=DUR**");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = House.Words("Looking at Durham") })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Revoke_ByTheForce_IsGoneForTheCentreAtTheNextLook()
    {
        // A force that no other test looks into from the Centre: tests run in any order.
        var officer = await house.AsAsync(Personas.DevonOwner);
        var manager = await house.AsAsync(Personas.DutyManager);
        var before = await HeldAsync(manager);
        Assert.Contains(before, d => d is { Force: "DVC", Scope: "monitoring", State: "InForce" });

        await House.OpenAsync(officer, "/delegations?view=granted");
        await officer.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("Monitoring") }).First.ClickAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Revoke delegation" }).First.ClickAsync();
        var dialog = officer.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "Revoke" });
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("The contract is under review (test)");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke delegation" }).ClickAsync();
        await Assertions.Expect(officer.GetByText("Revoked").First).ToBeVisibleAsync();

        var after = await HeldAsync(manager);
        Assert.Contains(after, d => d is { Force: "DVC", Scope: "monitoring", State: "Revoked" });
        await House.OpenAsync(manager, "/delegations");
        await Assertions.Expect(manager.GetByText("Revoked").First).ToBeVisibleAsync();
    }

    private static async Task<List<Held>> HeldAsync(IPage page)
    {
        var answer = await page.APIRequest.GetAsync("/api/v1/delegations/held");
        var json = await answer.JsonAsync();
        return [.. json!.Value.EnumerateArray().Select(d => new Held(
            d.GetProperty("force").GetString()!, d.GetProperty("scope").GetString()!, d.GetProperty("state").GetString()!))];
    }

    private sealed record Held(string Force, string Scope, string State);
}
