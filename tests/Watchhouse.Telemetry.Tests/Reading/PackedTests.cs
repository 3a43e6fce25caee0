using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace Watchhouse.Telemetry.Tests;

public sealed class PackedTests
{
    [Fact]
    public void Read_GzipOfSeveralMembers_AllOfThem()
    {
        byte[] Member(string text)
        {
            var packed = new MemoryStream();
            using (var zip = new GZipStream(packed, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
            return packed.ToArray();
        }

        Assert.Equal(["1", "2", "3"], Found.In([.. Member("{\"a\":1}\n"), .. Member("{\"a\":2}\n{\"a\""), .. Member(":3}\n")]).Select(each => each["a"]));
    }

    [Fact]
    public void Read_ZstdOfSeveralFrames_AllOfThem()
    {
        byte[] Frame(string text)
        {
            using var compressor = new Compressor(3);
            return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
        }

        Assert.Equal(["1", "2", "3"], Found.In([.. Frame("{\"a\":1}\n"), .. Frame("{\"a\":2}\n{\"a\""), .. Frame(":3}\n")]).Select(each => each["a"]));
    }

    [Fact]
    public void Read_DamagedZstd_RefusedWithASentence()
    {
        using var compressor = new Compressor(3);
        var packed = compressor.Wrap(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(number => $"{{\"a\":{number}}}\n")))).ToArray();
        for (var at = packed.Length / 2; at < packed.Length; at++) packed[at] ^= 0x55;

        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => Found.In(packed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\":\"", "JSON lines")]
    [InlineData("<13>Oct 11 22:14:15 h a: ", "syslog")]
    [InlineData("a,b\n1,\"", "CSV")]
    [InlineData("[{\"a\":\"", "JSON")]
    [InlineData("<Event><System>", "Windows event XML")]
    public void Read_EndlessRecordThatPacksToLittle_PassedOverInBoundedMemory(string start, string format)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(start));
            var filler = new byte[1024 * 1024];
            Array.Fill(filler, (byte)'x');
            for (var each = 0; each < 200; each++) zip.Write(filler);
        }

        packed.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = Found.In(packed, format == "CSV" ? ".csv" : "", new() { Limits = new() { RecordBytes = 1024 * 1024 } }, out var seen, out var skipped);

        Assert.Equal(format, seen);
        Assert.DoesNotContain(found, each => each.Reason is null);
        Assert.True(skipped.Count + found.Count > 0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 * 1024 * 1024);
    }
}
