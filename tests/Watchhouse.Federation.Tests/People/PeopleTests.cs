using System.Net;
using System.Text.Json;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Federation.Tests.People;

public sealed class PeopleTests : IAsyncLifetime
{
    private static readonly ForceId Kent = ForceId.Of("KNT");
    private static readonly ForceId Essex = ForceId.Of("ESX");
    private TestHouse _house = null!;
    private TestPerson _administrator = null!;

    public async ValueTask InitializeAsync()
    {
        _house = await TestHouse.StartAsync(null, TestContext.Current.CancellationToken);
        _administrator = await _house.PersonAsync(Kent, Role.ForceAdministrator);
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Leave_OfSomebodySignedIn_SignsOutAtTheNextRequest()
    {
        var leaver = await _house.PersonAsync(Kent, Role.SecurityOfficer);
        using var before = await _house.SendAsync(leaver, HttpMethod.Get, "/api/v1/me");

        using var left = await Post(_administrator, $"/api/v1/forces/KNT/people/{leaver.Id}/leave");
        using var after = await _house.SendAsync(leaver, HttpMethod.Get, "/api/v1/me");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Move_ToAnotherForce_LosesRolesSessionsAndSight()
    {
        var mover = await _house.PersonAsync(Kent, Role.SecurityOfficer, Role.Auditor);

        using var moved = await Post(_administrator, $"/api/v1/forces/KNT/people/{mover.Id}/move", new { to = "ESX" });
        using var session = await _house.SendAsync(mover, HttpMethod.Get, "/api/v1/me");
        using var unseen = await _house.SendAsync(_administrator, HttpMethod.Get, $"/api/v1/forces/KNT/people/{mover.Id}");
        var receiver = await _house.PersonAsync(Essex, Role.ForceAdministrator);
        using var seen = await _house.SendAsync(receiver, HttpMethod.Get, $"/api/v1/forces/ESX/people/{mover.Id}");
        var detail = await Json(seen);

        Assert.Equal(HttpStatusCode.NoContent, moved.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, session.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unseen.StatusCode);
        Assert.Empty(detail.GetProperty("person").GetProperty("roles").EnumerateArray());
        // What the person was at the old force is that force's business, not the new one's.
        Assert.Empty(detail.GetProperty("roles").EnumerateArray());
    }

    [Fact]
    public async Task SetRoles_OfOneself_IsRefused()
    {
        using var answer = await _house.SendAsync(_administrator, HttpMethod.Put,
            $"/api/v1/forces/KNT/people/{_administrator.Id}/roles", new { roles = new[] { "ForceAdministrator", "Siro" } });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task SetRoles_ToOneOfTheCentre_IsInvalidAtAForce()
    {
        var person = await _house.PersonAsync(Kent, Role.Investigator);

        using var answer = await _house.SendAsync(_administrator, HttpMethod.Put,
            $"/api/v1/forces/KNT/people/{person.Id}/roles", new { roles = new[] { "NmcAnalyst" } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("NMC analyst", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetRoles_TakesEffectAtTheNextRequest()
    {
        var person = await _house.PersonAsync(Kent, Role.Investigator);
        using var refused = await _house.SendAsync(person, HttpMethod.Get, "/api/v1/forces/KNT/people");

        using var given = await _house.SendAsync(_administrator, HttpMethod.Put,
            $"/api/v1/forces/KNT/people/{person.Id}/roles", new { roles = new[] { "SecurityOfficer" } });
        using var allowed = await _house.SendAsync(person, HttpMethod.Get, "/api/v1/forces/KNT/people");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, given.StatusCode);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task Join_WithAnAddressOfAnotherForce_DoesNotSayWhoseItIs()
    {
        await _house.PersonAsync(Essex, Role.Investigator);
        var essex = await _house.PersonAsync(Essex, Role.ForceAdministrator);
        var theirs = (await Json(await _house.SendAsync(essex, HttpMethod.Get, "/api/v1/forces/ESX/people")))
            .GetProperty("people")[0].GetProperty("email").GetString();

        using var answer = await Post(_administrator, "/api/v1/forces/KNT/people", new { name = "Somebody", email = theirs });
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.DoesNotContain("ESX", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Essex", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstAdministrator_OfAForceThatHasOne_IsHidden()
    {
        var centre = await _house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        var body = new { name = "First administrator", email = "first@durham.test.example" };

        using var appointed = await Post(centre, "/api/v1/forces/DUR/people/first-administrator", body);
        using var again = await Post(centre, "/api/v1/forces/DUR/people/first-administrator", body with { email = "second@durham.test.example" });
        using var list = await _house.SendAsync(centre, HttpMethod.Get, "/api/v1/forces/DUR/people");

        Assert.Equal(HttpStatusCode.Created, appointed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, list.StatusCode);
    }

    [Theory]
    [InlineData("", "a@b.example")]
    [InlineData("Name", "not an address")]
    [InlineData("Name\u0007", "a@b.example")]
    public async Task Join_WithRubbish_SaysWhichField(string name, string email)
    {
        using var answer = await Post(_administrator, "/api/v1/forces/KNT/people", new { name, email });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await Json(answer)).TryGetProperty("field", out _));
    }

    private Task<HttpResponseMessage> Post(TestPerson by, string address, object? body = null) =>
        _house.SendAsync(by, HttpMethod.Post, address, body ?? new { });

    private static async Task<JsonElement> Json(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}
