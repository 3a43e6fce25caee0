using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>A listener of Kent, opened and closed by its administrator, who sees no sources.</summary>
[Collection(HouseCollection.Name)]
public sealed class ListenerPageTests(House house)
{
    [Fact]
    public async Task Listener_OpenedByTheForm_GivesItsConfigurationAndIsClosed()
    {
        var port = FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var page = await house.AsAsync(Personas.KentAdministrator);
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Syslog listeners" }).ClickAsync();
        await page.WaitForURLAsync("**/sources/listeners");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open listener" }).First.ClickAsync();

        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Source").FillAsync("linux");
        await form.GetByLabel("Address of the centre").FillAsync("127.0.0.1");
        await form.GetByLabel("Port").FillAsync(port);
        await form.GetByRole(AriaRole.Button, new() { Name = "Open listener" }).ClickAsync();
        await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say who may send");
        var thumbprint = string.Join(':', Enumerable.Range(0, 32).Select(_ => System.Security.Cryptography.RandomNumberGenerator.GetHexString(2)));
        await form.GetByLabel("Certificates that may send").FillAsync($"sha256 Fingerprint={thumbprint}");
        await Axe.AssertCleanAsync(page);
        await form.GetByRole(AriaRole.Button, new() { Name = "Open listener" }).ClickAsync();

        await page.WaitForURLAsync("**listener=**");
        // It opens within seconds, and the page says so by itself.
        await Assertions.Expect(page.Locator(".wh-detail .wh-status").First).ToHaveTextAsync("Open", new() { Timeout = 20_000 });
        await Assertions.Expect(page.Locator(".wh-thumbs")).ToContainTextAsync(thumbprint.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant());
        var rsyslog = page.GetByRole(AriaRole.Region, new() { Name = "Text of rsyslog", Exact = true });
        await Assertions.Expect(rsyslog).ToContainTextAsync($"target=\"127.0.0.1\" port=\"{port}\"");
        await Assertions.Expect(rsyslog).ToContainTextAsync("StreamDriverPermittedPeers=\"SHA256:");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Text of syslog-ng", Exact = true })).ToContainTextAsync($"port({port}) transport(\"tls\")");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Text of watchhouse.pem", Exact = true })).ToContainTextAsync("BEGIN CERTIFICATE");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("PRIVATE KEY");
        await Axe.AssertCleanAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Close listener" }).First.ClickAsync();
        await Assertions.Expect(form).ToContainTextAsync("Its port closes within seconds");
        await form.GetByRole(AriaRole.Button, new() { Name = "Close listener", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("The listener is closed")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = House.Words($":{port}") })).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Listener_WithoutTlsForTheWholeWorld_IsRefusedInASentence()
    {
        var page = await house.AsAsync(Personas.KentOfficer, options => options.ViewportSize = new ViewportSize { Width = 390, Height = 844 });
        await House.OpenAsync(page, "/sources/listeners?do=open");
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("UDP").CheckAsync();
        await Assertions.Expect(form.GetByLabel("Port")).ToHaveValueAsync("514");
        await form.GetByLabel("Source").FillAsync("firewall");
        await form.GetByLabel("Address of the centre").FillAsync("0.0.0.0");
        await form.GetByLabel("Networks that may send").FillAsync("10.0.0.0/8");
        await form.GetByRole(AriaRole.Button, new() { Name = "Open listener" }).ClickAsync();

        await Assertions.Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("Without TLS anybody on the way reads and forges");
        await Assertions.Expect(form.GetByLabel("Address of the centre")).ToHaveAttributeAsync("aria-invalid", "true");
        await form.GetByRole(AriaRole.Button, new() { Name = "Open nothing" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("do=", StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }
}
