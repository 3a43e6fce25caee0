using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task OpenAsync_NewAndAgain_SaysWhatWasFound()
    {
        using var scratch = new Scratch();
        await using (var journal = await scratch.OpenAsync())
            Assert.Equal(new JournalRecovery(true, 0, 0, 0), journal.Recovery);
        await using (var journal = await scratch.OpenAsync())
            Assert.Equal(new JournalRecovery(false, 0, 0, 0), journal.Recovery);
        await scratch.FillAsync(30);
        await using var again = await scratch.OpenAsync();
        Assert.Equal(new JournalRecovery(false, 30, 0, 0), again.Recovery);
        Assert.Equal(30, again.Status.Tail.Sequence);
    }

    [Fact]
    public async Task OpenAsync_WrittenPartCutAnywhere_KeepsWholeBatchesAndCutsTheTornOne()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(3);
        var commit = await File.ReadAllBytesAsync(Path.Combine(scratch.Journal, "commit"));
        var before = await File.ReadAllBytesAsync(scratch.Segment(0));
        await scratch.FillAsync(2, from: 3);
        var after = await File.ReadAllBytesAsync(scratch.Segment(0));
        for (var written = 0; written < after.Length; written += 61)
        {
            // What a crash in the middle of a commit leaves: the old commit, and any part of the new bytes.
            var torn = after[..written].Concat(before[Math.Min(written, before.Length)..]).ToArray();
            await File.WriteAllBytesAsync(scratch.Segment(0), torn);
            await File.WriteAllBytesAsync(Path.Combine(scratch.Journal, "commit"), commit);
            await using var journal = await scratch.OpenAsync();
            var kept = journal.Recovery.KeptBatches;
            Assert.Equal(3 + kept, journal.Recovery.Batches);
            Assert.InRange(kept, 0, 2);
            Assert.True(kept == 2 || journal.Recovery.TornBytes > 0 || torn.AsSpan().SequenceEqual(before));
            await journal.AppendAsync(Scratch.Batch(9));
            await using var reader = journal.OpenReader("lake");
            Assert.Equal([0, 1, 2, .. Enumerable.Range(3, (int)kept), 9], Scratch.ReadAll(reader));
        }

    }

    [Fact]
    public async Task OpenAsync_InUse_IsRefusedWithASentence()
    {
        using var scratch = new Scratch();
        await using var journal = await scratch.OpenAsync();
        var e = await Assert.ThrowsAsync<JournalLockedException>(() => scratch.OpenAsync());
        Assert.Contains("open in another process", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_HeldByAnotherProcess_IsRefusedUntilItEnds()
    {
        using var scratch = new Scratch();
        using (var child = CrashingWriter.Start(CrashingWriter.HoldCommand, scratch.Journal))
        {
            Assert.Equal("open", await child.StandardOutput.ReadLineAsync());
            await Assert.ThrowsAsync<JournalLockedException>(() => scratch.OpenAsync());
            child.Kill();
            await child.WaitForExitAsync();
        }

        await using var journal = await scratch.OpenAsync();
        Assert.False(journal.Recovery.Created);
    }

    [Fact]
    public async Task OpenAsync_OptionsThatDoNotFit_AreRefused()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(1);
        await Assert.ThrowsAsync<ArgumentException>(
            () => scratch.OpenAsync(o => o with { MaxBatchBytes = 10_000, SegmentBytes = 1 << 20 }));
        await Assert.ThrowsAsync<ArgumentException>(() => scratch.OpenAsync(o => o with { SegmentBytes = 10_000 }));
        await Assert.ThrowsAsync<ArgumentException>(() => scratch.OpenAsync(o => o with { MaxBytes = 16 << 10 }));
        await Assert.ThrowsAsync<ArgumentException>(() => scratch.OpenAsync(o => o with { MaxPendingBytes = 1999 }));
        // The size of segments is the one that the journal was made with.
        await using var journal = await scratch.OpenAsync(o => o with { SegmentBytes = 1 << 20 });
        await journal.AppendAsync(Scratch.Batch(1));
        Assert.Equal(Scratch.SegmentBytes, journal.Status.BytesOnDisk);
    }

    [Fact]
    public async Task OpenAsync_FilesMissingOrDamaged_StopsWithASentence()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(200);
        await ExpectAsync(scratch.Segment(1), "00000001.log", bytes: null);
        await ExpectAsync(scratch.Segment(0), "00000000.log", bytes: null);
        await ExpectAsync(Path.Combine(scratch.Journal, "commit"), "no file 'commit'", bytes: null);
        await ExpectAsync(Path.Combine(scratch.Journal, "commit"), "neither of its two records", bytes: new byte[8192]);
        var consumer = Path.Combine(scratch.Journal, "lake.consumer");
        await using (var first = await scratch.OpenAsync())
            await first.OpenReader("lake").DisposeAsync();
        await ExpectAsync(consumer, "delete it: the consumer then reads everything again", bytes: new byte[8192]);

        await using var journal = await scratch.OpenAsync();
        await using var reader = journal.OpenReader("lake");
        Assert.Equal(200, Scratch.ReadAll(reader).Count);

        async Task ExpectAsync(string path, string words, byte[]? bytes)
        {
            File.Move(path, path + ".kept");
            if (bytes is not null)
                await File.WriteAllBytesAsync(path, bytes);
            var e = await Assert.ThrowsAsync<JournalCorruptException>(() => scratch.OpenAsync());
            Assert.Contains(words, e.Message, StringComparison.Ordinal);
            File.Move(path + ".kept", path, overwrite: true);
        }
    }

    [Fact]
    public async Task OpenAsync_NewestCommitRecordTorn_LosesNothing()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(11);
        var path = Path.Combine(scratch.Journal, "commit");
        var whole = await File.ReadAllBytesAsync(path);
        foreach (var slot in (int[])[0, 4096])
        {
            var torn = whole.ToArray();
            torn[slot + 30] ^= 1;
            await File.WriteAllBytesAsync(path, torn);
            await using var journal = await scratch.OpenAsync();
            await using var reader = journal.OpenReader("lake");
            Assert.Equal(Enumerable.Range(0, 11), Scratch.ReadAll(reader));
        }
    }

    [Fact]
    public async Task OpenReader_PlaceOfAnotherJournal_IsRefused()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(5);
        await using (var journal = await scratch.OpenAsync())
        await using (var reader = journal.OpenReader("lake"))
            await reader.CommitAsync((await reader.ReadAsync()).Position);
        var consumer = await File.ReadAllBytesAsync(Path.Combine(scratch.Journal, "lake.consumer"));
        Directory.Delete(scratch.Journal, recursive: true);
        await scratch.FillAsync(0);
        await File.WriteAllBytesAsync(Path.Combine(scratch.Journal, "lake.consumer"), consumer);
        await using var other = await scratch.OpenAsync();
        var e = Assert.Throws<JournalCorruptException>(() => other.OpenReader("lake"));
        Assert.Contains("stands after batch 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NewerFormat_IsRefused()
    {
        using var scratch = new Scratch();
        await scratch.FillAsync(1);
        var path = Path.Combine(scratch.Journal, "commit");
        using (var slots = SlotFile.Open(path, "", out var record))
        {
            record[0] = 9;
            slots.Write(record);
        }

        var e = await Assert.ThrowsAsync<JournalFormatException>(() => scratch.OpenAsync());
        Assert.Contains("format version 9 and this program reads version 1", e.Message, StringComparison.Ordinal);
    }
}
