using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Watchhouse.Testing;

namespace Watchhouse.EndToEnd.Tests;

/// <summary>From an empty directory to a signed-in administrator, with a passkey of a virtual authenticator (WebAuthn section 11).</summary>
[Collection(HouseCollection.Name)]
public sealed partial class FirstRunTests
{
    [Fact]
    public async Task SetUp_WithAPasskey_SignsInAndSignsInAgain()
    {
        _ = Servers.Chromium;
        using var directory = new TempDirectory();
        await using var house = await WatchhouseProcess.StartAsync(directory, demo: false, TestContext.Current.CancellationToken);
        await using var browser = new Browser();
        var address = new Uri($"http://localhost:{house.BaseAddress.Port}");
        var link = Link().Match(string.Join('\n', house.Output));
        Assert.True(link.Success, string.Join('\n', house.Output));
        var page = await browser.NewPageAsync(address);
        var authenticator = await AddAuthenticatorAsync(page);

        // Nothing is open before the set-up is done.
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByText("not set up yet")).ToBeVisibleAsync();

        await page.GotoAsync("/setup?token=" + link.Groups[1].Value);
        Assert.DoesNotContain("token", page.Url, StringComparison.Ordinal);
        await Axe.AssertCleanAsync(page);
        await page.GetByLabel("Your name").FillAsync("First administrator (test)");
        await page.GetByLabel("Your work e-mail address").FillAsync("first@centre.test.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Register a passkey" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await House.SettledAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "People" }).First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = House.Words("You: First administrator") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath != "/");
        // The authenticator answers the browser's own offer at once; nobody is present until it should.
        await authenticator.PresentAsync(false);
        await page.GotoAsync("/people");
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/sign-in");
        await Axe.AssertCleanAsync(page);

        await authenticator.PresentAsync(true);
        await page.GotoAsync("/people");
        await SignInAsync(page);
        await House.SettledAsync(page);
        await Assertions.Expect(page.Locator("main").GetByText("First administrator (test)").First).ToBeVisibleAsync();

        // The link was for once.
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/setup?token=" + link.Groups[1].Value);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This set-up link does not work" })).ToBeVisibleAsync();
    }

    /// <summary>By the browser's own offer of its passkeys, or by the button, whichever comes first.</summary>
    private static async Task SignInAsync(IPage page)
    {
        var arrived = page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/people");
        try
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync(new() { Timeout = 5_000 });
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            // The offer was faster, and the button is gone with its page.
        }

        await arrived;
    }

    private static async Task<Authenticator> AddAuthenticatorAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable", new() { ["enableUI"] = false });
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new Authenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private sealed record Authenticator(ICDPSession Session, string Id)
    {
        public async Task PresentAsync(bool present) => await Session.SendAsync("WebAuthn.setAutomaticPresenceSimulation",
            new() { ["authenticatorId"] = Id, ["enabled"] = present });
    }

    [GeneratedRegex(@"/setup\?token=(\S+)")]
    private static partial Regex Link();
}
