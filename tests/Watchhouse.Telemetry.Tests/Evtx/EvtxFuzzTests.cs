using System.Globalization;
using CsCheck;
using Watchhouse.Testing;

namespace Watchhouse.Telemetry.Tests;

/// <summary>Whatever the bytes, a reader ends, in bounded memory, and every record is an event or is rejected.</summary>
public sealed class EvtxFuzzTests
{
    private static readonly Gen<(int Chunk, int At, byte Value)[]> Changes =
        Gen.Select(Gen.Int[0, 1], Gen.Int[512, 30_000], Gen.Byte).Array[1, 40];

    [Fact]
    public void Read_BuiltLogWithChangedBytes_NeverFails()
    {
        var original = EvtxFile.Of(EvtxFile.Events(1, 60).Finish(), EvtxFile.Events(61, 60).Finish());

        Changes.Sample(changes => Survives(original, changes, 120), iter: 400, threads: 1);
    }

    [Theory]
    [InlineData("evtx-hard", "ID1149-RDP success logins to multiple hosts.evtx")]
    [InlineData("evtx-hard", "ID800-4103-Firewall disabled.evtx")]
    [InlineData("evtx/EVTX-ATTACK-SAMPLES", "MSSQL_15281_xp_cmdshell_exec_failed_attempt.evtx")]
    [InlineData("evtx/EVTX-ATTACK-SAMPLES", "sysmon_1_7_elevate_uacbypass_sysprep.evtx")]
    public void Read_RecordedLogWithChangedBytes_NeverFails(string folder, string name)
    {
        var original = File.ReadAllBytes(Path.Combine(SharedData.Path($"detection/{folder}"), name));
        var count = EvtxFile.Read(original).Events.Count;

        Changes.Sample(changes => Survives(original, changes, count), iter: 150, threads: 1);
    }

    [Fact]
    public void Read_Noise_NeverFails()
    {
        Gen.Byte.Array[0, 70_000].Sample(
            noise =>
            {
                var chunk = EvtxFile.Events(1, 1).Finish();
                noise.AsSpan(0, Math.Min(noise.Length, chunk.Length - 512)).CopyTo(chunk.AsSpan(512));
                "**\0\0"u8.CopyTo(chunk.AsSpan(512));
                Assert.True(Records(EvtxFile.Of(chunk, noise)) <= 2);
            },
            iter: 100,
            threads: 1);
    }

    private static void Survives(byte[] original, (int Chunk, int At, byte Value)[] changes, int count)
    {
        var file = (byte[])original.Clone();
        foreach (var (chunk, at, value) in changes)
        {
            var place = 4096 + (chunk * EvtxChunk.Size) + at;
            if (place < file.Length) file[place] = value;
        }

        // A change cannot make records: at most it splits the bytes of one.
        Assert.InRange(Records(file), 0, count + changes.Length);
    }

    private static long Records(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = 0L;
        foreach (var nested in new[] { false, true })
        {
            using var source = (EvtxSource)EventFiles.Open(new MemoryStream(file), ReadLimits.Default);
            var parser = nested ? source.CreateNestedParser() : source.CreateParser();
            var block = new EventBlock();
            var record = new EventRecord();
            var events = 0L;
            while (source.Read(block))
            {
                parser.Start(block);
                while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
                {
                    if (outcome == ParseOutcome.Event) events += CheckShape(record);
                    else Assert.NotEmpty(reason!);
                }
            }

            found = Math.Max(found, events);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 256 * 1024 * 1024);
        return found;
    }

    private static int CheckShape(EventRecord record)
    {
        Assert.Equal(record.NodeCount, record[0].End);
        for (var at = 0; at < record.NodeCount; at++)
        {
            Assert.InRange(record[at].End, at + 1, record.NodeCount);
            Assert.True(record.NameOf(record[at]).Length >= 0);
            var value = record.ValueText(record[at]);
            if (record[at].Kind == EventNodeKind.Number) Assert.True(decimal.TryParse(value, CultureInfo.InvariantCulture, out _), value);
            if (record[at].Kind == EventNodeKind.Null) Assert.Equal("null", value);
        }

        return 1;
    }
}
