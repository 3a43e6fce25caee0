using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Estate;
using Watchhouse.Testing;

namespace Watchhouse.Response.Tests.Estate;

/// <summary>Registrations and limits, over HTTP as a force uses them.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public Task Registration_OnSqlite_IsTheForcesAlone() => HoldsAsync(null);

    [Fact]
    public async Task Registration_OnPostgres_IsTheForcesAlone()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(EstateHouse.Now);
        await HoldsAsync(database.ConnectionString);
    }

    private static async Task HoldsAsync(string? postgres)
    {
        await using var house = await EstateHouse.StartAsync(postgres);
        var officer = await house.House.PersonAsync(EstateHouse.Kent, Role.SecurityOfficer);
        var lead = await house.House.PersonAsync(EstateHouse.Kent, Role.ItLead);
        var other = await house.House.PersonAsync(EstateHouse.Essex, Role.SecurityOfficer);
        var body = new
        {
            name = "Response", tenantId = Guid.NewGuid(), clientId = Guid.NewGuid(), credentialKind = "Secret", credential = "the-secret",
            credentialExpiresAt = DateTimeOffset.UnixEpoch.AddYears(90), kinds = new[] { "DisableAccount", "RevokeSessions" },
        };

        using var refused = await house.House.SendAsync(lead, HttpMethod.Post, "/api/v1/estate/registrations", body);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var made = await house.House.SendAsync(officer, HttpMethod.Post, "/api/v1/estate/registrations", body);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var (id, version) = (await Json(made)) is var json ? (json.GetProperty("id").GetGuid(), json.GetProperty("version").GetUInt32()) : default;
        var address = $"/api/v1/estate/registrations/{id}";

        // The credential is shown to nobody, and does not lie in the database as it is.
        using var list = await house.House.SendAsync(lead, HttpMethod.Get, "/api/v1/estate");
        var text = await list.Content.ReadAsStringAsync(EstateHouse.Now);
        Assert.Contains("RevokeSessions", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed", text, StringComparison.OrdinalIgnoreCase);
        await using (var session = await house.House.Services.GetRequiredService<IHouse>().EnterAsync(
            ActingPrincipal.ForJob("test"), new Access(Permissions.EstateRead) { Logged = false }, EstateHouse.Now))
        {
            var stored = await session.Db.Set<EstateRegistration>().AsNoTracking().SingleAsync(EstateHouse.Now);
            Assert.DoesNotContain("the-secret", stored.SealedCredential!, StringComparison.Ordinal);
        }

        // Another force does not find it.
        foreach (var (method, path, sent) in new[] { (HttpMethod.Put, address, new { name = "Mine" }), (HttpMethod.Delete, address, null), (HttpMethod.Post, address + "/test", new { name = "" }) })
        {
            using var answer = await house.House.SendAsync(other, method, path, sent);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var theirs = await house.House.SendAsync(other, HttpMethod.Get, "/api/v1/estate");
        Assert.Empty((await Json(theirs)).GetProperty("registrations").EnumerateArray());

        // The application lacks what one kind needs: the test says so, by reading alone.
        house.Fake.Roles = ["User.Read.All", "User.RevokeSessions.All"];
        using var tested = await house.House.SendAsync(officer, HttpMethod.Post, address + "/test", new { });
        var checks = (await Json(tested)).EnumerateArray().ToDictionary(c => c.GetProperty("kind").GetString()!, c => (c.GetProperty("ok").GetBoolean(), c.GetProperty("words").GetString()!));
        Assert.True(checks["RevokeSessions"].Item1);
        Assert.False(checks["DisableAccount"].Item1);
        Assert.Contains("User.EnableDisableAccount.All", checks["DisableAccount"].Item2, StringComparison.Ordinal);
        Assert.All(house.Fake.Asked, asked => Assert.StartsWith("GET", asked, StringComparison.Ordinal));

        using var stale = await house.House.SendAsync(officer, HttpMethod.Put, address, new { name = "Later", version });
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        using var moved = await house.House.SendAsync(officer, HttpMethod.Put, address, new { tenantId = Guid.NewGuid() });
        Assert.Equal(HttpStatusCode.BadRequest, moved.StatusCode);
        Assert.Contains("goes its credential", await moved.Content.ReadAsStringAsync(EstateHouse.Now), StringComparison.Ordinal);
        using var off = await house.House.SendAsync(officer, HttpMethod.Put, address, new { kinds = Array.Empty<string>() });
        Assert.Equal(HttpStatusCode.OK, off.StatusCode);
        Assert.False(await house.Executor().CanAsync(EstateHouse.Kent, EstateActionKind.RevokeSessions, EstateHouse.Now));
        using var gone = await house.House.SendAsync(officer, HttpMethod.Delete, address);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }

    [Fact]
    public async Task Kind_InTwoRegistrations_IsRefused()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.RegisterAsync(EstateActionKind.RevokeSessions);

        var second = await house.Operations.CreateAsync(EstateHouse.Officer(EstateHouse.Kent), EstateHouse.Input(EstateActionKind.RevokeSessions) with { Name = "Second" }, null, EstateHouse.Now);

        Assert.Equal("kinds", second.Failure?.Field);
        Assert.True((await house.Operations.CreateAsync(EstateHouse.Officer(EstateHouse.Kent), EstateHouse.Input(EstateActionKind.IsolateDevice) with { Name = "Second" }, null, EstateHouse.Now)).Succeeded);
    }

    [Fact]
    public async Task Limits_ForOthersThanTheForce_AreANumber()
    {
        await using var house = await EstateHouse.StartAsync();
        await house.Operations.SetLimitsAsync(EstateHouse.Officer(EstateHouse.Kent), new LimitsInput { Never = ["glass@kent.police.uk", "dc01"] }, null, EstateHouse.Now);
        var queries = house.House.Services.GetRequiredService<EstateQueries>();
        var analyst = EstateHouse.Officer(ForceId.Centre, Role.NmcAnalyst) with
        {
            Delegations = [new DelegatedAccess(Guid.NewGuid(), EstateHouse.Kent, DelegationScope.Response, DateTimeOffset.MaxValue)],
        };

        var seen = Assert.Single((await queries.ReadAsync(analyst, null, null, EstateHouse.Now)).Limits);
        var own = Assert.Single((await queries.ReadAsync(EstateHouse.Officer(EstateHouse.Kent), null, null, EstateHouse.Now)).Limits);
        var stale = await house.Operations.SetLimitsAsync(EstateHouse.Officer(EstateHouse.Kent), new LimitsInput { Never = [], Version = 0 }, null, EstateHouse.Now);

        Assert.Equal((null, 2), (seen.Never, seen.NeverCount));
        Assert.Equal(2, own.Never!.Count);
        Assert.Equal(FailureKind.Conflict, stale.Failure?.Kind);
    }

    [Fact]
    public async Task Credential_SealedForCollection_OpensNothingHere()
    {
        await using var house = await EstateHouse.StartAsync();
        var vault = house.House.Services.GetRequiredService<CredentialVault>();
        var other = new ApiPurpose("Somebody.Else", "Nothing.", "Nothing.");
        var kept = vault.Keep(other, EstateHouse.Kent, CredentialKind.Secret, "the-secret", null, DateTimeOffset.MaxValue, house.House.Now());

        Assert.Throws<ApiException>(() => vault.Open(EstatePurpose.Acting, EstateHouse.Kent, kept.Value!));
        Assert.Throws<ApiException>(() => vault.Open(other, EstateHouse.Essex, kept.Value!));
        using var open = vault.Open(other, EstateHouse.Kent, kept.Value!);
        Assert.Equal("the-secret", open.Secret);
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(EstateHouse.Now));
        return json.RootElement.Clone();
    }
}
