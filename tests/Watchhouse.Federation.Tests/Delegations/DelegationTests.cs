using System.Net;
using System.Text.Json;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Federation.Tests.Delegations;

public sealed class DelegationTests : IAsyncLifetime
{
    private static readonly ForceId Kent = ForceId.Of("KNT");
    private TestHouse _house = null!;
    private TestPerson _officer = null!;
    private TestPerson _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _house = await TestHouse.StartAsync(null, TestContext.Current.CancellationToken);
        _officer = await _house.PersonAsync(Kent, Role.SecurityOfficer);
        _manager = await _house.PersonAsync(ForceId.Centre, Role.DutyManager);
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Revoke_OfADelegationInUse_TakesEffectAtTheNextRequest()
    {
        using var granted = await GrantAsync("Administration");
        var id = (await Json(granted)).GetProperty("id").GetString();
        using var seen = await _house.SendAsync(_manager, HttpMethod.Get, "/api/v1/forces/KNT/people");

        using var revoked = await _house.SendAsync(_officer, HttpMethod.Post,
            $"/api/v1/forces/KNT/delegations/{id}/revoke", new { because = "The cover ended" });
        using var unseen = await _house.SendAsync(_manager, HttpMethod.Get, "/api/v1/forces/KNT/people");
        using var held = await _house.SendAsync(_manager, HttpMethod.Get, "/api/v1/delegations/held");

        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unseen.StatusCode);
        Assert.Equal("Revoked", (await Json(held))[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("Evidence")]
    [InlineData("Justice")]
    [InlineData("Contact")]
    public async Task Grant_OfContentToTheCentre_IsRefused(string scope)
    {
        using var answer = await GrantAsync(scope);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("content of nothing", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grant_ByTheCentreForAForce_LooksLikeNoForce()
    {
        var siro = await _house.PersonAsync(ForceId.Centre, Role.Siro);

        using var answer = await GrantAsync("Monitoring", siro);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Grant_Twice_IsAConflict()
    {
        using var first = await GrantAsync("Monitoring");
        using var second = await GrantAsync("Monitoring");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
    }

    [Fact]
    public async Task ChangeEnd_WithAStaleVersion_IsAConflict()
    {
        using var granted = await GrantAsync("Monitoring");
        var model = await Json(granted);
        var address = $"/api/v1/forces/KNT/delegations/{model.GetProperty("id").GetString()}";
        var version = model.GetProperty("version").GetUInt32();

        using var first = await _house.SendAsync(_officer, HttpMethod.Patch, address, new { until = In(20), version });
        using var second = await _house.SendAsync(_officer, HttpMethod.Patch, address, new { until = In(30), version });

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
    }

    [Fact]
    public async Task Use_OfADelegation_StandsInTheForcesAuditTrail()
    {
        using var granted = await GrantAsync("Administration");
        var id = (await Json(granted)).GetProperty("id").GetString();
        using var seen = await _house.SendAsync(_manager, HttpMethod.Get, "/api/v1/forces/KNT/people", reason: "Cover of the night shift");

        var rows = await AuditAsync("people.read");

        var row = Assert.Single(rows, r => r.GetProperty("actorHome").GetString() == "NMC");
        Assert.Equal("Consultation", row.GetProperty("operation").GetString());
        Assert.Equal("Cover of the night shift", row.GetProperty("reason").GetString());
        using var proof = await _house.SendAsync(_officer, HttpMethod.Get, $"/api/v1/audit/{row.GetProperty("index").GetInt64()}/proof");
        Assert.Contains(id!, (await Json(proof)).GetProperty("entry").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReasonDemanded_ByTheController_IsAskedForAndKept()
    {
        var siro = await _house.PersonAsync(Kent, Role.Siro);
        using var demanded = await _house.SendAsync(siro, HttpMethod.Put,
            "/api/v1/forces/KNT/audit-settings/Consultation", new { reasonRequired = true });

        using var without = await _house.SendAsync(_officer, HttpMethod.Get, "/api/v1/forces/KNT/people");
        using var with = await _house.SendAsync(_officer, HttpMethod.Get, "/api/v1/forces/KNT/people", reason: "Yearly review");

        Assert.Equal(HttpStatusCode.NoContent, demanded.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionRequired, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    private async Task<List<JsonElement>> AuditAsync(string action)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await _house.SendAsync(_officer, HttpMethod.Get, $"/api/v1/audit?force=KNT&text={action}");
            var rows = (await Json(answer)).GetProperty("rows").EnumerateArray().ToList();
            // The index follows the ledger by some milliseconds.
            if (rows.Any(r => r.GetProperty("actorHome").GetString() == "NMC") || attempt == 100) return rows;
            await Task.Delay(50);
        }
    }

    private Task<HttpResponseMessage> GrantAsync(string scope, TestPerson? by = null) =>
        _house.SendAsync(by ?? _officer, HttpMethod.Post, "/api/v1/forces/KNT/delegations",
            new { to = "NMC", scope, purpose = "Protective monitoring", until = In(10) });

    private static DateTimeOffset In(int days) => TimeProvider.System.GetUtcNow().AddDays(days);

    private static async Task<JsonElement> Json(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}
