using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Watchhouse.Monitoring.Silence;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Silence;

public sealed class SilenceWatchTests
{
    [Fact]
    public Task Look_SourceThatStopped_RaisesOneAlertOfItsForce() => RaisesAsync(null);

    [Fact]
    public async Task Look_SourceThatStoppedOnPostgres_RaisesOneAlertOfItsForce()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await RaisesAsync(database.ConnectionString);
    }

    private static async Task RaisesAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var stranger = await house.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
        await DeliveredAsync(house, "dc-logs", until: -3);
        await DeliveredAsync(house, "firewall", until: 0);
        var watch = house.House.Services.GetServices<IHostedService>().OfType<SilenceWatch>().Single();

        await watch.LookAsync(IngestHouse.Now);
        await watch.LookAsync(IngestHouse.Now);

        var alert = Assert.Single((await ReadAsync(house, officer)).EnumerateArray());
        Assert.Equal(
            ("Source dc-logs has gone quiet", "high", "source", "dc-logs"),
            (alert.GetProperty("title").GetString(), alert.GetProperty("level").GetString(), alert.GetProperty("entityKind").GetString(), alert.GetProperty("entity").GetString()));
        Assert.Empty((await ReadAsync(house, stranger)).EnumerateArray());
    }

    // As the book of sources writes it: every hour of eight days up to one.
    private static async Task DeliveredAsync(IngestHouse house, string source, int until)
    {
        await using var session = await house.House.Services.GetRequiredService<IHouse>().EnterAsync(
            ActingPrincipal.ForJob("test"), new Access(Permissions.TelemetryWrite), IngestHouse.Now);
        var running = SourceHour.Of(session.Now);
        session.Db.Add(new IngestSource
        {
            Id = Guid.CreateVersion7(),
            ForceId = IngestHouse.Kent,
            Name = source,
            Format = "ndjson",
            FirstReceivedAt = running.AddDays(-8),
            LastReceivedAt = until == 0 ? session.Now : running.AddHours(until),
        });
        for (var hour = -8 * 24; hour <= until; hour++)
            session.Db.Add(new SourceHour { Id = Guid.CreateVersion7(), ForceId = IngestHouse.Kent, Source = source, Hour = running.AddHours(hour), Events = 900 });
        Assert.True((await session.CommitAsync(IngestHouse.Now)).Succeeded);
    }

    private static async Task<JsonElement> ReadAsync(IngestHouse house, Watchhouse.Tests.Hosting.TestPerson person)
    {
        using var answer = await house.House.SendAsync(person, HttpMethod.Get, "/api/v1/alerts");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }
}
