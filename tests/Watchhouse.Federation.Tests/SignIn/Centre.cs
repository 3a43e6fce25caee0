using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Organisations;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Cookies;
using Watchhouse.Hosting;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Tests.SignIn;

/// <summary>A whole centre on this machine, reached through its public doors.</summary>
internal sealed class Centre : IAsyncDisposable
{
    public static readonly ForceId ForceA = ForceId.Parse("AAA", null);
    public static readonly ForceId ForceB = ForceId.Parse("BBB", null);
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("test");

    private Centre(WebApplication app, FakeTimeProvider clock, string data, Uri address) =>
        (App, Clock, Data, Address) = (app, clock, data, address);

    public WebApplication App { get; }

    public FakeTimeProvider Clock { get; }

    public string Data { get; }

    public Uri Address { get; }

    public bool KeepData { get; set; }

    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<Centre> StartAsync(string? data = null, Action<IServiceCollection>? adjust = null)
    {
        data ??= Directory.CreateTempSubdirectory("watchhouse-test-").FullName;
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var app = await HouseApp.CreateAsync(
            new ServeOptions { Data = data, Urls = "http://127.0.0.1:0", Postgres = null }, Now, services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                adjust?.Invoke(services);
            });
        // A door of the tests alone: somebody who has proved who they are, without the proof.
        app.MapPost("/test/sign-in/{person:guid}", (HttpContext context, Guid person, CookieSignIn cookies) =>
            cookies.SignInAsync(context, new PersonId(person), "test")).IsPublic("Only in this test.");
        app.MapGet("/api/v1/test/me", (ActingPrincipal me) => $"{me.Kind} {me.Name} {me.Home}").RequiresSignIn();
        app.MapGet("/api/v1/forces/{force}/test", (ForceId force) => force.Value).Requires(Permissions.Provision);
        await app.StartAsync(Now);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var centre = new Centre(app, clock, data, new Uri(address));
        await centre.SeedAsync();
        return centre;
    }

    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>A browser: cookies, and redirects looked at one by one.</summary>
    public Browser Browse() => new(Address);

    public async Task<PersonId> PersonAsync(ForceId force, string email, params Role[] roles)
    {
        var joined = await Service<PeopleOperations>().JoinAsync(Job,
            new JoinOptions { Force = force, Name = "Sam " + email[..1].ToUpperInvariant(), Email = email, Roles = roles }, Now);
        Assert.True(joined.Succeeded, joined.Failure?.Message);
        return joined.Value.Id;
    }

    public async Task<Browser> SignedInAsync(PersonId person)
    {
        var browser = Browse();
        (await browser.Http.PostAsync($"/test/sign-in/{person}", null, Now)).EnsureSuccessStatusCode();
        return browser;
    }

    public async Task<Browser> AdministratorAsync(ForceId force, string email = "admin@a.example") =>
        await SignedInAsync(await PersonAsync(force, email, Role.ForceAdministrator));

    public async Task LeaveAsync(PersonId person, ForceId force)
    {
        var left = await Service<PeopleOperations>().LeaveAsync(Job, person, new StatusOptions { Force = force }, Now);
        Assert.True(left.Succeeded, left.Failure?.Message);
    }

    /// <summary>Reads records as the program itself.</summary>
    public async Task<T> ReadAsync<T>(Func<Platform.Data.HouseDb, Task<T>> read)
    {
        await using var session = await Service<IHouse>().EnterAsync(Job, new Access(Permissions.PeopleRead) { Logged = false }, Now);
        return await read(session.Db);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (!KeepData) Directory.Delete(Data, recursive: true);
    }

    private async Task SeedAsync()
    {
        await using var session = await Service<IHouse>().EnterAsync(Job, new Access(Permissions.OrganisationsManage), Now);
        foreach (var (tag, kind, name) in new[]
        {
            ("NMC", OrganisationKind.Centre, "National Management Centre"), ("AAA", OrganisationKind.Territorial, "Ayshire Police"),
            ("BBB", OrganisationKind.Territorial, "Beeshire Police"),
        })
        {
            var id = ForceId.Parse(tag, null);
            if (await session.Db.Set<Organisation>().AnyAsync(o => o.Id == id, Now)) continue;
            session.Db.Add(new Organisation
            {
                Id = id, Kind = kind, OfficialName = name, ShortName = name, Region = "Test", Jurisdiction = "Test",
            });
        }

        await session.CommitAsync(Now);
    }
}

/// <summary>A browser as far as a test needs one.</summary>
internal sealed class Browser
{
    public Browser(Uri address)
    {
        Handler = new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false };
        Http = new HttpClient(Handler) { BaseAddress = address };
        Http.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    public CookieContainer Cookies { get; } = new();

    public SocketsHttpHandler Handler { get; }

    public HttpClient Http { get; }

    public async Task<string> PageAsync(string path)
    {
        var answer = await Http.GetAsync(path, Centre.Now);
        for (var hops = 0; answer.Headers.Location is { } to && hops < 5; hops++)
            answer = await Http.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, to), Centre.Now);
        return await answer.Content.ReadAsStringAsync(Centre.Now);
    }

    /// <summary>Fills in a form of the page by its name and sends it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        var page = await PageAsync(path);
        var document = await new AngleSharp.Html.Parser.HtmlParser().ParseDocumentAsync(page, Centre.Now);
        var found = document.Forms.FirstOrDefault(f => f.QuerySelector($"input[name=_handler][value='{form}']") is not null)
            ?? document.Forms.FirstOrDefault(f => f.GetAttribute("action") == form)
            ?? throw new InvalidOperationException($"No form '{form}' on {path}: {page}");
        var values = found.QuerySelectorAll("input").Where(i => i.GetAttribute("name") is not null)
            .ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        foreach (var (name, value) in fields) values[name] = value;
        var action = found.GetAttribute("action") is { Length: > 0 } to ? to : path;
        return await Http.PostAsync(action, new FormUrlEncodedContent(values), Centre.Now);
    }

    /// <summary>The value of a hidden field.</summary>
    public async Task<(string Sealed, string Key)> AuthenticatorAsync(string path)
    {
        var document = await new AngleSharp.Html.Parser.HtmlParser().ParseDocumentAsync(await PageAsync(path), Centre.Now);
        return (document.QuerySelector("input[name=key]")!.GetAttribute("value")!,
            document.QuerySelector(".wh-door-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal));
    }

    public Task<HttpResponseMessage> PostAsync<T>(string path, T body) => Http.PostAsJsonAsync(path, body, Centre.Now);

    public async Task<HttpStatusCode> StatusAsync(string path) => (await Http.GetAsync(path, Centre.Now)).StatusCode;
}
