using System.Text.Json.Nodes;

namespace Watchhouse.Sigma.Tests;

/// <summary>
/// A record of one source as one interface gives it, and where it carries what a rule calls by some name. Written from the
/// schemas of Microsoft Graph, diagnostic settings, Log Analytics and the Management Activity API, not from the table of log sources.
/// </summary>
internal sealed record RealShape(string Name, string Service, string Record, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<string> TextColumns)
{
    /// <summary>The record with values in the places of a rule's fields; null where the record has no place for one.</summary>
    public string? With(IEnumerable<(string Field, string Value)> values)
    {
        var record = JsonNode.Parse(Record)!.AsObject();
        foreach (var (field, value) in values)
        {
            if (Place(field, value) is not { } place) return null;
            if (place.Path.Length > 0) Set(record, place.Path, place.Value);
        }

        foreach (var column in TextColumns)
        {
            if (record[column] is JsonObject or JsonArray) record[column] = record[column]!.ToJsonString();
        }

        return record.ToJsonString();
    }

    // Words of the portal, and what the record says for them.
    private (string Path, string Value)? Place(string field, string value)
    {
        switch (Service, field, value)
        {
            case ("signinlogs", "Status", "Success"): return (Fields["ResultType"], "0");
            case ("signinlogs", "Status", "MFA Denied"): return (Fields["Status.additionalDetails"], "MFA denied; user declined the authentication");
            case ("signinlogs", "ResultDescription", "Failure"): return ("", "");
            case ("signinlogs", "properties.message", "Device Code"): return (Fields["protocol"], "deviceCode");
            case ("signinlogs", "properties.message", "ROPC"): return (Fields["protocol"], "ropc");
            case ("threat_management" or "threat_detection" or "exchange", "status", "success"): return ("ResultStatus", Service == "exchange" ? "True" : "Succeeded");
            case ("auditlogs", "ConsentContext.IsAdminConsent", "false"): return (Fields[field], "\"False\"");
            case ("auditlogs", "Status", "Admin registered temporary access pass method for user"): return (Fields["reason"], value);
            case ("pim", "riskEventType", _): return ("@odata.type", "#microsoft.graph." + value);
            default: return Fields.TryGetValue(field, out var path) ? (path, value) : null;
        }
    }

    private static void Set(JsonNode node, string path, string value)
    {
        var names = path.Split('/');
        foreach (var name in names[..^1]) node = int.TryParse(name, out var index) ? node[index]! : node[name]!;
        // A code is a number where the record has one, and an empty list of places is the list itself.
        var old = node[names[^1]];
        node[names[^1]] = old is JsonArray && value == "[]" ? new JsonArray()
            : old?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? JsonValue.Create(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture))
            : old?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? JsonValue.Create(bool.Parse(value))
            : JsonValue.Create(value);
    }

    public static IReadOnlyList<RealShape> All { get; } = [.. Entra(), .. SignIns(), .. Activity(), .. Others()];

    private const string Target =
        """[{"id":"1","displayName":"x","type":"User","userPrincipalName":"a@b.c","modifiedProperties":[{"displayName":"Included Updated Properties","oldValue":null,"newValue":"x"},{"displayName":"ConsentContext.IsAdminConsent","oldValue":null,"newValue":"\"True\""}]}]""";

    private static IEnumerable<RealShape> Entra()
    {
        Dictionary<string, string> At(string activity, string category, string result, string reason, string service, string targets, string by) => new()
        {
            ["properties.message"] = activity, ["OperationName"] = activity, ["operationName"] = activity, ["ActivityDisplayName"] = activity,
            ["ActivityType"] = activity, ["activityType"] = activity,
            ["Category"] = category, ["category"] = category,
            ["Status"] = result, ["properties.result"] = result, ["reason"] = reason, ["failure_status_reason"] = reason,
            ["LoggedByService"] = service,
            ["TargetResources"] = targets + "/0/id", ["Target"] = targets + "/0/userPrincipalName",
            ["properties.targetResources"] = targets + "/0/modifiedProperties/0/newValue",
            ["targetResources.type"] = targets + "/0/type",
            ["TargetResources.modifiedProperties"] = targets + "/0/modifiedProperties/0/displayName",
            ["TargetResources.modifiedProperties.newValue"] = targets + "/0/modifiedProperties/0/newValue",
            ["TargetResources.ModifiedProperties.DisplayName"] = targets + "/0/modifiedProperties/0/displayName",
            ["TargetResources.ModifiedProperties.NewValue"] = targets + "/0/modifiedProperties/0/newValue",
            ["ConsentContext.IsAdminConsent"] = targets + "/0/modifiedProperties/1/newValue",
            ["Initiatedby"] = by,
        };

        yield return new(
            "diagnostic settings", "auditlogs",
            $$$"""
            {"time":"2026-11-01T10:00:00Z","resourceId":"/tenants/t/providers/Microsoft.aadiam","operationName":"x","operationVersion":"1.0","category":"AuditLogs","tenantId":"t","resultSignature":"None",
            "properties":{"id":"Directory_1","category":"UserManagement","correlationId":"c","result":"success","resultReason":"","activityDisplayName":"x","activityDateTime":"2026-11-01T10:00:00Z","loggedByService":"Core Directory","operationType":"Update",
            "initiatedBy":{"user":{"id":"u","userPrincipalName":"a@b.c","ipAddress":"1.1.1.1"}},"targetResources":{{{Target}}},"additionalDetails":[{"key":"User-Agent","value":"x"}]}}
            """,
            At("properties/activityDisplayName", "properties/category", "properties/result", "properties/resultReason", "properties/loggedByService", "properties/targetResources", "properties/initiatedBy/user/userPrincipalName").With("additionalDetails.additionalInfo", "properties/additionalDetails/0/value"),
            []);
        yield return new(
            "Log Analytics", "auditlogs",
            $$$"""
            {"TimeGenerated":"2026-11-01T10:00:00Z","Type":"AuditLogs","OperationName":"x","Category":"UserManagement","Result":"success","ResultReason":"","ActivityDisplayName":"x","LoggedByService":"Core Directory","AADOperationType":"Update",
            "InitiatedBy":{"user":{"userPrincipalName":"a@b.c"}},"TargetResources":{{{Target}}},"AdditionalDetails":[{"key":"User-Agent","value":"x"}]}
            """,
            At("OperationName", "Category", "Result", "ResultReason", "LoggedByService", "TargetResources", "InitiatedBy/user/userPrincipalName").With("additionalDetails.additionalInfo", "AdditionalDetails/0/value"),
            ["InitiatedBy", "TargetResources", "AdditionalDetails"]);
        yield return new(
            "Graph", "auditlogs",
            $$$"""
            {"id":"Directory_1","category":"UserManagement","correlationId":"c","result":"success","resultReason":"","activityDisplayName":"x","activityDateTime":"2026-11-01T10:00:00Z","loggedByService":"Core Directory","operationType":"Update",
            "initiatedBy":{"user":{"userPrincipalName":"a@b.c"},"app":null},"targetResources":{{{Target}}},"additionalDetails":[{"key":"User-Agent","value":"x"}]}
            """,
            At("activityDisplayName", "category", "result", "resultReason", "loggedByService", "targetResources", "initiatedBy/user/userPrincipalName").With("additionalDetails.additionalInfo", "additionalDetails/0/value"),
            []);
    }

    private static IEnumerable<RealShape> SignIns()
    {
        Dictionary<string, string> At(string prefix, Func<string, string> name) => new()
        {
            ["AuthenticationRequirement"] = prefix + name("authenticationRequirement"), ["RiskState"] = prefix + name("riskState"),
            ["ResourceDisplayName"] = prefix + name("resourceDisplayName"), ["conditionalAccessStatus"] = prefix + name("conditionalAccessStatus"),
            ["NetworkLocationDetails"] = prefix + name("networkLocationDetails"), ["ClientApp"] = prefix + name("clientAppUsed"),
            ["Username"] = prefix + name("userPrincipalName"), ["userAgent"] = prefix + name("userAgent"),
            ["protocol"] = prefix + name("authenticationProtocol"),
            ["DeviceDetail.trusttype"] = prefix + name("deviceDetail") + "/trustType", ["DeviceDetail.deviceId"] = prefix + name("deviceDetail") + "/deviceId",
            ["DeviceDetail.isCompliant"] = prefix + name("deviceDetail") + "/isCompliant",
            ["ResultDescription"] = prefix + name("status") + "/failureReason", ["Resultdescription"] = prefix + name("status") + "/failureReason",
            ["ResultType"] = prefix + name("status") + "/errorCode", ["Status.additionalDetails"] = prefix + name("status") + "/additionalDetails",
        };
        const string members =
            """
            "createdDateTime":"2026-11-01T10:00:00Z","userPrincipalName":"a@b.c","appDisplayName":"x","clientAppUsed":"Browser","userAgent":"Mozilla","authenticationRequirement":"other","conditionalAccessStatus":"notApplied",
            "riskState":"none","resourceDisplayName":"Graph","networkLocationDetails":[{"networkType":"trustedNamedLocation","networkNames":["x"]}],"status":{"errorCode":1,"failureReason":"x","additionalDetails":null},
            "deviceDetail":{"deviceId":"d","displayName":"","operatingSystem":"Windows","browser":"Edge","isCompliant":true,"isManaged":true,"trustType":"Azure AD joined"},"location":{"city":"x","countryOrRegion":"GB"}
            """;
        yield return new(
            "diagnostic settings", "signinlogs",
            $$$"""{"time":"2026-11-01T10:00:00Z","resourceId":"/tenants/t/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","tenantId":"t","resultType":"1","resultSignature":"None","resultDescription":"x","properties":{ {{{members}}} }}""",
            At("properties/", each => each).With("ResultType", "resultType").With("ResultDescription", "resultDescription").With("Resultdescription", "resultDescription").With("ActivityDetails", "operationName"),
            []);
        yield return new("Graph", "signinlogs", $$"""{"id":"1",{{members}}}""", At("", each => each), []);
        yield return new(
            "Log Analytics", "signinlogs",
            """
            {"TimeGenerated":"2026-11-01T10:00:00Z","Type":"SigninLogs","OperationName":"Sign-in activity","Category":"SignInLogs","ResultType":"1","ResultSignature":"None","ResultDescription":"x","UserPrincipalName":"a@b.c","ClientAppUsed":"Browser","UserAgent":"Mozilla",
            "AuthenticationRequirement":"other","ConditionalAccessStatus":"notApplied","RiskState":"none","ResourceDisplayName":"Graph","NetworkLocationDetails":"[{\"networkType\":\"trustedNamedLocation\"}]","Status":{"errorCode":1,"additionalDetails":""},
            "DeviceDetail":{"deviceId":"d","isCompliant":true,"trustType":"Azure AD joined"}}
            """,
            At("", each => char.ToUpperInvariant(each[0]) + each[1..]).With("ResultType", "ResultType").With("ResultDescription", "ResultDescription").With("Resultdescription", "ResultDescription").With("ActivityDetails", "OperationName"),
            ["Status", "DeviceDetail"]);
    }

    private static IEnumerable<RealShape> Activity()
    {
        yield return new(
            "diagnostic settings", "activitylogs",
            """
            {"time":"2026-11-01T10:00:00Z","resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/x","operationName":"x","category":"Administrative","resultType":"Success","resultSignature":"Succeeded.","callerIpAddress":"1.1.1.1","correlationId":"c",
            "identity":{"claims":{"name":"a"}},"level":"Information","properties":{"statusCode":"OK","message":"x","eventCategory":"Administrative"}}
            """,
            Of(("operationName", "operationName"), ("OperationNameValue", "operationName"), ("", "operationName"), ("properties.message", "operationName"), ("CategoryValue", "category"), ("ResourceProviderValue", ""), ("ResourceId", "resourceId")),
            []);
        yield return new(
            "Log Analytics", "activitylogs",
            """
            {"TimeGenerated":"2026-11-01T10:00:00Z","Type":"AzureActivity","OperationName":"Display name","OperationNameValue":"x","CategoryValue":"Administrative","ResourceProviderValue":"x","ResourceId":"/subscriptions/s","_ResourceId":"/subscriptions/s","ActivityStatusValue":"Success","Caller":"a@b.c",
            "Properties":{"message":"x","eventCategory":"Administrative"}}
            """,
            Of(("operationName", "OperationNameValue"), ("OperationNameValue", "OperationNameValue"), ("", "OperationNameValue"), ("properties.message", "Properties/message"), ("CategoryValue", "CategoryValue"), ("ResourceProviderValue", "ResourceProviderValue"), ("ResourceId", "ResourceId")),
            ["Properties"]);
        yield return new(
            "Insights REST", "activitylogs",
            """
            {"eventTimestamp":"2026-11-01T10:00:00Z","caller":"a@b.c","operationName":{"value":"x","localizedValue":"X"},"category":{"value":"Administrative","localizedValue":"Administrative"},"resourceProviderName":{"value":"x"},"resourceId":"/subscriptions/s","status":{"value":"Succeeded"},"properties":{"message":"x"}}
            """,
            Of(("operationName", "operationName/value"), ("OperationNameValue", "operationName/value"), ("", "operationName/value"), ("properties.message", "properties/message"), ("CategoryValue", "category/value"), ("ResourceProviderValue", "resourceProviderName/value"), ("ResourceId", "resourceId")),
            []);
    }

    private static IEnumerable<RealShape> Others()
    {
        yield return new("diagnostic settings", "riskdetection", """{"time":"2026-11-01T10:00:00Z","operationName":"User Risk Detection","category":"UserRiskEvents","resultSignature":"None","properties":{"riskEventType":"x","riskState":"atRisk","riskLevel":"low"}}""", Of(("riskEventType", "properties/riskEventType")), []);
        yield return new("Log Analytics", "riskdetection", """{"TimeGenerated":"2026-11-01T10:00:00Z","Type":"AADUserRiskEvents","OperationName":"User Risk Detection","RiskEventType":"x","RiskState":"atRisk"}""", Of(("riskEventType", "RiskEventType")), []);
        yield return new("Graph", "riskdetection", """{"id":"1","riskEventType":"x","riskState":"atRisk","riskLevel":"low","detectedDateTime":"2026-11-01T10:00:00Z"}""", Of(("riskEventType", "riskEventType")), []);
        yield return new("Graph", "pim", """{"@odata.type":"x","id":"1","assigneeId":"2","assigneeDisplayName":"x"}""", Of(), []);
        const string alert =
            """
            {"CreationTime":"2026-11-01T10:00:00","Id":"1","Operation":"AlertTriggered","OrganizationId":"o","RecordType":40,"ResultStatus":"Failed","UserKey":"k","UserType":4,"Version":1,"Workload":"x","ObjectId":"x","UserId":"SecurityComplianceAlerts",
            "AlertId":"a","AlertType":"System","Name":"x","Status":"Active","Severity":"Low","Source":"Office 365 Security & Compliance","Category":"ThreatManagement","Parameters":"x"}
            """;
        foreach (var service in (string[])["threat_management", "threat_detection"])
            yield return new("Management Activity", service, alert, Of(("eventSource", "Workload"), ("eventName", "Name"), ("Payload", "Parameters")), []);
        const string audit =
            """
            {"CreationTime":"2026-11-01T10:00:00","Id":"1","Operation":"x","OrganizationId":"o","RecordType":1,"ResultStatus":"Failed","UserKey":"k","UserType":2,"Version":1,"Workload":"Exchange","ObjectId":"x","UserId":"a@b.c","ApplicationId":"x","Directionality":"x","DeliveryAction":"x",
            "Parameters":[{"Name":"x","Value":"True"}],"OperationProperties":[{"Name":"x","Value":"y"}],"ExtendedProperties":[{"Name":"ResultStatusDetail","Value":"Success"},{"Name":"RequestType","Value":"x"}]}
            """;
        yield return new(
            "Management Activity", "audit", audit,
            Of(("Operation", "Operation"), ("Workload", "Workload"), ("Parameters", "Parameters/0/Name"), ("OperationProperties", "OperationProperties/0/Name"), ("ResultStatus", "ResultStatus"), ("ApplicationId", "ApplicationId"),
               ("RequestType", "ExtendedProperties/1/Value"), ("Directionality", "Directionality"), ("DeliveryAction", "DeliveryAction")),
            []);
        yield return new("Management Activity", "exchange", audit, Of(("eventSource", "Workload"), ("eventName", "Operation")), []);
    }

    private static Dictionary<string, string> Of(params (string Field, string Path)[] fields) => fields.ToDictionary(each => each.Field, each => each.Path);
}

internal static class PlaceExtensions
{
    public static Dictionary<string, string> With(this Dictionary<string, string> fields, string field, string path)
    {
        fields[field] = path;
        return fields;
    }
}
