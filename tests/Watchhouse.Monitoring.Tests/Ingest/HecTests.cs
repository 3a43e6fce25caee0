using System.Net;
using System.Text;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Monitoring.Tests.Ingest;

public sealed class HecTests
{
    private const string Channel = "11111111-2222-3333-4444-555555555555";

    [Theory]
    [InlineData("/services/collector")]
    [InlineData("/services/collector/event")]
    [InlineData("/services/collector/event/1.0")]
    public async Task Event_ObjectsWithoutSeparators_KeepEachEnvelope(string path)
    {
        await using var house = await IngestHouse.StartAsync();

        var answer = await house.PostAsync(path,
            "{\"time\":1700000000.5,\"host\":\"dc1\",\"sourcetype\":\"WinEventLog\",\"fields\":{\"a\":\"b\"},\"event\":{\"EventID\":4625}}"
            + "{\"sourcetype\":\"WinEventLog\",\"event\":\"text\",\"time\":\"1700000001\"}\n\n{\n\"event\":1,\"sourcetype\":\"WinEventLog\"\n}",
            null, $"Splunk {house.Key}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("{\"text\":\"Success\",\"code\":0}", await answer.Content.ReadAsStringAsync(IngestHouse.Now));
        var kept = Assert.Single(await house.BatchesAsync());
        Assert.Equal(("KNT", "WinEventLog", "hec-event", 3), (kept.Owner, kept.Source, kept.Format, kept.Count));
        Assert.Equal(
            ["{\"time\":1700000000.5,\"host\":\"dc1\",\"sourcetype\":\"WinEventLog\",\"fields\":{\"a\":\"b\"},\"event\":{\"EventID\":4625}}",
             "{\"sourcetype\":\"WinEventLog\",\"event\":\"text\",\"time\":\"1700000001\"}", "{ \"event\":1,\"sourcetype\":\"WinEventLog\" }"], kept.Lines);
    }

    [Fact]
    public async Task Event_OfSeveralSourcetypes_GoesToOneSourceEach()
    {
        await using var house = await IngestHouse.StartAsync();

        await house.PostAsync("/services/collector/event?host=hf1",
            IngestHouse.Gzip("{\"event\":1,\"sourcetype\":\"cisco asa!\"}{\"event\":2}{\"event\":3,\"sourcetype\":\"cisco asa!\"}"u8.ToArray()), null, "gzip");

        var kept = await house.BatchesAsync();
        Assert.Equal([("cisco-asa", 2), ("splunk-hec", 1)], kept.Select(k => (k.Source, k.Count)).Order());
        Assert.All(kept, k => Assert.Equal("hec-event; host=hf1", k.Format));
    }

    [Fact]
    public async Task Raw_Lines_AreKeptExactlyWithWhatTheAddressSays()
    {
        await using var house = await IngestHouse.StartAsync();
        byte[] body = [.. "<13>one  two\r\n\nthree "u8, 0xE9, .. "\n"u8];

        var answer = await house.PostAsync($"/services/collector/raw?sourcetype=syslog&host=fw%201&source=udp%3A514&channel={Channel}", body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var kept = Assert.Single(await house.BatchesAsync());
        Assert.Equal(("syslog", "hec-raw; sourcetype=syslog; source=udp%3A514; host=fw%201", 2), (kept.Source, kept.Format, kept.Count));
        Assert.Equal("<13>one  two\nthree \uFFFD", kept.Payload);
    }

    [Fact]
    public async Task Ack_OfWhatWasGiven_IsTrueAndOfOthersFalse()
    {
        await using var house = await IngestHouse.StartAsync();
        var given = (await (await house.PostAsync("/services/collector/event", "{\"event\":1}"u8.ToArray(),
            headers: ("X-Splunk-Request-Channel", Channel))).JsonAsync()).GetProperty("ackId").GetInt64();

        var answer = await house.PostAsync($"/services/collector/ack?channel={Channel}", $"{{\"acks\":[{given},{given + 1}]}}");

        Assert.Equal($"{{\"acks\":{{\"{given}\":true,\"{given + 1}\":false}}}}", await answer.Content.ReadAsStringAsync(IngestHouse.Now));
        Assert.Equal(10, (await (await house.PostAsync("/services/collector/ack", "{\"acks\":[1]}")).JsonAsync()).GetProperty("code").GetInt32());
        Assert.Equal(11, (await (await house.PostAsync("/services/collector/ack?channel=x", "{\"acks\":[1]}")).JsonAsync()).GetProperty("code").GetInt32());
        Assert.Equal(6, (await (await house.PostAsync($"/services/collector/ack?channel={Channel}", "{\"acks\":[\"a\"]}")).JsonAsync()).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Event_NotAsTheProtocolSays_IsRefusedWholeWithItsNumber()
    {
        await using var house = await IngestHouse.StartAsync();
        (string body, int code, int status, int number)[] cases =
        [
            ("", 5, 400, -1),
            (" \n", 5, 400, -1),
            ("nonsense", 6, 400, 0),
            ("{\"event\":1}{\"event\":", 6, 400, 1),
            ("{\"event\":1}{\"event\":1,\"time\":\"noon\"}", 6, 400, 1),
            ("{\"event\":1} [1]", 6, 400, 1),
            ("{\"host\":\"a\"}", 12, 400, 0),
            ("{\"event\":1}{\"event\":1}{\"event\":\"\"}", 13, 400, 2),
            ("{\"event\":null}", 13, 400, 0),
            ("{\"event\":1,\"fields\":[1]}", 15, 400, 0),
        ];

        foreach (var (body, code, status, number) in cases)
        {
            var answer = await house.PostAsync("/services/collector/event", body);

            Assert.Equal(status, (int)answer.StatusCode);
            var told = await answer.JsonAsync();
            Assert.Equal(code, told.GetProperty("code").GetInt32());
            Assert.Equal(number, told.TryGetProperty("invalid-event-number", out var at) ? at.GetInt32() : -1);
            Assert.Empty(await house.BatchesAsync());
        }
    }

    [Fact]
    public async Task Tokens_MissingOrWrong_HaveTheirCodes()
    {
        await using var house = await IngestHouse.StartAsync();
        var reporting = (await house.House.ClientAsync(IngestHouse.Kent, Role.ReportingClient)).Key!;
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{house.Key}"));
        (string Header, int Status, int Code)[] cases =
        [
            ("", 401, 2), ("nonsense", 401, 3), ("Splunk 12345678-1234-1234-1234-1234567890ab", 403, 4), ($"Splunk {reporting}", 403, 4),
            ($"Splunk {house.Key}", 200, 0), ($"Bearer {house.Key}", 200, 0), ($"Basic {basic}", 200, 0),
        ];

        foreach (var (header, status, code) in cases)
        {
            var answer = await house.PostAsync("/services/collector/event", "{\"event\":1}", null, header);
            Assert.Equal((header, status, code), (header, (int)answer.StatusCode, (await answer.JsonAsync()).GetProperty("code").GetInt32()));
        }
    }

    [Fact]
    public async Task Health_WithoutToken_IsAnswered()
    {
        await using var house = await IngestHouse.StartAsync();

        var answer = await house.GetAsync("/services/collector/health", "");

        Assert.Equal("{\"text\":\"HEC is healthy\",\"code\":17}", await answer.Content.ReadAsStringAsync(IngestHouse.Now));
        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync("/services/collector/health/1.0", "")).StatusCode);
    }
}
