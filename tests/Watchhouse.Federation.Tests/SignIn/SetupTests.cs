using System.Net;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Accounts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Tests.SignIn;

public sealed class SetupTests
{
    internal const string Password = "lantern copper meadow";

    [Fact]
    public async Task SetUp_WithPasswordAndCode_MakesTheFirstAdministratorOnce()
    {
        await using var centre = await Centre.StartAsync();
        var browser = centre.Browse();
        var link = await LinkAsync(centre);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await browser.StatusAsync("/"));
        Assert.Contains("not set up yet", await browser.PageAsync("/sign-in"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await browser.StatusAsync("/api/v1/forces/AAA/clients"));

        var opened = await browser.Http.GetAsync(link, Centre.Now);
        Assert.Equal(HttpStatusCode.Redirect, opened.StatusCode);
        Assert.DoesNotContain("token", opened.Headers.Location!.ToString(), StringComparison.Ordinal);

        var named = await browser.SubmitAsync("/setup", "name", ("name", "Robin Marsh"), ("email", "Robin@nmc.example"));
        Assert.Equal(HttpStatusCode.Redirect, named.StatusCode);
        var codes = await RegisterPasswordAsync(centre, browser, "/setup");
        Assert.Equal(RecoveryCodes.Count, codes.Length);

        Assert.StartsWith("Person Robin Marsh NMC", await browser.PageAsync("/api/v1/test/me"), StringComparison.Ordinal);
        var roles = await centre.ReadAsync(db => db.Set<RoleAssignment>().Where(r => r.ForceId == ForceId.Centre).Select(r => r.Role).ToListAsync(Centre.Now));
        Assert.Equal([Role.CentreAdministrator], roles);

        Assert.Contains("does not work", await centre.Browse().PageAsync(link), StringComparison.Ordinal);
        Assert.Null(await centre.Service<ISetup>().MakeLinkAsync("http://127.0.0.1:1", Centre.Now));
    }

    [Fact]
    public async Task SetUp_ExpiredWithdrawnOrWrongLink_OpensNothing()
    {
        await using var centre = await Centre.StartAsync();
        var first = await LinkAsync(centre);
        var second = await LinkAsync(centre);
        Assert.Contains("does not work", await centre.Browse().PageAsync(first), StringComparison.Ordinal);
        Assert.Contains("does not work", await centre.Browse().PageAsync(second[..^3] + "AAA"), StringComparison.Ordinal);
        Assert.Contains("Set up this centre", await centre.Browse().PageAsync(second), StringComparison.Ordinal);
        centre.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Contains("does not work", await centre.Browse().PageAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetUp_LeftHalfway_GoesOnWithTheLinkOfTheNextStart()
    {
        await using var centre = await Centre.StartAsync();
        var browser = centre.Browse();
        await browser.Http.GetAsync(await LinkAsync(centre), Centre.Now);
        await browser.SubmitAsync("/setup", "name", ("name", "Robin Marsh"), ("email", "robin@nmc.example"));

        Assert.False(await centre.Service<ISetup>().IsDoneAsync(Centre.Now));
        var again = centre.Browse();
        Assert.Contains("Robin Marsh", await again.PageAsync(await LinkAsync(centre)), StringComparison.Ordinal);
    }

    internal static async Task<string> LinkAsync(Centre centre) =>
        new Uri((await centre.Service<ISetup>().MakeLinkAsync(centre.Address.ToString(), Centre.Now))!).PathAndQuery;

    /// <summary>Registers <see cref="Password"/> and an authenticator on a page that offers it; returns the recovery codes shown.</summary>
    internal static async Task<string[]> RegisterPasswordAsync(Centre centre, Browser browser, string path) =>
        (await RegisterAsync(centre, browser, path)).Codes;

    internal static async Task<(string[] Codes, string Key)> RegisterAsync(Centre centre, Browser browser, string path)
    {
        var (sealedKey, key) = await browser.AuthenticatorAsync(path);
        var answer = await browser.SubmitAsync(path, "password", ("password", Password), ("repeat", Password), ("key", sealedKey),
            ("code", Totp.Code(key, centre.Clock.GetUtcNow())));
        var html = await answer.Content.ReadAsStringAsync(Centre.Now);
        var document = await new AngleSharp.Html.Parser.HtmlParser().ParseDocumentAsync(html, Centre.Now);
        var codes = document.QuerySelectorAll(".wh-door-codes code").Select(c => c.TextContent).ToArray();
        Assert.True(codes.Length > 0, html);
        return (codes, key);
    }
}
