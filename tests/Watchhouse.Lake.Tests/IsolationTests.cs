namespace Watchhouse.Lake.Tests;

/// <summary>A reader of one owner reaches nothing of another, whatever it asks.</summary>
public sealed class IsolationTests
{
    public static TheoryData<string> Hostile =>
    [
        "' OR '1'='1", "x' OR _Source LIKE '%", "'; SELECT * FROM read_parquet('{other}'); --",
        "' UNION ALL SELECT * FROM read_parquet('{other}') --", "\0' OR 1=1 --", "\\' OR 1=1 --", "$1", "?", "{other}",
        "x\"; ATTACH '{other}' AS o; --", "\u2019 OR 1=1", "%", "_",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Page_HostileFilterValue_IsOnlyAValue(string template)
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("mine"), TestLake.Row("theirs", "force-12", computer: "SECRET"));
        var value = template.Replace("{other}", await PathOfAsync(lake, "force-12"), StringComparison.Ordinal);
        await lake.StoreAsync(TestLake.Row("match", computer: value.Replace("\0", "", StringComparison.Ordinal)));

        foreach (var key in Enum.GetValues<LakeKey>())
        {
            var page = await lake.Reader.PageAsync(Query("force-1") with { Filters = [new LakeFilter(key, value)] });
            Assert.All(page.Entries, entry => Assert.Equal((value, LakeKey.Computer), (entry.Computer, key)));
            Assert.Equal(key == LakeKey.Computer && !value.Contains('\0', StringComparison.Ordinal) ? 1 : 0, page.Entries.Count);
        }
    }

    public static TheoryData<string> Reaching =>
    [
        "SELECT * FROM read_parquet('{other}')",
        "SELECT * FROM '{other}'",
        "SELECT * FROM parquet_scan(['{mine}', '{other}'])",
        "SELECT * FROM read_parquet('{root}/*/*/*.parquet')",
        "SELECT * FROM read_parquet('{root}/force-1/../force-12/*/*.parquet')",
        "SELECT * FROM read_blob('{other}')",
        "SELECT * FROM read_text('{manifest}')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_json('/proc/self/environ')",
        "SELECT * FROM glob('{root}/*')",
        "SELECT * FROM parquet_metadata('{other}')",
        "SELECT * FROM parquet_file_metadata('{other}')",
        "SELECT * FROM sniff_csv('{manifest}')",
        "SELECT * FROM query('SELECT * FROM read_parquet(''{other}'')')",
        "SELECT * FROM query_table('{other}')",
        "SELECT * FROM sqlite_scan('{manifest}', 'files')",
        "COPY (SELECT 1) TO '{mine}' (FORMAT parquet)",
        "COPY (SELECT 1) TO '{root}/force-1/evil.parquet' (FORMAT parquet)",
        "ATTACH '{root}/force-1/evil.db'",
        "EXPORT DATABASE '{root}/force-1/evil'",
        "CREATE TABLE t AS SELECT 1",
        "SET enable_external_access=true",
        "RESET lock_configuration",
        "PRAGMA threads=8",
        "INSTALL httpfs",
        "LOAD '{root}/force-1/evil.so'",
        "CALL pragma_version()",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY (SELECT 1) TO '{mine}'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{root}/force-1/evil.parquet'",
        "PREPARE p AS SELECT 1",
        "CREATE SECRET s (TYPE s3)",
        "",
        "SELECT 1\0; COPY (SELECT 1) TO '{mine}'",
    ];

    [Theory]
    [MemberData(nameof(Reaching))]
    public async Task Query_SqlThatReachesOutOrWrites_IsRefusedAndChangesNothing(string template)
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("mine"), TestLake.Row("theirs", "force-12"));
        var (mine, other) = (await PathOfAsync(lake, "force-1"), await PathOfAsync(lake, "force-12"));
        var before = await File.ReadAllBytesAsync(mine);
        var sql = template.Replace("{other}", other, StringComparison.Ordinal).Replace("{mine}", mine, StringComparison.Ordinal)
            .Replace("{root}", lake.Root, StringComparison.Ordinal)
            .Replace("{manifest}", Path.Combine(Path.GetDirectoryName(lake.Root)!, "manifest.db"), StringComparison.Ordinal);
        using (var session = await lake.Reader.OpenAsync(["force-1"]))
        {
            var refused = await Assert.ThrowsAsync<LakeQueryException>(() => session.QueryAsync(sql, [], reader => reader.Read()));
            Assert.DoesNotContain("No files found", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("syntax error", refused.Message, StringComparison.Ordinal);
            // The session goes on, and still sees its own.
            Assert.True(await session.QueryAsync($"SELECT count(*) FROM read_parquet('{mine}')", [], reader => reader.Read()));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(mine));
        Assert.Equal([mine], Directory.EnumerateFiles(Path.Combine(lake.Root, "force-1"), "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".ids", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Find_IdOfAnotherOwner_IsNotThere()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("theirs", "force-12"));

        Assert.Empty(await lake.Reader.FindAsync("force-1", [TestLake.Id("theirs")]));
        Assert.Single(await lake.Reader.FindAsync("force-12", [TestLake.Id("theirs")]));
        await Assert.ThrowsAsync<ArgumentException>(() => lake.Reader.FindAsync("force-1/../force-12", [TestLake.Id("theirs")]));
    }

    [Fact]
    public async Task Open_OfTwoOwners_SeesBothAndNoThird()
    {
        await using var lake = await TestLake.CreateAsync();
        await lake.StoreAsync(TestLake.Row("a"), TestLake.Row("b", "force-2"), TestLake.Row("c", "force-3"));

        var page = await lake.Reader.PageAsync(Query("force-1", "force-2"));

        Assert.Equal(["force-1", "force-2"], page.Entries.Select(entry => entry.Owner).Order());
        Assert.Empty((await lake.Reader.PageAsync(Query())).Entries);
    }

    private static LakePageQuery Query(params string[] owners) => new()
    {
        Owners = owners, Table = TestLake.Table, From = TestLake.Noon.AddDays(-1), To = TestLake.Noon.AddDays(1),
    };

    private static async Task<string> PathOfAsync(TestLake lake, string owner)
    {
        var file = Assert.Single(await lake.Manifest.ListAsync(new LakeFileQuery { Owners = [owner] }));
        return Path.Combine(lake.Root, owner, "2026-03-14", $"{file.Table}.{file.Id:N}.parquet");
    }
}
