using System.Text;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger.Tests;

public sealed class WriterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_OneByOne_GivesReceiptsThatProve()
    {
        using var scratch = new Scratch();
        var receipts = await scratch.FillAsync(20);
        using var reader = LedgerReader.Open(scratch.Ledger);
        var latest = reader.ReadLatest().Checkpoint;
        Assert.Equal(20, latest.TreeSize);
        var entries = Enumerable.Range(0, 20).Select(Scratch.Json).ToArray();
        Assert.Equal(ReferenceTree.Root(entries), latest.Root.ToArray());
        foreach (var receipt in receipts)
        {
            Assert.Equal(receipt.Index + 1, receipt.TreeSize);
            Assert.Equal(entries[receipt.Index], reader.Read(receipt.Index).Data.ToArray());
            Assert.True(reader.ProveInclusion(receipt.Index, 20).Verify(receipt.LeafHash, latest.Root));
        }

        var history = reader.ReadCheckpoints().Select(c => c.Checkpoint).ToList();
        Assert.Equal(21, history.Count);
        foreach (var earlier in history)
            Assert.True(reader.ProveConsistency(earlier.TreeSize, 20).Verify(earlier.Root, latest.Root));
        Assert.True(scratch.Verify().IsOk);
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnce_ShareCheckpointsAndKeepEveryEntry()
    {
        using var scratch = new Scratch();
        var options = scratch.Options() with { MaxQueue = 10, MaxBatch = 50 };
        await using (var writer = await LedgerWriter.OpenAsync(options, Cancellation))
        {
            var receipts = await Task.WhenAll(Enumerable.Range(0, 2000).Select(
                i => Task.Run(() => writer.AppendAsync(Scratch.Json(i), Cancellation), Cancellation)));
            Assert.Equal(Enumerable.Range(0, 2000).Select(i => (long)i), receipts.Select(r => r.Index).Order());
            for (var i = 0; i < receipts.Length; i++)
                Assert.Equal(MerkleTree.HashLeaf(Scratch.Json(i)), receipts[i].LeafHash);
        }

        var report = scratch.Verify();
        Assert.Empty(report.Faults);
        Assert.Equal(2000, report.Entries);
        Assert.InRange(report.Checkpoints, 2, 1500);
    }

    [Fact]
    public async Task AppendBatchAsync_Batches_StandSideBySideUnderOneCheckpoint()
    {
        using var scratch = new Scratch();
        await using var writer = await LedgerWriter.OpenAsync(scratch.Options() with { MaxBatch = 300 }, Cancellation);
        var batch = Enumerable.Range(0, 300).Select(i => (ReadOnlyMemory<byte>)Scratch.Json(i)).ToList();
        var receipts = await writer.AppendBatchAsync(batch, Cancellation);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (long)i), receipts.Select(r => r.Index));
        Assert.Single(receipts.Select(r => r.TreeSize).Distinct());
        Assert.Empty(await writer.AppendBatchAsync([], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendBatchAsync([.. batch, default], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(new byte[LedgerWriter.MaxEntryLength + 1], Cancellation));
        await writer.AppendAsync(new byte[LedgerWriter.MaxEntryLength], Cancellation);
        await writer.AppendAsync(ReadOnlyMemory<byte>.Empty, Cancellation);
        // Beside the writer, at work.
        Assert.Empty(scratch.Verify().Faults);
    }

    [Fact]
    public async Task ReadAllAsync_AnyRange_GivesTheEntriesInOrder()
    {
        using var scratch = new Scratch();
        await using var writer = await LedgerWriter.OpenAsync(scratch.Options(), Cancellation);
        var random = new Random(9162);
        var entries = Enumerable.Range(0, 150).Select(_ => new byte[random.Next(9000)]).ToArray();
        Array.ForEach(entries, random.NextBytes);
        await writer.AppendBatchAsync(entries.Select(e => (ReadOnlyMemory<byte>)e).ToList(), Cancellation);
        using var reader = LedgerReader.Open(scratch.Ledger);
        foreach (var (from, count) in ((long, long?)[])[(0, null), (0, 0), (3, 1), (149, null), (150, null), (20, 100), (100, 1000)])
        {
            var read = await reader.ReadAllAsync(from, count, Cancellation).ToListAsync(Cancellation);
            var expected = entries.Skip((int)from).Take((int)(count ?? 1000)).ToList();
            Assert.Equal(expected.Count, read.Count);
            for (var i = 0; i < read.Count; i++)
            {
                Assert.Equal(from + i, read[i].Index);
                Assert.Equal(expected[i], read[i].Data.ToArray());
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(150));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.ProveInclusion(0, 151));
    }

    [Fact]
    public async Task Proofs_AtEverySize_VerifyFromTheFiles()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(67);
        using var reader = LedgerReader.Open(scratch.Ledger);
        for (var size = 1; size <= 67; size++)
        {
            var root = reader.Root(size);
            for (var index = 0; index < size; index++)
                Assert.True(reader.ProveInclusion(index, size).Verify(reader.LeafHash(index), root));
        }
    }

    [Fact]
    public async Task OpenAsync_SecondWriter_IsToldClearly()
    {
        using var scratch = new Scratch();
        await using (await LedgerWriter.OpenAsync(scratch.Options(), Cancellation))
        {
            var e = await Assert.ThrowsAsync<LedgerLockedException>(() => LedgerWriter.OpenAsync(scratch.Options(), Cancellation));
            Assert.Contains(scratch.Ledger, e.Message, StringComparison.Ordinal);
        }

        await using var again = await LedgerWriter.OpenAsync(scratch.Options(), Cancellation);
        Assert.Equal(new LedgerRecovery(0, 0), again.Recovery);
    }

    [Fact]
    public async Task OpenAsync_KeyInTheLedgerDirectory_IsRefused()
    {
        using var scratch = new Scratch();
        await Assert.ThrowsAsync<ArgumentException>(() => LedgerWriter.OpenAsync(
            Scratch.Options(scratch.Ledger, scratch.LedgerFile("key")), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => LedgerWriter.OpenAsync(
            scratch.Options() with { Origin = "two words" }, Cancellation));
    }

    [Fact]
    public async Task OpenAsync_EmptiedDirectoryOfAKnownLedger_IsDamage()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(1);
        foreach (var file in Directory.GetFiles(scratch.Ledger))
            File.Delete(file);
        await Assert.ThrowsAsync<LedgerCorruptException>(() =>
            LedgerWriter.OpenAsync(scratch.Options() with { CreateIfMissing = false }, Cancellation));
    }

    [Fact]
    public async Task OpenAsync_CreationCutOff_IsFinished()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(0);
        var checkpoint = await File.ReadAllBytesAsync(scratch.LedgerFile("checkpoints.log"), Cancellation);
        for (var length = 0; length < checkpoint.Length; length += 7)
        {
            await File.WriteAllBytesAsync(scratch.LedgerFile("checkpoints.log"), checkpoint[..length], Cancellation);
            await File.WriteAllBytesAsync(scratch.LedgerFile("hashes.log"), LedgerLayout.HashesHeader[..(length % 20)].ToArray(), Cancellation);
            await scratch.FillAsync(0);
            Assert.True(scratch.Verify().IsOk);
        }
    }

    [Fact]
    public async Task OpenAsync_NewKey_SignsAtOnceAndOldCheckpointsStayGood()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(3);
        var old = scratch.Keys();
        var options = Scratch.Options(scratch.Ledger, scratch.In("second.key"));
        await Assert.ThrowsAsync<LedgerCorruptException>(() => LedgerWriter.OpenAsync(options, Cancellation));
        VerifierKey present;
        await using (var writer = await LedgerWriter.OpenAsync(options with { PreviousKeys = old }, Cancellation))
        {
            present = writer.Key;
            Assert.Equal(present, writer.Latest.Note.Verify([present]));
            Assert.Equal(3, writer.Latest.Checkpoint.TreeSize);
        }

        Assert.Empty(LedgerVerifier.Verify(scratch.Ledger, [present, .. old], cancellation: Cancellation).Faults);
        Assert.False(LedgerVerifier.Verify(scratch.Ledger, [present], cancellation: Cancellation).IsOk);
    }

    [Fact]
    public async Task AppendAsync_DiskFull_FailsThoseAppendsAndLeavesTheLedgerWhole()
    {
        foreach (var file in (string[])[LedgerLayout.Entries, LedgerLayout.Hashes, LedgerLayout.Checkpoints])
        {
            using var scratch = new Scratch();
            var full = false;
            var options = scratch.Options() with
            {
                Probe = (step, name, bytes) => full && step == StorageStep.Write && name == file ? bytes / 2 : bytes,
            };
            await using (var writer = await LedgerWriter.OpenAsync(options, Cancellation))
            {
                await writer.AppendAsync(Scratch.Json(0), Cancellation);
                full = true;
                var e = await Assert.ThrowsAsync<LedgerWriteException>(() => writer.AppendAsync(Scratch.Json(1), Cancellation));
                Assert.False(e.WriterStopped);
                Assert.Equal(1, writer.Latest.Checkpoint.TreeSize);
                full = false;
                var receipt = await writer.AppendAsync(Scratch.Json(2), Cancellation);
                Assert.Equal(1, receipt.Index);
            }

            Assert.Empty(scratch.Verify().Faults);
        }
    }

    [Fact]
    public async Task AppendAsync_FlushFails_StopsTheWriterAndReopeningGoesOn()
    {
        foreach (var file in (string[])[LedgerLayout.Entries, LedgerLayout.Hashes, LedgerLayout.Checkpoints])
        {
            using var scratch = new Scratch();
            var broken = false;
            var options = scratch.Options() with
            {
                Probe = (step, name, bytes) => broken && step == StorageStep.Flush && name == file
                    ? throw new IOException("input/output error") : bytes,
            };
            await using (var writer = await LedgerWriter.OpenAsync(options, Cancellation))
            {
                await writer.AppendAsync(Scratch.Json(0), Cancellation);
                broken = true;
                var e = await Assert.ThrowsAsync<LedgerWriteException>(() => writer.AppendAsync(Scratch.Json(1), Cancellation));
                Assert.True(e.WriterStopped);
                await Assert.ThrowsAsync<LedgerWriteException>(() => writer.AppendAsync(Scratch.Json(2), Cancellation));
            }

            broken = false;
            var receipt = Assert.Single(await scratch.FillAsync(1, from: 3));
            Assert.Equal(2, receipt.Index);
            Assert.Empty(scratch.Verify().Faults);
        }
    }

    [Fact]
    public async Task AppendAsync_AfterDispose_IsRefused()
    {
        using var scratch = new Scratch();
        var writer = await LedgerWriter.OpenAsync(scratch.Options(), Cancellation);
        await writer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.AppendAsync(Encoding.UTF8.GetBytes("{}"), Cancellation));
    }
}
