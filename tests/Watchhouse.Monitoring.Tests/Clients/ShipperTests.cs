using System.Globalization;
using System.Text;
using System.Text.Json;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Clients;

/// <summary>The programs that forces run, as Debian ships them, deliver every line once.</summary>
public sealed class ShipperTests
{
    private const int Lines = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Curl_SendingAPackedFile_DeliversEveryLine()
    {
        var curl = Shipper.Curl;
        await using var house = await IngestHouse.StartAsync();
        using var folder = new TempDirectory();
        var file = folder.File("events.ndjson.gz");
        await File.WriteAllBytesAsync(file, IngestHouse.Gzip(Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, Lines).Select(i => $"{{\"number\":{i}}}\n")))), IngestHouse.Now);

        await using var shipper = Shipper.Start(curl,
        [
            "--silent", "--show-error", "--fail-with-body", "-H", $"Authorization: Bearer {house.Key}", "-H", "Content-Type: application/x-ndjson",
            "-H", "Content-Encoding: gzip", "--data-binary", "@" + file, new Uri(house.House.Client.BaseAddress!, "/ingest/v1/events/curl").ToString(),
        ]);

        Assert.Contains($"\"accepted\":{Lines},\"rejected\":0", await shipper.EndAsync(), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, Lines), (await house.BatchesAsync()).SelectMany(b => b.Lines).Select(l => Number(l, "number")));
    }

    [Fact]
    public async Task Rsyslog_ByElasticsearchOutput_DeliversEveryLine()
    {
        var rsyslog = Shipper.Rsyslog;
        await using var house = await IngestHouse.StartAsync();
        using var folder = new TempDirectory();
        await WriteLogAsync(folder);
        await File.WriteAllTextAsync(folder.File("rsyslog.conf"), $$"""
            global(workDirectory="{{folder.FullName}}")
            module(load="imfile")
            module(load="omelasticsearch")
            input(type="imfile" file="{{folder.File("app.log")}}" tag="app")
            template(name="event" type="list" option.jsonf="on") {
              property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
              property(outname="host" name="hostname" format="jsonf")
              property(outname="message" name="msg" format="jsonf")
            }
            action(type="omelasticsearch" server="127.0.0.1" serverport="{{house.House.Client.BaseAddress!.Port}}"
              uid="collector" pwd="{{house.Key}}" template="event" searchIndex="linux" searchType="" bulkmode="on"
              action.resumeRetryCount="-1" queue.type="LinkedList" queue.dequeueBatchSize="500")
            """, IngestHouse.Now);

        await using var shipper = Shipper.Start(rsyslog, ["-n", "-f", folder.File("rsyslog.conf"), "-i", folder.File("pid")]);

        var batches = await ArrivedAsync(house);
        Assert.All(batches, b => Assert.Equal(("KNT", "linux", "elastic-document"), (b.Owner, b.Source, b.Format)));
        AssertEveryLineOnce(batches, "message");
    }

    [Fact]
    public async Task SyslogNg_ByHttp_DeliversEveryLine()
    {
        _ = Shipper.SyslogNgRoot;
        await using var house = await IngestHouse.StartAsync();
        using var folder = new TempDirectory();
        await WriteLogAsync(folder);

        await using var shipper = Shipper.SyslogNg(folder.FullName, SyslogNg(folder, $$"""
              url("{{new Uri(house.House.Client.BaseAddress!, "/ingest/v1/events/linux")}}")
              headers("Authorization: Bearer {{house.Key}}", "Content-Type: application/x-ndjson")
              body("$(format-json --scope rfc5424 --key ISODATE)")
              batch-lines(100) batch-timeout(500) delimiter("\n")
            """));

        var batches = await ArrivedAsync(house);
        Assert.All(batches, b => Assert.Equal(("KNT", "linux", "ndjson"), (b.Owner, b.Source, b.Format)));
        AssertEveryLineOnce(batches, "MESSAGE");
    }

    [Fact]
    public async Task SyslogNg_BySplunkCollector_DeliversEveryLine()
    {
        _ = Shipper.SyslogNgRoot;
        await using var house = await IngestHouse.StartAsync();
        using var folder = new TempDirectory();
        await WriteLogAsync(folder);

        await using var shipper = Shipper.SyslogNg(folder.FullName, SyslogNg(folder, $$"""
              url("{{new Uri(house.House.Client.BaseAddress!, "/services/collector/event")}}")
              headers("Authorization: Splunk {{house.Key}}")
              body('$(format-json --scope none time=double($S_UNIXTIME.$MSEC) host=$HOST sourcetype=linux event=$MSG)')
              batch-lines(100) batch-timeout(500) delimiter("")
            """));

        var batches = await ArrivedAsync(house);
        Assert.All(batches, b => Assert.Equal(("KNT", "linux", "hec-event"), (b.Owner, b.Source, b.Format)));
        AssertEveryLineOnce(batches, "event");
    }

    private static string SyslogNg(TempDirectory folder, string destination) => $$"""
        @version: 3.35
        source s_file { file("{{folder.File("app.log")}}" flags(no-parse) follow-freq(1) read-old-records(yes)); };
        destination d_watchhouse { http(
          method("POST")
        {{destination}}
        ); };
        log { source(s_file); destination(d_watchhouse); flags(flow-control); };
        """;

    private static Task WriteLogAsync(TempDirectory folder) => File.WriteAllTextAsync(folder.File("app.log"),
        string.Concat(Enumerable.Range(0, Lines).Select(i => $"line {i} with \"quotes\", \\ and é\n")), IngestHouse.Now);

    private static async Task<List<KeptBatch>> ArrivedAsync(IngestHouse house)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var batches = await house.BatchesAsync();
            if (batches.Sum(b => b.Count) >= Lines || watch.Elapsed > Patience) return batches;
            await Task.Delay(200, IngestHouse.Now);
        }
    }

    private static void AssertEveryLineOnce(List<KeptBatch> batches, string member)
    {
        var texts = batches.SelectMany(b => b.Lines).Select(l => Text(l, member).Trim()).ToList();
        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"line {i} with \"quotes\", \\ and é").Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }

    private static string Text(string line, string member)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(member).ToString();
    }

    private static int Number(string line, string member) => int.Parse(Text(line, member), CultureInfo.InvariantCulture);
}
