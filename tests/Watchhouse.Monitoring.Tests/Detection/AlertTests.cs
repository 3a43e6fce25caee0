using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Detection;

public sealed class AlertTests
{
    private const string Path = "/ingest/v1/events/microsoft-365";

    // A rule of the nation's own: 'Inbox rule sends mail outside the organisation'.
    private const string InboxRule = """
        {"CreationTime":"2026-11-02T09:05:00","Id":"00000000-0000-4000-8000-bebdd7372b85","Operation":"New-InboxRule","RecordType":1,"Workload":"Exchange","UserId":"officer1@force.example","ClientIP":"203.0.113.77:51211","ResultStatus":"True","Parameters":[{"Name":"Name","Value":"Sent items"},{"Name":"ForwardTo","Value":"collector@mail.example"},{"Name":"StopProcessingRules","Value":"True"}]}
        """;

    private const string Correlation = """
        title: Refused logon
        name: refused_logon
        logsource: {product: windows, service: security}
        detection:
          selection: {EventID: 4625}
          condition: selection
        ---
        title: Many refused logons on one host
        id: 6f1e9a52-7a0c-4d7e-9d4e-2f4d0a6c1b11
        level: high
        correlation:
          type: event_count
          rules: [refused_logon]
          group-by: [Computer]
          timespan: 10m
          condition: {gte: 3}
        """;

    [Fact]
    public Task Event_ThatANationalRuleMatches_IsAnAlertWithItsEvidence() => MatchesAsync(null);

    [Fact]
    public async Task Event_ThatANationalRuleMatchesOnPostgres_IsAnAlertWithItsEvidence()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await MatchesAsync(database.ConnectionString);
    }

    private static async Task MatchesAsync(string? postgres)
    {
        await using var house = await IngestHouse.StartAsync(postgres: postgres);
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);

        Assert.Equal(HttpStatusCode.Accepted, (await house.PostAsync(Path, InboxRule)).StatusCode);

        var alert = Assert.Single(await AlertsAsync(house, officer, 1));
        Assert.Equal("KNT", alert.GetProperty("force").GetString());
        Assert.Equal(("user", "officer1@force.example"), (alert.GetProperty("entityKind").GetString(), alert.GetProperty("entity").GetString()));
        Assert.Equal(1, alert.GetProperty("events").GetInt64());
        var detail = await ReadAsync(house, officer, $"/api/v1/alerts/{alert.GetProperty("id").GetGuid()}");
        Assert.StartsWith("1.", detail.GetProperty("recommendation").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(detail.GetProperty("falsePositives").EnumerateArray());
        Assert.Contains("attack.", detail.GetProperty("tags").EnumerateArray().First().GetString(), StringComparison.Ordinal);
        Assert.Equal(InboxRule.Trim(), Assert.Single(detail.GetProperty("evidence").EnumerateArray()).GetProperty("raw").GetString());
    }

    [Fact]
    public async Task Event_DeliveredAgain_IsTheSameAlert()
    {
        await using var house = await IngestHouse.StartAsync();
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);

        await house.PostAsync(Path, InboxRule);
        await house.PostAsync(Path, InboxRule);
        // Another event of the same user within the hour joins the alert.
        await house.PostAsync(Path, Event("09:25:00", "2026-11-02", 1));
        // One a day later is another.
        await house.PostAsync(Path, Event("09:05:00", "2026-11-03", 2));
        // And one that bears the id of an event before it is that event, whatever its time, and holds nothing up.
        await house.PostAsync(Path, Event("09:05:00", "2026-11-07", 2));
        await house.PostAsync(Path, Event("09:05:00", "2026-11-09", 3));

        var alerts = await AlertsAsync(house, officer, 3);
        Assert.Equal([1L, 1L, 2L], alerts.Select(alert => alert.GetProperty("events").GetInt64()).Order());
    }

    [Fact]
    public async Task Alert_OfAnotherForce_IsNotFound()
    {
        await using var house = await IngestHouse.StartAsync();
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var stranger = await house.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
        await house.PostAsync(Path, InboxRule);
        var id = (await AlertsAsync(house, officer, 1))[0].GetProperty("id").GetGuid();

        Assert.Empty((await ReadAsync(house, stranger, "/api/v1/alerts")).EnumerateArray());
        Assert.Empty((await ReadAsync(house, stranger, $"/api/v1/alerts?before={id}")).EnumerateArray());
        using var one = await house.House.SendAsync(stranger, HttpMethod.Get, $"/api/v1/alerts/{id}");
        Assert.Equal(HttpStatusCode.NotFound, one.StatusCode);
        using var list = await house.House.SendAsync(stranger, HttpMethod.Get, "/api/v1/alerts?force=KNT");
        Assert.Equal(HttpStatusCode.NotFound, list.StatusCode);
    }

    [Fact]
    public async Task Splunk_EnvelopeOfALine_IsReadAsTheLine()
    {
        await using var house = await IngestHouse.StartAsync();
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);

        await house.PostAsync("/services/collector/event", "{\"sourcetype\":\"o365\",\"event\":" + InboxRule + "}");

        Assert.Single(await AlertsAsync(house, officer, 1));
    }

    [Fact]
    public async Task Correlation_ThatARestartInterrupts_StillComesTrue()
    {
        using var data = new TempDirectory();
        Directory.CreateDirectory(System.IO.Path.Combine(data.FullName, "rules"));
        await File.WriteAllTextAsync(System.IO.Path.Combine(data.FullName, "rules", "logons.yml"), Correlation, IngestHouse.Now);
        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            await house.PostAsync(Path, Logon(1) + "\n" + Logon(2));
            await LookedAtAsync(house, 1);
        }

        await using var again = await IngestHouse.StartAsync(data: data.FullName);
        var officer = await again.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        await again.PostAsync(Path, Logon(3));

        var alert = Assert.Single(await AlertsAsync(again, officer, 1));
        Assert.Equal("Many refused logons on one host", alert.GetProperty("title").GetString());
        Assert.Equal(3, alert.GetProperty("events").GetInt64());
        Assert.Equal("HOST1", alert.GetProperty("entity").GetString());
    }

    private static string Event(string time, string day, int number) => InboxRule
        .Replace("09:05:00", time, StringComparison.Ordinal).Replace("2026-11-02", day, StringComparison.Ordinal)
        .Replace("bebdd7372b85", $"bebdd7372b{number:00}", StringComparison.Ordinal);

    private static string Logon(int minute) =>
        $$"""{"Channel":"Security","EventID":4625,"Computer":"HOST1","TargetUserName":"officer{{minute}}","TimeCreated":"2026-11-02T09:0{{minute}}:00Z"}""";

    // Alerts come a moment after the answer; that they come is what is asked, not how soon.
    private static async Task<List<JsonElement>> AlertsAsync(IngestHouse house, TestPerson person, int expected)
    {
        await LookedAtAsync(house, null);
        for (var tries = 0; ; tries++)
        {
            var alerts = (await ReadAsync(house, person, "/api/v1/alerts")).EnumerateArray().ToList();
            if (alerts.Count >= expected || tries == 600) return alerts;
            await Task.Delay(100, IngestHouse.Now);
        }
    }

    private static async Task LookedAtAsync(IngestHouse house, long? sequence)
    {
        var journal = house.House.App.Services.GetRequiredService<Watchhouse.Journal.IEventJournal>();
        var until = sequence ?? journal.Status.Tail.Sequence;
        for (var tries = 0; tries < 600; tries++)
        {
            if (journal.Status.Consumers.Any(consumer => consumer.Name == "detect" && consumer.Committed.Sequence >= until)) return;
            await Task.Delay(100, IngestHouse.Now);
        }
    }

    private static async Task<JsonElement> ReadAsync(IngestHouse house, TestPerson person, string path)
    {
        using var answer = await house.House.SendAsync(person, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(IngestHouse.Now));
        return document.RootElement.Clone();
    }
}
