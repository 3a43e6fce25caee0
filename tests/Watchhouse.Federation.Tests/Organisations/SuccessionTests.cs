using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Watchhouse.Federation.Organisations;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Federation.Tests.Organisations;

public sealed class SuccessionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Merge_OfTwoForces_PassesPeopleAndDelegations_OnSqlite() => MergePasses(null);

    [Fact]
    public async Task Merge_OfTwoForces_PassesPeopleAndDelegations_OnPostgres()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(Cancelled);
        await MergePasses(database.ConnectionString);
    }

    private static async Task MergePasses(string? postgres)
    {
        await using var house = await TestHouse.StartAsync(postgres, Cancelled);
        var centre = await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        var kent = await house.PersonAsync(ForceId.Of("KNT"), Role.SecurityOfficer);
        var essex = await house.PersonAsync(ForceId.Of("ESX"), Role.ForceAdministrator);
        using var granted = await house.SendAsync(kent, HttpMethod.Post, "/api/v1/forces/KNT/delegations",
            new { to = "NMC", scope = "Monitoring", purpose = "Protective monitoring", until = house.Now().AddDays(30) });
        using var between = await house.SendAsync(kent, HttpMethod.Post, "/api/v1/forces/KNT/delegations",
            new { to = "ESX", scope = "Evidence", purpose = "Shared directorate", until = house.Now().AddDays(30) });

        using var merged = await house.SendAsync(centre, HttpMethod.Post, "/api/v1/organisations/merge", new
        {
            predecessors = new[] { "KNT", "ESX" },
            successor = new { id = "KAE", officialName = "Kent and Essex Police", shortName = "Kent and Essex" },
            effectiveOn = house.Today(),
            basis = "Test instrument of merger",
        });
        using var people = await house.SendAsync(essex, HttpMethod.Get, "/api/v1/forces/KAE/people");
        using var old = await house.SendAsync(essex, HttpMethod.Get, "/api/v1/forces/ESX/people");
        using var delegations = await house.SendAsync(kent, HttpMethod.Get, "/api/v1/forces/KAE/delegations");
        using var history = await house.SendAsync(kent, HttpMethod.Get, "/api/v1/organisations/KAE");

        Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        Assert.Equal(HttpStatusCode.Created, between.StatusCode);
        Assert.Equal(HttpStatusCode.OK, merged.StatusCode);
        Assert.Equal(2, (await Json(people)).GetProperty("total").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        var states = (await Json(delegations)).EnumerateArray()
            .ToDictionary(d => d.GetProperty("scope").GetString()!, d => d.GetProperty("state").GetString());
        Assert.Equal("InForce", states["monitoring"]);
        Assert.Equal("Revoked", states["evidence"]);
        var detail = await Json(history);
        Assert.Equal("Merge", detail.GetProperty("successions")[0].GetProperty("kind").GetString());
        Assert.NotEmpty(detail.GetProperty("areas").EnumerateArray());
    }

    [Fact]
    public async Task Rename_InTheFuture_TakesEffectOnItsDay()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 30, 12, 0, 0, TimeSpan.Zero));
        await using var house = await TestHouse.StartAsync(null, Cancelled, adjust: services => services.AddSingleton<TimeProvider>(clock));
        var centre = await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        using var renamed = await house.SendAsync(centre, HttpMethod.Post, "/api/v1/organisations/rename", new
        {
            organisation = "DUR", officialName = "Durham Police", shortName = "Durham", effectiveOn = "2026-04-01", basis = "Test decision",
        });

        using var before = await house.SendAsync(centre, HttpMethod.Get, "/api/v1/organisations/DUR");
        clock.Advance(TimeSpan.FromDays(2));
        await house.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<SuccessionJob>().Single().RunAsync(Cancelled);
        // The session of two days ago has ended, so somebody else looks.
        var later = await house.PersonAsync(ForceId.Centre, Role.Auditor);
        using var after = await house.SendAsync(later, HttpMethod.Get, "/api/v1/organisations/DUR");

        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.Equal("Durham Constabulary", (await Json(before)).GetProperty("summary").GetProperty("name").GetString());
        var detail = await Json(after);
        Assert.Equal("Durham Police", detail.GetProperty("summary").GetProperty("name").GetString());
        Assert.Equal(2, detail.GetProperty("names").GetArrayLength());
        Assert.Equal("2026-04-01", detail.GetProperty("names")[0].GetProperty("until").GetString());
    }

    [Fact]
    public async Task Split_WithADistrictLeftOut_ChangesNothing()
    {
        await using var house = await TestHouse.StartAsync(null, Cancelled);
        var centre = await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);

        using var answer = await house.SendAsync(centre, HttpMethod.Post, "/api/v1/organisations/split", new
        {
            predecessor = "DVC",
            parts = new object[]
            {
                new { organisation = new { id = "DVN", officialName = "Devon Police", shortName = "Devon" }, areas = new[] { "E07000040" } },
                new { organisation = new { id = "CNW", officialName = "Cornwall Police", shortName = "Cornwall" }, areas = new[] { "E06000052" } },
            },
            effectiveOn = house.Today(),
            basis = "Test instrument of division",
        });
        using var unborn = await house.SendAsync(centre, HttpMethod.Get, "/api/v1/organisations/DVN");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unborn.StatusCode);
    }

    [Fact]
    public async Task Split_OfAForce_GivesEachPartItsDistrictsAndTheFirstTheRecords()
    {
        await using var house = await TestHouse.StartAsync(null, Cancelled);
        var centre = await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        var officer = await house.PersonAsync(ForceId.Of("DVC"), Role.SecurityOfficer);
        using var before = await house.SendAsync(centre, HttpMethod.Get, "/api/v1/organisations/DVC");
        var codes = (await Json(before)).GetProperty("areas").EnumerateArray().Select(a => a.GetProperty("code").GetString()!).ToList();

        using var answer = await house.SendAsync(centre, HttpMethod.Post, "/api/v1/organisations/split", new
        {
            predecessor = "DVC",
            parts = new object[]
            {
                new { organisation = new { id = "DVN", officialName = "Devon Police", shortName = "Devon" }, areas = codes[1..] },
                new { organisation = new { id = "CNW", officialName = "Cornwall Police", shortName = "Cornwall" }, areas = codes[..1] },
            },
            effectiveOn = house.Today(),
            basis = "Test instrument of division",
        });
        using var devon = await house.SendAsync(centre, HttpMethod.Get, "/api/v1/organisations/DVN");
        using var cornwall = await house.SendAsync(centre, HttpMethod.Get, "/api/v1/organisations/CNW");
        using var ended = await house.SendAsync(centre, HttpMethod.Get, "/api/v1/organisations/DVC");
        using var people = await house.SendAsync(officer, HttpMethod.Get, "/api/v1/forces/DVN/people");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(codes.Count - 1, (await Json(devon)).GetProperty("areas").GetArrayLength());
        Assert.Equal(1, (await Json(cornwall)).GetProperty("areas").GetArrayLength());
        Assert.Equal(0, (await Json(ended)).GetProperty("areas").GetArrayLength());
        Assert.Equal(1, (await Json(people)).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task History_OfPoliceScotland_NamesItsEightPredecessors()
    {
        await using var house = await TestHouse.StartAsync(null, Cancelled);
        var somebody = await house.PersonAsync(ForceId.Centre, Role.Auditor);

        using var answer = await house.SendAsync(somebody, HttpMethod.Get, "/api/v1/organisations/SCO");

        var merge = (await Json(answer)).GetProperty("successions")[0];
        Assert.Equal(8, merge.GetProperty("predecessors").GetArrayLength());
        Assert.Equal("2013-04-01", merge.GetProperty("effectiveOn").GetString());
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}
