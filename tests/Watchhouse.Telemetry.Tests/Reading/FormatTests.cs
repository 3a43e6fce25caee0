using System.Text;

namespace Watchhouse.Telemetry.Tests;

public sealed class FormatTests
{
    [Theory]
    [InlineData("{\"a\":1}\n", "", "JSON lines")]
    [InlineData("{\n \"a\":1\n}\n", "", "JSON")]
    [InlineData("[{\"a\":1}]", ".log", "JSON")]
    [InlineData("", "", "JSON lines")]
    [InlineData("<?xml version=\"1.0\"?><Events></Events>", "", "Windows event XML")]
    [InlineData("<Event xmlns='x'><System/></Event>", ".log", "Windows event XML")]
    [InlineData("#Software: x\n#Fields: a b\n", ".log", "W3C extended")]
    [InlineData("#separator \\x09\n", ".log", "Zeek")]
    [InlineData("type=CWD msg=audit(1.1:1): cwd=\"/\"\n", ".log", "auditd")]
    [InlineData("CEF:0|a|b|c|d|e|5|\n", "", "CEF")]
    [InlineData("<13>Oct 11 22:14:15 h CEF:0|a|b|c|d|e|5|\n", "", "syslog")]
    [InlineData("LEEF:1.0|a|b|c|d|\n", "", "LEEF")]
    [InlineData("19 <13>1 - h a - - - x", "", "syslog with octet counting")]
    [InlineData("<13>1 - h a - - - x\n", "", "syslog")]
    [InlineData("Oct 11 22:14:15 h app: x\n", ".log", "syslog")]
    [InlineData("2026-05-01T10:00:00+01:00 h app: x\n", ".log", "syslog")]
    [InlineData("1.1.1.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 1\n", ".log", "access log")]
    [InlineData("a,b\n1,2\n", "", "CSV")]
    [InlineData("Time,Message\n2026-05-01 10:00:00,\"a, b\"\n", ".log", "CSV")]
    [InlineData("only one column\nrow\n", ".csv", "CSV")]
    [InlineData("Well, this is prose.\nIt has commas, and more commas, and no columns.\n", ".txt", "text lines")]
    [InlineData("[2026-05-01 10:00:00] ERROR something\n", ".log", "text lines")]
    [InlineData("starting up\n{\"a\":1}\n", ".log", "JSON lines")]
    [InlineData("not json\n", ".jsonl", "JSON lines")]
    public void Open_Content_FormatByContentAndExtensionOnlyThen(string text, string extension, string format) => Assert.Equal(format, Found.FormatOf(text, extension));

    [Fact]
    public void Open_BinaryContent_RefusedWithASentence()
    {
        var bytes = new byte[4096];
        new Random(1).NextBytes(bytes);

        var error = Assert.Throws<InvalidDataException>(() => Found.In(bytes));

        Assert.Contains("binary and of no known kind", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FormatGiven_ContentIsNotAsked()
    {
        var found = Found.In("{\"a\":1}\n", ".json", new() { Format = EventFormat.TextLines });

        Assert.Equal("{\"a\":1}", found[0]["message"]);
    }

    [Fact]
    public void Find_Folder_EveryKnownExtensionPackedOrNot()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            foreach (var name in (string[])["a.csv", "b.TSV", "c.xml.gz", "d.cef", "e.leef.zst", "f.exe", "g.log"]) File.WriteAllText(Path.Combine(folder.FullName, name), "");

            Assert.Equal(["a.csv", "b.TSV", "c.xml.gz", "d.cef", "e.leef.zst", "g.log"], EventFiles.Find([folder.FullName]).Select(Path.GetFileName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_Utf16WithByteOrderMark_SameEventsAndPositions(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        var text = string.Concat(Enumerable.Range(1, 9000).Select(number => $"{{\"n\":{number},\"t\":\"zażółć 😀\"}}\r\n"));

        var found = Found.In([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);

        Assert.Equal(9000, found.Count);
        Assert.All(found, each => Assert.Equal((each.Position.ToString(System.Globalization.CultureInfo.InvariantCulture), "zażółć 😀"), (each["n"], each["t"])));
    }

    [Fact]
    public void Read_InvalidUtf8InJson_RejectedWithItsPlace()
    {
        var found = Found.In([.. "{\"a\":\"x\"}\n{\"a\":\""u8, 0xFF, .. "\"}\n{\"a\":\"y\"}\n"u8]);

        Assert.Equal([null, "The record is not UTF-8 at byte 6.", null], found.Select(each => each.Reason));
        Assert.Equal(2, found[1].Position);
    }
}
