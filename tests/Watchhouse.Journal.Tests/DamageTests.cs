using Watchhouse.Journal.Framing;
using Watchhouse.Journal.Storage;

namespace Watchhouse.Journal.Tests;

public sealed class DamageTests
{
    private const int Count = 150;

    [Theory]
    [InlineData(0, "a bit of the payload", 200, 0x01)]
    [InlineData(0, "the whole length", 0, 0x00)]
    [InlineData(0, "a negative length", 3, 0x80)]
    [InlineData(0, "the magic", 4, 0xFF)]
    [InlineData(1, "the number", 28, 0xFF)]
    [InlineData(2, "a name", 70, 0xFF)]
    public async Task ReadAsync_OneBatchDamaged_IsReportedWithItsPlaceAndReadingGoesOn(
        int salt, string what, int at, byte change)
    {
        using var scratch = new Scratch();
        var places = await FillAsync(scratch);
        // One that does not begin a page, so that it stands where the one before ends.
        var hit = 60 + salt;
        while (places[hit].Address % 4096 < 900)
            hit++;
        var start = places[hit - 1].Address;
        if (change == 0)
            Change(scratch, start, bytes => bytes[..4].Clear());
        else
            Change(scratch, start, bytes => bytes[at] ^= change);

        await using var journal = await scratch.OpenAsync();
        await using var reader = journal.OpenReader("lake");
        var read = new List<int>();
        var damage = ReadPast(reader, read);
        var only = Assert.Single(damage);
        Assert.True(only.Batches == 1, $"{what}: {only}");
        Assert.Equal(hit + 1, only.FirstSequence);
        Assert.Equal(SegmentFiles.NameOf((int)(start / Scratch.SegmentBytes)), only.File);
        Assert.Equal(start % Scratch.SegmentBytes, only.Offset);
        Assert.Equal(Enumerable.Range(0, Count).Where(n => n != hit), read);
        Assert.Equal(1, journal.Status.DamagedBatches);

        await reader.CommitAsync(only.ResumeAt);
        Assert.Equal(hit + 1, reader.Committed.Sequence);
    }

    [Fact]
    public async Task ReadAsync_ManyBytesDamaged_ReportsEveryBatchThatIsLost()
    {
        using var scratch = new Scratch();
        var places = await FillAsync(scratch);
        foreach (var fill in (byte[])[0, 0xFF])
        {
            // Across a page and a segment, and from the middle of one batch to the middle of another.
            Change(scratch, places[20].Address + 100, bytes => bytes[..9000].Fill(fill));
            await using var journal = await scratch.OpenAsync();
            await using var reader = journal.OpenReader("lake");
            var read = new List<int>();
            var damage = ReadPast(reader, read);
            Assert.Equal(Count, read.Count + damage.Sum(d => d.Batches));
            Assert.Equal(
                Enumerable.Range(0, Count).Except(damage.SelectMany(d => Enumerable.Range((int)d.FirstSequence - 1, (int)d.Batches))),
                read);
            Assert.Equal(22, damage[0].FirstSequence);
            Assert.InRange(damage.Sum(d => d.Batches), 20, 30);
        }
    }

    [Fact]
    public async Task ReadAsync_UnusedEndOfAPageDamaged_LosesNothing()
    {
        using var scratch = new Scratch();
        var places = await FillAsync(scratch);
        var last = places.First(p => p.Address > 20_000 && p.Address % 4096 > 3800);
        Change(scratch, last.Address, bytes => bytes[..200].Fill(7));
        await using var journal = await scratch.OpenAsync();
        await using var reader = journal.OpenReader("lake");
        // The 200 bytes reach into the next page's first batch, unless the page had more left.
        var read = new List<int>();
        var damage = ReadPast(reader, read);
        Assert.Equal(last.Address % 4096 > 4096 - 200 ? 1 : 0, damage.Sum(d => d.Batches));
        Assert.Equal(Count, read.Count + damage.Sum(d => d.Batches));
    }

    [Fact]
    public async Task ReadAsync_LastBatchDamaged_IsReported()
    {
        using var scratch = new Scratch();
        var places = await FillAsync(scratch);
        Change(scratch, places[^2].Address, bytes => bytes[..80].Clear());
        await using var journal = await scratch.OpenAsync();
        await using var reader = journal.OpenReader("lake");
        var read = new List<int>();
        var only = Assert.Single(ReadPast(reader, read));
        Assert.Equal((Count, Count), (only.FirstSequence, only.LastSequence));
        await journal.AppendAsync(Scratch.Batch(Count));
        Assert.Equal([Count], Scratch.ReadAll(reader));
    }

    [Fact]
    public async Task ReadAsync_PayloadMadeToLookLikeABatch_IsNeverTakenForOne()
    {
        using var scratch = new Scratch();
        // The sender cannot know the seed; everything else of the forged record is right.
        var forged = Scratch.Batch(666, 100) with { Owner = "force-other" };
        var frame = new byte[BatchFrame.Measure(forged)];
        BatchFrame.Write(forged, 4, 12345, frame);
        // At each alignment, since a record begins at a multiple of four.
        var part = LogGeometry.RecordLength(frame.Length) + 1;
        var payload = new byte[4 * part];
        for (var shift = 0; shift < 4; shift++)
        {
            BitConverter.TryWriteBytes(payload.AsSpan(shift * part), frame.Length);
            frame.CopyTo(payload, (shift * part) + 4);
        }

        await using (var journal = await scratch.OpenAsync())
        {
            await journal.AppendAsync(Scratch.Batch(0));
            var before = await journal.AppendAsync(Scratch.Batch(1));
            await journal.AppendAsync(Scratch.Batch(2) with { Payload = payload });
            await journal.AppendAsync(Scratch.Batch(3));
            await journal.DisposeAsync();
            Change(scratch, before.Address, bytes => bytes[8] ^= 1);
        }

        await using var again = await scratch.OpenAsync();
        await using var reader = again.OpenReader("lake");
        var read = new List<int>();
        Assert.Equal(3, Assert.Single(ReadPast(reader, read)).FirstSequence);
        Assert.Equal([0, 1, 3], read);
    }

    private static async Task<List<JournalPosition>> FillAsync(Scratch scratch)
    {
        var places = new List<JournalPosition>();
        await using var journal = await scratch.OpenAsync();
        for (var n = 0; n < Count; n++)
            places.Add(await journal.AppendAsync(Scratch.Batch(n)));
        return places;
    }

    private static List<JournalDamage> ReadPast(IJournalReader reader, List<int> read)
    {
        var damage = new List<JournalDamage>();
        while (true)
        {
            try
            {
                while (reader.TryRead() is { } entry)
                    read.Add(entry.Batch.Count);
                return damage;
            }
            catch (JournalDamageException e)
            {
                damage.Add(e.Damage);
            }
        }
    }

    private delegate void Changer(Span<byte> bytes);

    private static void Change(Scratch scratch, long address, Changer change)
    {
        // All segments as one, so that a change may cross them.
        var paths = Enumerable.Range(0, scratch.Segments).Select(scratch.Segment).ToList();
        var lengths = paths.Select(p => (int)new FileInfo(p).Length).ToList();
        var log = new byte[paths.Count * Scratch.SegmentBytes];
        for (var i = 0; i < paths.Count; i++)
            File.ReadAllBytes(paths[i]).CopyTo(log, i * Scratch.SegmentBytes);
        change(log.AsSpan((int)address));
        for (var i = 0; i < paths.Count; i++)
            File.WriteAllBytes(paths[i], log[(i * Scratch.SegmentBytes)..((i * Scratch.SegmentBytes) + lengths[i])]);
    }
}
