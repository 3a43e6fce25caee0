using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using CsCheck;

namespace Watchhouse.Ledger.Tests;

public sealed class ExportTests
{
    /// <summary>Entries at the border between standing as they are and base64.</summary>
    private static readonly string[] _hard =
        ["{\"base64\":\"AAAA\"}", "{}", "{\"a\":1}\n", "{\"a\":\r1}", "\"\\ud800\"", "[1,2]", "", "x", "1", " {} "];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(600, false)]
    [InlineData(600, true)]
    public async Task WriteAsync_WholeLedger_VerifiesHereAndWithOpenTools(int entries, bool zip)
    {
        using var scratch = await MixedAsync(entries);
        var export = scratch.In(zip ? "export.zip" : "export");
        var checkpoint = await LedgerExport.WriteAsync(scratch.Ledger, export, scratch.Keys(), cancellation: Cancellation);
        Assert.Equal(entries, checkpoint.Checkpoint.TreeSize);
        var report = LedgerExport.Verify(export, scratch.Keys());
        Assert.Empty(report.Faults);
        Assert.Equal(entries, report.Entries);
        if (zip)
            await ZipFile.ExtractToDirectoryAsync(export, export = scratch.In("unpacked"), Cancellation);
        var (exit, output) = await RunReadmeAsync(export);
        Assert.True(exit == 0, output);
        Assert.Contains("Signature Verified Successfully", output, StringComparison.Ordinal);
        Assert.Contains($"OK: {entries} entries, the whole log", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_Range_HasProofsThatOpenToolsAccept()
    {
        using var scratch = await MixedAsync(300);
        var export = scratch.In("export");
        await LedgerExport.WriteAsync(scratch.Ledger, export, scratch.Keys(), new LedgerRange(250, 20), cancellation: Cancellation);
        Assert.Empty(LedgerExport.Verify(export, scratch.Keys()).Faults);
        Assert.Equal(20, File.ReadLines(Path.Combine(export, "entries.ndjson")).Count());
        var (exit, output) = await RunReadmeAsync(export);
        Assert.True(exit == 0, output);
        Assert.Contains("OK: 20 entries of 300, from entry 250", output, StringComparison.Ordinal);

        var path = Path.Combine(export, "entries.ndjson");
        var lines = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, lines.Replace("\"act\":252", "\"act\":253", StringComparison.Ordinal), Cancellation);
        Assert.Equal(252, Assert.Single(LedgerExport.Verify(export, scratch.Keys()).Faults).Entry);
        (exit, output) = await RunReadmeAsync(export);
        Assert.True(exit != 0 && output.Contains("FAILED: entry 252", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task Readme_TamperedExport_IsRejectedByOpenTools()
    {
        using var scratch = await MixedAsync(40);
        var export = scratch.In("export");
        await LedgerExport.WriteAsync(scratch.Ledger, export, scratch.Keys(), cancellation: Cancellation);
        var (entries, checkpoint) = (Path.Combine(export, "entries.ndjson"), Path.Combine(export, "checkpoint"));
        var good = await File.ReadAllTextAsync(entries, Cancellation);

        await File.WriteAllTextAsync(entries, good.Replace("officer 3", "officer 4", StringComparison.Ordinal), Cancellation);
        var (exit, output) = await RunReadmeAsync(export);
        Assert.True(exit != 0 && output.Contains("FAILED", StringComparison.Ordinal), output);
        Assert.False(LedgerExport.Verify(export, scratch.Keys()).IsOk);

        await File.WriteAllTextAsync(entries, good, Cancellation);
        var note = await File.ReadAllTextAsync(checkpoint, Cancellation);
        await File.WriteAllTextAsync(checkpoint, note.Replace("\n40\n", "\n41\n", StringComparison.Ordinal), Cancellation);
        (exit, output) = await RunReadmeAsync(export);
        Assert.True(exit != 0 && output.Contains("Signature Verification Failure", StringComparison.Ordinal), output);
        Assert.Equal("checkpoint", Assert.Single(LedgerExport.Verify(export, scratch.Keys()).Faults).File);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Verify_AnyByteOfAnyFileChanged_IsFound(bool range)
    {
        using var scratch = await MixedAsync(5);
        var export = scratch.In("export");
        await LedgerExport.WriteAsync(
            scratch.Ledger, export, scratch.Keys(), range ? new LedgerRange(1, 3) : null, cancellation: Cancellation);
        var keys = scratch.Keys();
        foreach (var path in Directory.GetFiles(export, "*", SearchOption.AllDirectories))
        {
            var good = await File.ReadAllBytesAsync(path, Cancellation);
            for (var i = 0; i < good.Length; i++)
            {
                var bad = good.ToArray();
                bad[i] ^= (byte)(1 << (i % 8));
                await File.WriteAllBytesAsync(path, bad, Cancellation);
                Assert.False(LedgerExport.Verify(export, keys).IsOk, $"{path} byte {i}");
            }

            await File.WriteAllBytesAsync(path, good, Cancellation);
            File.Move(path, scratch.In("away"));
            Assert.False(LedgerExport.Verify(export, keys).IsOk, $"{path} removed");
            File.Move(scratch.In("away"), path);
        }

        Assert.True(LedgerExport.Verify(export, keys).IsOk);
        await File.WriteAllTextAsync(Path.Combine(export, "more.txt"), "", Cancellation);
        Assert.Equal("more.txt", Assert.Single(LedgerExport.Verify(export, keys).Faults).File);
    }

    [Fact]
    public async Task WriteAsync_WholeLedger_HasTheTilesOfTheSpecification()
    {
        using var scratch = await MixedAsync(513);
        var export = scratch.In("export");
        await LedgerExport.WriteAsync(scratch.Ledger, export, scratch.Keys(), cancellation: Cancellation);
        var tiles = Directory.GetFiles(Path.Combine(export, "tile"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(export, path).Replace('\\', '/')).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "tile/0/000", "tile/0/001", "tile/0/002.p/1", "tile/1/000.p/2",
                "tile/entries/000", "tile/entries/001", "tile/entries/002.p/1",
            ],
            tiles);
        Assert.Equal("tile/3/x001/x234/067", Export.TileBuilder.NameOf("3", 1234067, 256));
        using var reader = LedgerReader.Open(scratch.Ledger);
        var top = await File.ReadAllBytesAsync(Path.Combine(export, "tile/1/000.p/2"), Cancellation);
        Assert.Equal(reader.Root(256).ToArray(), top[..32]);
        var last = await File.ReadAllBytesAsync(Path.Combine(export, "tile/0/002.p/1"), Cancellation);
        Assert.Equal(reader.LeafHash(512).ToArray(), last);
    }

    [Fact]
    public async Task WriteAsync_ExistingDestinationOrWrongKey_IsRefused()
    {
        using var scratch = await MixedAsync(2);
        Directory.CreateDirectory(scratch.In("there"));
        await Assert.ThrowsAsync<IOException>(() =>
            LedgerExport.WriteAsync(scratch.Ledger, scratch.In("there"), scratch.Keys(), cancellation: Cancellation));
        using var stranger = SigningKey.LoadOrCreate(scratch.In("stranger"), Scratch.Origin);
        await Assert.ThrowsAsync<NoteSignatureException>(() =>
            LedgerExport.WriteAsync(scratch.Ledger, scratch.In("new"), [stranger.Verifier], cancellation: Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => LedgerExport.WriteAsync(
            scratch.Ledger, scratch.In("new"), scratch.Keys(), new LedgerRange(1, 2), cancellation: Cancellation));
        Assert.False(Directory.Exists(scratch.In("new")));
    }

    [Fact]
    public void EntryLine_AnyEntry_ComesBack() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 60],
            Gen.String.Select(text => Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(new { text }))),
            Gen.Int[0, _hard.Length - 1].Select(i => Encoding.UTF8.GetBytes(_hard[i])))
        .Sample(entry =>
        {
            using var stream = new MemoryStream();
            Export.EntryLine.Write(entry, stream);
            var line = stream.ToArray();
            return line[^1] == '\n'
                && line.AsSpan().Count((byte)'\n') == 1
                && Export.EntryLine.TryRead(line.AsSpan(0, line.Length - 1), out var back)
                && back.AsSpan().SequenceEqual(entry);
        }, iter: 5000);

    /// <summary>A ledger of JSON entries with some among them that are not.</summary>
    private static async Task<Scratch> MixedAsync(int count)
    {
        var scratch = new Scratch();
        await using var writer = await LedgerWriter.OpenAsync(scratch.Options(), Cancellation);
        var entries = Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)((i % 10) switch
        {
            7 => new byte[] { 0xff, (byte)i, (byte)'\n' },
            8 => "{\"base64\":\"AAAA\"}"u8.ToArray(),
            9 => "{\n\"lines\":2}"u8.ToArray(),
            _ => Scratch.Json(i),
        })).ToList();
        await writer.AppendBatchAsync(entries, Cancellation);
        return scratch;
    }

    /// <summary>Runs the commands of README.txt, the indented lines, as a reader would.</summary>
    private static async Task<(int Exit, string Output)> RunReadmeAsync(string export)
    {
        foreach (var tool in (string[])["sh", "sed", "base64", "openssl", "python3"])
            Assert.SkipUnless(
                Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, tool))),
                $"{tool} is not on this machine");
        var commands = File.ReadLines(Path.Combine(export, "README.txt"))
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal) && line[4] != ' ');
        var start = new ProcessStartInfo("sh")
        {
            WorkingDirectory = export, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.ArgumentList.Add("-ec");
        start.ArgumentList.Add(string.Join('\n', commands));
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        foreach (var made in (string[])["checkpoint.text", "checkpoint.sig"])
            File.Delete(Path.Combine(export, made));
        return (process.ExitCode, await output + await error);
    }
}
