using CsCheck;
using Watchhouse.Journal.Framing;

namespace Watchhouse.Journal.Tests;

public sealed class FrameTests
{
    private static readonly Gen<string> _name = Gen.String[1, 60].Where(s => s.EnumerateRunes().All(r => r.Value != 0xFFFD));

    private static readonly Gen<JournalBatch> _batch =
        from id in Gen.Guid
        from names in Gen.Select(_name, _name, _name, _name)
        from collector in Gen.Bool
        from at in Gen.DateTimeOffset
        from count in Gen.Int[0, int.MaxValue]
        from payload in Gen.Byte.Array[0, 500]
        select new JournalBatch
        {
            Id = id, Owner = names.Item1, Source = names.Item2, Collector = collector ? names.Item3 : null,
            ReceivedAt = at, Format = names.Item4, Count = count, Payload = payload,
        };

    [Fact]
    public void Read_WhatWasWritten_IsTheSame() => _batch.Sample(batch =>
    {
        var frame = Write(batch, 77, 5);
        Assert.Equal(frame.Length, BatchFrame.StatedLength(frame));
        Assert.True(BatchFrame.IsWhole(frame, 5));
        Assert.False(BatchFrame.IsWhole(frame, 6));
        Assert.Equal(77, BatchFrame.Sequence(frame));
        Scratch.AssertSame(batch, BatchFrame.Read(frame));
    });

    [Fact]
    public void IsWhole_AnyBitChanged_IsFalse() => Gen.Select(_batch, Gen.Int[0, int.MaxValue]).Sample((batch, bit) =>
    {
        var frame = Write(batch, 3, 9);
        bit = 32 + (bit % ((frame.Length - 4) * 8));
        frame[bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.True(BatchFrame.StatedLength(frame) != frame.Length || !BatchFrame.IsWhole(frame, 9));
    });

    [Fact]
    public void Read_AnotherVersion_SaysSo()
    {
        var frame = Write(Scratch.Batch(1), 12, 0);
        frame[12] = 2;
        var e = Assert.Throws<JournalFormatException>(() => BatchFrame.Read(frame));
        Assert.Contains("Batch 12 of the journal has format version 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_KnownBytes_IsTheKnownChecksum() =>
        // RFC 3720 appendix B.4: 32 bytes of zero, and the check value of the catalogue of CRCs.
        Assert.Equal((0x8A9136AAu, 0xE3069283u), (Crc32C.Of(new byte[32]), Crc32C.Of("123456789"u8)));

    private static byte[] Write(JournalBatch batch, long sequence, uint seed)
    {
        var frame = new byte[BatchFrame.Measure(batch)];
        BatchFrame.Write(batch, sequence, seed, frame);
        return frame;
    }
}
