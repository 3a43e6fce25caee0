using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>From an alert to an incident, its end and its report; and a national one, of which each force sees its own part.</summary>
[Collection(HouseCollection.Name)]
public sealed class IncidentPageTests(House house)
{
    [Fact]
    public async Task Incident_FromAnAlert_IsWorkedClosedAndReported()
    {
        var page = await house.AsAsync(Personas.KentOfficer);
        var alert = await AlertAsync(page, "incident@kent.example");
        await House.OpenAsync(page, $"/alerts/{alert}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Make an incident" }).ClickAsync();
        await page.WaitForURLAsync("**/incidents/new?alert=*");
        await Assertions.Expect(page.GetByText("about incident@kent.example", new() { Exact = false })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);
        await page.GetByLabel("Title").FillAsync("Mail of a sergeant goes outside");
        await page.GetByLabel("Summary").FillAsync("A rule in the mailbox sends everything on.");
        await page.GetByLabel("Impact").SelectOptionAsync("Major");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open incident" }).ClickAsync();
        await page.WaitForURLAsync(url => Guid.TryParse(new Uri(url).Segments[^1], out _));
        var id = new Uri(page.Url).Segments[^1];
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Alerts, people and things" }).GetByRole(AriaRole.List)).ToContainTextAsync("user incident@kent.example");
        await Axe.AssertCleanAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Give it back" })).ToBeVisibleAsync();
        await page.GetByLabel("Write what happened").FillAsync("The rule was made from an address abroad.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "What happened, newest first" })).ToContainTextAsync("from an address abroad");
        await FillAsync(page, "Add task", ("Task", "Remove the rule"), ("Who does it", "Kent IT"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Record 'Remove the rule' as done" }).ClickAsync();
        await Assertions.Expect(page.GetByText("done by", new() { Exact = false })).ToBeVisibleAsync();
        await FillAsync(page, "Record as contained", ("Reason", "The rule is gone."));
        await FillAsync(page, "Close incident", ("Reason", "Nothing else was found."), refused: "closed with a review");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Leave it as it is" }).ClickAsync();
        await FillAsync(page, "Write review", ("Review", "Rules that forward outside are refused from now on."));
        await FillAsync(page, "Close incident", ("Reason", "Nothing else was found."));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Open again" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Report" }).ClickAsync();
        await page.WaitForURLAsync($"**/incidents/{id}/report");
        var report = page.GetByRole(AriaRole.Article);
        foreach (var words in (string[])["OFFICIAL-SENSITIVE", "Mail of a sergeant goes outside", "from an address abroad", "Rules that forward outside are refused", "Remove the rule"])
            await Assertions.Expect(report).ToContainTextAsync(words);
        await Axe.AssertCleanAsync(page);
        await page.Context.CloseAsync();

        // To another force it is not there, whether it exists or not.
        var stranger = await house.AsAsync(Personas.DevonOwner);
        await House.OpenAsync(stranger, $"/incidents/{id}");
        await Assertions.Expect(stranger.GetByText("nothing at this address", new() { Exact = false })).ToBeVisibleAsync();
        Assert.Equal(404, (await stranger.APIRequest.GetAsync($"/api/v1/incidents/{id}")).Status);
        await stranger.Context.CloseAsync();
    }

    [Fact]
    public async Task NationalIncident_WhatIsShared_AppearsInTheForcesPartAtOnce()
    {
        var manager = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(manager, "/incidents/new");
        await manager.GetByLabel("Whose it is").SelectOptionAsync("NMC");
        await manager.GetByRole(AriaRole.Checkbox, new() { Name = "Kent Police" }).CheckAsync();
        await manager.GetByLabel("Title").FillAsync("A supplier of several forces was broken into");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Open incident" }).ClickAsync();
        await manager.WaitForURLAsync(url => Guid.TryParse(new Uri(url).Segments[^1], out _));
        var id = new Uri(manager.Url).Segments[^1];
        await Assertions.Expect(manager.GetByRole(AriaRole.Heading, new() { Name = "Forces", Exact = true })).ToBeVisibleAsync();

        var officer = await house.AsAsync(Personas.KentOfficer, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        await House.OpenAsync(officer, "/incidents");
        await officer.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("A supplier of several forces") }).First.ClickAsync();
        await Assertions.Expect(officer.GetByText("This is your force's part of a national incident", new() { Exact = false })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(officer);
        Assert.True(await officer.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await FillAsync(manager, "Share with the forces", ("What they are to know", "Change the supplier's password today."), act: "Share");
        await Assertions.Expect(officer.GetByText("Change the supplier's password today.")).ToBeVisibleAsync();
        Assert.Equal(404, (await officer.APIRequest.GetAsync($"/api/v1/incidents/{id}")).Status);
        await officer.Context.CloseAsync();
        await manager.Context.CloseAsync();
    }

    private static async Task FillAsync(IPage page, string button, (string Label, string Text) first, (string Label, string Text)? second = null, string? act = null, string? refused = null)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel(first.Label).FillAsync(first.Text);
        if (second is { } more) await dialog.GetByLabel(more.Label).FillAsync(more.Text);
        await dialog.GetByRole(AriaRole.Button, new() { Name = act ?? button, Exact = true }).ClickAsync();
        if (refused is not null) await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(refused);
        else await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    private async Task<string> AlertAsync(IPage page, string user)
    {
        using var deliveries = await Deliveries.OfKentAsync(house);
        return await deliveries.InboxRuleAsync(page, user);
    }
}
