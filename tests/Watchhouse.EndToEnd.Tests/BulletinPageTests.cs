using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>The Centre writes a bulletin; a force answers it on a phone, and the Centre sees it at once and chases the rest.</summary>
[Collection(HouseCollection.Name)]
public sealed class BulletinPageTests(House house)
{
    [Fact]
    public async Task Bulletin_WrittenByTheCentre_IsAnsweredByAForceAndTheRestAreChased()
    {
        var title = $"Update edge devices today {Guid.NewGuid().ToString()[..6]}";
        var manager = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(manager, "/bulletins/new");
        await manager.GetByLabel("Title").FillAsync(title);
        await manager.GetByLabel("Text").FillAsync("A weakness in **one make** is used <script>alert(1)</script> already.\n\n- Look at the log");
        await manager.GetByLabel("What to do, one thing in each line").FillAsync("Install the update\nTell the Centre");
        var preview = manager.GetByRole(AriaRole.Region, new() { Name = "As the forces read it" });
        await Assertions.Expect(preview.Locator("strong").GetByText("one make")).ToBeVisibleAsync();
        await Assertions.Expect(preview.GetByText("<script>alert(1)</script>", new() { Exact = false })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(manager);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Publish bulletin" }).ClickAsync();
        await manager.WaitForURLAsync(url => Guid.TryParse(new Uri(url).Segments[^1], out _));
        var id = new Uri(manager.Url).Segments[^1];
        var answers = manager.GetByRole(AriaRole.Region, new() { Name = "Answers", Exact = true });
        await Assertions.Expect(answers.GetByRole(AriaRole.Row).Filter(new() { HasText = "Kent Police" })).ToContainTextAsync("Not seen");
        await Axe.AssertCleanAsync(manager);

        var officer = await house.AsAsync(Personas.KentOfficer, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        await House.OpenAsync(officer, "/bulletins");
        await officer.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        var card = officer.GetByRole(AriaRole.Article, new() { Name = "Your force's answer is asked for" });
        await Assertions.Expect(card.GetByRole(AriaRole.Button, new() { Name = "We have acted" })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(officer);
        Assert.True(await officer.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await Assertions.Expect(answers.GetByRole(AriaRole.Row).Filter(new() { HasText = "Kent Police" })).ToContainTextAsync("Seen");
        await card.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await Assertions.Expect(officer.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" })).ToHaveCountAsync(0);
        await officer.GetByRole(AriaRole.Button, new() { Name = "We have acted" }).ClickAsync();
        await officer.GetByRole(AriaRole.Dialog).GetByLabel("What was done").FillAsync("All four were updated.");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Say that we have acted" }).ClickAsync();
        await Assertions.Expect(officer.GetByRole(AriaRole.Article, new() { Name = "Your force has answered" })).ToContainTextAsync("All four were updated.");
        await Axe.AssertCleanAsync(officer);
        await Assertions.Expect(answers.GetByRole(AriaRole.Row).Filter(new() { HasText = "Kent Police" })).ToContainTextAsync("All four were updated.");

        // What one force says, no other reads.
        var owner = await house.AsAsync(Personas.DevonOwner);
        await House.OpenAsync(owner, $"/bulletins/{id}");
        await Assertions.Expect(owner.GetByRole(AriaRole.Article).GetByText("forces have answered", new() { Exact = false })).ToBeVisibleAsync();
        await Assertions.Expect(owner.GetByText("All four were updated.")).ToHaveCountAsync(0);
        Assert.DoesNotContain("All four", await (await owner.APIRequest.GetAsync($"/api/v1/bulletins/{id}")).TextAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (await owner.APIRequest.GetAsync($"/api/v1/bulletins/{id}/answers.csv")).Status);

        await answers.GetByRole(AriaRole.List, new() { Name = "Show" }).GetByRole(AriaRole.Link, new() { Name = "Not answered" }).ClickAsync();
        await Assertions.Expect(answers.GetByRole(AriaRole.Row).Filter(new() { HasText = "Kent Police" })).ToHaveCountAsync(0);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Chase the rest" }).ClickAsync();
        await manager.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Chase the rest" }).ClickAsync();
        await Assertions.Expect(manager.GetByText("forces that have not answered were chased", new() { Exact = false }).First).ToBeVisibleAsync();
        Assert.Contains("KNT,Acted,yes", await (await manager.APIRequest.GetAsync($"/api/v1/bulletins/{id}/answers.csv")).TextAsync(), StringComparison.Ordinal);

        // It leaves nothing for other tests to find.
        await manager.GetByRole(AriaRole.Button, new() { Name = "Withdraw", Exact = true }).ClickAsync();
        await manager.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("The test is over.");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Withdraw bulletin" }).ClickAsync();
        await Assertions.Expect(officer.GetByText("The Centre withdrew this bulletin")).ToBeVisibleAsync();
        foreach (var page in new[] { manager, officer, owner }) await page.Context.CloseAsync();
    }
}
