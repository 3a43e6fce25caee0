using System.IO.Compression;

namespace Watchhouse.Telemetry.Tests;

/// <summary>Damage of every kind costs what it must and no more, and is said.</summary>
public sealed class EvtxDamageTests
{
    private static byte[][] ThreeChunks() =>
        [EvtxFile.Events(1, 10).Finish(), EvtxFile.Events(11, 10).Finish(), EvtxFile.Events(21, 10).Finish()];

    [Theory]
    [InlineData(0, "does not begin as a chunk")]
    [InlineData(16, "checksum of its header")]
    [InlineData(200, "checksum of its header")]
    public void Read_ChunkWithDamagedHeader_IsSkippedAndTheRestRead(int offset, string reason)
    {
        var chunks = ThreeChunks();
        chunks[1][offset] ^= 0x55;

        var contents = EvtxFile.Read(EvtxFile.Of(chunks));

        Assert.Equal(Enumerable.Range(1, 10).Concat(Enumerable.Range(21, 10)).Select(each => (long)each), contents.Events.Select(each => each.Position));
        var skipped = Assert.Single(contents.Source.Skipped);
        Assert.Contains("Chunk 2", skipped, StringComparison.Ordinal);
        Assert.Contains(reason, skipped, StringComparison.Ordinal);
        Assert.Equal(1, ((EvtxSource)contents.Source).DamagedChunks);
        Assert.Equal(2, ((EvtxSource)contents.Source).Chunks);
    }

    [Fact]
    public void Read_DamagedRecord_OneIsRejectedAndTheNextRead()
    {
        var chunk = EvtxFile.Events(1, 10);
        var bytes = chunk.Finish();
        bytes[chunk.Records[4]] = 0;

        var contents = EvtxFile.Read(EvtxFile.Of(bytes));

        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 10], contents.Events.Select(each => each.Position));
        Assert.Equal(5, Assert.Single(contents.Rejected).Position);
        Assert.Contains("checksum of its records is wrong", Assert.Single(contents.Source.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedTokens_RecordIsRejectedWithItsPlace()
    {
        var chunk = EvtxFile.Events(1, 10);
        var bytes = chunk.Finish();
        // The offset of the definition, in an instance that has none of its own.
        bytes[chunk.Records[4] + 24 + 4 + 6 + 3] = 0x7F;

        var contents = EvtxFile.Read(EvtxFile.Of(bytes));

        Assert.Equal(9, contents.Events.Count);
        var (position, reason) = Assert.Single(contents.Rejected);
        Assert.Equal(5, position);
        Assert.StartsWith($"Chunk 1, byte {chunk.Records[4]}: ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedDefinition_EveryInstanceIsRejectedAndTheOtherChunkRead()
    {
        var chunk = EvtxFile.Events(1, 5);
        var bytes = chunk.Finish();
        var definition = chunk.Records[0] + 24 + 4 + 10;
        bytes[definition + 24 + 4] = 0x3F;

        var contents = EvtxFile.Read(EvtxFile.Of(bytes, EvtxFile.Events(6, 5).Finish()));

        Assert.Equal([6, 7, 8, 9, 10], contents.Events.Select(each => each.Position));
        Assert.Equal([1, 2, 3, 4, 5], contents.Rejected.Select(each => each.Position));
    }

    [Fact]
    public void Read_TruncatedFile_WholeRecordsOfTheLastChunkAreRead()
    {
        var last = EvtxFile.Events(11, 10);
        var file = EvtxFile.Of(EvtxFile.Events(1, 10).Finish(), last.Finish());

        var contents = EvtxFile.Read(file[..(4096 + EvtxChunk.Size + last.Records[6] + 20)]);

        Assert.Equal(Enumerable.Range(1, 16).Select(each => (long)each), contents.Events.Select(each => each.Position));
        Assert.Single(contents.Rejected);
        Assert.Contains("Chunk 2 is cut off", Assert.Single(contents.Source.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutWithinAChunkHeader_ChunkIsSkipped()
    {
        var contents = EvtxFile.Read(EvtxFile.Of(EvtxFile.Events(1, 3).Finish(), EvtxFile.Events(4, 3).Finish()[..300]));

        Assert.Equal(3, contents.Events.Count);
        Assert.Contains("Chunk 2 was passed over", Assert.Single(contents.Source.Skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutWithinTheFileHeader_SaysSo() =>
        Assert.Contains("ends within its header", Assert.Single(EvtxFile.Read(EvtxFile.Of()[..2000]).Source.Skipped), StringComparison.Ordinal);

    [Fact]
    public void Read_UnusedChunks_AreNoDamage()
    {
        var contents = EvtxFile.Read(EvtxFile.Of(EvtxFile.Events(1, 3).Finish(), new byte[EvtxChunk.Size], EvtxFile.Events(4, 3).Finish(), new byte[1000]));

        Assert.Equal(6, contents.Events.Count);
        Assert.Empty(contents.Source.Skipped);
    }

    [Fact]
    public void Read_CarvedChunks_NeedNoFileHeader()
    {
        var contents = EvtxFile.Read([.. ThreeChunks().SelectMany(each => each)]);

        Assert.Equal(30, contents.Events.Count);
        Assert.Empty(contents.Source.Skipped);
    }

    [Fact]
    public void Read_Packed_AsThePlainFile()
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(EvtxFile.Of(ThreeChunks()));
        packed.Position = 0;

        var contents = EvtxFile.Read(packed);

        Assert.Equal(30, contents.Events.Count);
        Assert.Equal("EVTX", contents.Source.Format);
    }

    [Fact]
    public void Read_LongLog_BlocksStayWithinTheirBoundAndParsersShareThem()
    {
        var file = EvtxFile.Of(Enumerable.Range(0, 20).Select(each => EvtxFile.Events((ulong)(each * 10) + 1, 10).Finish()));
        using var source = EventFiles.Open(new MemoryStream(file), ReadLimits.Default);
        var parsers = new[] { source.CreateParser(), source.CreateParser() };
        var (first, second) = (new EventBlock(), new EventBlock());
        var (one, other) = (new EventRecord(), new EventRecord());
        var positions = new List<long>();
        while (source.Read(first) | source.Read(second))
        {
            Assert.True(first.Bytes.Length <= 1024 * 1024);
            parsers[0].Start(first);
            parsers[1].Start(second);
            // Two blocks at once: neither parser disturbs the other.
            while (parsers[0].Next(one, out _) == ParseOutcome.Event | parsers[1].Next(other, out _) == ParseOutcome.Event)
            {
                positions.Add(one.Position);
                positions.Add(other.Position);
                Assert.Equal($@"C:\Windows\{one.Position}.exe", one.Text("ImageName"));
                Assert.Equal($@"C:\Windows\{other.Position}.exe", other.Text("ImageName"));
            }
        }

        Assert.Equal(200, positions.Distinct().Count());
    }

    [Fact]
    public void Next_TemplatesThatAreKnown_AllocatesNothing()
    {
        var file = EvtxFile.Of(Enumerable.Range(0, 24).Select(each => EvtxFile.Events((ulong)(each * 100) + 1, 100).Finish()));
        using var source = EventFiles.Open(new MemoryStream(file), ReadLimits.Default);
        var parser = source.CreateParser();
        var (block, record) = (new EventBlock(), new EventRecord());
        var allocated = new List<long>();
        while (source.Read(block))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            parser.Start(block);
            var count = 0;
            while (parser.Next(record, out _) == ParseOutcome.Event) count++;
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(400, count);
        }

        // The runtime itself allocates now and then, while it compiles; a reader that did would do so in every block.
        Assert.Equal(6, allocated.Count);
        Assert.Contains(0L, allocated.Skip(1));
    }
}
