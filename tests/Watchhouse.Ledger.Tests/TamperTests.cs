using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Tests;

public sealed class TamperTests
{
    private static readonly string[] _files = [LedgerLayout.Entries, LedgerLayout.Hashes, LedgerLayout.Checkpoints];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_AnyByteOfAnyFileChanged_IsFoundAndLocated()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(7);
        var keys = scratch.Keys();
        Assert.Empty(scratch.Verify().Faults);
        foreach (var file in _files)
        {
            var path = scratch.LedgerFile(file);
            var good = await File.ReadAllBytesAsync(path, Cancellation);
            for (var i = 0; i < good.Length; i++)
            {
                var bad = good.ToArray();
                bad[i] ^= (byte)(1 << (i % 8));
                await File.WriteAllBytesAsync(path, bad, Cancellation);
                var report = LedgerVerifier.Verify(scratch.Ledger, keys, cancellation: Cancellation);
                Assert.False(report.IsOk, $"{file} byte {i}");
                var fault = report.Faults[0];
                Assert.True(fault.File == file, $"{file} byte {i}: {fault}");
                Assert.True(fault.Offset <= i && i - fault.Offset < 600, $"{file} byte {i}: {fault}");
            }

            await File.WriteAllBytesAsync(path, good, Cancellation);
        }

        await File.WriteAllTextAsync(scratch.LedgerFile("writer.lock"), "x", Cancellation);
        Assert.Equal("writer.lock", Assert.Single(scratch.Verify().Faults).File);
    }

    [Fact]
    public async Task OpenAsync_AnyByteOfAnyFileChanged_DoesNotStart()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(3);
        foreach (var file in _files)
        {
            var path = scratch.LedgerFile(file);
            var good = await File.ReadAllBytesAsync(path, Cancellation);
            for (var i = 0; i < good.Length; i++)
            {
                var bad = good.ToArray();
                bad[i] ^= 0x10;
                await File.WriteAllBytesAsync(path, bad, Cancellation);
                try
                {
                    await using var writer = await LedgerWriter.OpenAsync(scratch.Options(), Cancellation);
                    Assert.Fail($"opened with byte {i} of {file} changed");
                }
                catch (LedgerCorruptException e)
                {
                    Assert.Contains(e.Fault.ToString(), e.Message, StringComparison.Ordinal);
                }

                Assert.Equal(bad, await File.ReadAllBytesAsync(path, Cancellation));
            }

            await File.WriteAllBytesAsync(path, good, Cancellation);
        }
    }

    [Fact]
    public async Task Verify_AnyTruncation_IsFound()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(6);
        foreach (var file in _files)
        {
            var path = scratch.LedgerFile(file);
            var good = await File.ReadAllBytesAsync(path, Cancellation);
            for (var length = 0; length < good.Length; length++)
            {
                await File.WriteAllBytesAsync(path, good[..length], Cancellation);
                Assert.False(scratch.Verify().IsOk, $"{file} cut to {length}");
            }

            await File.WriteAllBytesAsync(path, [.. good, 0], Cancellation);
            Assert.Equal(file, scratch.Verify().Faults[0].File);
            await File.WriteAllBytesAsync(path, good, Cancellation);
        }
    }

    [Fact]
    public async Task Verify_FileRemovedOrAdded_IsFound()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(2);
        foreach (var file in _files)
        {
            File.Move(scratch.LedgerFile(file), scratch.In(file));
            Assert.Equal(file, Assert.Single(scratch.Verify().Faults).File);
            await Assert.ThrowsAsync<LedgerCorruptException>(() => LedgerWriter.OpenAsync(scratch.Options(), Cancellation));
            File.Move(scratch.In(file), scratch.LedgerFile(file));
        }

        await File.WriteAllTextAsync(scratch.LedgerFile("notes.txt"), "", Cancellation);
        Assert.Equal("notes.txt", Assert.Single(scratch.Verify().Faults).File);
    }

    [Fact]
    public async Task Verify_EntriesSwapped_NamesBoth()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(8);
        var path = scratch.LedgerFile(LedgerLayout.Entries);
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        var length = EntryRecord.HeaderLength + Scratch.Json(2).Length;
        var at = LedgerLayout.EntriesHeader.Length + (2 * length);
        byte[] swapped = [.. bytes[..at], .. bytes[(at + length)..(at + 2 * length)], .. bytes[at..(at + length)], .. bytes[(at + 2 * length)..]];
        await File.WriteAllBytesAsync(path, swapped, Cancellation);
        Assert.Equal([2L, 3L], scratch.Verify().Faults.Select(fault => fault.Entry));
        Assert.All(scratch.Verify().Faults, fault => Assert.Equal(LedgerLayout.Entries, fault.File));
    }

    [Fact]
    public async Task Verify_EntryRewrittenWithItsHashes_ContradictsTheSignedRoot()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(9);
        using var other = new Scratch();
        File.Copy(scratch.Key, other.Key);
        // A forger without the key: another history of the same size, with the true ledger's checkpoints.
        await other.FillAsync(9, from: 1);
        File.Copy(scratch.LedgerFile(LedgerLayout.Checkpoints), other.LedgerFile(LedgerLayout.Checkpoints), overwrite: true);
        var fault = Assert.Single(other.Verify().Faults);
        Assert.Equal((LedgerLayout.Checkpoints, 0L), (fault.File, fault.Entry));
    }

    [Fact]
    public async Task Verify_RolledBackOrRewrittenLedger_IsFoundAgainstARememberedCheckpoint()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(5);
        var early = scratch.Copy("early");
        await scratch.FillAsync(4, from: 5);
        using var reader = LedgerReader.Open(scratch.Ledger);
        var remembered = reader.ReadLatest().Checkpoint;
        Assert.Empty(scratch.Verify(remembered, reader.ReadCheckpoints().Skip(2).First().Checkpoint).Faults);

        Assert.True(LedgerVerifier.Verify(early, scratch.Keys(), cancellation: Cancellation).IsOk);
        var rolledBack = Assert.Single(LedgerVerifier.Verify(early, scratch.Keys(), [remembered], cancellation: Cancellation).Faults);
        Assert.Contains("rolled back", rolledBack.Found, StringComparison.Ordinal);

        using var rewritten = new Scratch();
        File.Copy(scratch.Key, rewritten.Key);
        await rewritten.FillAsync(12, from: 1);
        Assert.True(rewritten.Verify().IsOk);
        Assert.Contains("another history", Assert.Single(rewritten.Verify(remembered).Faults).Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OtherKey_TrustsNothing()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(2);
        using var stranger = SigningKey.LoadOrCreate(scratch.In("stranger"), Scratch.Origin);
        var report = LedgerVerifier.Verify(scratch.Ledger, [stranger.Verifier], cancellation: Cancellation);
        Assert.False(report.IsOk);
        Assert.Null(report.Latest);
    }
}
