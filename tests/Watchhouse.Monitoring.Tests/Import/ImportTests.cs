using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Telemetry;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Import;

/// <summary><c>watchhouse import</c>, as a person runs it, beside a house and without one.</summary>
public sealed class ImportTests
{
    private const string Log = "detection/regression/file_event_win_susp_lnk_double_extension/3215aa19-f060-4332-86d5-5602511f3ca8.evtx";

    private const string Rule = """
        title: Shortcut that poses as a document
        id: 7c1a1c52-7a0c-4d7e-9d4e-2f4d0a6c1b22
        level: high
        logsource: {product: windows, category: file_event}
        detection:
          selection: {TargetFilename|endswith: .lnk}
          condition: selection
        """;

    [Fact]
    public async Task Import_EvtxBeforeServe_IsAnAlertWhenItHasStarted()
    {
        var log = SharedData.Path(Log);
        using var data = await CentreAsync();

        var result = await RunAsync(data, log);

        Assert.Equal((0, ""), (result.ExitCode, Problems(result)));
        Assert.Contains("lie ready", result.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Spool(data));
        await using var house = await IngestHouse.StartAsync(data: data.FullName);
        var alert = await AlertAsync(house);
        Assert.Equal(("Shortcut that poses as a document", 1), (alert.GetProperty("title").GetString(), alert.GetProperty("events").GetInt64()));
        await UntilAsync(() => Spool(data).Length == 0);
    }

    [Fact]
    public async Task Import_EvtxWhileServing_IsAnAlertAndComesOnce()
    {
        var log = SharedData.Path(Log);
        using var data = await CentreAsync();
        await using var house = await IngestHouse.StartAsync(data: data.FullName);
        await UntilAsync(() => new ImportSpool(data.FullName).IsServed());

        var first = await RunAsync(data, log);
        var again = await RunAsync(data, log);

        Assert.Equal((0, ""), (first.ExitCode, Problems(first)));
        Assert.Contains("for KNT as source own, are in the journal.", first.Output, StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(1, (await AlertAsync(house)).GetProperty("events").GetInt64());
        var batch = Assert.Single(await house.BatchesAsync());
        Assert.Equal(("KNT", "own", "ndjson"), (batch.Owner, batch.Source, batch.Format));
        Assert.Empty(Spool(data));
    }

    [Theory]
    [InlineData("a.log", "Nov  2 09:00:00 h sudo: x\nNov  2 09:00:01 h sudo: y\n", "Nov  2 09:00:00 h sudo: x|Nov  2 09:00:01 h sudo: y")]
    [InlineData("a.json", "[{\"a\":\n1},\r\n{\"a\":2}]", "{\"a\": 1}|{\"a\":2}")]
    [InlineData("a.jsonl", "{\"a\":1}\n\n{\"a\":2}", "{\"a\":1}|{\"a\":2}")]
    [InlineData("a.csv", "User,What\nann,\"two\nlines\"\nbob,x\n", "{\"User\":\"ann\",\"What\":\"two\\nlines\"}|{\"User\":\"bob\",\"What\":\"x\"}")]
    [InlineData("a.log", "#Fields: date cs-method\n2026-11-02 GET\n", "{\"date\":\"2026-11-02\",\"cs-method\":\"GET\"}")]
    [InlineData("a.xml", "<Event><System><EventID>7</EventID><Computer>h</Computer></System></Event>", "{\"EventID\":7,\"Computer\":\"h\"}")]
    [InlineData("a.log", "5 <13>a7 <13>b\nc", "<13>a|<13>b c")]
    [InlineData("a.txt", "nothing known\nsecond\n", "nothing known|second")]
    public async Task Import_EachKindOfFile_MakesLinesThatStandForThemselves(string name, string content, string expected)
    {
        using var data = await CentreAsync();
        var file = data.File(name);
        await File.WriteAllTextAsync(file, content, IngestHouse.Now);

        var result = await RunAsync(data, file);

        Assert.Equal((0, ""), (result.ExitCode, Problems(result)));
        var batch = ImportSpool.Read(Assert.Single(Spool(data)));
        Assert.Equal(expected.Split('|').Length, batch.Count);
        Assert.Equal(expected.Split('|').Select(Canonical), Encoding.UTF8.GetString(batch.Payload.Span).Split('\n').Select(Canonical));
    }

    [Fact]
    public async Task Import_LinesWithoutAYear_GetThatOfTheFile()
    {
        using var data = await CentreAsync();
        var file = data.File("old.log");
        await File.WriteAllTextAsync(file, "Nov  2 09:00:00 h sudo: x\n", IngestHouse.Now);
        File.SetLastWriteTimeUtc(file, new DateTime(2019, 12, 24, 0, 0, 0, DateTimeKind.Utc));

        await RunAsync(data, file);

        var batch = ImportSpool.Read(Assert.Single(Spool(data)));
        DateTimeOffset? time = null;
        new PayloadEvents().Read(batch.Format, batch.Payload, DateTimeOffset.UtcNow, record => time = EventTime.Of(record));
        Assert.Equal(new DateTimeOffset(2019, 11, 2, 9, 0, 0, TimeSpan.Zero), time);
    }

    [Fact]
    public async Task Import_ManyEventsOfAFolder_AreInTheJournalOnceEach()
    {
        using var data = await CentreAsync();
        var folder = Directory.CreateDirectory(data.File("logs")).FullName;
        for (var number = 0; number < 3; number++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{number}.jsonl.gz"), IngestHouse.Gzip(Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Range(number * 20_000, 20_000).Select(i => $"{{\"number\":{i}}}\n")))), IngestHouse.Now);
        }

        await using var house = await IngestHouse.StartAsync(data: data.FullName);
        await UntilAsync(() => new ImportSpool(data.FullName).IsServed());
        var result = await RunAsync(data, folder);

        Assert.Equal((0, ""), (result.ExitCode, Problems(result)));
        Assert.Contains("60,000 events of 3 files", result.Output, StringComparison.Ordinal);
        var numbers = (await house.BatchesAsync()).SelectMany(batch => batch.Lines).Select(line => JsonNode.Parse(line)!["number"]!.GetValue<int>());
        Assert.Equal(Enumerable.Range(0, 60_000), numbers);
    }

    [Fact]
    public async Task Import_FileCutOff_TakesWhatCameBeforeAndEndsWithOne()
    {
        using var data = await CentreAsync();
        var file = data.File("cut.jsonl.gz");
        var packed = IngestHouse.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{{\"number\":{i},\"text\":\"{Guid.NewGuid()}\"}}\n"))));
        await File.WriteAllBytesAsync(file, packed[..(packed.Length / 2)], IngestHouse.Now);

        var result = await RunAsync(data, file);

        Assert.Equal(1, result.ExitCode);
        Assert.NotEmpty(result.Error);
        Assert.InRange(Spool(data).Sum(each => ImportSpool.Read(each).Count), 15_000, 49_999);
    }

    [Theory]
    [InlineData("QQQ", "own", "{\"a\":1}", "There is no force 'QQQ'")]
    [InlineData("KNT", "no name", "{\"a\":1}", "'no name' is no name of a source")]
    [InlineData("KNT", "own", "", "the file is empty")]
    [InlineData("KNT", "own", "\n\n", "there is no event in the file")]
    [InlineData("KNT", "own", "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0000\u0000", "of no known kind")]
    [InlineData("KNT", "own", null, "There is no file or directory")]
    public async Task Import_ThatCannotBe_EndsWithTwoAndSaysWhy(string force, string source, string? content, string reason)
    {
        using var data = await CentreAsync();
        var file = data.File("events.dat");
        if (content is not null) await File.WriteAllTextAsync(file, content, IngestHouse.Now);

        var result = await WatchhouseProgram.RunAsync(["import", file, "--force", force, "--source", source, "--data", data.FullName], IngestHouse.Now);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Empty(Spool(data));
    }

    [Fact]
    public async Task Import_WhereNoCentreIs_EndsWithTwo()
    {
        using var data = new TempDirectory();
        await File.WriteAllTextAsync(data.File("a.jsonl"), "{}", IngestHouse.Now);

        var result = await RunAsync(data, data.File("a.jsonl"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("There is no centre", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.File("import")));
    }

    [Fact]
    public async Task Serve_DamagedBatchOrOneOfNoForce_SetsItAsideAndTakesTheNext()
    {
        using var data = await CentreAsync();
        var spool = new ImportSpool(data.FullName);
        spool.Write("20261125-a", 0, Batch("KNT", "{\"a\":1}"));
        spool.Write("20261125-a", 1, Batch("QQQ", "{\"a\":2}"));
        spool.Write("20261125-a", 2, Batch("KNT", "{\"a\":3}"));
        var first = Spool(data)[0];
        var bytes = await File.ReadAllBytesAsync(first, IngestHouse.Now);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(first, bytes, IngestHouse.Now);

        await using var house = await IngestHouse.StartAsync(data: data.FullName);
        await UntilAsync(() => Spool(data).Length == 0);

        Assert.Equal(2, spool.Refused("20261125-a"));
        Assert.Equal(["{\"a\":3}"], (await house.BatchesAsync()).Select(batch => batch.Payload));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(spool.Directory));
    }

    private static ImportBatch Batch(string force, string payload) => new(force, "own", ImportFormats.Json, 1, payload, Encoding.UTF8.GetBytes(payload));

    // A directory in which a centre has been started once.
    private static async Task<TempDirectory> CentreAsync()
    {
        var data = new TempDirectory();
        Directory.CreateDirectory(data.File("rules"));
        await File.WriteAllTextAsync(data.File("rules/shortcut.yml"), Rule, IngestHouse.Now);
        await using var house = await TestHouse.StartAsync(null, IngestHouse.Now, data.FullName);
        await house.PersonAsync(ForceId.Centre, Role.CentreAdministrator);
        return data;
    }

    private static Task<WatchhouseResult> RunAsync(TempDirectory data, string file) =>
        WatchhouseProgram.RunAsync(["import", file, "--force", "KNT", "--source", "own", "--data", data.FullName], IngestHouse.Now);

    // On a slow machine lines of progress stand among them.
    private static string Problems(WatchhouseResult result) => string.Join('\n', result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.EndsWith(" events", StringComparison.Ordinal)));

    private static string[] Spool(TempDirectory data) => Directory.Exists(data.File("import"))
        ? [.. Directory.GetFiles(data.File("import"), "*.batch").Order(StringComparer.Ordinal)]
        : [];

    private static async Task<JsonElement> AlertAsync(IngestHouse house)
    {
        var officer = await house.House.PersonAsync(IngestHouse.Kent, Role.SecurityOfficer);
        List<JsonElement> alerts = [];
        for (var tries = 0; tries < 600 && alerts.Count == 0; tries++)
        {
            await Task.Delay(100, IngestHouse.Now);
            using var answer = await house.House.SendAsync(officer, HttpMethod.Get, "/api/v1/alerts");
            alerts = [.. (await answer.JsonAsync()).EnumerateArray()];
        }

        return Assert.Single(alerts);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var tries = 0; tries < 300 && !isSo(); tries++) await Task.Delay(100, IngestHouse.Now);
        Assert.True(isSo());
    }

    private static string Canonical(string line)
    {
        if (line[0] != '{') return line;
        var node = JsonNode.Parse(line)!.AsObject();
        return string.Join('|', node.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}={member.Value}"));
    }
}
