using System.Net;
using System.Text.Json;
using Watchhouse.Monitoring.Collect;
using Watchhouse.Monitoring.Tests.Collect;
using Watchhouse.Monitoring.Tests.Collect.Fake;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Alerts.Products;

/// <summary>Alerts that Defender raised, from Microsoft's API to the queue.</summary>
public sealed class ProductAlertTests
{
    [Fact]
    public Task Alert_ThatMicrosoftChanges_IsOneAlertThatChanges() => UpsertsAsync(null);

    [Fact]
    public async Task Alert_ThatMicrosoftChangesOnPostgres_IsOneAlertThatChanges()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await UpsertsAsync(database.ConnectionString);
    }

    private static async Task UpsertsAsync(string? postgres)
    {
        await using var house = await CollectHouse.StartAsync(postgres: postgres);
        var officer = await house.House.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var stranger = await house.House.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
        var tenant = house.Fake.Tenant();
        var collector = await house.CollectorAsync(CollectorKind.DefenderAlerts, tenant, "defender");
        await house.RunAsync(collector);
        await DeliverAsync(house, tenant, collector, "new", "high");

        var first = Assert.Single(await AlertsAsync(house, officer, alerts => alerts.Count == 1));
        Assert.Equal(
            ("Credential dumping", "high", "user", @"KENT\jo", "microsoftDefenderForEndpoint/d-7"),
            (Text(first, "title"), Text(first, "level"), Text(first, "entityKind"), Text(first, "entity"), Text(first, "rule")));

        await DeliverAsync(house, tenant, collector, "resolved", "medium");
        var after = Assert.Single(await AlertsAsync(house, officer, alerts => alerts.Any(alert => Text(alert, "level") == "medium")));
        Assert.Equal(Text(first, "id"), Text(after, "id"));
        var detail = await ReadAsync(house, officer, $"/api/v1/alerts/{Text(first, "id")}");
        var product = detail.GetProperty("product");
        Assert.Equal(("resolved", "Microsoft Defender for Endpoint"), (Text(product, "status"), Text(product, "product")));
        Assert.Equal(3, product.GetProperty("evidence").GetArrayLength());
        Assert.Equal(2, detail.GetProperty("evidence").GetArrayLength());
        Assert.Single(await AlertsAsync(house, officer, _ => true, "?technique=T1003"));
        Assert.Empty(await AlertsAsync(house, stranger, _ => true));
        using var denied = await house.House.House.SendAsync(stranger, HttpMethod.Get, $"/api/v1/alerts/{Text(first, "id")}");
        Assert.Equal(HttpStatusCode.NotFound, denied.StatusCode);
    }

    private static async Task DeliverAsync(CollectHouse house, FakeTenant tenant, Collector collector, string status, string severity)
    {
        house.Clock.Advance(TimeSpan.FromMinutes(3));
        var at = house.Clock.GetUtcNow();
        var alert = GraphAlertTests.Sample.ReplaceLineEndings("").Replace("\"new\"", $"\"{status}\"", StringComparison.Ordinal)
            .Replace("\"high\"", $"\"{severity}\"", StringComparison.Ordinal).Replace("2026-11-10T08:05:00.1234567Z", $"{at:O}", StringComparison.Ordinal);
        tenant.Events.Add(new FakeEvent("all", at, at, alert));
        house.Clock.Advance(TimeSpan.FromMinutes(4));
        await house.RunAsync(collector);
    }

    /// <summary>Alerts come a moment after the journal has their events.</summary>
    private static async Task<List<JsonElement>> AlertsAsync(CollectHouse house, TestPerson person, Func<List<JsonElement>, bool> enough, string query = "")
    {
        for (var tries = 0; ; tries++)
        {
            List<JsonElement> alerts = [.. (await ReadAsync(house, person, "/api/v1/alerts" + query)).EnumerateArray()];
            if (enough(alerts) || tries == 150) return alerts;
            await Task.Delay(100, IngestHouse.Now);
        }
    }

    private static async Task<JsonElement> ReadAsync(CollectHouse house, TestPerson person, string path)
    {
        using var answer = await house.House.House.SendAsync(person, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
