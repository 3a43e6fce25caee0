using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Delegations;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Tests.Isolation;

/// <summary>
/// Every endpoint and page of the running house, against every role, on one's own force, a stranger's, one that
/// delegated and one that revoked. The list is read from the house itself, so a new endpoint is in the matrix at once.
/// </summary>
public sealed class IsolationMatrixTests
{
    private static readonly ForceId Own = ForceId.Of("KNT");
    private static readonly ForceId Stranger = ForceId.Of("GMP");
    private static readonly ForceId Delegating = ForceId.Of("DUR");
    private static readonly ForceId Revoking = ForceId.Of("AVS");
    private const string Nowhere = "QQQ";

    [Fact]
    public Task Matrix_OnSqlite_Holds() => HoldsAsync(null);

    [Fact]
    public async Task Matrix_OnPostgres_Holds()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await HoldsAsync(database.ConnectionString);
    }

    private static async Task HoldsAsync(string? postgres)
    {
        await using var house = await TestHouse.StartAsync(postgres, TestContext.Current.CancellationToken);
        var doors = Doors(house).ToList();
        Assert.True(doors.Count > 20, "The list of endpoints is suspiciously short.");
        foreach (var to in new[] { ForceId.Centre, Own })
        {
            await GrantAsync(house, Delegating, to, revoke: false);
            await GrantAsync(house, Revoking, to, revoke: true);
        }

        var wrong = new List<string>();
        foreach (var role in Roles.All.Where(r => r.Home != RoleHome.Machine).Select(r => r.Role))
            foreach (var home in new[] { ForceId.Centre, Own }.Where(h => role.CanBeHeldAt(h == ForceId.Centre)))
            {
                var person = await house.PersonAsync(home, role);
                foreach (var door in doors)
                    await CheckAsync(house, person, role, door, wrong);
            }

        foreach (var role in Roles.All.Where(r => r.Home == RoleHome.Machine).Select(r => r.Role))
        {
            var client = await house.ClientAsync(Own, role);
            foreach (var door in doors)
                await CheckAsync(house, client, role, door, wrong);
        }

        foreach (var door in doors)
        {
            using var anonymous = await house.SendAsync(null, door.Method, door.At(Own.Value), Body(door));
            if (anonymous.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Redirect or HttpStatusCode.ServiceUnavailable))
                wrong.Add($"anonymous {door}: {(int)anonymous.StatusCode}");
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(40)));
    }

    private static async Task CheckAsync(TestHouse house, TestPerson person, Role role, Door door, List<string> wrong)
    {
        string[] forces = door.HasForce ? [person.Home.Value, Stranger.Value, Delegating.Value, Revoking.Value, Nowhere] : [Own.Value];
        string? hidden = null;
        foreach (var force in forces.Reverse())
        {
            using var answer = await house.SendAsync(person, door.Method, door.At(force), Body(door));
            var code = (int)answer.StatusCode;
            var cell = $"{role} of {person.Home} {door} on {force}";
            if (!door.Permission.Roles.Contains(role))
            {
                if (code != 403) wrong.Add($"{cell}: {code}, expected 403");
                continue;
            }

            var allowed = !door.HasForce || door.Permission.Scope is null || force == person.Home.Value
                || (force == Delegating.Value && door.Permission.Reach == Reach.OwnAndDelegated && MayHold(person.Home, door.Permission.Scope!.Value));
            if (!allowed)
            {
                // Another force's door looks exactly like one that does not exist.
                var text = await Stripped(answer);
                hidden ??= text;
                if (code != 404 || text != hidden) wrong.Add($"{cell}: {code}, expected the same 404 as for a force that does not exist");
            }
            else if (code == 501)
            {
                // SCIM says so of what it does not offer (RFC 7644 sections 3.7 and 3.11), to whom it lets in.
            }
            else if (code is 401 or 403 or >= 500)
            {
                wrong.Add($"{cell}: {code}, expected to get in");
            }
            else if (door is { IsList: true } && code != 200)
            {
                wrong.Add($"{cell}: {code}, expected 200");
            }
        }
    }

    private static bool MayHold(ForceId home, DelegationScope scope) => home != ForceId.Centre || scope.MayGoToCentre();

    private static async Task<string> Stripped(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return System.Text.RegularExpressions.Regex.Replace(text, "\"traceId\":\"[^\"]*\"", "");
    }

    private static async Task GrantAsync(TestHouse house, ForceId from, ForceId to, bool revoke)
    {
        var operations = house.Services.GetRequiredService<DelegationOperations>();
        var job = ActingPrincipal.ForJob("test");
        foreach (var scope in DelegationScopes.All.Where(s => MayHold(to, s)))
        {
            var granted = await operations.GrantAsync(job, new GrantOptions
            {
                Force = from,
                To = to,
                Scope = scope,
                Purpose = "Test of isolation",
                Until = house.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(1),
            }, CancellationToken.None);
            Assert.True(granted.Succeeded, granted.Failure?.Message);
            if (revoke)
                await operations.RevokeAsync(job, from, new(granted.Value!.Id), "Test of revocation", null, CancellationToken.None);
        }
    }

    private static object? Body(Door door) => door.Method == HttpMethod.Get || door.Method == HttpMethod.Delete ? null : new { };

    /// <summary>What the house says of itself: each endpoint and page that needs a permission.</summary>
    private static IEnumerable<Door> Doors(TestHouse house)
    {
        foreach (var endpoint in house.Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            if (AccessCoverage.Of(endpoint)?.Permission is not { } permission) continue;
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                if (method != "POST" || endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is null)
                    yield return new Door(new HttpMethod(method), endpoint.RoutePattern, permission);
        }
    }

    private sealed record Door(HttpMethod Method, Microsoft.AspNetCore.Routing.Patterns.RoutePattern Pattern, Permission Permission)
    {
        public bool HasForce => Pattern.Parameters.Any(p => p.Name.Equals("force", StringComparison.OrdinalIgnoreCase));

        public bool IsList => Method == HttpMethod.Get
            && Pattern.Parameters.All(p => p.Name.Equals("force", StringComparison.OrdinalIgnoreCase));

        public string At(string force) => "/" + string.Join('/', Pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part =>
            part switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => Value(parameter.Name, force),
                _ => "",
            }))));

        private static string Value(string name, string force) => name.ToLowerInvariant() switch
        {
            "force" => force,
            "tag" => "KNT",
            "index" => "0",
            "operation" => "Consultation",
            _ => "0198c0de-0000-7000-8000-000000000000",
        };

        public override string ToString() => $"{Method} {Pattern.RawText} ({Permission.Key})";
    }
}
