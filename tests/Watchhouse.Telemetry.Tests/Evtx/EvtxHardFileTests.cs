using System.Buffers.Binary;
using Watchhouse.Testing;

namespace Watchhouse.Telemetry.Tests;

/// <summary>Logs that other readers give up on: elements written out instead of templates, with text tokens in attributes.</summary>
public sealed class EvtxHardFileTests
{
    [Fact]
    public void Read_HardLogs_EveryRecordThatTheirChunksAnnounce()
    {
        var files = EvtxReferenceTests.Logs(SharedData.Path("detection/evtx-hard")).ToList();
        Assert.Equal(7, files.Count);
        var total = 0L;
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            var announced = Announced(bytes);
            foreach (var nested in new[] { false, true })
            {
                var contents = EvtxFile.Read(bytes, nested);
                Assert.Empty(contents.Rejected);
                Assert.Empty(contents.Source.Skipped);
                Assert.Equal(announced, contents.Events.Count);
            }

            total += announced;
        }

        Assert.Equal(131, total);
    }

    [Fact]
    public void Read_HardLog_SpacesLeaveTheNamesOfFields()
    {
        var file = EvtxReferenceTests.Logs(SharedData.Path("detection/evtx-hard")).First(each => each.Contains("ID1116", StringComparison.Ordinal));

        var first = EvtxFile.Read(File.ReadAllBytes(file)).Events[0].Json;

        Assert.Equal("HackTool:Win64/Mikatz!dha", first["ThreatName"]!.GetValue<string>());
        Assert.Equal(1116, first["EventID"]!.GetValue<int>());
        Assert.Equal("S-1-5-18", first["Security_UserID"]!.GetValue<string>());
    }

    // Numbers of the first and last record in the header of each chunk in use.
    private static long Announced(ReadOnlySpan<byte> file)
    {
        var count = 0L;
        for (var at = 4096; at + EvtxChunk.Size <= file.Length; at += EvtxChunk.Size)
        {
            if (!file[at..].StartsWith("ElfChnk\0"u8)) continue;
            count += BinaryPrimitives.ReadInt64LittleEndian(file[(at + 16)..]) - BinaryPrimitives.ReadInt64LittleEndian(file[(at + 8)..]) + 1;
        }

        return count;
    }
}
