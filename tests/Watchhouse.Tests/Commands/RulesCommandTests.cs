using System.Text.Json;
using Watchhouse.Testing;

namespace Watchhouse.Tests.Commands;

/// <summary><c>watchhouse rules</c>, and what <c>detect</c> says of rules, as a person sees them.</summary>
public sealed class RulesCommandTests : IDisposable
{
    private const string Good = """
        title: Certutil fetches a file
        id: 11111111-1111-4111-8111-111111111111
        name: certutil
        logsource: {product: windows, category: process_creation}
        detection:
          image: {Image|endswith: '\certutil.exe'}
          text: {CommandLine|contains: [urlcache, verifyctl]}
          condition: all of them
        level: high
        """;

    private const string Others = """
        title: No list
        logsource: {product: windows, category: process_creation}
        detection: {s: {User|expand: '%admins%'}, condition: s}
        ---
        title: No source
        logsource: {product: abacus}
        detection: {s: {A: 1}, condition: s}
        ---
        title: No field
        logsource: {product: windows, category: image_load}
        detection: {s: {CommandLine: x}, condition: s}
        ---
        title: A filter
        logsource: {product: windows}
        filter: {rules: any, s: {User: nobody}, condition: not s}
        """;

    private readonly TempDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Check_Json_OneObjectARuleWithStatusAndReason()
    {
        var result = await RunAsync("rules", "check", Write("a.yml", Good), Write("b.yml", Others), "--format", "json");
        var rules = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            ["live", "placeholder-missing", "source-never-arrives", "field-never-arrives", "applied"],
            rules.Select(rule => rule.GetProperty("status").GetString()));
        Assert.Equal("11111111-1111-4111-8111-111111111111", rules[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, rules[0].GetProperty("reason").ValueKind);
        Assert.Equal([1, 1, 5, 9, 13], rules.Select(rule => rule.GetProperty("line").GetInt32()));
        Assert.Contains("admins", rules[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("CommandLine", rules[3].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_RejectedRule_EndsWithOneAndSaysWhere()
    {
        var path = Write("bad.yml", Good.Replace("|endswith", "|endwith", StringComparison.Ordinal));
        var result = await RunAsync("rules", "check", path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("bad.yml:6", result.Output, StringComparison.Ordinal);
        Assert.Contains("'endwith' is unknown", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 rule: 1 is rejected.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NothingReadable_EndsWithTwo()
    {
        Assert.Equal(2, (await RunAsync("rules", "check", _directory.File("nowhere"))).ExitCode);
        Assert.Equal(2, (await RunAsync("rules", "check", _directory.FullName)).ExitCode);
        Assert.Equal(2, (await RunAsync("rules", "check")).ExitCode);
    }

    [Fact]
    public async Task Check_ListMappingAndPipeline_ChangeWhatIsLive()
    {
        var lists = Write("lists.yaml.txt", "admins: [root, adm_*]\n");
        var table = Write("table.yaml.txt", "entries: [{name: abacus, source: {product: abacus}, when: {beads: '*'}}]\n");
        var pipeline = Write("pipeline.yaml.txt", "name: p\ntransformations: [{type: field_name_mapping, mapping: {CommandLine: ImageLoaded}, rule_conditions: [{type: logsource, category: image_load}]}]\n");
        var result = await RunAsync("rules", "check", Write("b.yml", Others), "--values", lists, "--mapping", table, "--pipeline", pipeline, "--format", "json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(3, result.Output.Split("\"live\"").Length - 1);
        Assert.Equal(2, result.Output.Split("\"applied\"").Length - 1);
    }

    [Fact]
    public async Task Check_PipelineThatCannotBeUsed_EndsWithTwoAndNamesTheLine()
    {
        var pipeline = Write("pipeline.yaml.txt", "name: p\ntransformations:\n- {type: field_name_magic}\n");
        var result = await RunAsync("rules", "check", Write("a.yml", Good), "--pipeline", pipeline);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("pipeline.yaml.txt:3: the transformation 'field_name_magic' is unknown", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_File_SaysHowTheRuleWasUnderstood()
    {
        var result = await RunAsync("rules", "explain", Write("a.yml", Good));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(@"Image ends with '\certutil.exe'", result.Output, StringComparison.Ordinal);
        Assert.Contains("CommandLine contains any of", result.Output, StringComparison.Ordinal);
        Assert.Contains("sysmon process_creation: Channel is Microsoft-Windows-Sysmon/Operational and EventID is 1", result.Output, StringComparison.Ordinal);
        Assert.Contains("Image: looked for as Image, NewProcessName; carried by security process_creation", result.Output, StringComparison.Ordinal);
        Assert.Contains("Status: live", result.Output, StringComparison.Ordinal);
        Assert.Contains("3 different tests", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certutil")]
    [InlineData("11111111-1111-4111-8111-111111111111")]
    public async Task Explain_IdOrNameWithEvents_MeasuresTheRule(string rule)
    {
        var events = Write("events.ndjson", Event("a", "certutil.exe -urlcache") + Event("a", "dir") + Event("b", "certutil.exe -urlcache"));
        var result = await RunAsync("rules", "explain", rule, "--rules", Write("a.yml", Good), "--events", events, "--format", "json");
        var json = JsonDocument.Parse(result.Output).RootElement;

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("live", json.GetProperty("status").GetString());
        Assert.Equal("all of", json.GetProperty("condition").GetProperty("words").GetString());
        Assert.Equal(3, json.GetProperty("measured").GetProperty("events").GetInt32());
        Assert.Equal(1, json.GetProperty("measured").GetProperty("matches").GetInt32());
    }

    [Fact]
    public async Task Explain_RuleThatIsNotThere_EndsWithTwo()
    {
        Assert.Contains("--rules", (await RunAsync("rules", "explain", "nobody")).Error, StringComparison.Ordinal);
        var result = await RunAsync("rules", "explain", "nobody", "--rules", Write("a.yml", Good));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("No rule has the id, name or title 'nobody'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detect_Summary_SaysWhatHasBecomeOfTheRules()
    {
        Write("a.yml", Good);
        Write("b.yml", Others);
        var events = Write("events.ndjson", Event("a", "certutil.exe -urlcache"));
        var result = await RunAsync("detect", "--rules", _directory.FullName, "--format", "json", events);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Certutil fetches a file", result.Output, StringComparison.Ordinal);
        Assert.Contains("5 rules: 1 live, 1 filter or pipeline is applied, 1 lacks a value list, 1 can never match for want of a source", result.Error, StringComparison.Ordinal);
        Assert.Contains("'watchhouse rules check PATH' says why", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detect_Pipeline_AppliedToTheRules()
    {
        var pipeline = Write("pipeline.yaml.txt", "name: p\ntransformations: [{type: field_name_mapping, mapping: {Image: proc, CommandLine: text}}]\n");
        var line = """{"Channel": "Security", "EventID": 4688, "proc": "C:\\certutil.exe", "text": "verifyctl"}""" + "\n";
        var result = await RunAsync("detect", "--rules", Write("a.yml", Good), "--pipeline", pipeline, "--format", "json", Write("events.ndjson", line));

        Assert.Contains("Certutil fetches a file", result.Output, StringComparison.Ordinal);
    }

    // Of two sources: a is Sysmon 1, b is something else.
    private static string Event(string source, string text) => JsonSerializer.Serialize(new
    {
        Channel = source == "a" ? "Microsoft-Windows-Sysmon/Operational" : "System",
        EventID = 1,
        Image = @"C:\Windows\System32\certutil.exe",
        CommandLine = text,
    }) + "\n";

    private static Task<WatchhouseResult> RunAsync(params string[] arguments) => WatchhouseProgram.RunAsync(arguments, Cancelled);

    private string Write(string name, string text)
    {
        var path = _directory.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
