using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchhouse.Federation.Delegations;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Playbooks;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Whole;

/// <summary>
/// The whole house over HTTP, with people and delegations as they are in the records, estates that are pretended, and requests that are taken
/// on when a test says so. It can be stopped and started again on its data.
/// </summary>
internal sealed class WholeHouse : IAsyncDisposable
{
    public static readonly ForceId Surrey = ForceId.Of("SRY");
    public static readonly ForceId[] Forces = [Kent, Essex, Surrey];
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("test");
    private readonly TempDirectory _data = new();
    private TestHouse _house = default!;

    public FakeEstate Estate { get; } = new();

    public HandClock Clock { get; } = new();

    /// <summary>Three people of Kent, two of Essex, two of Surrey, which has not delegated, and two of the Centre.</summary>
    public IReadOnlyList<TestPerson> People { get; private set; } = [];

    public EstateWork Work => _house.Services.GetRequiredService<EstateWork>();

    /// <summary>Every address of the API that gives something out and needs no more than a force and one id, as the house itself lists them. Pages ask the same queries.</summary>
    public IReadOnlyList<string> Doors { get; private set; } = [];

    public static async Task<WholeHouse> StartAsync()
    {
        var house = new WholeHouse();
        await house.BeginAsync();
        var operations = house._house.Services.GetRequiredService<DelegationOperations>();
        foreach (var force in (ForceId[])[Kent, Essex])
        {
            foreach (var scope in (DelegationScope[])[DelegationScope.Monitoring, DelegationScope.Response])
                Ok(await operations.GrantAsync(Job, new GrantOptions { Force = force, To = ForceId.Centre, Scope = scope, Purpose = "Test of histories", Until = house.Clock.GetUtcNow().AddDays(30) }, Now));
        }

        (ForceId, Role)[] people = [(Kent, Role.SecurityOfficer), (Kent, Role.Siro), (Kent, Role.ItLead), (Essex, Role.SecurityOfficer), (Essex, Role.Siro), (Surrey, Role.SecurityOfficer), (Surrey, Role.Siro), (ForceId.Centre, Role.NmcAnalyst), (ForceId.Centre, Role.DutyManager)];
        var joined = new List<TestPerson>();
        foreach (var (home, role) in people) joined.Add(await house._house.PersonAsync(home, role));
        house.People = joined;
        return house;
    }

    public static bool Sees(TestPerson person, ForceId force) => person.Home == force || (person.Home == ForceId.Centre && (force == Kent || force == Essex));

    /// <summary>The program ends and begins again.</summary>
    public async Task AgainAsync()
    {
        await _house.DisposeAsync();
        await BeginAsync();
    }

    public async Task RaiseAsync(Alert alert)
    {
        await using var session = await _house.Services.GetRequiredService<IHouse>().EnterAsync(Job, new Access(Permissions.TelemetryWrite) { Logged = false }, Now);
        session.Db.Add(alert);
        foreach (var technique in AlertTechnique.Found(alert.Tags)) session.Db.Add(new AlertTechnique { AlertId = alert.Id, Technique = technique, ForceId = alert.ForceId, RaisedAt = alert.RaisedAt });
        Assert.True((await session.CommitAsync(Now)).Succeeded);
    }

    public Task<HouseSession> OpenAsync() => _house.Services.GetRequiredService<IHouse>().EnterAsync(Job, new Access(Permissions.RunsRead) { Logged = false }, Now);

    public Guid Playbook(string name) => _house.Services.GetRequiredService<PlaybookBook>().All.Single(each => each.Playbook.Name == name).Id;

    /// <summary>The answer where it was a success, without a body <c>{}</c>; null where it was refused in a sentence. Any other answer fails.</summary>
    public async Task<JsonElement?> PostAsync(TestPerson person, string address, object body)
    {
        using var answer = await _house.SendAsync(person, HttpMethod.Post, address, body);
        var text = await answer.Content.ReadAsStringAsync(Now);
        if (answer.IsSuccessStatusCode) return JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement;
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Conflict, $"{address}: {(int)answer.StatusCode} {text}");
        return null;
    }

    /// <summary>What an address shows somebody; null where it shows nothing.</summary>
    public async Task<string?> GetAsync(TestPerson person, string address)
    {
        using var answer = await _house.SendAsync(person, HttpMethod.Get, address);
        var text = await answer.Content.ReadAsStringAsync(Now);
        if (answer.IsSuccessStatusCode) return text;
        Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.Redirect, $"{address}: {(int)answer.StatusCode} {text}");
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        _data.Dispose();
    }

    private async Task BeginAsync()
    {
        _house = await TestHouse.StartAsync(null, Now, _data.FullName, services =>
        {
            services.AddSingleton<IEstateExecutor>(Estate);
            services.AddSingleton<TimeProvider>(Clock);
            services.Remove(services.Single(each => each.ServiceType == typeof(IHostedService) && each.ImplementationType == typeof(EstateWorker)));
        });
        Doors = [.. _house.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => AccessCoverage.Of(endpoint)?.Permission is not null && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Where(endpoint => endpoint.RoutePattern.Parameters.All(each => each.Name is "id" or "force"))
            .Select(endpoint => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => segment.Parts[0] is RoutePatternParameterPart part ? $"{{{part.Name}}}" : string.Concat(segment.Parts.OfType<RoutePatternLiteralPart>().Select(each => each.Content)))))
            .Where(path => path.StartsWith("/api/v1/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(Doors.Count > 30, "The list of endpoints is suspiciously short.");
    }
}
