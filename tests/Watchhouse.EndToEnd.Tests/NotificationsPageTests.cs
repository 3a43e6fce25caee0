using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>A person says how they are told, and an officer where the force's notices are posted to.</summary>
[Collection(HouseCollection.Name)]
public sealed class NotificationsPageTests(House house)
{
    [Fact]
    public async Task Choices_OfAPerson_AreKeptAndTheNumberIsMasked()
    {
        var person = await house.AsAsync(Personas.DevonOwner);
        await House.OpenAsync(person, "/notifications");
        await Assertions.Expect(person.GetByText("you are told on the page Outbox alone")).ToBeVisibleAsync();
        await person.GetByLabel("By text message").SelectOptionAsync("High");
        await person.GetByRole(AriaRole.Button, new() { Name = "Save choices" }).ClickAsync();
        await Assertions.Expect(person.GetByRole(AriaRole.Alert).Filter(new() { HasText = "mobile number" })).ToBeVisibleAsync();
        await person.GetByLabel("Mobile number").FillAsync("07700 900123");
        await person.GetByLabel("Quiet from").FillAsync("22:00");
        await person.GetByLabel("Quiet until").FillAsync("07:00");
        await person.GetByRole(AriaRole.Button, new() { Name = "Save choices" }).ClickAsync();
        await Assertions.Expect(person.GetByPlaceholder("… 123 is kept")).ToBeVisibleAsync();

        await House.OpenAsync(person, "/notifications");
        await Assertions.Expect(person.GetByLabel("By text message")).ToHaveValueAsync("High");
        await Assertions.Expect(person.GetByLabel("Quiet until")).ToHaveValueAsync("07:00");
        Assert.DoesNotContain("900123", await person.ContentAsync(), StringComparison.Ordinal);
        await Axe.AssertCleanAsync(person);
        await person.GetByRole(AriaRole.Button, new() { Name = "Send me a test" }).ClickAsync();
        await Assertions.Expect(person.GetByText("No way out is set up for you").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Webhook_OfAForce_ShowsItsSecretOnceAndIsRemoved()
    {
        var officer = await house.AsAsync(Personas.KentOfficer);
        await House.OpenAsync(officer, "/notifications");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Add webhook" }).ClickAsync();
        var dialog = officer.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Case system");
        await dialog.GetByLabel("Address").FillAsync("http://hooks.example.org/one");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add webhook" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("https://");
        await dialog.GetByLabel("Address").FillAsync("https://hooks.example.org/one");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add webhook" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        var secret = officer.GetByRole(AriaRole.Textbox, new() { Name = "Secret of Case system." });
        await Assertions.Expect(secret).ToHaveValueAsync(House.Words("whsec_"));
        await Axe.AssertCleanAsync(officer);

        await House.OpenAsync(officer, "/notifications");
        await Assertions.Expect(officer.GetByRole(AriaRole.Rowheader, new() { Name = "Case system" })).ToBeVisibleAsync();
        Assert.DoesNotContain("whsec_", await officer.ContentAsync(), StringComparison.Ordinal);
        await officer.GetByRole(AriaRole.Button, new() { Name = "Remove Case system" }).ClickAsync();
        await officer.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();
        await Assertions.Expect(officer.GetByText("Nothing is posted elsewhere")).ToBeVisibleAsync();
    }
}
