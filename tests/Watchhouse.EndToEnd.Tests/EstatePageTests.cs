using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>A security officer says what may be done in the force's estate, and what never; the Centre sees what is possible.</summary>
[Collection(HouseCollection.Name)]
public sealed class EstatePageTests(House house)
{
    [Fact]
    public async Task Registration_ByTheForce_IsSetUpLimitedAndRemoved_AndTheCentreSeesWhatIsPossible()
    {
        var officer = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(officer, "/estate");
        await Assertions.Expect(officer.GetByText("Nothing is named")).ToBeVisibleAsync();
        await officer.GetByRole(AriaRole.Button, new() { Name = "Set up registration" }).ClickAsync();
        var dialog = officer.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "Tenant id" });
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Response of Kent");
        await dialog.GetByLabel("Tenant id").FillAsync("no id");
        await dialog.GetByLabel("Block sign-in of an account").CheckAsync();
        await dialog.GetByRole(AriaRole.Radio, new() { NameRegex = House.Words("Secret") }).CheckAsync();
        await dialog.GetByLabel("Secret", new() { Exact = true }).Last.FillAsync("a-secret-that-nobody-sees");
        await dialog.GetByLabel("Last day").FillAsync("2099-01-31");
        await Axe.AssertCleanAsync(officer);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set up registration" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("tenant's id");
        await dialog.GetByLabel("Tenant id").FillAsync("0198c0de-1111-4000-8000-000000000001");
        await dialog.GetByLabel("Application (client) id").FillAsync("0198c0de-1111-4000-8000-000000000002");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set up registration" }).ClickAsync();

        await officer.GetByRole(AriaRole.Link, new() { Name = "Response of Kent" }).ClickAsync();
        await Assertions.Expect(officer.GetByText("It is never shown again")).ToBeVisibleAsync();
        await Assertions.Expect(officer.GetByText("31 Jan 2099").Last).ToBeVisibleAsync();
        Assert.DoesNotContain("a-secret-that-nobody-sees", await officer.ContentAsync(), StringComparison.Ordinal);

        await officer.GetByRole(AriaRole.Button, new() { Name = "Change limits" }).ClickAsync();
        var limits = officer.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "never touched" });
        await limits.GetByRole(AriaRole.Textbox).First.FillAsync("break.glass@kent.police.uk\ndc01");
        await limits.GetByRole(AriaRole.Button, new() { Name = "Change limits" }).ClickAsync();
        await Assertions.Expect(officer.GetByText("break.glass@kent.police.uk, dc01")).ToBeVisibleAsync();

        await Axe.AssertCleanAsync(officer);
        await officer.SetViewportSizeAsync(390, 844);
        await officer.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Axe.AssertCleanAsync(officer);
        var overflow = await officer.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 1, $"The page is {overflow} px too wide.");
        await officer.SetViewportSizeAsync(1440, 900);

        // The Centre learns what is possible, and neither the tenant nor which accounts are kept for emergencies.
        var manager = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(manager, "/estate?q=KNT");
        await manager.GetByRole(AriaRole.Link, new() { Name = "Response of Kent" }).ClickAsync();
        await Assertions.Expect(manager.GetByText("Only the security officer")).ToBeVisibleAsync();
        var seen = await manager.ContentAsync();
        Assert.DoesNotContain("break.glass", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("0198c0de-1111", seen, StringComparison.Ordinal);

        await officer.GetByRole(AriaRole.Button, new() { Name = "Remove registration" }).First.ClickAsync();
        await officer.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "Remove the registration" }).GetByRole(AriaRole.Button, new() { Name = "Remove registration" }).ClickAsync();
        await Assertions.Expect(officer.GetByText("No application is registered")).ToBeVisibleAsync();
    }
}
