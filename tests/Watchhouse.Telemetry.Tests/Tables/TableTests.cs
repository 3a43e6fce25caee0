namespace Watchhouse.Telemetry.Tests;

public sealed class TableTests
{
    [Fact]
    public void Read_Csv_QuotesLineFeedsAndPositions()
    {
        var found = Found.In("\uFEFFName,\"Odd, \"\"name\"\"\",Empty\r\nplain,\"two\r\nlines\",\r\n\r\nlast,\"say \"\"hi\"\"\",5\" disk\r\ntoo,many,cells,here\r\n");

        Assert.Equal([2, 5, 6], found.Select(each => each.Position));
        Assert.Equal(("plain", "two\r\nlines", null), (found[0]["Name"], found[0]["Odd, \"\"name\"\""] ?? found[0]["Odd, \"name\""], found[0]["Empty"]));
        Assert.Equal("plain,\"two\r\nlines\",", found[0].Raw);
        Assert.Equal("5\" disk", found[1]["Empty"]);
        Assert.Contains("more cells than the 3 columns", found[2].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a;b\n1;2\n", "2")]
    [InlineData("a\tb\n1\t2\n", "2")]
    [InlineData("a,b\n1,2", "2")]
    public void Read_CsvWithAnySeparator_Columns(string text, string second) => Assert.Equal(second, Assert.Single(Found.In(text))["b"]);

    [Fact]
    public void Read_QuotationMarkNeverClosed_RejectedWithItsLine()
    {
        var found = Found.In("a,b\n1,2\n3,\"open\n4,5\n");

        Assert.Equal((2, 3), (found[0].Position, found[1].Position));
        Assert.Contains("never closed", found[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RowLongerThanTheLimit_PassedOverAndTheRestIsRead()
    {
        var text = "a,b\n1,2\n3,\"" + string.Concat(Enumerable.Repeat("x\n", 400_000)) + "\n4,5\n";
        var found = Found.In(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), ".csv", new() { Limits = new() { RecordBytes = 1000, BlockBytes = 4096 } }, out _, out var skipped);

        Assert.Contains("Line 3 is longer than 1000 bytes", skipped[0], StringComparison.Ordinal);
        Assert.Equal((400_004L, "5"), (found[^1].Position, found[^1]["b"]));
    }

    [Fact]
    public void Read_PurviewExport_AuditDataLiesAtTheTop()
    {
        var found = Found.In(
            "RecordId,CreationDate,RecordType,Operation,UserId,AuditData\n"
            + "1,2024-05-01T10:00:00Z,1,New-InboxRule,a@b.c,\"{\"\"Workload\"\":\"\"Exchange\"\",\"\"Operation\"\":\"\"New-InboxRule\"\",\"\"CreationTime\"\":\"\"2024-05-01T10:00:00\"\",\"\"Parameters\"\":[{\"\"Name\"\":\"\"DeleteMessage\"\",\"\"Value\"\":\"\"True\"\"}]}\"\n");

        Assert.Equal(("Exchange", "DeleteMessage", "1"), (found[0]["Workload"], found[0]["Parameters[0].Name"], found[0]["RecordId"]));
    }

    [Fact]
    public void Read_W3cOfIis_HeaderMayComeAgain()
    {
        var found = Found.In(
            """
            #Software: Microsoft Internet Information Services 10.0
            #Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status
            2024-05-01 10:00:00 GET /index.aspx id=1 10.0.0.1 Mozilla/5.0+(X11) 200
            #Fields: date time cs-method sc-status
            2024-05-01 11:00:00 POST 500
            2024-05-01 11:00:01 POST
            """);

        Assert.Equal([3, 5, 6], found.Select(each => each.Position));
        Assert.Equal(("2024-05-01T10:00:00", "GET", "/index.aspx", "id=1", "Mozilla/5.0 (X11)", "200"), (found[0]["TimeCreated"], found[0]["cs-method"], found[0]["cs-uri-stem"], found[0]["cs-uri-query"], found[0]["cs-user-agent"], found[0]["sc-status"]));
        Assert.Equal(("POST", "500"), (found[1]["cs-method"], found[1]["sc-status"]));
        Assert.Contains("3 values where #Fields names 4", found[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Zeek_PathSetsAndUnsetValues()
    {
        var found = Found.In(
            "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
            + "#fields\tts\tid.orig_h\tquery\tanswers\tTTLs\trejected\n#types\ttime\taddr\tstring\tvector[string]\tvector[interval]\tbool\n"
            + "1500000000.123456\t10.0.0.1\tevil\\x09.example\ta,b\t(empty)\tF\n1500000001.0\t-\t-\t-\t-\tT\n#close\t2020-01-01-00-00-00\n");

        Assert.Equal(2, found.Count);
        Assert.Equal(("dns", "10.0.0.1", "evil\t.example", "a", "b", "F"), (found[0]["_path"], found[0]["id.orig_h"], found[0]["query"], found[0]["answers[0]"], found[0]["answers[1]"], found[0]["rejected"]));
        Assert.Equal((null, null), (found[0]["TTLs"], found[1]["query"]));
    }

    [Fact]
    public void Read_DirectivesInAnEarlierBlock_HoldForLaterOnes()
    {
        var rows = string.Concat(Enumerable.Range(0, 5000).Select(number => $"2024-05-01 10:00:00 GET /{number} 200\n"));
        var found = Found.In("#Fields: date time cs-method cs-uri-stem sc-status\n" + rows, "", new() { Limits = new() { BlockBytes = 4096 } });

        Assert.Equal(5000, found.Count);
        Assert.All(found, each => Assert.Equal("200", each["sc-status"]));
        Assert.Equal(("/4999", 5001), (found[^1]["cs-uri-stem"], found[^1].Position));
    }
}
