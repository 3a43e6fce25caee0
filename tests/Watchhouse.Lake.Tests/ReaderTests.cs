using CsCheck;

namespace Watchhouse.Lake.Tests;

/// <summary>Pages and queries.</summary>
public sealed class ReaderTests
{
    private static readonly string[] Starts =
        ["{\"ResultCode\":", "{\"UserPrincipalName\":\"", "{", "[", "", "{\"LocationDetails\":{\"a\":", "{\"CreatedDateTime\":\"2026-"];

    private static readonly string[] Ends = ["", "}", "\"}", "}}", "\\\"}", "\\ud800\"}"];

    private static readonly LakePageQuery All = new()
    {
        Owners = ["force-1"], Table = TestLake.Table, From = TestLake.Noon.AddDays(-9), To = TestLake.Noon.AddDays(9), Most = 7,
    };

    [Fact]
    public async Task Page_OneAfterTheOther_ShowsEveryEventOnceNewestFirst()
    {
        await using var lake = await TestLake.CreateAsync();
        var random = new Random(4711);
        var rows = Enumerable.Range(0, 60)
            // Many share an instant, so that the id has to decide.
            .Select(i => TestLake.Row($"{i}", time: TestLake.Noon.AddDays(random.Next(3)).AddSeconds(random.Next(4)), computer: $"h{i % 3}"))
            .ToArray();
        foreach (var part in rows.Chunk(11))
            await lake.StoreAsync(part);

        var seen = new List<LakeEntry>();
        for (LakeCursor? after = null; ;)
        {
            var page = await lake.Reader.PageAsync(All with { After = after });
            seen.AddRange(page.Entries);
            if ((after = page.Next) is null) break;
            Assert.Equal(7, page.Entries.Count);
        }

        Assert.Equal(rows.Select(row => row.EventId).Order(), seen.Select(entry => entry.EventId).Order());
        Assert.Equal(seen.Select(entry => entry.Time).OrderDescending(), seen.Select(entry => entry.Time));
    }

    [Fact]
    public async Task Page_RangeAndFilters_AreExact()
    {
        await using var lake = await TestLake.CreateAsync();
        var rows = Enumerable.Range(0, 200).Select(i => TestLake.Row(
            $"{i}", time: TestLake.Noon.AddMinutes(i), computer: $"h{i % 5}", source: i % 2 == 0 ? "entra" : "sysmon")).ToArray();
        await lake.StoreAsync(rows);

        foreach (var (from, to, computer, source) in new[] { (0, 200, "h3", "entra"), (17, 90, "h0", "sysmon"), (50, 51, "h0", "entra"), (90, 90, "h0", "entra") })
        {
            var page = await lake.Reader.PageAsync(All with
            {
                From = TestLake.Noon.AddMinutes(from),
                To = TestLake.Noon.AddMinutes(to),
                Most = 1000,
                Filters = [new LakeFilter(LakeKey.Computer, computer), new LakeFilter(LakeKey.Source, source)],
            });
            var expected = Enumerable.Range(from, to - from).Where(i => $"h{i % 5}" == computer && (i % 2 == 0) == (source == "entra"));
            Assert.Equal(expected.Reverse().Select(i => TestLake.Id($"{i}")), page.Entries.Select(entry => entry.EventId));
        }
    }

    [Fact]
    public async Task Read_ColumnsNamedAsTheEnginesOwn_AreColumns()
    {
        await using var lake = await TestLake.CreateAsync();
        const string Columns = """{"FileName":"a.exe","Order":"1","select":"*"}""";
        await lake.StoreAsync(TestLake.Row("a", table: "DeviceFileEvents", columns: Columns));
        await lake.StoreAsync(TestLake.Row("b", table: "DeviceFileEvents", columns: Columns));
        await (await lake.KeeperAsync()).CompactAsync(new LakeCompactionOptions { MinFiles = 2 });

        Assert.Equal(2, (await lake.Reader.PageAsync(All with { Table = "DeviceFileEvents" })).Entries.Count);
        var found = Assert.Single(await lake.Reader.FindAsync("force-1", [TestLake.Id("a")]));
        Assert.Equal(Columns, TestLake.Text(found.Columns));
        using var session = await lake.Reader.OpenAsync(["force-1"]);
        var from = await session.FromAsync("DeviceFileEvents", TestLake.Noon, TestLake.Noon.AddDays(1));
        Assert.Equal("a.exe", await session.QueryAsync($"SELECT FileName, _File FROM {from} WHERE \"Order\" = '1'", [], reader => reader.Read() ? reader.GetString(0) : ""));
    }

    [Fact]
    public async Task Query_FilesWithDifferentColumns_AreOneTableWithAllOfThem()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a", columns: """{"ResultCode":1}"""));
        await lake.StoreAsync(TestLake.Row("b", columns: """{"AppDisplayName":"x"}"""));
        await lake.StoreAsync(TestLake.Row("c"));
        using var session = await lake.Reader.OpenAsync(["force-1"]);

        var from = await session.FromAsync(TestLake.Table, TestLake.Noon, TestLake.Noon.AddDays(1));
        var rows = await session.QueryAsync(
            $"SELECT decode(_Raw), ResultCode, AppDisplayName, RiskScore FROM {from} WHERE _Time >= ? ORDER BY 1", [TestLake.Noon.UtcDateTime],
            reader =>
            {
                var found = new List<string>();
                while (reader.Read())
                    found.Add(string.Join('|', Enumerable.Range(0, 4).Select(i => reader.IsDBNull(i) ? "-" : $"{reader.GetValue(i)}")));
                return found;
            });

        Assert.Equal(["a|1|-|-", "b|-|x|-", "c|-|-|-"], rows);
        var none = await session.FromAsync("Syslog", TestLake.Noon, TestLake.Noon.AddDays(1));
        Assert.False(await session.QueryAsync($"SELECT SyslogMessage, ProcessID FROM {none}", [], reader => reader.Read()));
    }

    [Fact]
    public async Task Read_FileDeletedBetweenListingAndReading_AsksTheManifestAgain()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a"));
        await lake.StoreAsync(TestLake.Row("b"));
        var keeper = await lake.KeeperAsync();
        var slow = new SlowManifest(lake.Manifest, async () =>
        {
            await keeper.CompactAsync(new LakeCompactionOptions { MinFiles = 2 });
            lake.Time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(2, await keeper.SweepAsync());
        });
        using var reader = new LakeReader(lake.Options, slow, TestLake.Schema);

        Assert.Equal(2, (await reader.PageAsync(All)).Entries.Count);
        Assert.Equal(2, slow.Lists);
    }

    [Fact]
    public async Task Query_Cancelled_EndsSoon()
    {
        await using var lake = await TestLake.CreateAsync();
        using var session = await lake.Reader.OpenAsync(["force-1"]);
        using var stop = new CancellationTokenSource(200);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            session.QueryAsync("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3", [], reader => reader.Read(), stop.Token));
    }

    [Fact]
    public async Task Query_NeedsTooMuchMemory_FailsAndTheReaderGoesOn()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a"));
        using var reader = new LakeReader(lake.Options with { QueryMemoryMiB = 32 }, lake.Manifest, TestLake.Schema);
        using (var session = await reader.OpenAsync(["force-1"]))
            await Assert.ThrowsAsync<LakeQueryException>(() => session.QueryAsync(
                "SELECT list(md5(range::VARCHAR)) FROM range(5000000)", [], rows => rows.Read()));

        Assert.Single((await reader.PageAsync(All)).Entries);
    }

    [Fact]
    public async Task Open_MoreThanMayRun_Waits()
    {
        await using var lake = await TestLake.CreateAsync();
        var first = await lake.Reader.OpenAsync(["force-1"]);
        using var second = await lake.Reader.OpenAsync(["force-1"]);

        var third = lake.Reader.OpenAsync(["force-1"]);
        using var stop = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lake.Reader.OpenAsync(["force-1"], stop.Token));
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public void Append_AnyBytesAsColumns_AreStored() => Gen.Select(
            Gen.Int[0, Starts.Length - 1].Select(i => Starts[i]), Gen.Byte.Array[0, 40], Gen.Int[0, Ends.Length - 1].Select(i => Ends[i]))
        .Select((start, middle, end) => (byte[])[.. TestLake.Utf8(start), .. middle, .. TestLake.Utf8(end)])
        .Array[64].Sample(
            columns =>
            {
                StoreAndCountAsync(columns).GetAwaiter().GetResult();
            },
            iter: 25, threads: 1);

    private static async Task StoreAndCountAsync(byte[][] columns)
    {
        await using var lake = await TestLake.CreateAsync();
        var rows = columns.Select((bytes, i) => TestLake.Row($"{i}") with { Columns = bytes, UnknownFields = bytes }).ToArray();
        await lake.StoreAsync(rows);
        var found = await lake.Reader.FindAsync("force-1", [.. rows.Select(row => row.EventId)]);
        Assert.Equal(rows.Length, found.Count);
        foreach (var each in found)
        {
            using var known = System.Text.Json.JsonDocument.Parse(each.Columns);
            if (!each.UnknownFields.IsEmpty)
                System.Text.Json.JsonDocument.Parse(each.UnknownFields, new() { MaxDepth = 600 }).Dispose();
        }
    }
}
