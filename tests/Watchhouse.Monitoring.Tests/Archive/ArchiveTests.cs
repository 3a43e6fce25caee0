using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Journal;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Archive;

public sealed class ArchiveTests
{
    private const string InboxRule = """
        {"CreationTime":"2026-11-02T09:05:00","Id":"00000000-0000-4000-8000-bebdd7372b85","Operation":"New-InboxRule","RecordType":1,"Workload":"Exchange","UserId":"officer1@force.example","ClientIP":"203.0.113.77:51211","ResultStatus":"True","Parameters":[{"Name":"ForwardTo","Value":"collector@mail.example"}]}
        """;

    private const string Logon = """
        {"Channel":"Security","Provider_Name":"Microsoft-Windows-Security-Auditing","EventID":4624,"Computer":"HOST1","TargetUserName":"officer1","TimeCreated":"2026-11-02T09:01:00Z","EventRecordID":77}
        """;

    [Fact]
    public async Task Events_OfEveryDoor_AreRowsOfTheirTablesWithTheirBytes()
    {
        using var data = new TempDirectory();
        var envelope = "{\"host\":\"fw1\",\"event\":" + Logon.Trim() + "}";
        string[] lines = ["<13>Nov  2 09:00:00 fw1 sshd[7]: Accepted publickey for root from 192.0.2.7 port 22", "just words"];
        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            await house.PostAsync("/ingest/v1/events/microsoft-365", InboxRule);
            await house.PostAsync("/services/collector/event", envelope);
            await house.PostAsync("/services/collector/raw", string.Join('\n', lines));
        }

        var rows = await ArchivedRow.ReadAsync(data.FullName);

        Assert.All(rows, row => Assert.Equal("KNT", row.Owner));
        var office = Assert.Single(rows, row => row.Table == "OfficeActivity");
        Assert.Equal((InboxRule.Trim(), "officer1@force.example"), (office.Text, office.Account));
        var security = Assert.Single(rows, row => row.Table == "SecurityEvent");
        // What was received is kept, with the envelope that it came in.
        Assert.Equal((envelope, "host1", new DateTimeOffset(2026, 11, 2, 9, 1, 0, TimeSpan.Zero)), (security.Text, security.Computer, security.Time));
        Assert.Equal(lines.Order(), rows.Except([office, security]).Select(row => row.Text).Order());
    }

    [Theory]
    [InlineData("hec-raw", "#Fields: date time c-ip cs-username\n2026-11-02 09:00:00 192.0.2.1 a\n2026-11-02 09:00:01 192.0.2.2 b")]
    [InlineData("hec-raw", "name,time\na,2026-11-02T09:00:00Z\nb,2026-11-02T09:00:01Z\nc,2026-11-02T09:00:02Z")]
    [InlineData("hec-raw", "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID></System></Event>\n<Event broken\nwords")]
    [InlineData("hec-raw", "\u001f\u008b\bpacked?\nwords")]
    [InlineData("hec-raw", "{\"a\":1}\n{\"a\":\nplain")]
    [InlineData("hec-raw", "65 <13>1 2026-11-02T09:00:00Z h app - - - framed\nmore")]
    [InlineData("hec-event", "{\"event\":\"a text\"}\n{\"event\":{\"a\":1}}\n{\"event\":7}\n{\"nothing\":1}")]
    [InlineData("otlp-record", "{\"body\":\"text\"}\n{\"body\":{\"a\":1}}\n{}")]
    [InlineData("ndjson", "{\"a\":1}\n\n{\"a\":2}\r\n[1]\n{\"b\"")]
    public void Make_AnyPayload_KeepsEachLineOnce(string format, string payload)
    {
        var batch = Batch(format, payload);

        var rows = new RowMaker(Watchhouse.Normalisation.TableMappings.Default).Make(batch, new ArchiveBook(TimeProvider.System));

        var expected = payload.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Trim().Length > 0).Order(StringComparer.Ordinal);
        Assert.Equal(expected, rows.ToArray().Select(row => System.Text.Encoding.UTF8.GetString(row.Raw.Span)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Make_LineThatIsAListOfRecords_IsARowForEach()
    {
        var batch = Batch("ndjson", """{"records":[{"time":"2026-11-02T09:00:00Z","category":"AuditLogs","x":1},{"time":"2026-11-02T09:00:01Z","category":"AuditLogs","x":2}]}""");

        var rows = new RowMaker(Watchhouse.Normalisation.TableMappings.Default).Make(batch, new ArchiveBook(TimeProvider.System)).ToArray();

        Assert.Equal(2, rows.Length);
        Assert.Equal(2, rows.Select(row => row.EventId).Distinct().Count());
    }

    [Fact]
    public async Task Event_DeliveredAgainInAnotherOrder_IsStoredOnceAndCounted()
    {
        using var data = new TempDirectory();
        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            await house.PostAsync("/ingest/v1/events/windows", Logon);
            await house.PostAsync("/ingest/v1/events/windows", Logon.Replace("""
                "EventID":4624,"Computer":"HOST1",
                """.Trim(), """
                "Computer":"HOST1","EventID":4624,
                """.Trim(), StringComparison.Ordinal));
        }

        Assert.Single(await ArchivedRow.ReadAsync(data.FullName));
        await using var again = await IngestHouse.StartAsync(data: data.FullName);
        // After a restart too.
        await again.PostAsync("/ingest/v1/events/windows", Logon);
        await again.DisposeAsync();
        Assert.Single(await ArchivedRow.ReadAsync(data.FullName));

        await using var third = await IngestHouse.StartAsync(data: data.FullName);
        var officer = await third.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var notes = Assert.Single((await ReadAsync(third, officer, "/api/v1/archive/sources")).EnumerateArray());
        Assert.Equal((3, 2), (notes.GetProperty("events").GetInt64(), notes.GetProperty("repeats").GetInt64()));
    }

    [Fact]
    public async Task Alert_OnceItsEventIsArchived_ReadsItThere()
    {
        using var data = new TempDirectory();
        Guid id;
        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            var first = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
            await house.PostAsync("/services/collector/event", "{\"event\":" + InboxRule.Trim() + "}");
            id = (await AlertAsync(house, first)).GetProperty("id").GetGuid();
            var before = Evidence(await ReadAsync(house, first, $"/api/v1/alerts/{id}"));
            Assert.Equal(InboxRule.Trim(), before.GetProperty("raw").GetString());
            Assert.Equal(JsonValueKind.Null, before.GetProperty("columns").ValueKind);
        }

        await using var again = await IngestHouse.StartAsync(data: data.FullName);
        var officer = await again.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var evidence = Evidence(await ReadAsync(again, officer, $"/api/v1/alerts/{id}"));

        Assert.Equal("OfficeActivity", evidence.GetProperty("table").GetString());
        Assert.Equal("New-InboxRule", evidence.GetProperty("columns").GetProperty("Operation").GetString());
        Assert.Equal("{\"event\":" + InboxRule.Trim() + "}", evidence.GetProperty("raw").GetString());
        Assert.Equal(JsonValueKind.String, evidence.GetProperty("receivedAt").ValueKind);
    }

    [Fact]
    public async Task Times_ThatAreWrong_AreNotedAndFiledUnderTheDayOfReceipt()
    {
        using var data = new TempDirectory();
        var now = TimeProvider.System.GetUtcNow();
        string Event(string name, DateTimeOffset? at) => JsonSerializer.Serialize(new { name, TimeGenerated = at });
        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            await house.PostAsync("/ingest/v1/events/x", string.Join('\n',
                Event("on time", now), Event("late", now.AddDays(-3)), Event("ahead", now.AddHours(1)), Event("1970", DateTimeOffset.UnixEpoch.AddSeconds(200_000_000)),
                Event("9000", new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero)), "{\"name\":\"none\"}"));
        }

        var days = (await ArchivedRow.ReadAsync(data.FullName)).ToDictionary(row => JsonDocument.Parse(row.Raw).RootElement.GetProperty("name").GetString()!, row => row.Time);
        Assert.Equal(now.AddDays(-3).UtcDateTime.Date, days["late"].UtcDateTime.Date);
        Assert.All([days["1970"], days["9000"], days["none"]], time => Assert.InRange(time, now.AddMinutes(-10), now.AddMinutes(10)));
        await using var again = await IngestHouse.StartAsync(data: data.FullName);
        var officer = await again.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var notes = Assert.Single((await ReadAsync(again, officer, "/api/v1/archive/sources")).EnumerateArray());
        Assert.Equal((2, 2, 1), (notes.GetProperty("late").GetInt64(), notes.GetProperty("clockAhead").GetInt64(), notes.GetProperty("withoutTime").GetInt64()));
    }

    [Fact]
    public async Task Journal_ThatWasLostAndBegunAnew_IsArchivedFromItsBeginning()
    {
        using var data = new TempDirectory();
        string Event(int number) => $$"""{"n":{{number}},"TimeGenerated":"2026-11-02T09:00:00Z"}""";
        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            await house.PostAsync("/ingest/v1/events/x", Event(1));
            await house.PostAsync("/ingest/v1/events/x", Event(2));
        }

        Directory.Delete(data.File("journal"), recursive: true);
        for (var start = 3; start <= 4; start++)
        {
            await using var house = await IngestHouse.StartAsync(data: data.FullName);
            await house.PostAsync("/ingest/v1/events/x", Event(start));
        }

        Assert.Equal([Event(1), Event(2), Event(3), Event(4)], (await ArchivedRow.ReadAsync(data.FullName)).Select(row => row.Text).Order());
    }

    [Fact]
    public async Task Retention_OfAForce_LetsGoWhatNoHoldCovers()
    {
        using var data = new TempDirectory();
        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            await house.PostAsync("/ingest/v1/events/x", """
                {"n":1,"TimeGenerated":"2024-01-02T09:00:00Z"}
                {"n":2,"TimeGenerated":"2024-02-02T09:00:00Z"}
                """);
        }

        await using (var house = await IngestHouse.StartAsync(data: data.FullName))
        {
            var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
            var stranger = await house.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
            async Task<HttpStatusCode> SendAsync(TestPersonOf who, HttpMethod method, string path, object body)
            {
                using var answer = await house.House.SendAsync(who == TestPersonOf.Kent ? officer : stranger, method, "/api/v1/forces/KNT/archive" + path, body);
                return answer.StatusCode;
            }

            Assert.Equal(HttpStatusCode.NotFound, await SendAsync(TestPersonOf.Essex, HttpMethod.Put, "/retention", new { days = 1 }));
            Assert.Equal(HttpStatusCode.NotFound, await SendAsync(TestPersonOf.Essex, HttpMethod.Post, "/holds", new { from = DateTimeOffset.UnixEpoch, to = TimeProvider.System.GetUtcNow(), why = "x" }));
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(TestPersonOf.Kent, HttpMethod.Put, "/retention", new { days = 0 }));
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(TestPersonOf.Kent, HttpMethod.Put, "/retention", new { table = "../x", days = 4 }));
            Assert.Equal(HttpStatusCode.Created, await SendAsync(TestPersonOf.Kent, HttpMethod.Post, "/holds",
                new { from = "2024-02-01T00:00:00Z", to = "2024-02-03T00:00:00Z", why = "A case of 2024." }));
            // What it will delete is said before.
            var archive = house.House.Services.GetRequiredService<ArchiveOperations>();
            var kent = Collect.CollectHouse.Officer(IngestHouse.Kent);
            Assert.Equal((1, 1), await EffectAsync(null, 400));
            Assert.Equal((0, 0), await EffectAsync("SigninLogs", 400));
            Assert.Equal((0, 0), await EffectAsync(null, 36_525));
            Assert.Equal("days", (await archive.EffectAsync(kent, IngestHouse.Kent, null, 0, IngestHouse.Now)).Failure?.Field);
            await Assert.ThrowsAsync<Watchhouse.Platform.Operations.AccessRefusedException>(() =>
                archive.EffectAsync(Collect.CollectHouse.Officer(IngestHouse.Essex), IngestHouse.Kent, null, 400, IngestHouse.Now));
            async Task<(long, long)> EffectAsync(string? table, int days) =>
                (await archive.EffectAsync(kent, IngestHouse.Kent, table, days, IngestHouse.Now)).Value is { } effect ? (effect.Events, effect.Held) : default;
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(TestPersonOf.Kent, HttpMethod.Put, "/retention", new { days = 400 }));
            var keeper = house.House.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ArchiveKeeper>().Single();
            await keeper.KeepAsync(IngestHouse.Now);

            var hold = Assert.Single((await ReadAsync(house, officer, "/api/v1/forces/KNT/archive/holds")).EnumerateArray());
            Assert.Equal(400, Assert.Single((await ReadAsync(house, officer, "/api/v1/forces/KNT/archive/retention")).EnumerateArray()).GetProperty("days").GetInt32());
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(TestPersonOf.Kent, HttpMethod.Post, $"/holds/{hold.GetProperty("id").GetGuid()}/release", new { why = "The case is closed." }));
            Assert.Equal(HttpStatusCode.NotFound, await SendAsync(TestPersonOf.Kent, HttpMethod.Post, $"/holds/{hold.GetProperty("id").GetGuid()}/release", new { why = "Again." }));
        }

        Assert.Equal("{\"n\":2,\"TimeGenerated\":\"2024-02-02T09:00:00Z\"}", Assert.Single(await ArchivedRow.ReadAsync(data.FullName)).Text);
    }

    private enum TestPersonOf
    {
        Kent,
        Essex,
    }

    private static JournalBatch Batch(string format, string payload) => new()
    {
        Id = Guid.NewGuid(),
        Owner = "KNT",
        Source = "x",
        Collector = "c",
        ReceivedAt = new DateTimeOffset(2026, 11, 2, 10, 0, 0, TimeSpan.Zero),
        Format = format,
        Count = 1,
        Payload = System.Text.Encoding.UTF8.GetBytes(payload),
    };

    private static JsonElement Evidence(JsonElement alert) => Assert.Single(alert.GetProperty("evidence").EnumerateArray());

    private static async Task<JsonElement> AlertAsync(IngestHouse house, Watchhouse.Tests.Hosting.TestPerson person)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if ((await ReadAsync(house, person, "/api/v1/alerts")).EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } alert) return alert;
            await Task.Delay(100, IngestHouse.Now);
        }

        throw new TimeoutException("No alert came within a minute.");
    }

    private static async Task<JsonElement> ReadAsync(IngestHouse house, Watchhouse.Tests.Hosting.TestPerson person, string path)
    {
        using var answer = await house.House.SendAsync(person, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }
}
