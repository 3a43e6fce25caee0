using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Tenants;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Tests.SignIn;

public sealed class TenantTests
{
    [Fact]
    public async Task SignIn_OfSomebodyLinked_Works_AndALeaverStaysOut()
    {
        await using var directory = await FakeDirectory.StartAsync();
        await using var centre = await StartAsync(directory);
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        await RegisterAsync(admin, "AAA", directory);
        var person = await centre.PersonAsync(Centre.ForceA, "sam@a.example");
        Assert.Equal("/sign-in/refused?why=unknown", await SignInAsync(centre, directory));

        await LinkAsync(admin, "AAA", person, directory);
        var browser = centre.Browse();
        Assert.Equal("/people", await SignInAsync(centre, directory, browser, "AAA?returnUrl=%2Fpeople"));
        Assert.StartsWith("Person Sam S AAA", await browser.PageAsync("/api/v1/test/me"), StringComparison.Ordinal);

        await centre.LeaveAsync(person, Centre.ForceA);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("/api/v1/test/me"));
        Assert.Equal("/sign-in/refused?why=unknown", await SignInAsync(centre, directory));
    }

    [Fact]
    public async Task SignIn_OfSomebodyProvisioned_GoesByObjectId()
    {
        await using var directory = await FakeDirectory.StartAsync();
        await using var centre = await StartAsync(directory);
        await RegisterAsync(await centre.AdministratorAsync(Centre.ForceA), "AAA", directory);
        var joined = await centre.Service<PeopleOperations>().JoinAsync(ActingPrincipal.ForJob("test"), new JoinOptions
        {
            Force = Centre.ForceA, Name = "Sam", Email = "sam@a.example", ExternalId = directory.User.ToString().ToUpperInvariant(),
        }, Centre.Now);
        Assert.True(joined.Succeeded);
        Assert.Equal("/", await SignInAsync(centre, directory));
    }

    [Theory]
    [InlineData("OtherIssuer", "stranger")]
    [InlineData("OtherTenantClaim", "stranger")]
    [InlineData("OtherAudience", "failed")]
    [InlineData("OtherNonce", "failed")]
    [InlineData("Expired", "failed")]
    [InlineData("NoObjectId", "failed")]
    public async Task SignIn_WithABadToken_IsRefused(string fault, string why)
    {
        await using var directory = await FakeDirectory.StartAsync();
        await using var centre = await StartAsync(directory);
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        await RegisterAsync(admin, "AAA", directory);
        await LinkAsync(admin, "AAA", await centre.PersonAsync(Centre.ForceA, "sam@a.example"), directory);
        directory.Fault = Enum.Parse<Fault>(fault);

        var browser = centre.Browse();
        Assert.Equal($"/sign-in/refused?why={why}", await SignInAsync(centre, directory, browser));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.StatusAsync("/api/v1/test/me"));
        Assert.Contains("You are not signed in", await browser.PageAsync($"/sign-in/refused?why={why}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_ReplayedInventedOrFromAnotherBrowser_IsRefused()
    {
        await using var directory = await FakeDirectory.StartAsync();
        await using var centre = await StartAsync(directory);
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        await RegisterAsync(admin, "AAA", directory);
        await LinkAsync(admin, "AAA", await centre.PersonAsync(Centre.ForceA, "sam@a.example"), directory);

        var browser = centre.Browse();
        var callback = await AnswerAsync(directory, await BeginAsync(browser));
        Assert.Equal("/sign-in/refused?why=failed", await GoAsync(centre.Browse(), callback));
        Assert.Equal("/", await GoAsync(browser, callback));
        Assert.Equal("/sign-in/refused?why=failed", await GoAsync(browser, callback));
        Assert.Equal("/sign-in/refused?why=notbegunhere", await GoAsync(browser, new Uri(centre.Address, "/sign-in/tenant/callback?code=x&state=invented")));
        Assert.Equal("/sign-in/refused?why=notbegunhere", await GoAsync(browser, new Uri(centre.Address, "/sign-in/tenant/callback")));
    }

    [Fact]
    public async Task SignIn_OfAPersonOfAForceWithoutTheTenant_IsRefused_UntilItRegistersIt()
    {
        await using var directory = await FakeDirectory.StartAsync();
        await using var centre = await StartAsync(directory);
        var adminA = await centre.AdministratorAsync(Centre.ForceA);
        var adminB = await centre.AdministratorAsync(Centre.ForceB, "admin@b.example");
        await RegisterAsync(adminA, "AAA", directory);
        var person = await centre.PersonAsync(Centre.ForceB, "sam@b.example");
        var input = new { tenantId = directory.Tenant, objectId = directory.User };

        // Neither force can link across: A does not have the person, B does not have the tenant.
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(adminA, $"/api/v1/forces/AAA/people/{person}/external-identity", input)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(adminB, $"/api/v1/forces/BBB/people/{person}/external-identity", input)).StatusCode);
        Assert.Equal("/sign-in/refused?why=unknown", await SignInAsync(centre, directory));

        await RegisterAsync(adminB, "BBB", directory);
        await LinkAsync(adminB, "BBB", person, directory);
        Assert.Equal("/", await SignInAsync(centre, directory));
        Assert.Equal("/", await SignInAsync(centre, directory, path: "BBB"));

        // The person moved to a force that does not have the tenant; the link of the old one is void.
        var moved = await centre.Service<PeopleOperations>().MoveAsync(
            ActingPrincipal.ForJob("test"), person, new StatusOptions { Force = Centre.ForceB }, ForceId.Centre, Centre.Now);
        Assert.True(moved.Succeeded);
        Assert.Equal("/sign-in/refused?why=unknown", await SignInAsync(centre, directory, path: "BBB"));
    }

    [Fact]
    public async Task RemovedTenant_LetsNobodyIn_EvenHalfway()
    {
        await using var directory = await FakeDirectory.StartAsync();
        await using var centre = await StartAsync(directory);
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        var id = await RegisterAsync(admin, "AAA", directory);
        var browser = centre.Browse();
        var callback = await AnswerAsync(directory, await BeginAsync(browser));

        Assert.Equal(HttpStatusCode.NoContent, (await admin.Http.DeleteAsync($"/api/v1/forces/AAA/tenants/{id}", Centre.Now)).StatusCode);
        Assert.Equal("/sign-in/refused?why=notbegunhere", await GoAsync(browser, callback));
        Assert.Equal("/sign-in/refused?why=notenant", (await BeginAsync(browser)).ToString());
        Assert.Equal("/sign-in/refused?why=notenant", (await BeginAsync(browser, "ZZZ")).ToString());
    }

    [Fact]
    public async Task Registration_OfAnAuthorityNotAllowed_IsRefused_AndTheSecretNeverComesBack()
    {
        await using var directory = await FakeDirectory.StartAsync();
        await using var centre = await StartAsync(directory);
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        var bad = await admin.PostAsync("/api/v1/forces/AAA/tenants", Registration(directory, "https://login.evil.example/x"));
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        await RegisterAsync(admin, "AAA", directory);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsync("/api/v1/forces/AAA/tenants", Registration(directory, directory.Issuer))).StatusCode);
        var list = await admin.PageAsync("/api/v1/forces/AAA/tenants");
        Assert.Contains(directory.Issuer, list, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", list, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NotFound, await admin.StatusAsync("/api/v1/forces/BBB/tenants"));
    }

    private static async Task<Centre> StartAsync(FakeDirectory directory)
    {
        var centre = await Centre.StartAsync(adjust: services =>
            services.Configure<TenantOptions>(o => o.Authorities.Add(new Uri(directory.Issuer).GetLeftPart(UriPartial.Authority))));
        await directory.AllowAsync(centre.Address);
        return centre;
    }

    private static object Registration(FakeDirectory directory, string authority) => new
    {
        tenantId = directory.Tenant, clientId = FakeDirectory.ClientId, clientSecret = FakeDirectory.ClientSecret,
        displayName = "Directory", authority,
    };

    private static async Task<string> RegisterAsync(Browser admin, string force, FakeDirectory directory)
    {
        var answer = await admin.PostAsync($"/api/v1/forces/{force}/tenants", Registration(directory, directory.Issuer));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString().Split('/').Last();
    }

    private static Task<HttpResponseMessage> PutAsync(Browser admin, string path, object body) => admin.Http.PutAsJsonAsync(path, body, Centre.Now);

    private static async Task LinkAsync(Browser admin, string force, PersonId person, FakeDirectory directory)
    {
        var answer = await PutAsync(admin, $"/api/v1/forces/{force}/people/{person}/external-identity",
            new { tenantId = directory.Tenant, objectId = directory.User });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task<string?> SignInAsync(Centre centre, FakeDirectory directory, Browser? browser = null, string path = "AAA")
    {
        browser ??= centre.Browse();
        return await GoAsync(browser, await AnswerAsync(directory, await BeginAsync(browser, path)));
    }

    private static async Task<Uri> BeginAsync(Browser browser, string path = "AAA") =>
        (await browser.Http.GetAsync($"/sign-in/tenant/{path}", Centre.Now)).Headers.Location!;

    private static async Task<Uri> AnswerAsync(FakeDirectory directory, Uri address)
    {
        Assert.StartsWith(directory.Issuer, address.ToString(), StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", address.Query, StringComparison.Ordinal);
        Assert.Contains("nonce=", address.Query, StringComparison.Ordinal);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var answer = await http.GetAsync(address, Centre.Now);
        return answer.Headers.Location ?? throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(Centre.Now));
    }

    private static async Task<string?> GoAsync(Browser browser, Uri address) =>
        (await browser.Http.GetAsync(address, Centre.Now)).Headers.Location?.ToString();
}
