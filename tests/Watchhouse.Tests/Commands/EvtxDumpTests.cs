using System.Diagnostics;
using System.Text.Json.Nodes;
using Watchhouse.Telemetry.Tests;
using Watchhouse.Testing;

namespace Watchhouse.Tests.Commands;

/// <summary><c>watchhouse evtx dump</c>, as a person runs it.</summary>
public sealed class EvtxDumpTests
{
    [Fact]
    public async Task Dump_WholeLog_OneObjectARecord()
    {
        using var directory = new TempDirectory();
        var result = await DumpAsync(directory, EvtxFile.Of(EvtxFile.Events(1, 40).Finish()));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Error);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(40, lines.Length);
        Assert.Equal(7, JsonNode.Parse(lines[6])!["Event"]!["System"]!["EventRecordID"]!.GetValue<long>());
    }

    [Fact]
    public async Task Dump_Flat_FieldsAsRulesSeeThem()
    {
        using var directory = new TempDirectory();
        var result = await DumpAsync(directory, EvtxFile.Of(EvtxFile.Events(5, 1).Finish()), "--flat");

        Assert.Equal("0x3e7", JsonNode.Parse(result.Output)!["LogonId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Dump_DamagedLog_WarnsSumsUpAndPrintsTheRest()
    {
        var chunk = EvtxFile.Events(1, 10);
        var (first, second) = (chunk.Finish(), EvtxFile.Events(11, 10).Finish());
        first[chunk.Records[3]] = 0;
        second[0] = 0;
        using var directory = new TempDirectory();

        var result = await DumpAsync(directory, EvtxFile.Of(first, second));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(9, result.Output.Count(each => each == '\n'));
        Assert.Contains("record 4: Chunk 1, byte", result.Error, StringComparison.Ordinal);
        Assert.Contains("Chunk 2 was passed over", result.Error, StringComparison.Ordinal);
        Assert.Contains("9 records read, 1 rejected; 1 chunks read, 1 passed over.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"EventID\":1}\n", "not a Windows event log")]
    [InlineData("", "not a Windows event log")]
    public async Task Dump_OtherFile_EndsWithTwoAndSaysWhy(string content, string reason)
    {
        using var directory = new TempDirectory();
        var result = await DumpAsync(directory, System.Text.Encoding.UTF8.GetBytes(content));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_NoSuchFile_EndsWithTwoAndSaysWhy()
    {
        var result = await WatchhouseProgram.RunAsync(["evtx", "dump", "/no/such/file.evtx"], TestContext.Current.CancellationToken);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("/no/such/file.evtx", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_ReaderGoesAway_EndsQuietly()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Needs a shell with pipes.");
        using var directory = new TempDirectory();
        var log = directory.File("long.evtx");
        await File.WriteAllBytesAsync(
            log, EvtxFile.Of(Enumerable.Range(0, 60).Select(each => EvtxFile.Events((ulong)(each * 100) + 1, 100).Finish())), TestContext.Current.CancellationToken);

        using var shell = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "{ dotnet exec \"$0\" evtx dump \"$1\"; echo \"exit $?\" >&2; } | head -n 1", WatchhouseProgram.Assembly, log])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal("exit 0\n", error);
        Assert.StartsWith("{\"Event\"", await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<WatchhouseResult> DumpAsync(TempDirectory directory, byte[] content, params string[] options)
    {
        var file = directory.File("test.evtx");
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        return await WatchhouseProgram.RunAsync(["evtx", "dump", file, .. options], TestContext.Current.CancellationToken);
    }
}
