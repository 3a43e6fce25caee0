namespace Watchhouse.Telemetry.Tests;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("""{"Event":{"#attributes":{"xmlns":"u"},"System":{"Provider":{"#attributes":{"Name":"P","Guid":"G"}},"EventID":4688,"Channel":"Security","Computer":"c","TimeCreated":{"#attributes":{"SystemTime":"2024-05-01T10:00:00Z"}}},"EventData":{"NewProcessName":"x.exe"}}}""")]
    [InlineData("""{"Event":{"System":{"Provider":{"@Name":"P","@Guid":"G"},"EventID":{"@Qualifiers":"0","#text":"4688"},"Channel":"Security","Computer":"c","TimeCreated":{"@SystemTime":"2024-05-01T10:00:00Z"}},"EventData":{"Data":[{"@Name":"NewProcessName","#text":"x.exe"}]}}}""")]
    [InlineData("""{"@timestamp":"2024-05-01T10:00:00Z","TimeCreated":"2024-05-01T10:00:00Z","winlog":{"channel":"Security","event_id":"4688","computer_name":"c","provider_name":"P","event_data":{"NewProcessName":"x.exe"}},"event":{"code":"4688"}}""")]
    [InlineData("""{"TimeCreated":"2024-05-01T10:00:00Z","winlog.channel":"Security","winlog.event_id":4688,"winlog.computer_name":"c","winlog.provider_name":"P","winlog.event_data.NewProcessName":"x.exe"}""")]
    [InlineData("""{"_index":"i","_id":"1","_source":{"TimeCreated":"2024-05-01T10:00:00Z","winlog":{"channel":"Security","event_id":4688,"computer_name":"c","provider_name":"P","event_data":{"NewProcessName":"x.exe"}}}}""")]
    [InlineData("""{"TimeCreated":"2024-05-01T10:00:00Z","EventTime":"2024-05-01 10:00:00","Hostname":"c","SourceName":"P","EventID":4688,"Channel":"Security","NewProcessName":"x.exe","SourceModuleName":"in","SourceModuleType":"im_msvistalog"}""")]
    public void Read_WindowsEventInAnyWrapping_SameFlatNames(string json)
    {
        var found = Assert.Single(Found.In(json));

        Assert.Equal(
            ("4688", "Security", "c", "P", "x.exe", "2024-05-01T10:00:00Z"),
            (found["EventID"], found["Channel"], found["Computer"], found["Provider_Name"], found["NewProcessName"], found["TimeCreated"]));
    }

    [Theory]
    [InlineData("""<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="P" Guid="{G}"/><EventID Qualifiers="0">4688</EventID><TimeCreated SystemTime="2024-05-01T10:00:00Z"/><Channel>Security</Channel><Computer>c</Computer><Security/></System><EventData><Data Name="New Process Name">x.exe &amp; y</Data><Data>one</Data><Data>two</Data></EventData></Event>""")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n<!-- <Event> in a comment -->\n<Event>\n <System>\n  <Provider Name='P'/>\n  <EventID>4688</EventID>\n  <TimeCreated SystemTime='2024-05-01T10:00:00Z'/>\n  <Channel>Security</Channel><Computer>c</Computer>\n </System>\n <EventData><Data Name='NewProcessName'><![CDATA[x.exe & y]]></Data><Data>one</Data><Data>two</Data></EventData>\n</Event>\n</Events>")]
    public void Read_WindowsEventXml_SameFlatNames(string xml)
    {
        var found = Assert.Single(Found.In(xml));

        Assert.Null(found.Reason);
        Assert.Equal(
            ("4688", "Security", "c", "P", "x.exe & y", "2024-05-01T10:00:00Z", "two"),
            (found["EventID"], found["Channel"], found["Computer"], found["Provider_Name"], found["NewProcessName"], found["TimeCreated"], found["Data[1]"]));
        Assert.StartsWith("<Event", found.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_XmlWithBrokenEventsAndDocumentType_RejectedAndTheRestIsRead()
    {
        var found = Found.In(
            "<Events><Event><System><EventID>1</EventID></System></Event><Event><System><EventID>2</System></Event>rubbish<Event><System><EventID>&x;</EventID></System></Event>"
            + "<!DOCTYPE a [<!ENTITY x \"y\">]><Event><System><EventID>3</EventID></System></Event></Events>");

        Assert.Equal(["1", "3"], found.Where(each => each.Reason is null).Select(each => each["EventID"]));
        Assert.Contains("not XML at line 1", found[1].Reason, StringComparison.Ordinal);
        Assert.Contains("Text stands where", found[2].Reason, StringComparison.Ordinal);
        Assert.Contains("not XML", found[3].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"CreationTime":"x","Workload":"Exchange","Operation":"a"},{"CreationTime":"x","Workload":"Exchange","Operation":"b"}]""")]
    [InlineData("""{"value":[{"Operation":"a"},{"Operation":"b"}]}""")]
    [InlineData("""{"@odata.context":"c","value":[{"Operation":"a"},{"Operation":"b"}],"@odata.nextLink":"n"}""")]
    [InlineData("""{"records":[{"Operation":"a"},{"Operation":"b"}]}""")]
    [InlineData("""{"Records":[{"Operation":"a"},{"Operation":"b"}]}""")]
    [InlineData("""[{"records":[{"Operation":"a"}]},{"records":[{"Operation":"b"}]}]""")]
    public void Read_ListsOfRecords_EachIsAnEventWithItsOwnRawBytes(string json)
    {
        var found = Found.In(json);

        Assert.Equal(["a", "b"], found.Select(each => each["Operation"]));
        Assert.All(found, each => Assert.True(each.Raw.StartsWith('{') && each.Raw.Contains("Operation", StringComparison.Ordinal) && !each.Raw.Contains("ecords", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_LogAnalyticsRow_DynamicColumnsAreNested()
    {
        var found = Found.In(
            """{"TimeGenerated":"2024-05-01T10:00:00Z","Type":"AuditLogs","OperationName":"Consent ","TargetResources":"[{\"displayName\":\"d\",\"modifiedProperties\":[{\"displayName\":\"ConsentContext.IsAdminConsent\",\"newValue\":\"\\\"False\\\"\"}]}]","Broken":"{\"a\":","Empty":"[]"}""")[0];

        Assert.Equal(("d", "{\"a\":", "[]"), (found["TargetResources[0].displayName"], found["Broken"], found["Empty"]));
        Assert.Equal(("False", "Consent"), (found["_modified.ConsentContext.IsAdminConsent"], found["_activity"]));
    }

    [Theory]
    [InlineData("""{"RecordType":1,"AuditData":"{\"Operation\":\"x\",\"Workload\":\"Exchange\"}"}""")]
    [InlineData("""{"auditLogRecordType":"x","auditData":{"Operation":"x","Workload":"Exchange"}}""")]
    public void Read_AuditData_LiesAtTheTop(string json) => Assert.Equal(("x", "Exchange"), (Found.In(json)[0]["Operation"], Found.In(json)[0]["Workload"]));

    [Theory]
    [InlineData("""type=CWD msg=audit(1.1:1): cwd=\"/root\" """, "cwd", "/root")]
    [InlineData("""{\"k\":\"v\"}""", "k", "v")]
    [InlineData("CEF:0|a|b|c|d|e|5|src=1.1.1.1", "src", "1.1.1.1")]
    [InlineData("Oct 11 22:14:15 h sshd[1]: x", "appname", "sshd")]
    [InlineData("""1.1.1.1 - - [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 1""", "cs-uri-stem", "/a")]
    public void Read_LineInTheMessageOfFilebeat_ItsFieldsLieBesideTheEnvelope(string message, string field, string value)
    {
        var found = Found.In($$$"""{"@timestamp":"2024-05-01T10:00:00Z","agent":{"type":"filebeat"},"message":"{{{message}}}"}""")[0];

        Assert.Equal((value, "filebeat"), (found[field], found["agent.type"]));
    }

    [Fact]
    public void Read_PlainObjectWithMessage_IsLeftAsItIs() =>
        Assert.Equal(["message", "x"], Found.In("""{"message":"{\"k\":1}","x":"[1]"}""")[0].Fields.Keys);
}
