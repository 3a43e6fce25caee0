using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>The wall shows what a force has just opened, and says when it is old; a force's view shows its own matters on a phone.</summary>
[Collection(HouseCollection.Name)]
public sealed class WallPageTests(House house)
{
    [Fact]
    public async Task Wall_WhenAForceOpensAnIncident_ShowsItWithoutReloadAndSaysWhenItIsOld()
    {
        var manager = await house.AsAsync(Personas.DutyManager, options => options.ViewportSize = new ViewportSize { Width = 1920, Height = 1080 });
        await House.OpenAsync(manager, "/wall");
        await Assertions.Expect(manager.GetByRole(AriaRole.Region, new() { Name = "Open incidents" })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(manager);
        Assert.True(await manager.EvaluateAsync<int>("() => document.documentElement.scrollHeight - document.documentElement.clientHeight") <= 1, "The wall is higher than its screen.");

        var title = $"Wall {Guid.NewGuid().ToString()[..8]}";
        var officer = await house.AsAsync(Personas.KentOfficer, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        var opened = await officer.APIRequest.PostAsync("/api/v1/forces/KNT/incidents", new()
        {
            DataObject = new { title, impact = "Severe", urgency = "Now" },
            Headers = new Dictionary<string, string> { ["Origin"] = house.Address.GetLeftPart(UriPartial.Authority) },
        });
        Assert.True(opened.Ok, await opened.TextAsync());
        var id = (await opened.JsonAsync())!.Value.GetProperty("id").GetString()!;
        var row = manager.GetByRole(AriaRole.Region, new() { Name = "Open incidents" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = title });
        await Assertions.Expect(row).ToContainTextAsync("Nobody owns it", new() { Timeout = 30_000 });

        // A wall that the server no longer reaches must not seem calm.
        var old = manager.GetByText("No news since", new() { Exact = false });
        await Assertions.Expect(old).ToBeHiddenAsync();
        await manager.EvaluateAsync("() => { document.querySelector('[data-wh-old-since]').dataset.whOldSince = new Date(Date.now() - 121000).toISOString(); }");
        await Assertions.Expect(old).ToBeVisibleAsync();

        await House.OpenAsync(officer, "/force");
        await Assertions.Expect(officer.GetByRole(AriaRole.Heading, new() { Name = "Kent Police" })).ToBeVisibleAsync();
        await Assertions.Expect(officer.GetByRole(AriaRole.Region, new() { Name = "Measures of thirty days" }).GetByText("Time to acknowledge")).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(officer);
        Assert.True(await officer.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await officer.GetByRole(AriaRole.Region, new() { Name = "Open incidents" }).GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await officer.WaitForURLAsync($"**/incidents/{id}");

        var owner = await house.AsAsync(Personas.DevonOwner);
        Assert.DoesNotContain(title, await (await owner.APIRequest.GetAsync("/api/v1/forces/DVC/view")).TextAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (await owner.APIRequest.GetAsync("/api/v1/forces/KNT/view")).Status);
        Assert.Equal(403, (await owner.APIRequest.GetAsync("/api/v1/wall")).Status);

        await MoveAsync(officer, id, "Open");
        await MoveAsync(officer, id, "Contained");
        await ReviewAsync(officer, id);
        foreach (var status in new[] { "Eradicated", "Recovered", "Closed" }) await MoveAsync(officer, id, status);
        foreach (var page in new[] { manager, officer, owner }) await page.Context.CloseAsync();
    }

    private Task MoveAsync(IPage page, string id, string status) => PostAsync(page, $"/api/v1/incidents/{id}/status", new { status, reason = "The test goes on." });

    private Task ReviewAsync(IPage page, string id) => PostAsync(page, $"/api/v1/incidents/{id}/review", new { review = "Nothing was learnt, as it was a test." });

    private async Task PostAsync(IPage page, string address, object body)
    {
        var answer = await page.APIRequest.PostAsync(address, new() { DataObject = body, Headers = new Dictionary<string, string> { ["Origin"] = house.Address.GetLeftPart(UriPartial.Authority) } });
        Assert.True(answer.Ok, await answer.TextAsync());
    }
}
