using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>Rules: finding one, what its page says, writing and testing one, its life, who may see it.</summary>
[Collection(HouseCollection.Name)]
public sealed class RulePageTests(House house)
{
    [Fact]
    public async Task List_ByKeys_OpensARuleAndComesBackToItsRow()
    {
        var page = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(page, "/rules");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("inbox rule sends outside");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**q=inbox**");
        await Assertions.Expect(page.Locator("tbody tr[data-key]")).ToHaveCountAsync(1);
        await page.EvaluateAsync("() => document.activeElement.blur()");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/rules/*-*");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Inbox rule sends mail outside policing" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("What it looks for")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".wh-feeds")).ToContainTextAsync("OfficeActivity");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Retire rule" })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Text", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Text of the rule" })).ToContainTextAsync("New-InboxRule");
        await Axe.AssertCleanAsync(page);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("History") }).ClickAsync();
        await Assertions.Expect(page.GetByText("It came with the program.")).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);

        await page.Keyboard.PressAsync("Escape");
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/rules");
        await page.WaitForFunctionAsync("() => document.activeElement?.closest('tr[data-key]')");
        Assert.Contains("q=inbox", page.Url, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task List_ByTacticAndFilters_IsInTheAddressAndCounted()
    {
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/rules?state=live");

        await page.GetByRole(AriaRole.Link, new() { Name = "ATT&CK tactic" }).ClickAsync();
        await page.WaitForURLAsync("**by=tactic**");
        var branch = page.Locator("#rule-tree a").Filter(new() { HasText = "Credential access" });
        var count = int.Parse(await branch.Locator(".wh-count").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);
        await branch.ClickAsync();
        await page.WaitForURLAsync("**in=credential-access**");
        await House.SettledAsync(page);

        Assert.True(count > 0);
        await Assertions.Expect(page.Locator("tbody tr[data-key]")).ToHaveCountAsync(count);
        Assert.Contains("state=live", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Unusable") }).ClickAsync();
        await page.WaitForURLAsync("**show=unusable**");
        await House.SettledAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).Query.Length == 0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Rule_WrittenByAForce_IsCheckedTriedAndGoesThroughItsLife()
    {
        var id = Guid.NewGuid();
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/rules/new");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Text of the rule" });
        await Assertions.Expect(page.GetByText("It can be used")).ToBeVisibleAsync();

        // The compiler's word at the line that is wrong.
        await editor.FillAsync(Text(id, 4771).Replace("condition: selection", "condition: selektion", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#rule-check")).ToContainTextAsync("the detection has no 'selektion'");
        await Assertions.Expect(page.Locator(".wh-code-gutter [data-fault]")).ToHaveTextAsync("10");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).First).ToBeDisabledAsync();
        await Axe.AssertCleanAsync(page);
        await editor.FillAsync(Text(id, 4771));
        await Assertions.Expect(page.GetByText("It can be used: high, windows / security")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Textbox, new() { Name = "Events" }).FillAsync(string.Join('\n', Event(4771, "amira"), Event(4624, "amira"), """{"Operation":"FileAccessed"}"""));
        await page.GetByRole(AriaRole.Button, new() { Name = "Try on these events" }).ClickAsync();
        await Assertions.Expect(page.GetByText("1 of 3 events matches.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-verdict=matches] .wh-met mark")).ToHaveTextAsync("4771");
        await Assertions.Expect(page.Locator("[data-verdict=misses]")).ToContainTextAsync("Not met: EventID is the number 4771");
        await Assertions.Expect(page.Locator("[data-verdict=othersource]")).ToHaveCountAsync(1);
        await Axe.AssertCleanAsync(page);

        await editor.PressAsync("Control+s");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await page.WaitForURLAsync("**/rules/*-*");
        var address = new Uri(page.Url).AbsolutePath;
        await Assertions.Expect(page.GetByText("Kent Police's own")).ToBeVisibleAsync();

        await MoveAsync(page, "Put to testing", "It is to be seen how often it matches.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Put live", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).First.FillAsync("It is wanted.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Put live" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("has not been tested on what has arrived");
        await Axe.AssertCleanAsync(page);
        await dialog.GetByRole(AriaRole.Textbox).Nth(1).FillAsync("Nothing of the kind has arrived yet.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Put live" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take back to testing" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("Edit and test") }).ClickAsync();
        await Assertions.Expect(page.GetByText("It can be used")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Text of the rule" }).FillAsync(Text(id, 4776));
        await Assertions.Expect(page.Locator("#rule-check")).ToContainTextAsync("It can be used");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync("The other event says more.");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == address);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words("History") }).ClickAsync();
        await Assertions.Expect(page.GetByText("The other event says more.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Not tested: Nothing of the kind has arrived yet.")).ToBeVisibleAsync();
        await page.GetByText("What changed in the text").First.ClickAsync();
        await Assertions.Expect(page.Locator(".wh-difference ins").First).ToContainTextAsync("4776");
        await MoveAsync(page, "Retire rule", "It was a test.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Make it a draft again" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();

        // Another force knows nothing of it; the Centre, to which Kent delegates, reads it and changes nothing.
        var other = await house.AsAsync(Personas.DevonOwner);
        await House.OpenAsync(other, address);
        await Assertions.Expect(other.GetByText("Nothing here that you may see")).ToBeVisibleAsync();
        await other.Context.CloseAsync();
        var centre = await house.AsAsync(Personas.DutyManager);
        await House.OpenAsync(centre, address);
        await Assertions.Expect(centre.GetByText("Kent Police changes it.")).ToBeVisibleAsync();
        await Assertions.Expect(centre.GetByRole(AriaRole.Button, new() { Name = "Make it a draft again" })).ToHaveCountAsync(0);
        await centre.Context.CloseAsync();
    }

    [Fact]
    public async Task Test_OnWhatArrived_ShowsMatchesWithTheirPartsAndIsNotOfTheSavedRule()
    {
        using var kent = await Deliveries.OfKentAsync(house);
        var user = $"trial-{Guid.NewGuid():N}";
        await kent.PostAsync("hosts", Event(4742, user), Event(4742, user), Event(4743, user));
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/rules/new?test=past");
        await Assertions.Expect(page.GetByText("It can be used")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Text of the rule" })
            .FillAsync(Text(Guid.NewGuid(), 4742).Replace("EventID: 4742", $"EventID: 4742\n    TargetUserName: {user}", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#rule-check")).ToContainTextAsync("It can be used");

        await page.GetByRole(AriaRole.Button, new() { Name = "Test on what arrived" }).ClickAsync();

        await Assertions.Expect(page.GetByText(new Regex("^2 matches in .* events"))).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "First matches" }).Locator("li mark").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "First matches" })).ToContainTextAsync(user);
        await Axe.AssertCleanAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task NationalRule_SeenByAForce_IsReadAndBecomesAVariantOfItsOwn()
    {
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/rules?q=inbox+rule+sends");
        await page.Locator("a.wh-row-link").First.ClickAsync();

        await Assertions.Expect(page.GetByText("A national rule: the Centre changes it.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Retire rule" })).ToHaveCountAsync(0);
        var id = await page.Locator(".wh-rule-body dd code").First.InnerTextAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Write own variant" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It can be used")).ToBeVisibleAsync();
        var text = await page.GetByRole(AriaRole.Textbox, new() { Name = "Text of the rule" }).InputValueAsync();

        Assert.Contains("(variant)", text, StringComparison.Ordinal);
        Assert.DoesNotContain(id, text, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Noise_OfAForce_NamesTheRuleAndWhomItIsAbout()
    {
        using var kent = await Deliveries.OfKentAsync(house);
        var user = $"noisy-{Guid.NewGuid():N}@kent.example";
        await kent.PostAsync("microsoft-365", InboxRule(user));
        var page = await house.AsAsync(Personas.KentOfficer);
        for (var tries = 0; tries < 100; tries++)
        {
            var answer = await page.APIRequest.GetAsync($"/api/v1/alerts?entity={Uri.EscapeDataString(user)}");
            if ((await answer.JsonAsync())!.Value.GetArrayLength() > 0) break;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        await House.OpenAsync(page, "/rules/noise?days=7");
        var row = page.Locator("tbody tr").Filter(new() { HasText = "Inbox rule sends mail outside policing" });
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("tbody .wh-force").Filter(new() { HasNotText = "KNT" })).ToHaveCountAsync(0);
        await Axe.AssertCleanAsync(page);
        await row.GetByRole(AriaRole.Link, new() { Name = "Inbox rule sends mail outside policing" }).ClickAsync();
        await page.WaitForURLAsync("**/rules/*-*");
        await Assertions.Expect(page.GetByText("Recent alerts")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".wh-related")).ToContainTextAsync(user);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Lists_EditedByTwo_ShowWhatChangesAndRefuseTheStaleOne()
    {
        var name = $"list_{Guid.NewGuid():N}";
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/rules/lists");
        await page.GetByRole(AriaRole.Button, new() { Name = "New list" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).FillAsync(name);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Write list" }).ClickAsync();
        await WriteAsync(page, "one@kent.example\ntwo@kent.example");
        await Assertions.Expect(page.GetByText("2 values", new() { Exact = true })).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);

        var late = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(late, $"/rules/lists?name={name}&of=KNT");
        await late.GetByRole(AriaRole.Button, new() { Name = "Edit list" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit list" }).ClickAsync();
        await WriteAsync(page, "one@kent.example\nthree@kent.example");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Values of the list" })).ToContainTextAsync("three@kent.example");

        await late.GetByRole(AriaRole.Textbox, new() { Name = "Values" }).FillAsync("four@kent.example");
        await late.GetByRole(AriaRole.Button, new() { Name = "Show what changes" }).ClickAsync();
        await Assertions.Expect(late.Locator(".wh-difference del").First).ToContainTextAsync("one@kent.example");
        await Assertions.Expect(late.Locator(".wh-difference ins")).ToContainTextAsync("four@kent.example");
        await late.GetByRole(AriaRole.Button, new() { Name = "Save list" }).First.ClickAsync();
        await late.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save list" }).ClickAsync();
        await Assertions.Expect(late.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else changed this list in the meantime");
        await late.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Import_OfAnArchive_ShowsTheDifferenceAndAppliesIt()
    {
        var (kept, name) = (Guid.NewGuid(), $"release-{Guid.NewGuid():N}");
        var page = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(page, "/rules/import");
        await page.GetByLabel("Name", new() { Exact = false }).First.FillAsync(name);
        await ChooseAsync(page, ("rules/a.yml", Text(kept, 4700)), ("rules/b.yml", "title: No detection at all"));
        await Assertions.Expect(Part(page, "New")).ToContainTextAsync("1");
        await Part(page, "Unusable").ClickAsync();
        await Assertions.Expect(page.Locator(".wh-import-rows")).ToContainTextAsync("rules/b.yml");
        await Axe.AssertCleanAsync(page);
        await ApplyAsync(page);

        await page.GetByLabel("Name", new() { Exact = false }).First.FillAsync(name);
        await ChooseAsync(page, ("rules/a.yml", Text(kept, 4701)));
        await Part(page, "Changed").ClickAsync();
        await page.Locator(".wh-import-rows summary").First.ClickAsync();
        await Assertions.Expect(page.Locator(".wh-difference ins")).ToContainTextAsync("EventID: 4701");
        await ApplyAsync(page);
        await House.OpenAsync(page, $"/rules?key={kept}");
        await page.WaitForURLAsync("**/rules/*-*");
        await Assertions.Expect(page.GetByText("Kent Police's own")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Rules_OnAPhoneInTheDark_AreOneColumnAndAccessible()
    {
        var page = await house.AsAsync(Personas.KentOfficer, options =>
        {
            options.ViewportSize = new ViewportSize { Width = 390, Height = 844 };
            options.ColorScheme = ColorScheme.Dark;
        });
        await House.OpenAsync(page, "/rules?q=inbox+rule+sends");
        await page.GetByRole(AriaRole.Button, new() { Name = "All groups" }).ClickAsync();
        await Assertions.Expect(page.Locator("#rule-tree")).ToBeVisibleAsync();
        await Axe.AssertCleanAsync(page);
        await page.Locator("a.wh-row-link").First.ClickAsync();
        await Assertions.Expect(page.GetByText("What it looks for")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".wh-list")).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1);
        await Axe.AssertCleanAsync(page);
        await page.Context.CloseAsync();
    }

    private static async Task MoveAsync(IPage page, string action, string why)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).First.FillAsync(why);
        await dialog.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task WriteAsync(IPage page, string values)
    {
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Values" }).FillAsync(values);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save list" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save list" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Edit list" })).ToBeVisibleAsync();
    }

    private static ILocator Part(IPage page, string title) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Parts of the difference" }).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^" + title) });

    private static async Task ChooseAsync(IPage page, params (string Path, string Text)[] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                await using var entry = await zip.CreateEntry(path).OpenAsync();
                await entry.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
            }
        }

        await page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "release.zip", MimeType = "application/zip", Buffer = packed.ToArray() });
        await Assertions.Expect(page.GetByText(new Regex(@"^release\.zip, "))).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What would change" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    private static async Task ApplyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Apply 1 change") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Apply changes" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What was changed" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    private static string Text(Guid id, int eventId) => $$"""
        title: A rule of a test {{id:N}}
        id: {{id}}
        level: high
        tags: [attack.credential-access, attack.t1110]
        logsource: {product: windows, service: security}
        description: It is there for a test.
        detection:
          selection:
            EventID: {{eventId}}
          condition: selection
        """.ReplaceLineEndings("\n");

    private static string Event(int eventId, string user) =>
        $$"""{"Channel":"Security","EventID":{{eventId}},"Computer":"HOST1","TargetUserName":"{{user}}","TimeCreated":"{{DateTimeOffset.UtcNow:O}}"}""";

    private static string InboxRule(string user) => System.Text.Json.JsonSerializer.Serialize(new
    {
        CreationTime = DateTimeOffset.UtcNow.AddMinutes(-1),
        Id = Guid.NewGuid(),
        Operation = "New-InboxRule",
        RecordType = 1,
        Workload = "Exchange",
        UserId = user,
        ClientIP = "203.0.113.77",
        ResultStatus = "True",
        Parameters = new[] { new { Name = "Name", Value = "Sent items" }, new { Name = "ForwardTo", Value = "collector@mail.example" } },
    });
}
