using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Exceptions;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Monitoring.Tests.Rules;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Exceptions;

public sealed class ExceptionTests
{
    private const string Id = "2c6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b01";
    private static readonly DateTimeOffset Later = TimeProvider.System.GetUtcNow().AddDays(90);

    [Fact]
    public Task Exception_OfOneForceOnSqlite_TouchesNoOther() => MatrixAsync(null);

    [Fact]
    public async Task Exception_OfOneForceOnPostgres_TouchesNoOther()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await MatrixAsync(database.ConnectionString);
    }

    // Each force's exception against each force's events, on the known object and on another.
    private static async Task MatrixAsync(string? postgres)
    {
        await using var house = await RuleHouse.StartAsync(postgres);
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        await CreateAsync(house, new { rule = Id, reason = "A scanner that is known.", expiresAt = Later, condition = new object[]
        {
            new { field = "TargetUserName", value = "scanner" }, new { field = "IpAddress", value = "192.0.2.0/24", test = "Cidr" },
        } });

        var events = new[]
        {
            RuleHouse.Event(4625, "scanner"), RuleHouse.Event(4625, "SCANNER"), RuleHouse.Event(4625, "scanner", address: "198.51.100.1"), RuleHouse.Event(4625, "person"),
        };
        await house.PostAsync(IngestHouse.Kent, events);
        await house.PostAsync(IngestHouse.Essex, events);

        // Of Kent's, the scanner from its own network is suppressed and nothing else.
        var kent = await house.AlertsAsync(house.Kent, Id);
        Assert.Equal(["person", "scanner"], kent.Select(alert => alert.GetProperty("entity").GetString()).Order());
        Assert.All(kent, alert => Assert.Equal(1, alert.GetProperty("events").GetInt64()));
        Assert.Equal(4, (await house.AlertsAsync(house.Essex, Id)).Sum(alert => alert.GetProperty("events").GetInt64()));
        var row = Assert.Single((await house.GetAsync(house.Kent, "/api/v1/exceptions")).EnumerateArray());
        Assert.Equal((2L, "inForce"), (row.GetProperty("suppressed").GetInt64(), row.GetProperty("state").GetString()));
        Assert.Equal(DateTimeOffset.Parse("2026-11-20T09:00:00Z", System.Globalization.CultureInfo.InvariantCulture), row.GetProperty("lastSuppressedAt").GetDateTimeOffset());
        Assert.Empty((await house.GetAsync(house.Essex, "/api/v1/exceptions")).EnumerateArray());

        // Another force cannot remove it, and once removed it suppresses nothing.
        var path = $"/api/v1/exceptions/{row.GetProperty("id").GetGuid()}";
        await house.SendAsync(house.Essex, HttpMethod.Delete, path, expected: HttpStatusCode.NotFound);
        await house.SendAsync(house.Kent, HttpMethod.Delete, path, expected: HttpStatusCode.NoContent);
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "scanner", "2026-11-20T09:10:00Z"));
        Assert.Equal(3, (await house.AlertsAsync(house.Kent, Id)).Sum(alert => alert.GetProperty("events").GetInt64()));
        Assert.Equal("removed", (await house.GetAsync(house.Kent, "/api/v1/exceptions"))[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Exception_AfterItsDay_SuppressesNothing()
    {
        var clock = new MovableClock();
        await using var house = await RuleHouse.StartAsync(adjust: services => services.AddSingleton<TimeProvider>(clock));
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        await CreateAsync(house, Simple(clock.GetUtcNow().AddHours(20)));
        Assert.Equal("expiring", (await house.GetAsync(house.Kent, "/api/v1/exceptions"))[0].GetProperty("state").GetString());
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "scanner"));
        Assert.Empty(await house.AlertsAsync(house.Kent, Id));

        clock.Move(TimeSpan.FromHours(21));
        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "scanner", "2026-11-20T09:05:00Z"));
        await house.LookedAtAsync();

        // Sessions end in 21 hours too.
        var officer = await house.House.House.PersonAsync(IngestHouse.Kent, Watchhouse.Platform.Acting.Role.SecurityOfficer);
        Assert.Single(await house.AlertsAsync(officer, Id));
        Assert.Equal("expired", (await house.GetAsync(officer, "/api/v1/exceptions"))[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Exception_WithoutWhatItNeeds_IsRefused()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        object condition = new object[] { new { field = "TargetUserName", value = "scanner" } };

        await RefusedAsync(new { rule = Id, reason = "A known scanner.", expiresAt = Later }, "condition");
        await RefusedAsync(new { rule = Id, reason = "", expiresAt = Later, condition }, "reason");
        await RefusedAsync(new { rule = Id, reason = "A known scanner.", expiresAt = Later.AddYears(1), condition }, "expiresAt");
        await RefusedAsync(new { rule = Id, reason = "A known scanner.", expiresAt = Later.AddYears(-1), condition }, "expiresAt");
        await RefusedAsync(new { rule = "none", reason = "A known scanner.", expiresAt = Later, condition }, "rule");
        await RefusedAsync(new { rule = Id, reason = "A known scanner.", expiresAt = Later, condition, wholeRule = true }, "wholeRule");
        await RefusedAsync(new { rule = Id, reason = "A known scanner.", expiresAt = Later, condition, forces = new[] { "ESX" } }, "forces");
        await RefusedAsync(new { rule = Id, reason = "A known scanner.", expiresAt = Later, condition = new object[] { new { field = "A", value = "a", test = "Contains" } } }, "condition");
        await RefusedAsync(new { rule = Id, reason = "A known scanner.", expiresAt = Later, condition = new object[] { new { field = "A", value = "10.0.0.0/4", test = "Cidr" } } }, "condition");

        async Task RefusedAsync(object body, string at)
        {
            var problem = await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/exceptions", body, HttpStatusCode.BadRequest);
            Assert.Equal(at, problem.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task WholeRule_OffForOneForceByTheCentre_RunsForAllOthers()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        await house.SendAsync(house.Centre, HttpMethod.Post, "/api/v1/exceptions",
            new { rule = Id, reason = "Essex has its own.", expiresAt = Later, wholeRule = true, forces = new[] { "ESX" } }, HttpStatusCode.Created);

        await house.PostAsync(IngestHouse.Kent, RuleHouse.Event(4625, "a"));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4625, "a"));

        Assert.Single(await house.AlertsAsync(house.Kent, Id));
        Assert.Empty(await house.AlertsAsync(house.Essex, Id));
        var seen = Assert.Single((await house.GetAsync(house.Essex, "/api/v1/exceptions")).EnumerateArray());
        Assert.Equal((true, 1L, "NMC"), (seen.GetProperty("wholeRule").GetBoolean(), seen.GetProperty("suppressed").GetInt64(), seen.GetProperty("controller").GetString()));
        Assert.Empty((await house.GetAsync(house.Kent, "/api/v1/exceptions")).EnumerateArray());
        Assert.Single((await house.GetAsync(house.Centre, "/api/v1/exceptions")).EnumerateArray());
    }

    [Fact]
    public async Task Preview_CountsTheAlertsThatItWouldHaveSuppressed()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        await house.PostAsync(IngestHouse.Kent,
            RuleHouse.Event(4625, "a", host: "SCAN1"), RuleHouse.Event(4625, "b", host: "SCAN1"), RuleHouse.Event(4625, "c"), RuleHouse.Event(4625, "d", host: "SCAN1"), RuleHouse.Event(4625, "d"));
        await house.PostAsync(IngestHouse.Essex, RuleHouse.Event(4625, "e", host: "SCAN1"));
        await house.LookedAtAsync();

        var preview = await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/exceptions/preview",
            new { rule = Id, condition = new object[] { new { field = "Computer", value = "scan", test = "StartsWith" } } });
        var entity = await house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/exceptions/preview",
            new { rule = Id, condition = new object[] { new { field = "alert.entity", value = "c" } } });

        Assert.Equal((4, 2, 1), (preview.GetProperty("alerts").GetInt32(), preview.GetProperty("suppressed").GetInt32(), preview.GetProperty("partly").GetInt32()));
        Assert.Equal((1, 0), (entity.GetProperty("suppressed").GetInt32(), entity.GetProperty("unknown").GetInt32()));
    }

    [Theory]
    [InlineData("Equal", "ABC", "abc", true)]
    [InlineData("Equal", "ABC", "abcd", false)]
    [InlineData("StartsWith", "abc", "ABCD", true)]
    [InlineData("EndsWith", "bcd", "abcd", true)]
    [InlineData("Contains", "bcd", "abcde", true)]
    [InlineData("Contains", "bcd", "abde", false)]
    [InlineData("Cidr", "192.0.2.0/24", "192.0.2.7", true)]
    [InlineData("Cidr", "192.0.2.0/24", "192.0.2.7:51211", true)]
    [InlineData("Cidr", "192.0.2.0/24", "::ffff:192.0.2.7", true)]
    [InlineData("Cidr", "192.0.2.0/24", "192.0.3.7", false)]
    [InlineData("Cidr", "2001:db8::/32", "[2001:db8::1]:443", true)]
    [InlineData("Cidr", "192.0.2.0/24", "no address", false)]
    [InlineData("Equal", "abc", null, false)]
    public void Part_OfACondition_HoldsAsItSays(string test, string value, string? text, bool expected) =>
        Assert.Equal(expected, new ExceptionPart("f", Enum.Parse<ExceptionTest>(test), value).Holds(text));

    [Theory]
    [InlineData("Equal", "known", "known", true)]
    [InlineData("Equal", "known", "known|KNOWN", true)]
    [InlineData("Equal", "known", "known|stranger", false)]
    [InlineData("Equal", "known", "stranger|known", false)]
    [InlineData("Equal", "known", "", false)]
    [InlineData("OneOf", "known\nalso known", "also known|known", true)]
    [InlineData("OneOf", "known\nalso known", "known", true)]
    [InlineData("OneOf", "known\nalso known", "known|stranger", false)]
    [InlineData("Cidr", "192.0.2.0/24", "192.0.2.7|198.51.100.1", false)]
    public void Part_OfAFieldWithSeveralValues_HoldsWhereEachOfThemMeetsIt(string test, string value, string values, bool expected) =>
        Assert.Equal(expected, new ExceptionPart("f", Enum.Parse<ExceptionTest>(test), value).Holds(values.Split('|', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("a\nb", null)]
    [InlineData("a\n\nb", "empty")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21", "at most 20")]
    public void Part_WithSeveralValues_IsBounded(string value, string? fault)
    {
        var said = new ExceptionPart("f", ExceptionTest.OneOf, value).Fault();

        if (fault is null) Assert.Null(said);
        else Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exception_OnAFieldWithSeveralValues_DoesNotHideAStrangerBesideTheKnown()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, """
            title: Role given
            id: 2c6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b01
            level: high
            logsource: {product: azure, service: auditlogs}
            detection: {selection: {OperationName: Add member to role}, condition: selection}
            """);
        await CreateAsync(house, new { rule = Id, reason = "The backup account.", expiresAt = Later, condition = new object[] { new { field = "TargetResources.userPrincipalName", value = "backup@kent.example" } } });

        await house.PostAsync(IngestHouse.Kent, Added("one", "backup@kent.example"), Added("two", "backup@kent.example", "stranger@kent.example"), Added("three", "stranger@kent.example", "backup@kent.example"));

        Assert.Equal(["three", "two"], (await house.AlertsAsync(house.Kent, Id)).Select(alert => alert.GetProperty("entity").GetString()).Order());
        Assert.Equal(1, (await house.GetAsync(house.Kent, "/api/v1/exceptions"))[0].GetProperty("suppressed").GetInt64());

        static string Added(string by, params string[] to) => JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Category"] = "RoleManagement", ["Type"] = "AuditLogs", ["TimeGenerated"] = "2026-11-20T09:00:00Z", ["OperationName"] = "Add member to role", ["LoggedByService"] = "Core Directory",
            ["UserPrincipalName"] = by, ["TargetResources"] = to.Select(each => new { userPrincipalName = each }).ToArray(),
        });
    }

    [Fact]
    public async Task Exception_ExtendedAndWithdrawn_SaysWhoAndWhyAndRefusesAStaleChange()
    {
        await using var house = await RuleHouse.StartAsync();
        await house.RuleAsync(house.Centre, RuleHouse.Rule(Id, 4625));
        var made = await CreateAsync(house, Simple(TimeProvider.System.GetUtcNow().AddDays(10)));
        var path = $"/api/v1/exceptions/{made.GetProperty("id").GetGuid()}";
        var version = (await house.GetAsync(house.Kent, path)).GetProperty("exception").GetProperty("version").GetUInt32();

        await house.SendAsync(house.Essex, HttpMethod.Post, path + "/extend", new { version, expiresAt = Later, why = "It is still there." }, HttpStatusCode.NotFound);
        await house.SendAsync(house.Kent, HttpMethod.Post, path + "/extend", new { version, expiresAt = Later.AddYears(1), why = "It is still there." }, HttpStatusCode.BadRequest);
        await house.SendAsync(house.Kent, HttpMethod.Post, path + "/extend", new { version, expiresAt = Later, why = "" }, HttpStatusCode.BadRequest);
        var extended = await house.SendAsync(house.Kent, HttpMethod.Post, path + "/extend", new { version, expiresAt = Later, why = "It is still there." });
        var stale = await house.SendAsync(house.Kent, HttpMethod.Post, path + "/extend", new { version, expiresAt = Later.AddDays(1), why = "It is still there." }, HttpStatusCode.Conflict);
        await house.SendAsync(house.Kent, HttpMethod.Delete, $"{path}?version={version}", expected: HttpStatusCode.Conflict);

        Assert.Equal(("inForce", "It is still there."), (extended.GetProperty("state").GetString(), extended.GetProperty("extended").GetProperty("why").GetString()));
        Assert.Contains("Somebody else changed this exception", stale.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await house.SendAsync(house.Kent, HttpMethod.Delete, $"{path}?version={extended.GetProperty("version").GetUInt32()}&why=Gone", expected: HttpStatusCode.NoContent);
        var whole = await house.GetAsync(house.Kent, path);
        Assert.Equal(("removed", "Gone"), (whole.GetProperty("exception").GetProperty("state").GetString(), whole.GetProperty("exception").GetProperty("removed").GetProperty("why").GetString()));
        await house.SendAsync(house.Kent, HttpMethod.Post, path + "/extend", new { version, expiresAt = Later, why = "Once more." }, HttpStatusCode.Conflict);
        await house.SendAsync(house.Essex, HttpMethod.Get, path, expected: HttpStatusCode.NotFound);
    }

    private static object Simple(DateTimeOffset until) => new
    {
        rule = Id, reason = "A known scanner.", expiresAt = until, condition = new object[] { new { field = "TargetUserName", value = "scanner" } },
    };

    private static Task<JsonElement> CreateAsync(RuleHouse house, object body) =>
        house.SendAsync(house.Kent, HttpMethod.Post, "/api/v1/exceptions", body, HttpStatusCode.Created);
}
