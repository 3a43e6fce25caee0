using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Watchhouse.Federation.Organisations;
using Watchhouse.Hosting;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Tests.Scim;

/// <summary>
/// The real application with a test sign-in: the bearer token names the force whose provisioning client calls, and a
/// role after a colon if it is another: <c>KEN</c>, <c>KEN:Auditor</c>.
/// </summary>
public sealed class ScimHouse : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "watchhouse-scim-" + Guid.NewGuid().ToString("N"));
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    internal IHouse House => Services.GetRequiredService<IHouse>();

    public async ValueTask InitializeAsync()
    {
        _app = await HouseApp.CreateAsync(
            new ServeOptions { Data = _directory, Urls = "http://127.0.0.1:0", Postgres = null }, CancellationToken.None, Adjust);
        await _app.StartAsync();
        await Services.GetRequiredService<Watchhouse.Federation.SignIn.Setup.Setup>().CompleteAsync(CancellationToken.None);
        await using var session = await House.EnterAsync(
            ActingPrincipal.ForJob("test"), new Access(Permissions.OrganisationsManage), CancellationToken.None);
        foreach (var tag in new[] { "KEN", "SUS", "ESS", "SRY" }) await EnsureAsync(session, tag);
        await session.CommitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    internal ScimCaller Caller(string token)
    {
        var client = _app!.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return new ScimCaller(client);
    }

    private static async Task EnsureAsync(HouseSession session, string tag)
    {
        var id = ForceId.Of(tag);
        if (await session.Db.Set<Organisation>().AnyAsync(o => o.Id == id)) return;
        session.Db.Add(new Organisation
        {
            Id = id,
            Kind = OrganisationKind.Territorial,
            OfficialName = tag + " Police",
            ShortName = tag,
            Region = "South East",
            Jurisdiction = "England and Wales",
        });
    }

    private static void Adjust(IServiceCollection services)
    {
        services.AddSingleton<IServer, TestServer>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TestSignIn>(TestSignIn.Scheme, null);
        services.PostConfigureAll<AuthenticationOptions>(options =>
        {
            options.DefaultScheme = TestSignIn.Scheme;
            options.DefaultAuthenticateScheme = TestSignIn.Scheme;
            options.DefaultChallengeScheme = TestSignIn.Scheme;
        });
        services.AddSingleton<IPrincipalResolver, TestResolver>();
        services.AddSingleton<IAuditTrail, Recorded>();
    }

    /// <summary>The audit entries about one thing, once there are so many; more may not come.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(string subject, int count)
    {
        var recorded = (Recorded)Services.GetRequiredService<IAuditTrail>();
        for (var i = 0; i < 200; i++)
        {
            var found = recorded.Entries.Where(e => e.Subject == subject).OrderBy(e => e.Id).ToList();
            if (found.Count >= count) return found;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The audit entries did not come.");
    }

    private sealed class Recorded : IAuditTrail
    {
        public ConcurrentQueue<AuditEntry> Entries { get; } = new();

        public Task AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
        {
            foreach (var entry in entries) Entries.Enqueue(entry);
            return Task.CompletedTask;
        }
    }

    private sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public new const string Scheme = "TestBearer";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var header = Request.Headers.Authorization.ToString();
            if (!header.StartsWith("Bearer ", StringComparison.Ordinal)) return Task.FromResult(AuthenticateResult.NoResult());
            // A client of its own for each call keeps the rate limit of one caller out of these tests.
            var identity = new ClaimsIdentity(
                [new("test:token", header[7..]), new(HouseClaims.Client, Guid.NewGuid().ToString())], Scheme);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme)));
        }
    }

    private sealed class TestResolver : IPrincipalResolver
    {
        public ValueTask<ActingPrincipal?> ResolveAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
        {
            var parts = user.FindFirstValue("test:token")!.Split(':');
            return ValueTask.FromResult<ActingPrincipal?>(new ActingPrincipal
            {
                Kind = PrincipalKind.Client,
                Subject = "directory-of-" + parts[0],
                Name = "Directory of " + parts[0],
                Home = ForceId.Of(parts[0]),
                Roles = [parts.Length == 1 ? Role.ProvisioningClient : Enum.Parse<Role>(parts[1])],
            });
        }
    }
}

/// <summary>Tests that share the application run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ScimCollection : ICollectionFixture<ScimHouse>
{
    public const string Name = "SCIM";
}

/// <summary>Sends requests as Microsoft Entra ID does.</summary>
internal sealed class ScimCaller(HttpClient client)
{
    private static int _counter;

    public static string NewAddress(string name = "person") =>
        $"{name}.{Interlocked.Increment(ref _counter)}.{Guid.NewGuid():N}@force.example";

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, body, headers);

    public Task<Answer> PatchAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, path, body, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, null, headers);

    public async Task<JsonObject> CreateAsync(string? userName = null, string? externalId = null, string name = "Sam Reed")
    {
        var created = await PostAsync("/Users", new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"),
            ["userName"] = userName ?? NewAddress(),
            ["externalId"] = externalId,
            ["displayName"] = name,
            ["active"] = true,
        }.ToJsonString());
        Assert.Equal(201, created.Status);
        return created.Body!;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, (string Name, string Value)[]? headers = null,
        string type = "application/scim+json")
    {
        using var request = new HttpRequestMessage(method, "/scim/v2" + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        foreach (var (name, value) in headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, text, response.Content.Headers.ContentType?.MediaType,
            response.Headers.ETag?.ToString(), response.Headers.Location?.ToString());
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string Text, string? Type, string? Tag, string? Location)
{
    public JsonObject? Body => Text.Length == 0 ? null : JsonNode.Parse(Text)!.AsObject();

    public int Total => Body!["totalResults"]!.GetValue<int>();

    public JsonArray Resources => Body![nameof(Resources)]!.AsArray();

    public Answer IsError(int status, string? scimType = null)
    {
        Assert.Equal((status, "application/scim+json"), (Status, Type));
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", Body!["schemas"]![0]!.GetValue<string>());
        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), Body["status"]!.GetValue<string>());
        Assert.Equal(scimType, Body["scimType"]?.GetValue<string>());
        Assert.EndsWith(".", Body["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        return this;
    }
}
