using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.Tests.SignIn;

namespace Watchhouse.Federation.Tests.Clients;

public sealed class ClientTests
{
    [Fact]
    public async Task Key_AsBearer_ActsForItsForceAlone()
    {
        await using var centre = await Centre.StartAsync();
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        var made = await CreateAsync(admin, "ProvisioningClient");
        using var http = Http(centre, made.Key);

        Assert.Equal("Client Test client AAA", await http.GetStringAsync("/api/v1/test/me", Centre.Now));
        Assert.Equal("AAA", await http.GetStringAsync("/api/v1/forces/AAA/test", Centre.Now));
        var foreign = await http.GetAsync("/api/v1/forces/BBB/test", Centre.Now);
        var unknown = await http.GetAsync("/api/v1/forces/ZZZ/test", Centre.Now);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(await unknown.Content.ReadAsStringAsync(Centre.Now), await foreign.Content.ReadAsStringAsync(Centre.Now));
    }

    [Fact]
    public async Task Collector_AskingForAnotherForce_GetsTheAnswerForAnUnknownOne()
    {
        await using var centre = await Centre.StartAsync();
        var made = await CreateAsync(await centre.AdministratorAsync(Centre.ForceA), "Collector");
        using var http = Http(centre, made.Key);
        var answers = new List<string>();
        foreach (var force in new[] { "BBB", "ZZZ" })
        {
            var answer = await http.GetAsync($"/api/v1/forces/{force}/clients", Centre.Now);
            answers.Add($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Centre.Now)}");
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task WrongHeader_NeverFallsBackToTheCookie()
    {
        await using var centre = await Centre.StartAsync();
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        Assert.Equal(HttpStatusCode.OK, await admin.StatusAsync("/api/v1/test/me"));
        var key = ClientKey.New().ToString();
        foreach (var header in new[] { "Bearer " + key, "Bearer nonsense", "Basic eDp5", "Splunk x", "nonsense", "Bearer" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/test/me");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            Assert.Equal(HttpStatusCode.Unauthorized, (await admin.Http.SendAsync(request, Centre.Now)).StatusCode);
        }
    }

    [Fact]
    public async Task Rotation_TwoSecretsOverlap_AndRevokingOneLeavesTheOther()
    {
        await using var centre = await Centre.StartAsync();
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        var first = await CreateAsync(admin, "Collector");
        var second = await ReadAsync(await admin.PostAsync($"{Clients}/{first.Id}/secrets", ""));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsync($"{Clients}/{first.Id}/secrets", "")).StatusCode);

        var newKey = second.GetProperty("key").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(centre, first.Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(centre, newKey));
        await admin.Http.DeleteAsync($"{Clients}/{first.Id}/secrets/{first.SecretId}", Centre.Now);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(centre, first.Key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(centre, newKey));
        Assert.Null(await TokenAsync(centre, first.Id, first.Key));
        Assert.NotNull(await TokenAsync(centre, first.Id, newKey));
    }

    [Fact]
    public async Task Token_BySecret_Works_AndRevocationTakesItAwayAtTheNextRequest()
    {
        await using var centre = await Centre.StartAsync();
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        var made = await CreateAsync(admin, "TaxiiClient");
        var token = await TokenAsync(centre, made.Id, made.Key);

        Assert.NotNull(token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(centre, token));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.PostAsync($"{Clients}/{made.Id}/revoke", "")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(centre, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(centre, made.Key));
        Assert.Null(await TokenAsync(centre, made.Id, made.Key));
    }

    [Fact]
    public async Task Token_AfterHalfAnHour_HasExpired_AndTheKeyAfterAYear()
    {
        await using var centre = await Centre.StartAsync();
        var made = await CreateAsync(await centre.AdministratorAsync(Centre.ForceA), "ReportingClient");
        var token = await TokenAsync(centre, made.Id, made.Key);
        centre.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(centre, token!));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(centre, made.Key));
        centre.Clock.Advance(TimeSpan.FromDays(366));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(centre, made.Key));
    }

    [Fact]
    public async Task Token_ByPrivateKey_Works_AndAnotherKeyDoesNot()
    {
        await using var centre = await Centre.StartAsync();
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var answer = await admin.PostAsync(Clients, new { name = "Signing client", role = "TaxiiClient", jwks = Jwks(pair, false) });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await ReadAsync(answer)).GetProperty("client").GetProperty("id").GetString()!;

        var token = await TokenAsync(centre, Assertion(centre, id, pair));
        Assert.NotNull(token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(centre, token));
        Assert.Null(await TokenAsync(centre, Assertion(centre, id, stranger)));
    }

    [Fact]
    public async Task Create_PrivateKeyPersonsRoleOrAnotherForce_IsRefused()
    {
        await using var centre = await Centre.StartAsync();
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync(Clients, new { name = "x", role = "TaxiiClient", jwks = Jwks(pair, true) })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync(Clients, new { name = "x", role = "ForceAdministrator" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync(Clients, new { name = "x", role = "60" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await admin.PostAsync(Clients, new { name = "x", role = "Collector", expiresAt = centre.Clock.GetUtcNow().AddDays(400) })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await admin.PostAsync("/api/v1/forces/BBB/clients", new { name = "x", role = "Collector" })).StatusCode);
    }

    [Fact]
    public async Task Secrets_AreNeitherStoredNorListed()
    {
        await using var centre = await Centre.StartAsync();
        var admin = await centre.AdministratorAsync(Centre.ForceA);
        var made = await CreateAsync(admin, "Collector");
        var secret = made.Key[^43..];
        Assert.DoesNotContain(secret, await admin.PageAsync(Clients), StringComparison.Ordinal);
        var outbox = await centre.ReadAsync(db => db.Database.SqlQueryRaw<string>("SELECT Payload AS Value FROM Outbox").ToListAsync(Centre.Now));
        Assert.DoesNotContain(outbox, payload => payload.Contains(secret, StringComparison.Ordinal));
    }

    private const string Clients = "/api/v1/forces/AAA/clients";

    private sealed record Made(string Id, string Key, string SecretId);

    private static async Task<Made> CreateAsync(Browser admin, string role)
    {
        var answer = await admin.PostAsync(Clients, new { name = "Test client", role });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var json = await ReadAsync(answer);
        return new Made(json.GetProperty("client").GetProperty("id").GetString()!,
            json.GetProperty("secret").GetProperty("key").GetString()!, json.GetProperty("secret").GetProperty("id").GetString()!);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        (await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(Centre.Now), default, Centre.Now)).RootElement;

    private static HttpClient Http(Centre centre, string token)
    {
        var http = new HttpClient { BaseAddress = centre.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<HttpStatusCode> StatusAsync(Centre centre, string token)
    {
        using var http = Http(centre, token);
        return (await http.GetAsync("/api/v1/test/me", Centre.Now)).StatusCode;
    }

    private static Task<string?> TokenAsync(Centre centre, string id, string secret) => TokenAsync(centre, new Dictionary<string, string>
    {
        ["client_id"] = id, ["client_secret"] = secret,
    });

    private static async Task<string?> TokenAsync(Centre centre, Dictionary<string, string> proof)
    {
        using var http = new HttpClient { BaseAddress = centre.Address };
        proof["grant_type"] = "client_credentials";
        var answer = await http.PostAsync("/connect/token", new FormUrlEncodedContent(proof), Centre.Now);
        var json = await ReadAsync(answer);
        if (answer.IsSuccessStatusCode) return json.GetProperty("access_token").GetString();
        Assert.Equal("invalid_client", json.GetProperty("error").GetString());
        return null;
    }

    private static Dictionary<string, string> Assertion(Centre centre, string id, ECDsa key) => new()
    {
        ["client_id"] = id,
        ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ["client_assertion"] = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "client-authentication+jwt",
            Issuer = id,
            Audience = centre.Address.ToString(),
            Claims = new Dictionary<string, object> { ["sub"] = id, ["jti"] = Guid.NewGuid().ToString() },
            Expires = DateTime.UtcNow.AddMinutes(2),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = "one" }, SecurityAlgorithms.EcdsaSha256),
        }),
    };

    private static JsonElement Jwks(ECDsa key, bool withPrivate)
    {
        var p = key.ExportParameters(withPrivate);
        var jwk = new Dictionary<string, string>
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "one", ["use"] = "sig",
            ["x"] = Base64UrlEncoder.Encode(p.Q.X), ["y"] = Base64UrlEncoder.Encode(p.Q.Y),
        };
        if (withPrivate) jwk["d"] = Base64UrlEncoder.Encode(p.D);
        return JsonSerializer.SerializeToElement(new { keys = new[] { jwk } });
    }
}
