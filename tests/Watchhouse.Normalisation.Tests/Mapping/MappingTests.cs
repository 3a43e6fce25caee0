namespace Watchhouse.Normalisation.Tests;

public sealed class MappingTests
{
    [Fact]
    public void Default_EveryMapping_Compiles() => new NormaliserProgram(TableMappings.Default.Mappings, TableCatalogue.Default).CompileAll();

    [Fact]
    public void Catalogue_TablesThatAnalystsKnow_HaveTheirColumns()
    {
        Assert.Equal(ColumnKind.Dynamic, TableCatalogue.Default.Find("SigninLogs")?.Find("DeviceDetail")?.Kind);
        Assert.Equal(ColumnKind.Int, TableCatalogue.Default.Find("securityevent")?.Find("EventID")?.Kind);
        Assert.Equal(ColumnKind.Long, TableCatalogue.Default.Find("DeviceProcessEvents")?.Find("ProcessId")?.Kind);
        Assert.Null(TableCatalogue.Default.Find("NoSuchTable"));
        Assert.All(TableCatalogue.Default.Tables, table =>
        {
            Assert.Equal(ColumnKind.DateTime, table.Find("TimeGenerated")?.Kind);
            Assert.Equal(ColumnKind.String, table.Find("Type")?.Kind);
        });
    }

    [Fact]
    public void With_OwnMapping_ComesBeforeTheLibrarys()
    {
        var mappings = TableMappings.Default.With(("""
            mappings:
              - table: Syslog
                when: [{product: DoorControl}]
                columns: {SyslogMessage: [what], Computer: [door], TimeGenerated: [at]}
                entities: {host observer: [door]}
            """, "doors.yml"));

        var row = Row.Of("""{"product":"doorcontrol","what":"open","door":"D1","at":"2024-05-01T10:00:00Z","eventType":"x"}""", mappings: mappings, extension: ".json");

        Assert.Equal(("Syslog", "open", "D1", "x"), (row.Table, row["SyslogMessage"], row["Computer"], row.Kept("eventType")));
        Assert.Equal(["Host Observer d1"], row.Entities);
    }

    [Theory]
    [InlineData("mappings:\n  - table: NoSuchTable\n    when: [{a: b}]", "x.yml:2: the table 'NoSuchTable' is not in the catalogue.")]
    [InlineData("mappings:\n  - table: Syslog\n    columns: {NoSuchColumn: [a]}", "x.yml:3: the table Syslog has no column 'NoSuchColumn'.")]
    [InlineData("mappings:\n  - table: Syslog\n    nothing: 1", "x.yml:3: 'nothing' is unknown; known are name, table,")]
    [InlineData("mappings:\n  - table: Syslog\n    use: [none]", "x.yml:2: the group 'none' is not there.")]
    [InlineData("mappings:\n  - table: Syslog\n    when: [{}]", "x.yml:3: a condition without a path would fit every event.")]
    [InlineData("mappings:\n  - table: Syslog\n    entities: {ghost actor: [a]}", "x.yml:3: 'ghost actor' must be a kind (account, ")]
    [InlineData("mappings:\n  - table: Syslog\n    compose: {HostName: ['{a']}", "The mapping 'Syslog': The template '{a' has a brace")]
    [InlineData("mappings:\n  - table: Syslog\n    compose: {HostName: ['{a|loud}']}", "The mapping 'Syslog': The filter of 'a|loud' is unknown")]
    [InlineData("mappings:\n  - table: [", "x.yml:")]
    [InlineData("- a", "x.yml:1: a map is expected here.")]
    public void With_FaultyFile_SaysWhereAndWhat(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => TableMappings.Default.With((text, "x.yml"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Normalise_DeclaredKind_DecidesTheTable()
    {
        Assert.Equal("Watchhouse_CL", Row.Of("""{"a":1}""", extension: ".json").Table);
        Assert.Equal("Syslog", Row.Of("""{"a":1}""", kind: "syslog", extension: ".json").Table);
        Assert.Equal("AuditLogs", Row.Of("""{"a":1}""", kind: "directoryAudits", extension: ".json").Table);
        Assert.Equal("AlertInfo", Row.Of("""{"a":1}""", kind: "AlertInfo", extension: ".json").Table);
        Assert.Equal("Watchhouse_CL", Row.Of("""{"a":1}""", kind: "no such kind", extension: ".json").Table);
    }

    [Theory]
    [InlineData("ProcessId", "\"0x1f\"", "31")]
    [InlineData("ProcessId", "7.0", "7")]
    [InlineData("ProcessId", "\"12\"", "12")]
    [InlineData("ProcessId", "7.5", null)]
    [InlineData("ProcessId", "\"twelve\"", null)]
    [InlineData("ProcessId", "99999999999999999999", null)]
    [InlineData("FileName", "12.50", "12.50")]
    [InlineData("FileName", "true", "true")]
    [InlineData("FileName", "{\"a\": \"\\u00e9\"}", "{\"a\":\"é\"}")]
    [InlineData("ProcessCreationTime", "\"2024-05-01 10:00:00.123456789\"", "2024-05-01T10:00:00.1234567Z")]
    [InlineData("ProcessCreationTime", "\"2024-05-01T11:00:00+01:00\"", "2024-05-01T10:00:00.0000000Z")]
    [InlineData("ProcessCreationTime", "\"yesterday\"", null)]
    [InlineData("AdditionalFields", "\"{\\\"a\\\":1}\"", "{\"a\":1}")]
    [InlineData("AdditionalFields", "\"{not json}\"", "{not json}")]
    public void Normalise_ValueForAColumn_BroughtToItsKindOrKept(string column, string value, string? expected)
    {
        var row = Row.Of($$"""{"category":"AdvancedHunting-DeviceProcessEvents","{{column}}":{{value}}}""", extension: ".json");

        Assert.Equal(expected, row[column]);
        Assert.Equal(expected is null, row.Kept(column) is not null);
    }

    [Fact]
    public void Normalise_TwoMembersForOneColumn_TheOtherIsKeptUnlessItIsTheSame()
    {
        var row = Row.Of("""{"category":"SignInLogs","callerIpAddress":"1.1.1.1","properties":{"ipAddress":"2.2.2.2","userId":"u"},"UserId":"u"}""", extension: ".json");

        Assert.Equal(("2.2.2.2", "1.1.1.1", "u"), (row["IPAddress"], row.Kept("callerIpAddress"), row["UserId"]));
        Assert.Null(row.Kept("UserId"));
        Assert.Null(row.Kept("properties"));
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", EventTimeliness.OnTime, 0)]
    [InlineData("2026-01-02T03:08:05Z", EventTimeliness.OnTime, -240)]
    [InlineData("2026-01-02T03:14:05Z", EventTimeliness.ClockAhead, -600)]
    [InlineData("2026-01-02T01:04:05Z", EventTimeliness.Late, 7200)]
    public void Normalise_EventTime_JudgedAgainstWhenItWasReceived(string time, EventTimeliness expected, int seconds)
    {
        var row = Row.Of($$"""{"time":"{{time}}"}""", extension: ".json");

        Assert.Equal((EventTimeOrigin.Event, expected, TimeSpan.FromSeconds(seconds)), (row.Origin, row.Timeliness, row.Delay));
        Assert.Equal(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), row.Time);
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"time":"soon"}""")]
    public void Normalise_NoTime_TheTimeOfReceiptAndSaysSo(string record)
    {
        var row = Row.Of(record, extension: ".json");

        Assert.Equal((Row.Received, EventTimeOrigin.Received, EventTimeliness.OnTime), (row.Time, row.Origin, row.Timeliness));
    }
}
