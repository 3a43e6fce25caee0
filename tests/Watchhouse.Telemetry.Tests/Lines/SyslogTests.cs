namespace Watchhouse.Telemetry.Tests;

public sealed class SyslogTests
{
    private static readonly EventFileOptions November = new() { Reference = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero) };

    [Fact]
    public void Read_ExamplesOfRfc5424_HeaderStructuredDataAndMessage()
    {
        var found = Found.In(
            """
            <34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed for lonvick on /dev/pts/8
            <165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.
            <165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"][examplePriority@32473 class="high"]
            <13>1 - - - - - [a x="q\"b\\c\]d"] text
            """);

        Assert.All(found, each => Assert.Null(each.Reason));
        Assert.Equal(("auth", "crit", "mymachine.example.com", "su", null, "ID47"), (found[0]["facility"], found[0]["severity"], found[0]["hostname"], found[0]["appname"], found[0]["procid"], found[0]["msgid"]));
        Assert.Equal("'su root' failed for lonvick on /dev/pts/8", found[0]["message"]);
        Assert.Equal(("local4", "notice", "8710", "%% It's time to make the do-nuts."), (found[1]["facility"], found[1]["severity"], found[1]["procid"], found[1]["message"]));
        Assert.Equal(("1011", "high"), (found[2]["structured_data.exampleSDID@32473.eventID"], found[2]["structured_data.examplePriority@32473.class"]));
        Assert.Equal(("q\"b\\c]d", "text", null), (found[3]["structured_data.a.x"], found[3]["message"], found[3]["hostname"]));
    }

    [Fact]
    public void Read_ByteOrderMarkBeforeMessage_IsNoPartOfIt()
    {
        var found = Found.In("<34>1 2003-10-11T22:14:15.003Z host su - ID47 - \uFEFF'su root' failed");

        Assert.Equal("'su root' failed", found[0]["message"]);
    }

    [Theory]
    [InlineData("<34>Oct 11 22:14:15 mymachine su: 'su root' failed", "2026-10-11T22:14:15", "mymachine", "su", null, "'su root' failed")]
    [InlineData("Nov  5 06:25:01 web1 CRON[1234]: (root) CMD (test)", "2026-11-05T06:25:01", "web1", "CRON", "1234", "(root) CMD (test)")]
    [InlineData("Dec 31 23:59:59 web1 sshd[9]: Accepted", "2025-12-31T23:59:59", "web1", "sshd", "9", "Accepted")]
    [InlineData("2024-05-01T10:00:00.123456+01:00 web1 sshd-session[77]: Invalid user x", "2024-05-01T10:00:00.123456+01:00", "web1", "sshd-session", "77", "Invalid user x")]
    [InlineData("<13>Oct 11 22:14:15 app[5]: no host", "2026-10-11T22:14:15", null, "app", "5", "no host")]
    [InlineData("<189>Oct 11 2024 22:14:15 fw1 %ASA-6-302013: Built", "2024-10-11T22:14:15", "fw1", "%ASA-6-302013", null, "Built")]
    [InlineData("<189>45: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: Configured", "2026-03-01T18:46:11.123", null, "%SYS-5-CONFIG_I", null, "Configured")]
    [InlineData("Oct 11 22:14:15 host last message repeated 3 times", "2026-10-11T22:14:15", "host", null, null, "last message repeated 3 times")]
    [InlineData("<13>no time at all", null, null, null, null, "no time at all")]
    public void Read_LinesOfDaemons_PartsWhereTheyAre(string line, string? time, string? host, string? app, string? process, string message)
    {
        var found = Assert.Single(Found.In(line, "", November));

        Assert.Equal((time, host, app, process, message), (found["TimeCreated"], found["hostname"], found["appname"], found["procid"], found["message"]));
        Assert.Equal(line, found.Raw);
    }

    [Fact]
    public void Read_TimeWithoutYearAndWithoutReference_NoTimeIsMadeUp()
    {
        Assert.Null(Found.In("Oct 11 22:14:15 host app: x")[0]["TimeCreated"]);
    }

    [Fact]
    public void Read_ContinuationLine_IsAnEventWithItsMessage()
    {
        var found = Found.In("Oct 11 22:14:15 host app: first\n    at Some.Frame()\n");

        Assert.Equal([1, 2], found.Select(each => each.Position));
        Assert.Equal("    at Some.Frame()", found[1]["message"]);
    }

    [Theory]
    [InlineData("""<14>1 2024-05-01T10:00:00Z h app - - - {"EventID":4624,"Nested":{"a":"b"}}""", "EventID", "4624")]
    [InlineData("""<14>May  1 10:00:00 h app: @cee: {"k":"v"}""", "k", "v")]
    [InlineData("""<14>May  1 10:00:00 h CEF:0|V|P|1|9|Name|5|src=10.0.0.1 msg=a b""", "src", "10.0.0.1")]
    [InlineData("<14>May  1 10:00:00 h LEEF:1.0|V|P|1|9|src=10.0.0.1\tusrName=x", "usrName", "x")]
    [InlineData("""May  1 10:00:00 h audisp-syslog[4]: type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e exe="/bin/cat" """, "exe", "/bin/cat")]
    [InlineData("""<14>May  1 10:00:00 h winlogbeat: {"winlog":{"channel":"Security","event_id":4688,"event_data":{"NewProcessName":"x"}}}""", "NewProcessName", "x")]
    public void Read_MessageInAnotherFormat_ItsFieldsLieBesideTheHeader(string line, string field, string value)
    {
        var found = Assert.Single(Found.In(line));

        Assert.Equal((value, "h"), (found[field], found["hostname"]));
        Assert.Null(found["message"]);
    }

    [Fact]
    public void Read_Sudo_TheUserThatWasActedAs()
    {
        var found = Found.In("May  1 10:00:00 h sudo[3]:    alice : TTY=pts/0 ; PWD=/srv/alice ; USER=#-1 ; COMMAND=/bin/sh -c 'a ; USER=b'")[0];

        Assert.Equal(("#-1", "/bin/sh -c 'a ; USER=b'", "pts/0"), (found["USER"], found["COMMAND"], found["TTY"]));
    }

    [Fact]
    public void Read_OctetCounting_MessagesMayHoldLineFeeds()
    {
        var found = Found.In("21 <13>1 - h a - - - x\ny29 <13>1 - h a - - - longer text\n19 <13>1 - h a - - - z");

        Assert.Equal(3, found.Count);
        Assert.Equal([1, 2, 3], found.Select(each => each.Position));
        Assert.Equal(["x\ny", "longer text", "z"], found.Select(each => each["message"]));
    }

    [Fact]
    public void Read_BrokenOctetCount_RejectedAndTheRestIsRead()
    {
        var found = Found.In("19 <13>1 - h a - - - x\nrubbish here\n19 <13>1 - h a - - - y");

        Assert.Contains(found, each => each["message"] == "x");
        Assert.Contains(found, each => each.Reason is not null && each.Reason.Contains("RFC 6587", StringComparison.Ordinal));
        Assert.Contains(found, each => each["message"] == "y");
    }

    [Fact]
    public void Read_InvalidUtf8_RawIsKeptAndFieldsAreReplaced()
    {
        byte[] line = [.. "Oct 11 22:14:15 host app: caf"u8, 0xE9, .. " end"u8];
        using var source = EventFiles.Open(new MemoryStream(line), ReadLimits.Default);
        var (block, record, parser) = (new EventBlock(), new EventRecord(), source.CreateParser());
        Assert.True(source.Read(block));
        parser.Start(block);

        Assert.Equal(ParseOutcome.Event, parser.Next(record, out _));

        Assert.Equal("caf\uFFFD end", record.Text("message"));
        Assert.Equal(line, record.Raw.ToArray());
    }
}
