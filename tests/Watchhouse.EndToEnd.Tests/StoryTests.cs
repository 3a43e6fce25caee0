using System.Text;
using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>
/// The whole of it in browsers: an alert is triaged by the Centre and becomes an incident, a playbook asks for an action, the force approves
/// it on another screen, it is proven, the incident is contained, closed and reported; another force learns a number, and what is shared.
/// </summary>
[Collection(HouseCollection.Name)]
public sealed class StoryTests(House house)
{
    private const string EssexOfficer = "information-security-officer.1@esx.demonstration.invalid";

    [Fact]
    public async Task Story_FromAnAlertToItsReport_IsOneWayThroughTheHouse()
    {
        var word = $"story{Guid.NewGuid():N}"[..12];
        var (user, to) = ($"{word}@shared.example", $"{word}@outside.example");
        var manager = await house.AsAsync(Personas.DutyManager);
        var officer = await house.AsAsync(Personas.KentOfficer, options => options.ViewportSize = new ViewportSize { Width = 390, Height = 844 });
        using var kent = await Deliveries.OfKentAsync(house);
        var alert = await kent.InboxRuleAsync(officer, user, to);

        // The Centre takes it on, and says that it is true only when it is over.
        await House.OpenAsync(manager, $"/alerts/{alert}");
        await Assertions.Expect(manager.GetByText("Seen in no other force", new() { Exact = false })).ToBeVisibleAsync();
        await manager.Keyboard.PressAsync("a");
        await Assertions.Expect(manager.GetByRole(AriaRole.Region, new() { Name = "Triage" })).ToContainTextAsync("With");
        await manager.GetByRole(AriaRole.Link, new() { Name = "Make an incident" }).ClickAsync();
        await manager.WaitForURLAsync("**/incidents/new?alert=*");
        await House.SettledAsync(manager);
        await manager.GetByLabel("Title").FillAsync($"Mail of {word} goes outside");
        await manager.GetByLabel("Impact").SelectOptionAsync("Major");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Open incident" }).ClickAsync();
        var incident = await IdAsync(manager, "incidents");

        // A playbook, and what it would do in Kent's estate.
        await manager.GetByRole(AriaRole.Link, new() { Name = "Start playbook" }).ClickAsync();
        await manager.WaitForURLAsync("**/playbooks?incident=*");
        await manager.GetByRole(AriaRole.Link, new() { Name = "Lost or stolen device" }).ClickAsync();
        await House.SettledAsync(manager);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Start playbook" }).ClickAsync();
        var start = manager.GetByRole(AriaRole.Dialog);
        await start.GetByLabel("Account").FillAsync(user);
        await start.GetByRole(AriaRole.Button, new() { Name = "Start playbook" }).ClickAsync();
        await IdAsync(manager, "runs");
        foreach (var done in (string[])["Take the report", "Preserve evidence first"])
        {
            await manager.GetByRole(AriaRole.Article, new() { Name = done }).GetByRole(AriaRole.Button, new() { Name = "Step is done" }).ClickAsync();
            await SayAsync(manager, "Done and written down.", "Record as done");
        }

        var step = manager.GetByRole(AriaRole.Article, new() { Name = "End the person's sessions" });
        await step.GetByRole(AriaRole.Button, new() { Name = "Ask the force" }).ClickAsync();
        await SayAsync(manager, "Somebody else reads the mailbox.", "Ask the force");
        await House.OpenAsync(officer, "/approvals");
        var card = officer.GetByRole(AriaRole.Article).Filter(new() { HasText = user });
        await card.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await SayAsync(officer, "Yes, end them.", "Approve action");
        await Assertions.Expect(manager.GetByText("Proven").First).ToBeVisibleAsync(new() { Timeout = 60_000 });

        // The force's own work: a file, containment, the review, the end.
        await House.OpenAsync(officer, $"/incidents/{incident}");
        await Assertions.Expect(officer.GetByText("End the person's sessions", new() { Exact = false }).First).ToBeVisibleAsync();
        await officer.GetByLabel("Add a file").SetInputFilesAsync(new FilePayload { Name = "rule.json", MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes("""{"rule":"Sent items"}""") });
        await Assertions.Expect(officer.GetByRole(AriaRole.Link, new() { Name = "rule.json" })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(officer);
        var download = await officer.RunAndWaitForDownloadAsync(() => officer.GetByRole(AriaRole.Link, new() { Name = "rule.json" }).ClickAsync());
        using (var read = new StreamReader(await download.CreateReadStreamAsync())) Assert.Equal("""{"rule":"Sent items"}""", await read.ReadToEndAsync(TestContext.Current.CancellationToken));
        await ActAsync(officer, "Take it");
        await ActAsync(officer, "Record as contained", "Reason", "The rule is gone.");
        await ActAsync(officer, "Write review", "Review", "Rules that forward outside are refused from now on.");
        await ActAsync(officer, "Close incident", "Reason", "Nothing else was found.");
        await House.OpenAsync(officer, $"/incidents/{incident}/report");
        var report = officer.GetByRole(AriaRole.Article);
        foreach (var words in (string[])["OFFICIAL-SENSITIVE", user, "The rule is gone", "rule.json", "Rules that forward outside are refused"]) await Assertions.Expect(report).ToContainTextAsync(words);

        await ElsewhereAsync(manager, incident, user, to);
        await officer.Context.CloseAsync();
        await manager.Context.CloseAsync();
    }

    // The same in Essex: it learns a number; the Centre finds a candidate, and what it shares is all that crosses.
    private async Task ElsewhereAsync(IPage manager, string incident, string user, string to)
    {
        var essex = await house.AsAsync(EssexOfficer);
        using var deliveries = await Deliveries.OfAsync(house, "ESX");
        var alert = await deliveries.InboxRuleAsync(essex, user, to);
        await House.OpenAsync(essex, $"/alerts/{alert}");
        await Assertions.Expect(essex.GetByText("Seen in 1 other force")).ToBeVisibleAsync();
        Assert.DoesNotContain("Kent", await essex.GetByRole(AriaRole.Main).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (await essex.APIRequest.GetAsync($"/api/v1/incidents/{incident}")).Status);
        Assert.Equal(403, (await essex.APIRequest.GetAsync("/api/v1/candidates")).Status);

        await House.OpenAsync(manager, "/candidates");
        var found = manager.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("The same") }).First;
        await Assertions.Expect(found).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Axe.AssertCleanAsync(manager);
        await found.ClickAsync();
        await IdAsync(manager, "candidates");
        await Assertions.Expect(manager.GetByText(to, new() { Exact = false }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Axe.AssertCleanAsync(manager);
        await manager.GetByRole(AriaRole.Link, new() { Name = "Open national incident" }).ClickAsync();
        await manager.WaitForURLAsync("**/incidents/new?candidate=*");
        await House.SettledAsync(manager);
        var title = $"Mailboxes of several forces {Guid.NewGuid():N}"[..36];
        await manager.GetByLabel("Title").FillAsync(title);
        await manager.GetByRole(AriaRole.Button, new() { Name = "Open incident" }).ClickAsync();
        var national = await IdAsync(manager, "incidents");
        await Assertions.Expect(manager.GetByText(to, new() { Exact = false }).First).ToBeVisibleAsync();

        await House.OpenAsync(essex, "/incidents");
        await essex.GetByRole(AriaRole.Link, new() { NameRegex = House.Words(title) }).First.ClickAsync();
        await Assertions.Expect(essex.GetByText("This is your force's part of a national incident", new() { Exact = false })).ToBeVisibleAsync();
        Assert.DoesNotContain("Kent", await essex.GetByRole(AriaRole.Main).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (await essex.APIRequest.GetAsync($"/api/v1/incidents/{national}")).Status);
        await essex.Context.CloseAsync();
    }

    private static async Task<string> IdAsync(IPage page, string kind)
    {
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath.StartsWith($"/{kind}/", StringComparison.Ordinal) && Guid.TryParse(new Uri(url).Segments[^1], out _));
        await House.SettledAsync(page);
        return new Uri(page.Url).Segments[^1];
    }

    private static async Task ActAsync(IPage page, string button, string? label = null, string text = "")
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        if (label is null)
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true })).ToHaveCountAsync(0);
            return;
        }

        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel(label).FillAsync(text);
        await dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task SayAsync(IPage page, string text, string act)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).First.FillAsync(text);
        await dialog.GetByRole(AriaRole.Button, new() { Name = act }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }
}
