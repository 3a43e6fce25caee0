using System.Net;
using System.Text;
using Watchhouse.Monitoring.Ingest.Elastic;

namespace Watchhouse.Monitoring.Tests.Ingest;

public sealed class ElasticTests
{
    [Theory]
    [InlineData("/_bulk")]
    [InlineData("/elastic/_bulk")]
    [InlineData("/elastic/ignored/_bulk?filter_path=errors")]
    public async Task Bulk_Mixed_AnswersEachItemInOrder(string path)
    {
        await using var house = await IngestHouse.StartAsync();
        const string body = """
            {"create":{"_index":"winlogbeat-8.1.0-2026.11.25"}}
            {"a":1}
            {"index":{"_index":"winlogbeat-8.1.0-2026.11.26","_id":"mine"}}
            {"b": 2}
            {"delete":{"_index":"x","_id":"1"}}
            {"update":{"_index":"x","_id":"2"}}
            {"doc":{"c":3}}
            {"create":{"_index":"other"}}
            nonsense
            {"create":{"_index":"other"}}
            {"d":4}

            """;

        var answer = await house.PostAsync(path, body, "application/x-ndjson");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Elasticsearch", answer.Headers.GetValues("X-Elastic-Product").Single());
        var told = await answer.JsonAsync();
        Assert.True(told.GetProperty("errors").GetBoolean());
        Assert.Equal(
            [("create", 201), ("index", 201), ("delete", 400), ("update", 400), ("create", 400), ("create", 201)],
            told.GetProperty("items").EnumerateArray().Select(i => i.EnumerateObject().Single())
                .Select(i => (i.Name, i.Value.GetProperty("status").GetInt32())));
        Assert.Equal("mine", told.GetProperty("items")[1].GetProperty("index").GetProperty("_id").GetString());
        var kept = await house.BatchesAsync();
        Assert.Equal([("other", "{\"d\":4}"), ("winlogbeat", "{\"a\":1}\n{\"b\": 2}")], kept.Select(k => (k.Source, k.Payload)).Order());
        Assert.All(kept, k => Assert.Equal(("KNT", "elastic-document"), (k.Owner, k.Format)));
    }

    [Fact]
    public async Task Bulk_IndexInTheAddress_IsTaken()
    {
        await using var house = await IngestHouse.StartAsync();

        var told = await (await house.PostAsync("/syslog-2026.11/_bulk", "{\"index\":{}}\n{\"a\":1}\n")).JsonAsync();

        Assert.False(told.GetProperty("errors").GetBoolean());
        Assert.Equal("syslog", Assert.Single(await house.BatchesAsync()).Source);
    }

    [Theory]
    [InlineData("nonsense\n{}\n")]
    [InlineData("{\"destroy\":{}}\n{}\n")]
    [InlineData("{\"create\":{},\"index\":{}}\n{}\n")]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Bulk_WithoutAction_IsRefusedWhole(string body)
    {
        await using var house = await IngestHouse.StartAsync();

        var answer = await house.PostAsync("/_bulk", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("illegal_argument_exception", (await answer.JsonAsync()).GetProperty("error").GetProperty("type").GetString());
        Assert.Empty(await house.BatchesAsync());
    }

    [Fact]
    public async Task Bulk_WithoutIndexOrDocument_RefusesTheItem()
    {
        await using var house = await IngestHouse.StartAsync();

        var told = await (await house.PostAsync("/_bulk", "{\"create\":{}}\n{\"a\":1}\n{\"create\":{\"_index\":\"x\"}}")).JsonAsync();

        Assert.Equal([BulkReader.NoIndex, BulkReader.NoDocument], told.GetProperty("items").EnumerateArray()
            .Select(i => i.GetProperty("create").GetProperty("error").GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Keys_InEveryFormOfItsClients_AreTaken()
    {
        await using var house = await IngestHouse.StartAsync();
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"collector:{house.Key}"));

        foreach (var header in new[] { $"Basic {pair}", $"ApiKey {pair}", $"ApiKey {house.Key}", $"Bearer {house.Key}" })
            Assert.Equal(HttpStatusCode.OK, (await house.PostAsync("/_bulk", "{\"create\":{\"_index\":\"x\"}}\n{\"a\":1}\n", null, header)).StatusCode);
        var wrong = await house.PostAsync("/_bulk", "", null, "Basic " + Convert.ToBase64String("collector:secret"u8));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("security_exception", (await wrong.JsonAsync()).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Probes_OfShippers_AreAnswered()
    {
        await using var house = await IngestHouse.StartAsync();
        (string method, string path)[] cases =
        [
            ("GET", "/elastic"),
            ("GET", "/elastic/"),
            ("HEAD", "/elastic/"),
            ("GET", "/_license"),
            ("GET", "/elastic/_license?human=false"),
            ("GET", "/_xpack"),
            ("GET", "/_cluster/health"),
            ("GET", "/_cat/health"),
            ("GET", "/elastic/_ilm/policy/winlogbeat"),
            ("PUT", "/elastic/_ilm/policy/winlogbeat"),
            ("HEAD", "/elastic/_index_template/winlogbeat-8.1.0"),
            ("PUT", "/_index_template/winlogbeat-8.1.0"),
            ("GET", "/elastic/_data_stream/winlogbeat-8.1.0"),
            ("PUT", "/elastic/_data_stream/winlogbeat-8.1.0"),
            ("GET", "/elastic/_ingest/pipeline/winlogbeat-8.1.0-routing"),
        ];

        foreach (var (method, path) in cases)
        {
            var answer = await house.GetAsync(path, method: new HttpMethod(method));

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("Elasticsearch", answer.Headers.GetValues("X-Elastic-Product").Single());
            Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("winlogbeat-8.1.0-2026.11.25", "winlogbeat")]
    [InlineData("logs-nginx-default", "logs-nginx-default")]
    [InlineData("web01", "web01")]
    [InlineData("2026.11.25", "elastic")]
    [InlineData("<odd/name>", "odd-name")]
    public void SourceOf_Index_StaysTheSameWhenTheDayTurns(string index, string source) => Assert.Equal(source, BulkReader.SourceOf(index));
}
