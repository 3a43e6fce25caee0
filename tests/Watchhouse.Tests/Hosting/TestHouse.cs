using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Watchhouse.Federation.Clients;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Hosting;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;

namespace Watchhouse.Tests.Hosting;

/// <summary>
/// The whole house in this process on a free port, with real storage. Only the proof of identity is replaced: a header
/// names a person and session that exist in the records, so resolution, permissions and tenancy are the real ones.
/// </summary>
internal sealed class TestHouse : IAsyncDisposable
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("test");
    private readonly TempDirectory? _directory;
    private int _people;

    private TestHouse(WebApplication app, TempDirectory? directory)
    {
        App = app;
        _directory = directory;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => App.Services;

    public static async Task<TestHouse> StartAsync(
        string? postgres, CancellationToken cancellationToken, string? data = null, Action<IServiceCollection>? adjust = null)
    {
        var directory = data is null ? new TempDirectory() : null;
        var app = await HouseApp.CreateAsync(
            new ServeOptions { Data = data ?? directory!.FullName, Urls = "http://127.0.0.1:0", Postgres = postgres },
            cancellationToken,
            services =>
            {
                services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", o =>
                    // A machine client proves itself for real.
                    o.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count > 0 ? KeyAuthentication.SchemeName : null);
                services.PostConfigureAll<AuthenticationOptions>(o =>
                {
                    o.DefaultScheme = "test";
                    o.DefaultAuthenticateScheme = "test";
                    o.DefaultChallengeScheme = "test";
                });
                adjust?.Invoke(services);
            });
        await app.StartAsync(cancellationToken);
        return new TestHouse(app, directory);
    }

    /// <summary>Takes a person in through the real operation and starts a real session.</summary>
    public async Task<TestPerson> PersonAsync(ForceId home, params Role[] roles)
    {
        var number = Interlocked.Increment(ref _people);
        var joined = await Services.GetRequiredService<PeopleOperations>().JoinAsync(Job, new JoinOptions
        {
            Force = home,
            Name = $"Test person {number}",
            // A house that is started again on its data has the people of before.
            Email = $"person{number}-{Guid.NewGuid():N}@test.example",
            Roles = roles,
        }, CancellationToken.None);
        Assert.True(joined.Succeeded, joined.Failure?.Message);
        var session = await Services.GetRequiredService<Sessions>().StartAsync(joined.Value.Id, "test", CancellationToken.None);
        return new TestPerson(joined.Value.Id, session, home, roles);
    }

    public DateTimeOffset Now() => Services.GetRequiredService<TimeProvider>().GetUtcNow();

    public DateOnly Today() => DateOnly.FromDateTime(Now().UtcDateTime);

    /// <summary>Makes a machine client through the real operation; it proves itself with the secret it was given.</summary>
    public async Task<TestPerson> ClientAsync(ForceId home, Role role)
    {
        var made = await Services.GetRequiredService<ClientOperations>().CreateAsync(
            Job, home, new CreateClient { Name = $"Test client {role}", Role = role }, CancellationToken.None);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return new TestPerson(default, default, home, [role]) { Key = made.Value.Secret!.Key };
    }

    public async Task<HttpResponseMessage> SendAsync(
        TestPerson? person, HttpMethod method, string address, object? body = null, string? reason = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (person?.Key is { } key) request.Headers.Authorization = new("Bearer", key);
        else if (person is not null) request.Headers.Add("X-Test-Person", $"{person.Id}/{person.Session}");
        if (reason is not null) request.Headers.Add("X-Reason", reason);
        if (body is not null) request.Content = System.Net.Http.Json.JsonContent.Create(body, body.GetType());
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _directory?.Dispose();
    }

    private sealed class HeaderAuthentication(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var parts = Request.Headers["X-Test-Person"].ToString().Split('/');
            if (parts.Length != 2) return Task.FromResult(AuthenticateResult.NoResult());
            var identity = new ClaimsIdentity([new(HouseClaims.Person, parts[0]), new(HouseClaims.Session, parts[1])], Scheme.Name);
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
        }
    }
}

internal sealed record TestPerson(PersonId Id, SessionId Session, ForceId Home, IReadOnlyList<Role> Roles)
{
    /// <summary>The secret of a machine client; null for a person.</summary>
    public string? Key { get; init; }
}
