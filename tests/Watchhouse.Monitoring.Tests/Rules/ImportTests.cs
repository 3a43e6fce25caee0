using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Monitoring.Detection;
using Watchhouse.Monitoring.Rules;
using Watchhouse.Monitoring.Rules.Import;
using Watchhouse.Monitoring.Tests.Ingest;
using Watchhouse.Platform.Acting;
using Watchhouse.Testing;
using Watchhouse.Tests.Hosting;

namespace Watchhouse.Monitoring.Tests.Rules;

public sealed class ImportTests
{
    private static string Id(int number) => $"3d6f9c6e-6f0e-4a39-9a3b-0c6f0f5a1b{number:00}";

    [Fact]
    public Task Import_OnSqlite_DoesWhatWasSeen() => ImportsAsync(null);

    [Fact]
    public async Task Import_OnPostgres_DoesWhatWasSeen()
    {
        _ = Servers.Postgres;
        await using var database = await PostgresDatabase.CreateAsync(IngestHouse.Now);
        await ImportsAsync(database.ConnectionString);
    }

    private static async Task ImportsAsync(string? postgres)
    {
        await using var house = await RuleHouse.StartAsync(postgres);
        var first = Zip(
            ("rules/a.yml", RuleHouse.Rule(Id(1), 4625, "A")), ("rules/b.yml", RuleHouse.Rule(Id(2), 4626, "B")), ("rules/c.yml", RuleHouse.Rule(Id(3), 4627, "C")),
            ("rules/broken.yml", "title: Broken\nlogsource: {product: windows}\ndetection: {condition: nothing}\n"),
            ("rules/again.yml", RuleHouse.Rule(Id(1), 4999)), ("deprecated/old.yml", RuleHouse.Rule(Id(9), 4625)), ("README.md", "no rule"));

        var seen = await PostAsync(house, first);
        Assert.False(seen.GetProperty("applied").GetBoolean());
        // Of two files with one id, the first by path is taken.
        Assert.Equal(["A", "B", "C"], Titles(seen, "new"));
        Assert.Equal(["rules/again.yml", "rules/broken.yml"], seen.GetProperty("unusable").EnumerateArray().Select(fault => fault.GetProperty("path").GetString()));
        Assert.Equal(0, (await house.GetAsync(house.Centre, "/api/v1/rules?source=release")).GetProperty("total").GetInt32());
        await PostAsync(house, first, "&apply=00", HttpStatusCode.Conflict);
        var token = seen.GetProperty("token").GetString();
        // The token is of this package, these options and these rules.
        await PostAsync(house, first, $"&apply={token}&state=draft", HttpStatusCode.Conflict);
        Assert.True((await PostAsync(house, first, $"&apply={token}")).GetProperty("applied").GetBoolean());
        var rules = (await house.GetAsync(house.Centre, "/api/v1/rules?source=release")).GetProperty("rules").EnumerateArray().ToList();
        Assert.All(rules, rule => Assert.Equal("Testing", rule.GetProperty("state").GetString()));
        Assert.Equal(3, rules.Count);

        // Somebody edits one; the next release changes two and drops one.
        var edited = rules.Single(rule => rule.GetProperty("key").GetString() == Id(2));
        await house.SendAsync(house.Centre, HttpMethod.Put, $"/api/v1/rules/{edited.GetProperty("id").GetGuid()}",
            new { version = edited.GetProperty("version").GetUInt32(), text = RuleHouse.Rule(Id(2), 4699, "B"), why = "Ours is another." });
        var second = Zip(
            ("rules/moved/again.yml", RuleHouse.Rule(Id(1), 5000)), ("rules/b.yml", RuleHouse.Rule(Id(2), 5001, "B")), ("rules/d.yml", RuleHouse.Rule(Id(4), 4627, "D")));
        seen = await PostAsync(house, second);
        Assert.Equal(["D"], Titles(seen, "new"));
        Assert.Equal(["A test rule"], Titles(seen, "changed"));
        Assert.Contains("+  selection: {EventID: 5000}", seen.GetProperty("changed")[0].GetProperty("difference").GetString(), StringComparison.Ordinal);
        Assert.Equal(["B"], Titles(seen, "keptEdits"));
        Assert.Equal(["C"], Titles(seen, "removed"));
        await PostAsync(house, second, $"&apply={seen.GetProperty("token").GetString()}");

        rules = [.. (await house.GetAsync(house.Centre, "/api/v1/rules?source=release")).GetProperty("rules").EnumerateArray()];
        Assert.Equal("Retired", rules.Single(rule => rule.GetProperty("title").GetString() == "C").GetProperty("state").GetString());
        var kept = await house.GetAsync(house.Centre, $"/api/v1/rules/{edited.GetProperty("id").GetGuid()}");
        Assert.Contains("4699", kept.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("5001", kept.GetProperty("shippedText").GetString(), StringComparison.Ordinal);
        seen = await PostAsync(house, second);
        Assert.Equal((0, 3), (seen.GetProperty("changed").GetArrayLength() + seen.GetProperty("new").GetArrayLength() + seen.GetProperty("removed").GetArrayLength(), seen.GetProperty("unchanged").GetInt32()));
    }

    [Fact]
    public async Task Package_ThatIsNone_IsRefusedWithASentence()
    {
        await using var house = await RuleHouse.StartAsync();

        foreach (var body in new[] { "no package"u8.ToArray(), "PK\u0003\u0004 damaged"u8.ToArray(), [0x1f, 0x8b, 1, 2, 3], Zip(("README.md", "x")) })
        {
            var problem = await PostAsync(house, body, "", HttpStatusCode.BadRequest);
            Assert.Equal("package", problem.GetProperty("field").GetString());
            Assert.EndsWith(".", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        await PostAsync(house, Zip(("a.yml", RuleHouse.Rule(Id(1), 1))), "&state=live", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Release_OfSigmaHq_IsImportedAndRuns()
    {
        var release = SharedData.Path("detection/rules/sigmahq-8eaafff.tar.gz");
        await using var house = await RuleHouse.StartAsync();
        var before = house.Services.GetRequiredService<RuleBook>();
        await house.CompiledAsync();
        var national = before.Status.Rules;

        var package = await File.ReadAllBytesAsync(release, IngestHouse.Now);
        var seen = await PostAsync(house, package);
        await PostAsync(house, package, $"&apply={seen.GetProperty("token").GetString()}");
        await house.CompiledAsync();

        var added = seen.GetProperty("new").GetArrayLength();
        Assert.True(added > 3_500, $"{added} rules");
        Assert.True(before.Status.Rules > national + added - 60, $"{before.Status}");
        Assert.True(seen.GetProperty("unusable").GetArrayLength() == 0, seen.GetProperty("unusable").ToString());
        Assert.Equal(added, (await PostAsync(house, package)).GetProperty("unchanged").GetInt32());
        TestContext.Current.SendDiagnosticMessage($"{added} rules imported, compiled in {before.Status.Seconds:0.00} s.");
        // It detects with them: one in testing, on an event that it is for.
        await house.PostAsync(IngestHouse.Kent, """{"EventID":1102,"Channel":"Security","Provider_Name":"Microsoft-Windows-Eventlog","Computer":"HOST1","TimeCreated":"2026-11-20T09:00:00Z"}""");
        await house.LookedAtAsync();
        Assert.Contains((await house.GetAsync(house.Kent, "/api/v1/rules/noise")).EnumerateArray(), row => row.GetProperty("isTesting").GetBoolean());
    }

    [Fact]
    public void Difference_OfLines_IsThatOfTheTexts()
    {
        Assert.Equal("", LineDifference.Of("a\nb\n", "a\r\nb"));
        Assert.Equal(" a\n-b\n+x\n c\n", LineDifference.Of("a\nb\nc", "a\nx\nc"));
        Assert.Equal("-a\n+b\n 1\n 2\n 3\n…\n 7\n 8\n 9\n-c\n", LineDifference.Of("a\n1\n2\n3\n4\n5\n6\n7\n8\n9\nc", "b\n1\n2\n3\n4\n5\n6\n7\n8\n9"));
    }

    [Fact]
    public void Folder_IsReadAsAReleaseIs()
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder.File("rules/other"));
        Directory.CreateDirectory(folder.File("unsupported"));
        File.WriteAllText(folder.File("rules/a.yml"), "\uFEFFtitle: a");
        File.WriteAllText(folder.File("rules/other/b.yaml"), "title: b");
        File.WriteAllText(folder.File("unsupported/c.yml"), "title: c");
        File.WriteAllText(folder.File("rules/large.yml"), new string('x', 3_000_000));

        var files = RulePackage.Read(folder.FullName);

        Assert.Equal(["rules/a.yml", "rules/large.yml", "rules/other/b.yaml"], files.Select(file => file.Path));
        Assert.Equal("title: a", files[0].Text);
        Assert.Contains("limit", RuleText.Read(files[1].Text).Fault!.What, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Titles(JsonElement report, string list) =>
        report.GetProperty(list).EnumerateArray().Select(row => row.GetProperty("title").GetString()).Order(StringComparer.Ordinal);

    private static async Task<JsonElement> PostAsync(RuleHouse house, byte[] package, string more = "", HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/rules/import?name=test" + more) { Content = new ByteArrayContent(package) };
        request.Headers.Add("X-Test-Person", $"{house.Centre.Id}/{house.Centre.Session}");
        using var answer = await house.House.House.Client.SendAsync(request, IngestHouse.Now);
        var text = await answer.Content.ReadAsStringAsync(IngestHouse.Now);
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode} {text[..Math.Min(text.Length, 500)]}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static byte[] Zip(params (string Path, string Text)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                using var stream = zip.CreateEntry(path).Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }
}
