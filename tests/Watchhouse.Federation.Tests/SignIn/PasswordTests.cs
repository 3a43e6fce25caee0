using System.Net;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Accounts;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.Tests.SignIn;

public sealed class PasswordTests
{
    private const string Email = "sam@a.example";

    [Fact]
    public async Task SignIn_NeedsPasswordAndFreshCode_AndEachCodeWorksOnce()
    {
        await using var centre = await Centre.StartAsync();
        var (_, key, codes) = await RegisteredAsync(centre);

        Assert.False(await TryAsync(centre, SetupTests.Password, ""));
        Assert.False(await TryAsync(centre, SetupTests.Password, "000000"));
        Assert.False(await TryAsync(centre, "wrong password here", Code(centre, key)));
        var code = Code(centre, key);
        Assert.True(await TryAsync(centre, SetupTests.Password, code));
        Assert.False(await TryAsync(centre, SetupTests.Password, code));
        Assert.True(await TryAsync(centre, SetupTests.Password, codes[0].ToLowerInvariant()));
        Assert.False(await TryAsync(centre, SetupTests.Password, codes[0]));
        Assert.False(await TryAsync(centre, SetupTests.Password, "AAAA-BBBB-CCCC-DDDD"));
    }

    [Fact]
    public async Task SignIn_FiveFailures_LockForFifteenMinutes()
    {
        await using var centre = await Centre.StartAsync();
        var (_, key, _) = await RegisteredAsync(centre);

        for (var i = 0; i < PasswordSignIn.Tries; i++) Assert.False(await TryAsync(centre, "wrong password here", "123456"));
        Assert.False(await TryAsync(centre, SetupTests.Password, Code(centre, key)));
        centre.Clock.Advance(PasswordSignIn.LockedFor);
        Assert.True(await TryAsync(centre, SetupTests.Password, Code(centre, key)));
    }

    [Fact]
    public async Task SignIn_UnknownWrongAndLocked_AnswerAlike()
    {
        await using var centre = await Centre.StartAsync();
        await RegisteredAsync(centre);

        var unknown = await AnswerAsync(centre, "nobody@a.example", SetupTests.Password);
        var wrong = await AnswerAsync(centre, Email, "wrong password here");
        for (var i = 0; i < PasswordSignIn.Tries; i++) await TryAsync(centre, "wrong password here", "123456");
        var locked = await AnswerAsync(centre, Email, SetupTests.Password);

        Assert.Contains("That did not work", unknown, StringComparison.Ordinal);
        Assert.Equal(unknown, wrong);
        Assert.Equal(unknown, locked);
    }

    [Fact]
    public async Task Cookie_HasTheFlags_AndHoldsNoName()
    {
        await using var centre = await Centre.StartAsync();
        var (_, key, _) = await RegisteredAsync(centre);
        var browser = centre.Browse();
        var answer = await browser.SubmitAsync("/sign-in?returnUrl=%2Faccount", "password",
            ("email", Email.ToUpperInvariant()), ("password", SetupTests.Password), ("code", Code(centre, key)));

        Assert.EndsWith("/account", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("watchhouse=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("Person Sam S AAA", await browser.PageAsync("/api/v1/test/me"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    public async Task SignIn_ReturnAddressOfAnotherSite_GoesHome(string returnUrl)
    {
        await using var centre = await Centre.StartAsync();
        var (_, key, _) = await RegisteredAsync(centre);
        var answer = await centre.Browse().SubmitAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl), "password",
            ("email", Email), ("password", SetupTests.Password), ("code", Code(centre, key)));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.DoesNotContain("evil", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitation_WorksOnce_AndReplacesEverything()
    {
        await using var centre = await Centre.StartAsync();
        var (person, key, _) = await RegisteredAsync(centre);
        var old = await centre.SignedInAsync(person);
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        var link = await InviteAsync(admin, person);

        var browser = centre.Browse();
        await browser.Http.GetAsync(link, Centre.Now);
        await SetupTests.RegisterAsync(centre, browser, "/invitation");

        Assert.Equal(HttpStatusCode.Unauthorized, await old.StatusAsync("/api/v1/test/me"));
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/api/v1/test/me"));
        Assert.False(await TryAsync(centre, SetupTests.Password, Code(centre, key)));
        Assert.Contains("does not work", await centre.Browse().PageAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitation_OfOneselfOrOfAnotherForce_IsRefused()
    {
        await using var centre = await Centre.StartAsync();
        var me = await centre.PersonAsync(Centre.ForceA, "admin@a.example", Role.ForceAdministrator);
        var other = await centre.PersonAsync(Centre.ForceB, "other@b.example");
        var admin = await centre.SignedInAsync(me);

        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PostAsync($"/api/v1/forces/AAA/people/{me}/invitation", "")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync($"/api/v1/forces/AAA/people/{other}/invitation", "")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync($"/api/v1/forces/BBB/people/{other}/invitation", "")).StatusCode);
    }

    [Fact]
    public async Task Session_OfALeaver_EndsAtTheNextRequest()
    {
        await using var centre = await Centre.StartAsync();
        var (person, key, _) = await RegisteredAsync(centre);
        var browser = await centre.SignedInAsync(person);
        Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/api/v1/test/me"));

        await centre.LeaveAsync(person, Centre.ForceA);

        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("/api/v1/test/me"));
        Assert.False(await TryAsync(centre, SetupTests.Password, Code(centre, key)));
    }

    [Fact]
    public async Task SignOut_EndsTheSessionRecord_SoACopiedCookieIsWorthless()
    {
        await using var centre = await Centre.StartAsync();
        var person = await centre.PersonAsync(Centre.ForceA, Email);
        var browser = await centre.SignedInAsync(person);
        var copy = centre.Browse();
        copy.Cookies.Add(browser.Cookies.GetAllCookies());

        await browser.SubmitAsync("/account", "/sign-out");

        Assert.Equal(HttpStatusCode.Unauthorized, await copy.StatusAsync("/api/v1/test/me"));
        var session = await centre.ReadAsync(db => db.Set<Session>().SingleAsync(s => s.PersonId == person, Centre.Now));
        Assert.NotNull(session.EndedAt);
    }

    [Fact]
    public async Task Restart_KeepsKeys_SoTheCookieStaysGood()
    {
        string data;
        Browser browser;
        await using (var first = await Centre.StartAsync())
        {
            browser = await first.SignedInAsync(await first.PersonAsync(Centre.ForceA, Email));
            (data, first.KeepData) = (first.Data, true);
        }

        await using var second = await Centre.StartAsync(data);
        var after = second.Browse();
        foreach (Cookie cookie in browser.Cookies.GetAllCookies()) after.Cookies.Add(second.Address, new Cookie(cookie.Name, cookie.Value));
        Assert.StartsWith("Person Sam S AAA", await after.PageAsync("/api/v1/test/me"), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            foreach (var file in Directory.GetFiles(Path.Combine(data, "keys"), "tokens-*"))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Account_OldSession_ChangesNothing_AndTheOnlyWayInStays()
    {
        await using var centre = await Centre.StartAsync();
        var (person, _, _) = await RegisteredAsync(centre);
        var browser = await centre.SignedInAsync(person);
        var page = await browser.PageAsync("/account");
        Assert.Contains("Change password", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Remove password", page, StringComparison.Ordinal);

        var changed = await browser.SubmitAsync("/account", "change-password",
            ("current", SetupTests.Password), ("password", "granite otter willow"));
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        centre.Clock.Advance(TimeSpan.FromMinutes(16));
        page = await browser.PageAsync("/account");
        Assert.Contains("Sign in again", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"current\"", page, StringComparison.Ordinal);
    }

    private static async Task<(PersonId Person, string Key, string[] Codes)> RegisteredAsync(Centre centre)
    {
        var person = await centre.PersonAsync(Centre.ForceA, Email);
        var admin = await centre.AdministratorAsync(Centre.ForceA, "first@a.example");
        var browser = centre.Browse();
        await browser.Http.GetAsync(await InviteAsync(admin, person), Centre.Now);
        var (codes, key) = await SetupTests.RegisterAsync(centre, browser, "/invitation");
        return (person, key, codes);
    }

    private static async Task<string> InviteAsync(Browser admin, PersonId person)
    {
        var answer = await admin.PostAsync($"/api/v1/forces/AAA/people/{person}/invitation", "");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await System.Text.Json.JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(Centre.Now), default, Centre.Now);
        return new Uri(json.RootElement.GetProperty("link").GetString()!).PathAndQuery;
    }

    private static string Code(Centre centre, string key)
    {
        // The next step: the last one was spent when the authenticator was registered.
        centre.Clock.Advance(TimeSpan.FromSeconds(30));
        return Totp.Code(key, centre.Clock.GetUtcNow());
    }

    private static async Task<bool> TryAsync(Centre centre, string password, string code) =>
        (await centre.Browse().SubmitAsync("/sign-in", "password", ("email", Email), ("password", password), ("code", code)))
            .StatusCode == HttpStatusCode.Redirect;

    private static async Task<string> AnswerAsync(Centre centre, string email, string password)
    {
        var answer = await centre.Browse().SubmitAsync("/sign-in", "password", ("email", email), ("password", password), ("code", "123456"));
        var document = await new AngleSharp.Html.Parser.HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(Centre.Now), Centre.Now);
        return $"{answer.StatusCode} {document.QuerySelector("[role=alert]:not([hidden])")?.TextContent}";
    }
}
