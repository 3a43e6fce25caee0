using System.Diagnostics;
using System.Globalization;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Tests;

public sealed class CrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_AfterKills_HasEveryAcknowledgedEntry()
    {
        using var scratch = new Scratch();
        var acknowledged = new Dictionary<long, string>();
        for (var round = 0; round < 6; round++)
        {
            await RunAndKillAsync(scratch, acknowledged, atLeast: 100 + (round * 333));
            await using var writer = await LedgerWriter.OpenAsync(scratch.Options(), Cancellation);
            using var reader = LedgerReader.Open(scratch.Ledger);
            Assert.Equal(writer.Latest.Note.ToString(), reader.ReadLatest().Note.ToString());
            foreach (var (index, leaf) in acknowledged)
                Assert.Equal(leaf, MerkleTree.HashLeaf(reader.Read(index).Data.Span).ToString());
        }

        Assert.True(acknowledged.Count > 1000);
        Assert.Empty(scratch.Verify().Faults);
    }

    [Fact]
    public async Task OpenAsync_EntriesLogCutAnywhereAfterTheCheckpoint_KeepsTheWholeOnes()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(3);
        var (entries, checkpoints) = (scratch.LedgerFile(LedgerLayout.Entries), scratch.LedgerFile(LedgerLayout.Checkpoints));
        var hashes = scratch.LedgerFile(LedgerLayout.Hashes);
        var signedEntries = new FileInfo(entries).Length;
        var signedHashes = new FileInfo(hashes).Length;
        var signedCheckpoints = new FileInfo(checkpoints).Length;
        await scratch.FillAsync(2, from: 3);
        var (allEntries, allHashes) = (await File.ReadAllBytesAsync(entries, Cancellation), await File.ReadAllBytesAsync(hashes, Cancellation));
        var allCheckpoints = await File.ReadAllBytesAsync(checkpoints, Cancellation);
        var record = (int)(allEntries.Length - signedEntries) / 2;
        for (var length = (int)signedEntries; length <= allEntries.Length; length++)
        {
            // What a crash in the middle of a commit leaves: some of the entries, any part of the hashes.
            await File.WriteAllBytesAsync(entries, allEntries[..length], Cancellation);
            await File.WriteAllBytesAsync(hashes, allHashes[..(int)Math.Min(allHashes.Length, signedHashes + length % 90)], Cancellation);
            await File.WriteAllBytesAsync(checkpoints, allCheckpoints[..(int)signedCheckpoints], Cancellation);
            var kept = (length - (int)signedEntries) / record;
            var check = length % 2 == 0 ? LedgerOpenCheck.Everything : LedgerOpenCheck.RightEdge;
            await using (var writer = await LedgerWriter.OpenAsync(scratch.Options() with { OpenCheck = check }, Cancellation))
            {
                Assert.Equal(new LedgerRecovery(kept, (length - signedEntries) % record), writer.Recovery);
                Assert.Equal(3 + kept, writer.Latest.Checkpoint.TreeSize);
            }

            Assert.Empty(scratch.Verify().Faults);
        }
    }

    [Fact]
    public async Task OpenAsync_LastCheckpointCutAnywhere_SignsTheSameHistoryAgain()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(2);
        var path = scratch.LedgerFile(LedgerLayout.Checkpoints);
        var signed = new FileInfo(path).Length;
        await scratch.FillAsync(1, from: 2);
        var all = await File.ReadAllBytesAsync(path, Cancellation);
        for (var length = (int)signed; length < all.Length; length++)
        {
            await File.WriteAllBytesAsync(path, all[..length], Cancellation);
            await scratch.FillAsync(0);
            // Ed25519 is deterministic: the note comes out byte for byte as it would have been.
            Assert.Equal(all, await File.ReadAllBytesAsync(path, Cancellation));
        }

        await File.WriteAllBytesAsync(path, [.. all, 0, 0, 0], Cancellation);
        await scratch.FillAsync(0);
        Assert.Empty(scratch.Verify().Faults);
        await File.WriteAllBytesAsync(path, [.. all, (byte)'x'], Cancellation);
        await Assert.ThrowsAsync<LedgerCorruptException>(() => scratch.FillAsync(0));
    }

    private static async Task RunAndKillAsync(Scratch scratch, Dictionary<long, string> acknowledged, int atLeast)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        foreach (var argument in (string[])[CrashingWriter.Command, scratch.Ledger, scratch.Key])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var seen = 0;
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            // The kill may cut the last line; what was not read to the end was not acknowledged to anybody.
            var parts = line.Split(' ');
            if (parts.Length == 3 && parts[1].Length == 64)
                acknowledged.Add(long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
            if (++seen == atLeast)
                process.Kill();
        }

        await process.WaitForExitAsync(Cancellation);
        Assert.NotEqual(0, process.ExitCode);
    }
}
