using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Ingest;
using Watchhouse.Monitoring.Sources;
using Watchhouse.Platform.Acting;
using ZstdSharp;

namespace Watchhouse.Monitoring.Tests.Ingest;

public sealed class EventEndpointTests
{
    private const string Path = "/ingest/v1/events/proxy";

    [Fact]
    public async Task Post_Lines_KeepsThemExactlyAndNamesTheForceOfTheKey()
    {
        await using var house = await IngestHouse.StartAsync();
        const string lines = "{\"a\": 1}\n{\"b\":\"\\u00e9 é\"}";

        var answer = await house.PostAsync(Path, lines + "\n", "application/x-ndjson");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var told = await answer.JsonAsync();
        Assert.Equal(2, told.GetProperty("accepted").GetInt32());
        Assert.Equal(0, told.GetProperty("rejected").GetInt32());
        var kept = Assert.Single(await house.BatchesAsync());
        Assert.Equal((told.GetProperty("batchId").GetGuid(), "KNT", "proxy", "ndjson", 2, lines),
            (kept.Id, kept.Owner, kept.Source, kept.Format, kept.Count, kept.Payload));
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", "{\"a\":1}\r\n\r\n{\"b\":2}\r\n")]
    [InlineData(null, "\uFEFF{\"a\":1}\n{\"b\":2}")]
    [InlineData("application/json", " [ {\"a\":1} , {\"b\":2} ] ")]
    [InlineData("application/json", "[{\"a\":1},{\"b\":2}]")]
    public async Task Post_OtherShapes_KeepOneObjectALine(string? type, string body)
    {
        await using var house = await IngestHouse.StartAsync();

        var answer = await house.PostAsync(Path, body, type);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("{\"a\":1}\n{\"b\":2}", Assert.Single(await house.BatchesAsync()).Payload);
    }

    [Fact]
    public async Task Post_ArrayOverSeveralLines_KeepsEachObjectOnOne()
    {
        await using var house = await IngestHouse.StartAsync();

        await house.PostAsync(Path, "[\n{\n\"a\":1\n}\n,{\"b\":\n2}]", "application/json");

        Assert.Equal("{ \"a\":1 }\n{\"b\": 2}", Assert.Single(await house.BatchesAsync()).Payload);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Post_Packed_IsUnpacked(string coding)
    {
        await using var house = await IngestHouse.StartAsync();
        var plain = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"{{\"number\":{i},\"text\":\"some words\"}}")));
        using var zstd = new Compressor(3);

        var answer = await house.PostAsync(Path, coding == "gzip" ? IngestHouse.Gzip(plain) : zstd.Wrap(plain).ToArray(), null, coding);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(Encoding.UTF8.GetString(plain), Assert.Single(await house.BatchesAsync()).Payload);
    }

    [Fact]
    public async Task Post_SomeLinesNoEvents_RejectsThoseByNumberAndShowsThemToTheForceAlone()
    {
        await using var house = await IngestHouse.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);
        byte[] body = [.. Encoding.UTF8.GetBytes("{\"a\":1}\nnonsense\n[1]\n" + deep + "\n{\"b\":\""), 0xFF, .. "\"}\n{\"c\":3}\n"u8];

        var told = await (await house.PostAsync(Path, body)).JsonAsync();

        Assert.Equal(2, told.GetProperty("accepted").GetInt32());
        Assert.Equal(
            [(2, "It is not JSON."), (3, "It is JSON, but not an object."), (4, "It is nested deeper than 64 levels."), (5, "It is not UTF-8.")],
            told.GetProperty("rejects").EnumerateArray().Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("reason").GetString()!)));
        Assert.Equal("{\"a\":1}\n{\"c\":3}", Assert.Single(await house.BatchesAsync()).Payload);

        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var rejects = await (await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/ingest/rejects")).JsonAsync();
        Assert.Equal(4, rejects.GetArrayLength());
        var first = rejects.EnumerateArray().Single(r => r.GetProperty("line").GetInt32() == 2);
        Assert.Equal(("proxy", "nonsense", 1), (first.GetProperty("source").GetString(), first.GetProperty("sample").GetString(), first.GetProperty("count").GetInt32()));
        var stranger = await house.House.PersonAsync(IngestHouse.Essex, Role.SecurityOfficer);
        Assert.Equal(0, (await (await house.House.SendAsync(stranger, HttpMethod.Get, "/api/v1/ingest/rejects")).JsonAsync()).GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await house.House.SendAsync(stranger, HttpMethod.Get, "/api/v1/ingest/rejects?force=KNT")).StatusCode);
    }

    [Fact]
    public async Task Post_Repeated_CountsRejectsOnceARowAndSourcesOnce()
    {
        await using var house = await IngestHouse.StartAsync();
        for (var i = 0; i < 3; i++) await house.PostAsync(Path, "{\"a\":1}\nnonsense");

        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var rejects = await (await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/ingest/rejects")).JsonAsync();
        var sources = await (await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/ingest/sources")).JsonAsync();

        Assert.Equal(3, Assert.Single(rejects.EnumerateArray()).GetProperty("count").GetInt32());
        var source = Assert.Single(sources.EnumerateArray());
        Assert.Equal(("KNT", "proxy", "ndjson", 3, 21, 3), (source.GetProperty("force").GetString(), source.GetProperty("name").GetString(),
            source.GetProperty("format").GetString(), source.GetProperty("events").GetInt32(), source.GetProperty("bytes").GetInt32(),
            source.GetProperty("rejects").GetInt32()));
    }

    [Fact]
    public async Task Post_NothingUsable_SaysWhyAndKeepsNothing()
    {
        await using var house = await IngestHouse.StartAsync();
        (string body, string? type, string? coding, int status)[] cases =
        [
            ("", null, null, 400),
            ("\n \n", null, null, 400),
            ("nonsense", null, null, 400),
            ("[{\"a\":1},", "application/json", null, 400),
            ("[]", "application/json", null, 400),
            ("{}", "application/x-www-form-urlencoded", null, 415),
            ("{}", "application/json; charset=utf-16", null, 415),
            ("{}", null, "br", 415),
            ("{}", null, "gzip", 400),
            ("{}", null, "zstd", 400),
        ];

        foreach (var (body, type, coding, status) in cases)
        {
            var answer = await house.PostAsync(Path, Encoding.UTF8.GetBytes(body), type, coding);

            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.EndsWith(".", (await answer.JsonAsync()).GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Empty(await house.BatchesAsync());
        }
    }

    [Fact]
    public async Task Post_GzipCutOff_IsRefusedWhole()
    {
        await using var house = await IngestHouse.StartAsync();
        var packed = IngestHouse.Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 9000).Select(i => $"{{\"number\":{i * 7919}}}"))));

        foreach (var length in new[] { packed.Length - 1, packed.Length - 8, packed.Length - 9, packed.Length / 2, 100, 12 })
            Assert.Equal((length, HttpStatusCode.BadRequest), (length, (await house.PostAsync(Path, packed[..length], null, "gzip")).StatusCode));
        using var zstd = new Compressor(3);
        var other = zstd.Wrap(Encoding.UTF8.GetBytes("{\"a\":1}\n{\"b\":2}")).ToArray();
        Assert.Equal(HttpStatusCode.BadRequest, (await house.PostAsync(Path, other[..^2], null, "zstd")).StatusCode);
        Assert.Empty(await house.BatchesAsync());
    }

    [Fact]
    public async Task Post_GzipOfSeveralMembers_IsReadToTheEnd()
    {
        await using var house = await IngestHouse.StartAsync();

        await house.PostAsync(Path, [.. IngestHouse.Gzip("{\"a\":1}\n"u8.ToArray()), .. IngestHouse.Gzip("{\"b\":2}\n"u8.ToArray())], null, "gzip");

        Assert.Equal("{\"a\":1}\n{\"b\":2}", Assert.Single(await house.BatchesAsync()).Payload);
    }

    [Fact]
    public async Task Post_TooSlow_IsEndedAndGivesItsMemoryBack()
    {
        await using var house = await IngestHouse.StartAsync();
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, house.House.Client.BaseAddress!.Port, IngestHouse.Now);
        await using var stream = tcp.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {house.Key}\r\nContent-Length: 1000\r\n\r\n{{"), IngestHouse.Now);
        using var reader = new StreamReader(stream);
        var status = await reader.ReadLineAsync(IngestHouse.Now);

        Assert.StartsWith("HTTP/1.1 408", status, StringComparison.Ordinal);
        Assert.Equal(0, house.House.Services.GetRequiredService<Monitoring.Ingest.Reading.IngestMemory>().Used);
    }

    [Fact]
    public async Task Rejects_OfMoreKindsThanAreKeptApart_ArePutTogether()
    {
        await using var house = await IngestHouse.StartAsync();
        for (var i = 0; i <= SourceBookWriter.MostRejectsADay; i++) await house.PostAsync($"/ingest/v1/events/source-{i}", "nonsense");
        await house.PostAsync("/ingest/v1/events/source-0", "nonsense");

        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        var rejects = (await (await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/ingest/rejects")).JsonAsync()).EnumerateArray().ToList();

        Assert.Equal(SourceBookWriter.MostRejectsADay + 1, rejects.Count);
        Assert.Equal(SourceBookWriter.MostRejectsADay + 2, rejects.Sum(r => r.GetProperty("count").GetInt32()));
        Assert.Equal(1, rejects.Single(r => r.GetProperty("source").GetString() == "(other)").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Post_Utf16_SaysToSendUtf8()
    {
        await using var house = await IngestHouse.StartAsync();

        var answer = await house.PostAsync(Path, [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{\"a\":1}")]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Send UTF-8", (await answer.JsonAsync()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task Post_Bomb_IsRefusedAfterABoundedPart(string coding)
    {
        await using var house = await IngestHouse.StartAsync();
        var plain = new byte[64 << 20];
        plain.AsSpan().Fill((byte)' ');
        using var zstd = new Compressor(3);

        var answer = await house.PostAsync(Path, coding == "gzip" ? IngestHouse.Gzip(plain) : zstd.Wrap(plain).ToArray(), null, coding);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(0, house.House.Services.GetRequiredService<Monitoring.Ingest.Reading.IngestMemory>().Used);
    }

    [Fact]
    public async Task Post_OverTheLimit_SaysTheLimit()
    {
        await using var house = await IngestHouse.StartAsync(s => s.AddSingleton(new IngestLimits { MaxBodyBytes = 1000 }));
        var body = Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 2000) + "\"}");

        var told = await house.PostAsync(Path, body);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StreamContent(new UnknownLength(body)) };
        chunked.Headers.Authorization = new("Bearer", house.Key);
        chunked.Headers.TransferEncodingChunked = true;
        var untold = await house.House.Client.SendAsync(chunked, IngestHouse.Now);

        Assert.Equal((HttpStatusCode)413, told.StatusCode);
        Assert.Contains("1000 bytes", (await told.JsonAsync()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode)413, untold.StatusCode);
    }

    [Fact]
    public async Task Post_MemoryShort_Answers429WithRetryAfter()
    {
        await using var house = await IngestHouse.StartAsync(s => s.AddSingleton(new IngestLimits { MaxBytesInFlight = 10 }));

        var answer = await house.PostAsync(Path, "{\"a\":1}");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Empty(await house.BatchesAsync());
    }

    [Fact]
    public async Task Post_WithTheSameKeyTwice_IsWrittenOnceAndAnsweredAlike()
    {
        await using var house = await IngestHouse.StartAsync();

        var first = await house.PostAsync(Path, "{\"a\":1}"u8.ToArray(), headers: ("Idempotency-Key", "batch 7"));
        var second = await house.PostAsync(Path, "{\"a\":1}"u8.ToArray(), headers: ("Idempotency-Key", "batch 7"));

        Assert.Equal(await first.Content.ReadAsStringAsync(IngestHouse.Now), await second.Content.ReadAsStringAsync(IngestHouse.Now));
        Assert.Single(await house.BatchesAsync());
    }

    [Theory]
    [InlineData("/ingest/v1/events/..%2Fetc", 400)]
    [InlineData("/ingest/v1/events/a%20b", 400)]
    public async Task Post_BadSourceName_IsRefused(string path, int status)
    {
        await using var house = await IngestHouse.StartAsync();

        Assert.Equal(status, (int)(await house.PostAsync(path, "{}")).StatusCode);
    }

    [Fact]
    public async Task Post_ByTheCollectorOfOneForce_NeverWritesForAnother()
    {
        await using var house = await IngestHouse.StartAsync();
        var essex = (await house.House.ClientAsync(IngestHouse.Essex, Role.Collector)).Key!;
        string[] tries =
        [
            "/ingest/v1/events/proxy?force=KNT", "/ingest/v1/events/proxy?owner=KNT&ForceId=KNT", "/ingest/v1/events/KNT",
        ];

        foreach (var path in tries)
            await house.PostAsync(path, "{\"force\":\"KNT\",\"ForceId\":\"KNT\",\"owner\":\"KNT\"}"u8.ToArray(), null, null, $"Bearer {essex}",
                ("X-Force", "KNT"), ("X-Test-Person", "KNT"));

        var kept = await house.BatchesAsync();
        Assert.Equal(3, kept.Count);
        Assert.All(kept, batch => Assert.Equal("ESX", batch.Owner));
    }

    [Fact]
    public async Task Post_ByPeopleAndOtherClients_IsRefused()
    {
        await using var house = await IngestHouse.StartAsync();
        var reporting = (await house.House.ClientAsync(IngestHouse.Kent, Role.ReportingClient)).Key!;

        Assert.Equal(HttpStatusCode.Forbidden, (await house.PostAsync(Path, "{}", null, $"Bearer {reporting}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await house.PostAsync(Path, "{}", null, "")).StatusCode);
        foreach (var last in "xyA_-+!")
            Assert.Contains((await house.PostAsync(Path, "{}", null, $"Bearer {house.Key[..^2]}{last}{last}")).StatusCode,
                new[] { HttpStatusCode.Unauthorized });
        Assert.Empty(await house.BatchesAsync());
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
