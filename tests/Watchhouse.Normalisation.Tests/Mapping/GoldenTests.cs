namespace Watchhouse.Normalisation.Tests;

/// <summary>What one record of each kind becomes. Each case lists columns, kept members and entities that must be there.</summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData("""{"time":"2024-05-01T10:00:05Z","category":"SignInLogs","operationName":"Sign-in activity","tenantId":"t-1","resultType":"50126","callerIpAddress":"1.2.3.4","Level":4,"properties":{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","createdDateTime":"2024-05-01T10:00:00.1234567Z","userPrincipalName":"Ann@Force.Example","userId":"u-1","appId":"a-1","appDisplayName":"Portal","ipAddress":"1.2.3.4","status":{"errorCode":50126,"failureReason":"Invalid"},"location":{"countryOrRegion":"GB","city":"Leeds"},"isInteractive":true,"extra":{"x":1}}}""")]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","createdDateTime":"2024-05-01T10:00:00.1234567Z","userPrincipalName":"Ann@Force.Example","userId":"u-1","appId":"a-1","appDisplayName":"Portal","ipAddress":"1.2.3.4","clientAppUsed":"Browser","status":{"errorCode":50126,"failureReason":"Invalid"},"location":{"countryOrRegion":"GB","city":"Leeds"},"isInteractive":true,"extra":{"x":1}}""")]
    [InlineData("""{"TimeGenerated [UTC]":"5/1/2024, 10:00:00.1234567 AM","Category":"SignInLogs","OperationName":"Sign-in activity","Id":"0f8fad5b-d9cb-469f-a165-70867728950e","CreatedDateTime [UTC]":"5/1/2024, 10:00:00.1234567 AM","UserPrincipalName":"Ann@Force.Example","UserId":"u-1","AppId":"a-1","AppDisplayName":"Portal","IPAddress":"1.2.3.4","ResultType":"50126","ResultDescription":"Invalid","Status_string":"{\"errorCode\":50126,\"failureReason\":\"Invalid\"}","Location":"GB","LocationDetails_dynamic":"{\"countryOrRegion\":\"GB\",\"city\":\"Leeds\"}","IsInteractive":"true","extra":"{\"x\":1}","Type":"SigninLogs"}""")]
    public void Normalise_SignInInAnyShape_TheSameColumns(string record)
    {
        var row = Row.Of(record, extension: ".json");

        Assert.Equal("SigninLogs", row.Table);
        Assert.Equal("2024-05-01T10:00:00.1234567Z", row["TimeGenerated"]);
        Assert.Equal("2024-05-01T10:00:00.1234567Z", row["CreatedDateTime"]);
        Assert.Equal("Ann@Force.Example", row["UserPrincipalName"]);
        Assert.Equal("50126", row["ResultType"]);
        Assert.Equal("Invalid", row["ResultDescription"]);
        Assert.Equal("GB", row["Location"]);
        Assert.Equal("Leeds", row.Columns.GetProperty("LocationDetails").GetProperty("city").GetString());
        Assert.Equal(50126, row.Columns.GetProperty("Status").GetProperty("errorCode").GetInt32());
        Assert.Equal("true", row["IsInteractive"]);
        Assert.Equal("SignInLogs", row["Category"]);
        Assert.Equal(IdentityBasis.OwnId, row.Basis);
        Assert.Equal(["Account Actor ann@force.example", "Address Source 1.2.3.4", "Application Target a-1"], row.Entities);
        Assert.Contains("\"x\":1", row.Unknown.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string, string> Cases => new()
    {
        {
            """{"time":"2024-05-01T10:00:00Z","category":"AuditLogs","operationName":"Add member","tenantId":"t","properties":{"id":"Directory_0123456789","activityDateTime":"2024-05-01T09:59:59Z","activityDisplayName":"Add member to role","category":"RoleManagement","loggedByService":"Core Directory","operationType":"Assign","result":"success","initiatedBy":{"user":{"userPrincipalName":"a@b.example","ipAddress":"10.0.0.9"}},"targetResources":[{"userPrincipalName":"t@b.example"}]}}""",
            "AuditLogs", "TimeGenerated=2024-05-01T09:59:59.0000000Z|OperationName=Add member|ActivityDisplayName=Add member to role|Category=RoleManagement|AADOperationType=Assign|AADTenantId=t|Result=success|Identity=a@b.example",
            "time=2024-05-01T10:00:00Z|category=AuditLogs", "Account Actor a@b.example|Address Source 10.0.0.9|Account Target t@b.example"
        },
        {
            """{"CreationTime":"2024-05-01T10:00:00","Id":"0f8fad5b-d9cb-469f-a165-70867728950e","Operation":"MailItemsAccessed","OrganizationId":"o","RecordType":50,"ResultStatus":"Succeeded","UserKey":"k","UserType":0,"Workload":"Exchange","ClientIPAddress":"[2001:db8::1]:443","UserId":"A@b.example","LogonType":2,"AppAccessContext":{"ClientAppId":"app"},"Folders":[{"Id":"x"}]}""",
            "OfficeActivity", "TimeGenerated=2024-05-01T10:00:00.0000000Z|Start_Time=2024-05-01T10:00:00.0000000Z|RecordType=ExchangeItemAggregated|UserType=Regular|Logon_Type=Delegated|OfficeWorkload=Exchange|OfficeId=0f8fad5b-d9cb-469f-a165-70867728950e|Client_IPAddress=[2001:db8::1]:443|Folders=[{\"Id\":\"x\"}]",
            "AppAccessContext={\"ClientAppId\":\"app\"}", "Account Actor a@b.example|Address Source 2001:db8::1|Application Actor app"
        },
        {
            """{"time":"2024-05-01T10:00:00Z","resourceId":"/SUBSCRIPTIONS/S","operationName":"MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE","category":"Administrative","resultType":"Success","callerIpAddress":"1.1.1.1","identity":{"claims":{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"a@b.example"},"authorization":{"scope":"s"}},"properties":{"statusCode":"OK","hierarchy":"h"},"durationMs":7}""",
            "AzureActivity", "OperationNameValue=MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE|CategoryValue=Administrative|ActivityStatusValue=Success|Caller=a@b.example|CallerIpAddress=1.1.1.1|Hierarchy=h|_ResourceId=/SUBSCRIPTIONS/S|Authorization_d={\"scope\":\"s\"}|Properties={\"statusCode\":\"OK\",\"hierarchy\":\"h\"}",
            "durationMs=7", "Account Actor a@b.example|Address Source 1.1.1.1"
        },
        {
            """{"eventTimestamp":"2024-05-01T10:00:00Z","eventDataId":"0f8fad5b-d9cb-469f-a165","operationName":{"value":"Microsoft.X/y/write","localizedValue":"Write y"},"category":{"value":"Administrative","localizedValue":"Administrative"},"status":{"value":"Succeeded"},"caller":"a@b.example","httpRequest":{"clientIpAddress":"1.1.1.1"}}""",
            "AzureActivity", "OperationNameValue=Microsoft.X/y/write|OperationName=Write y|CategoryValue=Administrative|ActivityStatusValue=Succeeded|Caller=a@b.example|CallerIpAddress=1.1.1.1", "", "Account Actor a@b.example|Address Source 1.1.1.1"
        },
        {
            """{"time":"2024-05-01T10:00:00Z","resourceId":"/S/V","operationName":"SecretGet","category":"AuditEvent","callerIpAddress":"1.1.1.1","durationMs":"12","properties":{"clientInfo":"az","requestUri":"https://v/secrets/x"}}""",
            "AzureDiagnostics", "Category=AuditEvent|OperationName=SecretGet|CallerIPAddress=1.1.1.1|DurationMs=12|ResourceId=/S/V|AdditionalFields={\"clientInfo\":\"az\",\"requestUri\":\"https://v/secrets/x\"}", "", "Address Source 1.1.1.1"
        },
        {
            """{"EventID":4625,"Channel":"Security","Computer":"DC1.force.example","Provider_Name":"Microsoft-Windows-Security-Auditing","Level":0,"Task":12544,"EventRecordID":77,"TimeCreated":"2024-05-01T10:00:00.5Z","SubjectUserName":"-","SubjectDomainName":"-","TargetUserName":"Ann","TargetDomainName":"FORCE","LogonType":"10","IpAddress":"10.1.1.1","Status":"0xc000006d","NotAColumn":"a<b&c"}""",
            "SecurityEvent", "EventID=4625|Activity=4625 - An account failed to log on.|Account=FORCE\\Ann|AccountType=User|TargetAccount=FORCE\\Ann|LogonType=10|LogonTypeName=10 - RemoteInteractive|EventRecordId=77|Task=12544|Status=0xc000006d|EventData=<DataItem type=\"System.XmlData\"><EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><Data Name=\"NotAColumn\">a&lt;b&amp;c</Data></EventData></DataItem>",
            "", "Host Observer dc1.force.example|Account Target force\\ann|Address Source 10.1.1.1"
        },
        {
            """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"PC1","EventRecordID":9,"Level":4,"TimeCreated":{"#attributes":{"SystemTime":"2024-05-01T10:00:00Z"}}},"EventData":{"Image":"C:\\x\\y.exe","User":"FORCE\\ann","Hashes":"MD5=0CC175B9C0F1B6A831C399E269772661,IMPHASH=0CC175B9C0F1B6A831C399E269772661"}}}""",
            "Event", "EventLog=Microsoft-Windows-Sysmon/Operational|Source=Microsoft-Windows-Sysmon|EventID=1|EventLevel=4|EventLevelName=Information|EventData=<DataItem type=\"System.XmlData\"><EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><Data Name=\"Image\">C:\\x\\y.exe</Data><Data Name=\"User\">FORCE\\ann</Data><Data Name=\"Hashes\">MD5=0CC175B9C0F1B6A831C399E269772661,IMPHASH=0CC175B9C0F1B6A831C399E269772661</Data></EventData></DataItem>",
            "EventRecordID=9", "Host Observer pc1|Account Actor force\\ann|FileHash Target 0cc175b9c0f1b6a831c399e269772661"
        },
        {
            """{"time":"2024-05-01T10:00:09Z","tenantId":"t","category":"AdvancedHunting-DeviceProcessEvents","properties":{"Timestamp":"2024-05-01T10:00:00Z","DeviceId":"d","DeviceName":"pc1.force.example","ActionType":"ProcessCreated","ProcessId":12,"ReportId":5,"SHA1":null,"AccountDomain":"force","AccountName":"ann","InitiatingProcessAccountName":"bob","AdditionalFields":"{\"a\":[1]}","NewField":"n"},"_TimeReceivedBySvc":"2024-05-01T10:00:08Z"}""",
            "DeviceProcessEvents", "TimeGenerated=2024-05-01T10:00:00.0000000Z|Timestamp=2024-05-01T10:00:00.0000000Z|ProcessId=12|ReportId=5|AccountName=ann|AdditionalFields={\"a\":[1]}|TenantId=t",
            "properties={\"NewField\":\"n\"}|time=2024-05-01T10:00:09Z", "Host Observer pc1.force.example|Account Actor bob|Account Target force\\ann"
        },
        {
            """{"Timestamp":"2024-05-01T10:00:00Z","DeviceId":"d","DeviceName":"pc1","ActionType":"ConnectionSuccess","RemoteIP":"::ffff:9.9.9.9","RemotePort":443,"RemoteUrl":"https://a.example/"}""",
            "DeviceNetworkEvents", "RemotePort=443|RemoteIP=::ffff:9.9.9.9", "", "Host Observer pc1|Address Destination 9.9.9.9|Url Destination https://a.example/"
        },
        {
            """{"time":"2024-05-01T10:00:00Z","category":"AdvancedHunting-IdentityInfo","properties":{"Timestamp":"2024-05-01T10:00:00Z","AccountUpn":"x@y.example","IsAccountEnabled":"1"}}""",
            "IdentityInfo", "AccountUPN=|IsAccountEnabled=true", "", ""
        },
        {
            """{"@odata.type":"#microsoft.graph.security.alert","id":"da637551227677560813_-961444813","providerAlertId":"p","title":"Bad","severity":"high","status":"new","serviceSource":"microsoftDefenderForEndpoint","createdDateTime":"2024-05-01T10:00:00Z","lastUpdateDateTime":"2024-05-01T11:00:00Z","mitreTechniques":["T1"],"evidence":[{"deviceDnsName":"PC1"},{"userAccount":{"userPrincipalName":"a@b.example"}},{"fileDetails":{"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}]}""",
            "SecurityAlert", "TimeGenerated=2024-05-01T11:00:00.0000000Z|SystemAlertId=da637551227677560813_-961444813|AlertName=Bad|DisplayName=Bad|AlertSeverity=High|Status=New|ProviderName=microsoftDefenderForEndpoint|ProductName=Microsoft Defender for Endpoint|VendorName=Microsoft|CompromisedEntity=PC1|Techniques=[\"T1\"]",
            "", "Host Target pc1|Account Target a@b.example|FileHash Related ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        },
        {
            """{"eventVersion":"1.08","eventID":"0f8fad5b-d9cb-469f-a165-70867728950e","eventTime":"2024-05-01T10:00:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"eu-west-2","sourceIPAddress":"1.1.1.1","readOnly":false,"userIdentity":{"type":"IAMUser","arn":"arn:x","accountId":"1","sessionContext":{"attributes":{"mfaAuthenticated":"true"}},"extra":"e"},"requestParameters":{"userName":"u"}}""",
            "AWSCloudTrail", "AwsEventId=0f8fad5b-d9cb-469f-a165-70867728950e|EventName=CreateUser|ReadOnly=false|SessionMfaAuthenticated=true|UserIdentityArn=arn:x|RequestParameters={\"userName\":\"u\"}",
            "userIdentity={\"extra\":\"e\"}", "Account Actor arn:x|Address Source 1.1.1.1"
        },
        {
            "<38>1 2024-05-01T10:00:00.25Z web1 sshd 311 - - Accepted publickey for ann", "Syslog",
            "TimeGenerated=2024-05-01T10:00:00.2500000Z|EventTime=2024-05-01T10:00:00.2500000Z|Facility=auth|SeverityLevel=info|Computer=web1|HostName=web1|ProcessName=sshd|ProcessID=311|SyslogMessage=Accepted publickey for ann", "", "Host Observer web1"
        },
        {
            "CEF:0|Vendor|Firewall|9|100|Blocked|7|rt=1714557600000 src=10.0.0.1 dst=8.8.8.8 dpt=53 suser=ann cs1Label=Policy cs1=Web act=deny customThing=v", "CommonSecurityLog",
            "TimeGenerated=2024-05-01T10:00:00.0000000Z|DeviceVendor=Vendor|Activity=Blocked|LogSeverity=7|SourceIP=10.0.0.1|DestinationIP=8.8.8.8|DestinationPort=53|DeviceCustomString1=Web|DeviceCustomString1Label=Policy|DeviceAction=deny|AdditionalExtensions=customThing=v;Policy=Web", "CefVersion=0", "Account Actor ann|Address Source 10.0.0.1|Address Destination 8.8.8.8"
        },
        {
            "LEEF:1.0|Vendor|Proxy|1|200|src=10.0.0.1\tdstPort=443\tusrName=ann\turl=http://a.example/", "CommonSecurityLog",
            "DeviceProduct=Proxy|DeviceEventClassID=200|DestinationPort=443|SourceUserName=ann|RequestURL=http://a.example/", "", "Account Actor ann|Address Source 10.0.0.1|Url Destination http://a.example/"
        },
        {
            "type=SYSCALL msg=audit(1714557600.243:24287): arch=c000003e syscall=2 success=no exit=-13 ppid=2686 pid=3538 auid=1000 comm=\"cat\" exe=\"/bin/cat\"", "LinuxAuditLog",
            "TimeGenerated=2024-05-01T10:00:00.2430000Z|RecordType=SYSCALL|SerialNumber=24287|pid=3538|auid=1000|exe=/bin/cat|exit=-13", "", ""
        },
        {
            "1.1.1.1 - ann [01/May/2024:10:00:00 +0000] \"GET /a?b=c HTTP/1.1\" 404 12 \"-\" \"curl/8\"", "W3CIISLog",
            "TimeGenerated=2024-05-01T10:00:00.0000000Z|cIP=1.1.1.1|csMethod=GET|csUriStem=/a|csUriQuery=b=c|scStatus=404|scBytes=12|csUserAgent=curl/8|csUserName=ann", "cs-uri=/a?b=c", "Account Actor ann|Address Source 1.1.1.1|Url Target /a?b=c"
        },
        {
            """{"_path":"conn","ts":1714557600.5,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":5000,"id.resp_h":"10.0.0.2","id.resp_p":53,"proto":"udp","orig_bytes":39,"duration":0.5}""", "ASimNetworkSessionLogs",
            "TimeGenerated=2024-05-01T10:00:00.5000000Z|SrcIpAddr=10.0.0.1|SrcPortNumber=5000|DstPortNumber=53|NetworkProtocol=udp|SrcBytes=39|EventProduct=Zeek", "duration=0.5", "Address Source 10.0.0.1|Address Destination 10.0.0.2"
        },
        {
            """{"published":"2024-05-01T10:00:00Z","eventType":"user.session.start","actor":{"alternateId":"a@b.example","id":"1"},"client":{"ipAddress":"1.1.1.1"},"Type":"Thing"}""", "Watchhouse_CL",
            "Activity=user.session.start|Account=a@b.example|IPAddress=1.1.1.1|CollectorSource=unit", "Type=Thing|actor={\"id\":\"1\"}", "Account Actor a@b.example|Address Source 1.1.1.1"
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Normalise_RecordOfEachKind_TableColumnsRestAndEntities(string record, string table, string columns, string kept, string entities)
    {
        var row = Row.Of(record);

        Assert.Equal(table, row.Table);
        foreach (var (name, value) in Pairs(columns)) Assert.True(row[name] == value, $"{name} is {row[name]} and not {value}: {row.Columns}");
        foreach (var (name, value) in Pairs(kept)) Assert.True(row.Kept(name) == value, $"{name} is {row.Kept(name)} and not {value}: {row.Unknown}");
        Assert.Equal(entities.Split('|', StringSplitOptions.RemoveEmptyEntries), row.Entities);
    }

    private static IEnumerable<(string Name, string? Value)> Pairs(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => (pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..] is { Length: > 0 } value ? value : null));
}
