using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Watchhouse.Monitoring.Ingest;
using Watchhouse.Monitoring.Ingest.Otlp;

namespace Watchhouse.Monitoring.Tests.Ingest;

public sealed class OtlpTests
{
    private const string Proto = "application/x-protobuf";

    private const string JsonRequest = """
        {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]},
          "scopeLogs":[{"scope":{"name":"lib","version":"1.0","attributes":[]},"logRecords":[
            {"timeUnixNano":"1544712660300000000","severityNumber":10,"severityText":"Information","traceId":"5b8efff798038103d269b633813fc60c",
             "body":{"stringValue":"Example"},"attributes":[{"key":"n","value":{"intValue":"-5"}},{"key":"d","value":{"doubleValue":1.5}},
              {"key":"b","value":{"boolValue":true}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":7}]}}},
              {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"v"}}]}}}]}]}]}]}
        """;

    private const string Event = "{\"timeUnixNano\":\"1544712660300000000\",\"severityNumber\":10,\"severityText\":\"Information\","
        + "\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"body\":\"Example\","
        + "\"attributes\":{\"n\":-5,\"d\":1.5,\"b\":true,\"list\":[\"x\",7],\"map\":{\"k\":\"v\"}},"
        + "\"resource\":{\"attributes\":{\"service.name\":\"checkout\"}},\"scope\":{\"name\":\"lib\",\"version\":\"1.0\",\"attributes\":{}}}";

    [Fact]
    public async Task Json_Request_BecomesOneEventARecord()
    {
        await using var house = await IngestHouse.StartAsync();

        var answer = await house.PostAsync("/v1/logs", JsonRequest, "application/json");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync(IngestHouse.Now));
        var kept = Assert.Single(await house.BatchesAsync());
        Assert.Equal(("KNT", "checkout", "otlp-record", 1, Event), (kept.Owner, kept.Source, kept.Format, kept.Count, kept.Payload));
    }

    [Fact]
    public async Task Proto_Request_BecomesTheSameEvent()
    {
        await using var house = await IngestHouse.StartAsync();

        var answer = await house.PostAsync("/v1/logs", IngestHouse.Gzip(Request(Record())), Proto, "gzip");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((Proto, 0L), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentLength));
        Assert.Equal(Event, Assert.Single(await house.BatchesAsync()).Payload);
    }

    [Fact]
    public async Task Proto_BadRecordAmongGood_IsPartialSuccess()
    {
        await using var house = await IngestHouse.StartAsync();
        byte[] notUtf8 = Field(5, Field(1, [0xFF]));

        var answer = await house.PostAsync("/v1/logs", Request(Record(), notUtf8), Proto);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var partial = Field(2, Encoding.UTF8.GetBytes("Record 2: It is not UTF-8."));
        Assert.Equal(Field(1, [8, 1, .. partial]), await answer.Content.ReadAsByteArrayAsync(IngestHouse.Now));
        Assert.Equal(1, Assert.Single(await house.BatchesAsync()).Count);
    }

    [Fact]
    public async Task Json_BadRecordAmongGood_IsPartialSuccess()
    {
        await using var house = await IngestHouse.StartAsync();
        var value = "{\"stringValue\":\"x\"}";
        for (var i = 0; i < 40; i++) value = "{\"arrayValue\":{\"values\":[" + value + "]}}";

        var answer = await house.PostAsync("/v1/logs",
            $"{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{\"body\":{value}}},{{\"body\":{{\"stringValue\":\"ok\"}}}},7]}}]}}]}}", "application/json");

        var partial = (await answer.JsonAsync()).GetProperty("partialSuccess");
        Assert.Equal(("2", "Record 1: It is nested deeper than 32 levels."),
            (partial.GetProperty("rejectedLogRecords").GetString(), partial.GetProperty("errorMessage").GetString()));
        Assert.Equal("{\"body\":\"ok\",\"attributes\":{}}", Assert.Single(await house.BatchesAsync()).Payload);
    }

    [Fact]
    public async Task Request_ThatIsNone_IsRefusedInItsOwnCoding()
    {
        await using var house = await IngestHouse.StartAsync();
        (string type, string body, int status)[] cases =
        [
            ("application/json", "nonsense", 400),
            ("application/json", "[]", 400),
            ("application/json", "{\"resourceLogs\":7}", 400),
            (Proto, "nonsense", 400),
            ("text/plain", "{}", 415),
        ];

        foreach (var (type, body, status) in cases)
        {
            var answer = await house.PostAsync("/v1/logs", body, type);

            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(type == "application/json" ? type : Proto, answer.Content.Headers.ContentType!.MediaType);
            Assert.Empty(await house.BatchesAsync());
        }
    }

    [Fact]
    public async Task Proto_OfLargeResourceAndManyRecords_IsBounded()
    {
        await using var house = await IngestHouse.StartAsync();
        var resource = Field(1, Field(1, [.. Field(1, "k"u8.ToArray()), .. Field(2, Field(1, new byte[500_000].Select(_ => (byte)'x').ToArray()))]));
        byte[] records = [.. Enumerable.Repeat(Field(2, Field(5, Field(1, "m"u8.ToArray()))), 2000).SelectMany(r => r)];

        var answer = await house.PostAsync("/v1/logs", Field(1, [.. resource, .. Field(2, records)]), Proto);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public void Proto_AnyBytes_AreReadOrRefused()
    {
        var good = Request(Record(), Record());
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 8].Sample(changes =>
        {
            var bytes = good.ToArray();
            foreach (var (at, value) in changes) bytes[at] = value;
            try
            {
                foreach (var batch in OtlpProto.Read(bytes, new IngestLimits()).Batches())
                    foreach (var line in Encoding.UTF8.GetString(batch.Payload.Span).Split('\n'))
                        JsonDocument.Parse(line).Dispose();
            }
            catch (ProtoException)
            {
            }
        });
    }

    [Fact]
    public void Json_AnyText_IsReadOrRefused() => Gen.Select(Gen.Int[0, JsonRequest.Length - 1], Gen.Char[' ', '~']).Array[0, 6].Sample(changes =>
    {
        var text = Encoding.UTF8.GetBytes(JsonRequest);
        foreach (var (at, value) in changes) text[at] = (byte)value;
        try
        {
            foreach (var batch in OtlpJson.Read(text, new IngestLimits()).Batches())
                foreach (var line in Encoding.UTF8.GetString(batch.Payload.Span).Split('\n'))
                    JsonDocument.Parse(line).Dispose();
        }
        catch (Exception e) when (e is ProtoException or JsonException)
        {
        }
    });

    private static byte[] Request(params byte[][] records) => Field(1,
    [
        .. Field(1, Field(1, [.. Field(1, "service.name"u8.ToArray()), .. Field(2, Field(1, "checkout"u8.ToArray()))])),
        .. Field(2, [.. Field(1, [.. Field(1, "lib"u8.ToArray()), .. Field(2, "1.0"u8.ToArray())]), .. records.SelectMany(r => Field(2, r))]),
    ]);

    private static byte[] Record() =>
    [
        (1 << 3) | 1, .. BitConverter.GetBytes(1544712660300000000UL),
        2 << 3, 10,
        .. Field(3, "Information"u8.ToArray()),
        .. Field(9, Convert.FromHexString("5b8efff798038103d269b633813fc60c")),
        .. Field(5, Field(1, "Example"u8.ToArray())),
        .. Attribute("n", [3 << 3, 0xFB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        .. Attribute("d", [(4 << 3) | 1, .. BitConverter.GetBytes(1.5)]),
        .. Attribute("b", [2 << 3, 1]),
        .. Attribute("list", Field(5, [.. Field(1, Field(1, "x"u8.ToArray())), .. Field(1, [3 << 3, 7])])),
        .. Attribute("map", Field(6, Field(1, [.. Field(1, "k"u8.ToArray()), .. Field(2, Field(1, "v"u8.ToArray()))]))),
    ];

    private static byte[] Attribute(string key, byte[] value) => Field(6, [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, value)]);

    private static byte[] Field(int number, byte[] value)
    {
        var length = new List<byte>();
        var rest = (uint)value.Length;
        for (; rest >= 0x80; rest >>= 7) length.Add((byte)(rest | 0x80));
        length.Add((byte)rest);
        return [(byte)((number << 3) | 2), .. length, .. value];
    }
}
